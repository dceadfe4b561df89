"""Compares an article with one wire story and says whether words were reused, and how much of the article.

The rule: at least 20 of the article's own words stand in shared runs, and one passage has at least 10 of them. Wholly derived
from a share of .6 of the narrative on (METER's classes). Heavy paraphrase leaves no word runs and is not found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from newstagger.domain import Passage, Text, Verdict
from newstagger.wire.alignment import Run, matched, passages
from newstagger.wire.masks import Masks
from newstagger.wire.normalise import CUT, Words
from newstagger.wire.shingles import runs_of_five

SHARED = 20
LONGEST = 10
WHOLLY = 0.6
COPY, UNBROKEN = 0.9, 25
SHORT_STORY = 40
LEAST_QUOTE = 5

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What an article and one story share. ``reused`` flags the article's own words that stand in shared runs.

    ``telling`` counts those of them that show reuse, ``longest`` those of the best passage; ``unbroken`` is the longest run's
    count of words, telling or not.
    """

    reused: Flags
    telling: int
    longest: int
    unbroken: int
    narrative: int
    passages: tuple[Passage, ...]
    quotes: tuple[Passage, ...]

    @property
    def share(self) -> float:
        """Those words' share of the article's narrative, in [0, 1]."""
        return share_of(self.reused, self.narrative)

    @property
    def is_reuse(self) -> bool:
        """Whether the article took words from this story.

        An item of a few lines needs nearly all of them; so does a form letter, which besides must stand there unbroken.
        """
        if self.share >= COPY and self.unbroken >= UNBROKEN:
            return True
        if self.longest < LONGEST:
            return False
        return self.telling >= SHARED or (self.narrative <= SHORT_STORY and self.share >= 0.8)


def share_of(reused: Flags, narrative: int) -> float:
    """Return the share of a narrative of that many words that is flagged."""
    return min(1.0, float(reused.sum()) / narrative) if narrative else 0.0


def verdict_of(found: Sequence[Comparison]) -> tuple[Verdict, float]:
    """Return the verdict over all the stories that an article took words from, and the share that they make up together."""
    if not found:
        return Verdict.NON_DERIVED, 0.0
    together = np.logical_or.reduce([comparison.reused for comparison in found])
    share = share_of(together, found[0].narrative)
    return (Verdict.WHOLLY_DERIVED if share >= WHOLLY else Verdict.PARTIALLY_DERIVED), share


def compare(text: Text, words: Words, masks: Masks, story: Words) -> Comparison:
    """Return what the article and the story share; the story's own quotes count no more than the article's."""
    reused = np.zeros(len(words), dtype=np.bool_)
    told: list[Passage] = []
    quotes: list[Passage] = []
    longest, unbroken, cuts = 0, 0, np.flatnonzero(words.marks & CUT)
    narrative = masks.narrative
    for group in passages(_runs(words, story)):
        for run in group:
            here = slice(run.left, run.left + run.length)
            reused[here] |= narrative[here] & ~story.quoted[run.right : run.right + run.length]
            unbroken = max(unbroken, int(reused[here].sum()))
            quotes += _quotes(text, words, story, run, masks)
        here = slice(group[0].left, group[-1].left + group[-1].length)
        told += _passages(text, words, story, group, reused, cuts)
        longest = max(longest, int((reused[here] & ~masks.common[here]).sum()))
    told.sort(key=lambda passage: (-passage.words, passage.start))
    return Comparison(reused, int((reused & ~masks.common).sum()), longest, unbroken, int(narrative.sum()), tuple(told), tuple(quotes))


@lru_cache(maxsize=32)
def _runs(words: Words, story: Words) -> tuple[Run, ...]:
    """Return the aligned runs; kept, as a story that proves reused is compared a second time with better masks."""
    return tuple(matched(runs_of_five(words), runs_of_five(story)))


def shared_quotes(text: Text, words: Words, masks: Masks, story: Words) -> list[Passage]:
    """Return what the article and the story both hold and one of them quotes, whatever else they share."""
    return [quote for run in _runs(words, story) for quote in _quotes(text, words, story, run, masks)]


def _passages(text: Text, words: Words, story: Words, group: Sequence[Run], reused: Flags, cuts: NDArray[np.int64]) -> list[Passage]:
    """Return a passage in one piece, or in several where something stands inside that is nobody's narrative."""
    start, end = group[0].left, group[-1].left + group[-1].length
    inside = cuts[np.searchsorted(cuts, start, "right") : np.searchsorted(cuts, end, "left")].tolist()
    found = []
    for first, last in zip([start, *inside], [*inside, end], strict=True):
        parts = [part for run in group if (part := _clip(run, first, last)) is not None]
        own = sum(int(reused[part.left : part.left + part.length].sum()) for part in parts)
        if own:
            found.append(_passage(text, words, story, parts, own))
    return found


def _clip(run: Run, first: int, last: int) -> Run | None:
    """Return the part of a run that lies between two words of the article."""
    left, end = max(run.left, first), min(run.left + run.length, last)
    return Run(left, run.right + left - run.left, end - left) if left < end else None


def _passage(text: Text, words: Words, story: Words, group: Sequence[Run], own: int) -> Passage:
    first, last = group[0], group[-1]
    start, end = int(words.starts[first.left]), int(words.ends[last.left + last.length - 1])
    wire_start, wire_end = int(story.starts[first.right]), int(story.ends[last.right + last.length - 1])
    return Passage(start, end, text.string[start:end], wire_start, wire_end, own)


def _quotes(text: Text, words: Words, story: Words, run: Run, masks: Masks) -> list[Passage]:
    """Return the stretches of a run that are quoted on one side at least, of five words or more."""
    quoted = masks.quoted[run.left : run.left + run.length] | story.quoted[run.right : run.right + run.length]
    edges = np.flatnonzero(np.diff(np.concatenate(([False], quoted, [False])).astype(np.int8)))
    found = []
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if last - first >= LEAST_QUOTE:
            part = Run(run.left + first, run.right + first, last - first)
            found.append(_passage(text, words, story, [part], last - first))
    return found

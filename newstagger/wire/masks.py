"""Which words of an article say nothing about where it came from, as the other stories at hand show.

Three kinds: what others quote (a tweet that somebody printed without marks), what an agency repeats for days (its background
paragraphs) and what a form letter always says (lottery, weather, earnings). Quotation marks of the article itself are found
by ``quotes``, captions and boilerplate are typed by the text's paragraphs. Pure; fed with the holders of each shingle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newstagger.wire.normalise import Words
from newstagger.wire.shingles import SHINGLE
from newstagger.wire.source import TOO_COMMON, Holders

QUOTED_SHARE = 0.25
BACKGROUND_STORIES = 5
BACKGROUND_DAYS = 3
FORMULA_STORIES = 12

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Masks:
    """One flag a word of the article. ``quoted`` and ``background`` never count as reused, nor as the article's own words.

    ``formula`` words are held by so many stories that they count only inside a long unbroken run.
    """

    quoted: Flags
    background: Flags
    formula: Flags

    @property
    def narrative(self) -> Flags:
        """True for each word that counts: the denominator of every share."""
        return ~(self.quoted | self.background)


def no_masks(words: Words) -> Masks:
    """Return the masks of an article about which no other story is known."""
    nothing = np.zeros(len(words), dtype=np.bool_)
    return Masks(words.quoted, nothing, nothing)


def masks_of(words: Words, firsts: Sequence[int], holders: Sequence[Holders], days: Mapping[int, int | None], window: int) -> Masks:
    """Return the masks of an article: ``firsts`` are the first words of its shingles, ``holders`` who else has each.

    ``days`` tells the day of the stories; background is what comes back within ``window`` days.
    """
    quoted, background, formula = words.quoted.copy(), np.zeros(len(words), np.bool_), np.zeros(len(words), np.bool_)
    for first, held in zip(firsts, holders, strict=True):
        stretch = slice(first, first + SHINGLE)
        if _others_quote(held):
            quoted[stretch] = True
        if _comes_back(held, days, window):
            background[stretch] = True
        elif len(held) >= FORMULA_STORIES:
            formula[stretch] = True
    return Masks(quoted, background, formula)


def common(holders: Sequence[Holders]) -> set[int]:
    """Return the stories whose day has to be known to tell background from the rest."""
    return {doc for held in holders if len(held) >= BACKGROUND_STORIES for doc, _ in held}


def candidates(masks: Masks, firsts: Sequence[int], holders: Sequence[Holders], most: int) -> list[int]:
    """Return the stories that share most shingles with the article's own words, best first, at most ``most``."""
    counts: dict[int, int] = {}
    sums = np.concatenate(([0], np.cumsum(masks.narrative)))
    for first, held in zip(firsts, holders, strict=True):
        own = int(sums[min(first + SHINGLE, len(sums) - 1)] - sums[first])
        if 2 * own > SHINGLE and len(held) <= TOO_COMMON:
            for doc, _ in held:
                counts[doc] = counts.get(doc, 0) + 1
    return sorted(counts, key=lambda doc: (-counts[doc], doc))[:most]


def _others_quote(held: Holders) -> bool:
    return len(held) > 1 and sum(quoted for _, quoted in held) >= QUOTED_SHARE * len(held)


def _comes_back(held: Holders, days: Mapping[int, int | None], window: int) -> bool:
    if len(held) < BACKGROUND_STORIES:
        return False
    known = sorted(day for doc, _ in held if (day := days.get(doc)) is not None)
    recent = [day for day in known if day >= known[-1] - window]
    return len(recent) >= BACKGROUND_STORIES and recent[-1] - recent[0] >= BACKGROUND_DAYS

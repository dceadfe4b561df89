"""Which words of an article say nothing about where it came from, as the other stories at hand show.

Such are: what others quote (a tweet that somebody printed without marks), what an agency repeats for days (its background
paragraphs) and what a form letter always says (lottery, weather, earnings; numbers count as one word there). Twenty copies of
one story are one witness: only stories that share little else with each other make their common words common. Quotation
marks of the article itself are found by ``quotes``, captions and boilerplate are typed by the text's paragraphs. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Uint64s
from newstagger.wire.normalise import Words
from newstagger.wire.shingles import SHINGLE
from newstagger.wire.source import TOO_COMMON, Holders

QUOTED_SHARE = 0.25
COMMON_STORIES = 5
SAME_STORY = 0.5
WITNESSES = 32

_first, _second = itemgetter(0), itemgetter(1)

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Witness:
    """A story that holds common words: ``group`` is the same for copies and leads of one story, ``day`` as in ``Story``."""

    group: int
    day: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Masks:
    """One flag a word of the article. ``quoted`` words are not the narrative's and never count as reused.

    ``common`` words (an agency's background, a form letter) never show reuse; they count in the share once others have shown it.
    """

    quoted: Flags
    common: Flags

    @property
    def narrative(self) -> Flags:
        """True for each word that counts: the denominator of every share."""
        return ~self.quoted


def no_masks(words: Words) -> Masks:
    """Return the masks of an article about which no other story is known."""
    return Masks(words.quoted, np.zeros(len(words), dtype=np.bool_))


def masks_of(
    words: Words, firsts: Sequence[int], holders: Sequence[Holders], witnesses: Mapping[int, Witness], window: int
) -> Masks:  # fmt: skip
    """Return the masks of an article: ``firsts`` are the first words of its shingles, ``holders`` who else has each.

    ``witnesses`` tell holders apart; only those within ``window`` days of the newest count.
    """
    quoted, common = words.quoted.copy(), np.zeros(len(words), np.bool_)
    for first, held in zip(firsts, holders, strict=True):
        if len(held) < 2:
            continue  # nobody, or one story alone: neither proves anything
        stretch = slice(first, first + SHINGLE)
        if _others_quote(held):
            quoted[stretch] = True
        if _is_common(held, witnesses, window):
            common[stretch] = True
    return Masks(quoted, common)


def to_tell_apart(holders: Sequence[Holders]) -> list[int]:
    """Return the stories that have to be told apart: those that hold most of the article's common shingles, best first."""
    counts = _counts(held for held in holders if COMMON_STORIES <= len(held) <= TOO_COMMON)
    return sorted(counts, key=lambda doc: (-counts[doc], doc))[:WITNESSES]


def groups(fingerprints: Sequence[Uint64s]) -> list[int]:
    """Return a number for each story, the same for stories of which one holds half of another's shingles."""
    owners = np.repeat(np.arange(len(fingerprints)), [len(f) for f in fingerprints])
    _, columns = np.unique(np.concatenate([*fingerprints, np.empty(0, np.uint64)]), return_inverse=True)
    held = np.zeros((len(fingerprints), int(columns.max(initial=-1)) + 1), dtype=np.float32)
    held[owners, columns] = 1.0
    sizes = np.maximum(held.sum(axis=1), 1.0)
    linked = held @ held.T >= SAME_STORY * np.minimum.outer(sizes, sizes)
    labels = list(range(len(fingerprints)))
    for one, other in np.argwhere(np.triu(linked, 1)).tolist():
        low, high = sorted((labels[one], labels[other]))
        labels = [low if label == high else label for label in labels]
    return labels


def candidates(masks: Masks, firsts: Sequence[int], holders: Sequence[Holders], least: int, *, quoted: bool = False) -> list[int]:
    """Return the stories that share ``least`` shingles with the article's own words, or with its ``quoted`` ones, best first."""
    sums = np.concatenate(([0], np.cumsum(masks.narrative)))
    at = np.asarray(firsts, dtype=np.int64)
    own = (2 * (sums[np.minimum(at + SHINGLE, len(sums) - 1)] - sums[at]) > SHINGLE).tolist()
    counts = _counts(held for held, is_own in zip(holders, own, strict=True) if is_own is not quoted and len(held) <= TOO_COMMON)
    return sorted((doc for doc, count in counts.items() if count >= least), key=lambda doc: (-counts[doc], doc))


def _counts(holders: Iterable[Holders]) -> dict[int, int]:
    return Counter(map(_first, chain.from_iterable(holders)))


def _others_quote(held: Holders) -> bool:
    return len(held) > 1 and sum(map(_second, held)) >= QUOTED_SHARE * len(held)


def _is_common(held: Holders, witnesses: Mapping[int, Witness], window: int) -> bool:
    if len(held) < COMMON_STORIES or len(held) > TOO_COMMON:
        return len(held) > TOO_COMMON
    if not witnesses:
        return False
    known = [witness for witness in map(witnesses.get, map(_first, held)) if witness is not None]
    newest = max((witness.day for witness in known if witness.day is not None), default=0)
    return len({witness.group for witness in known if witness.day is None or witness.day >= newest - window}) >= COMMON_STORIES

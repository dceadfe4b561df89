"""Five-word shingles and their winnowed selection: what the wire index is looked up by.

Winnowing (Schleimer, Wilkerson, Aiken 2003): of every four neighbouring shingles the smallest hash is kept, so any run of
eight words that two texts share yields at least one common hash, at two fifths of the cost. Numbers count as one word here:
a story whose death toll rose is found, and a form letter (lottery, weather, earnings) gives the same hashes each time.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Uint64s
from newstagger.tokens import extend
from newstagger.wire.normalise import NUMBER, Words, word_id

SHINGLE = 5
WINDOW = 4
MOST = 6_000
"""A text gives at most this many hashes, evenly spread: some 15,000 words in full, longer ones thinner."""

_A_NUMBER = word_id("#")


def shingles(words: Words, size: int = SHINGLE) -> Uint64s:
    """Return the 64-bit hash of each run of ``size`` words, numbers taken as one and the same; empty for a shorter text."""
    ids = np.where((words.marks & NUMBER) != 0, np.uint32(_A_NUMBER), words.ids).astype(np.uint64)
    return rolled(ids, size)


def rolled(ids: Uint64s, size: int) -> Uint64s:
    """Return the hash of each run of ``size`` ids, none for fewer; well mixed, so that the smallest is a fair pick."""
    last = len(ids) - size + 1
    if last < 1:
        return np.empty(0, dtype=np.uint64)
    hashes = ids[:last]
    for offset in range(1, size):
        hashes = extend(hashes, ids[offset : last + offset])
    return extend(hashes, hashes >> np.uint64(32))


@lru_cache(maxsize=512)
def runs_of_five(words: Words) -> Uint64s:
    """Return the hash of each run of ``SHINGLE`` words, numbers as they stand: what texts are aligned by."""
    return rolled(words.ids.astype(np.uint64), SHINGLE)


def winnow(hashes: Uint64s, window: int = WINDOW) -> NDArray[np.int64]:
    """Return the positions of the kept hashes, ascending: the rightmost smallest of each window."""
    if not len(hashes):
        return np.empty(0, dtype=np.int64)
    if len(hashes) <= window:
        return np.array([len(hashes) - 1 - int(np.argmin(hashes[::-1]))], dtype=np.int64)
    count = len(hashes) - window + 1
    smallest, at = hashes[:count], np.arange(count)
    for offset in range(1, window):
        following = hashes[offset : count + offset]
        smaller = following <= smallest
        smallest, at = np.where(smaller, following, smallest), np.where(smaller, np.arange(offset, count + offset), at)
    kept = at[np.concatenate(([True], at[1:] != at[:-1]))]
    return kept if len(kept) <= MOST else kept[:: -(-len(kept) // MOST)]


def fingerprint(words: Words) -> tuple[NDArray[np.int64], Uint64s, NDArray[np.bool_]]:
    """Return the winnowed shingles of a text: first word, hash, and whether most of its words stand in quotes."""
    hashes = shingles(words)
    kept = winnow(hashes)
    sums = np.concatenate(([0], np.cumsum(words.quoted)))
    quoted = (sums[kept + SHINGLE] - sums[kept]) * 2 > SHINGLE if len(kept) else np.empty(0, dtype=np.bool_)
    return kept, hashes[kept], np.asarray(quoted, dtype=np.bool_)

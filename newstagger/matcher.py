"""Finds the phrases of a large dictionary in a text, with nothing to build at start-up: sorted hashes and a binary search.

A dictionary maps surface forms to rows of some table (places, actors). Forms are either folded (case and accents do not
matter) or exact ("IS", "US", "who"). Building an automaton over 200,000 names costs .3-.8 s at every start; loading these
arrays costs milliseconds, and one article needs one binary search per phrase length.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Ints, Uint64s
from newstagger.tokens import Tokens, extend, fold, phrase_hash, split_words

MAX_WORDS = 8


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write the name of a row. ``exact`` forms match only as they stand. ``tag`` is the caller's own byte."""

    surface: str
    row: int
    exact: bool = False
    tag: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """A dictionary phrase in a text: words ``first`` to ``last`` (exclusive) and the (row, tag) pairs that bear this form."""

    first: int
    last: int
    exact: bool
    rows: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class PhraseTable:
    """A dictionary as arrays: sorted ``hashes`` (one per form and row), ``rows``, ``tags``, ``words`` (length of the form).

    ``sieve`` says of a hash's top bits whether any form has them: it spares most words of a text the search.
    """

    hashes: Uint64s
    rows: Ints
    tags: NDArray[np.uint8]
    lengths: NDArray[np.uint8]
    exact: bool
    sieve: NDArray[np.bool_] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        sieve = np.zeros(1 << _sieve_bits(len(self.hashes)), dtype=np.bool_)
        if self.hashes.dtype == np.uint64 and self.hashes.ndim == 1:
            sieve[self._top_bits(self.hashes, len(sieve))] = True
        object.__setattr__(self, "sieve", sieve)

    @staticmethod
    def _top_bits(hashes: Uint64s, size: int) -> Uint64s:
        return hashes >> np.uint64(65 - size.bit_length())

    @classmethod
    def build(cls, forms: Iterable[Form], *, exact: bool) -> PhraseTable:
        """Return the table of those forms whose ``exact`` is as asked; forms of over ``MAX_WORDS`` words are left out."""
        entries: set[tuple[int, int, int, int]] = set()
        for form in forms:
            words = split_words(form.surface)
            if form.exact is not exact or not 0 < len(words) <= MAX_WORDS:
                continue
            spelt = words if exact else [fold(word) for word in words]
            entries.add((phrase_hash(spelt), form.row, form.tag, len(words)))
        ordered = sorted(entries)
        return cls(
            np.array([e[0] for e in ordered], dtype=np.uint64),
            np.array([e[1] for e in ordered], dtype=np.int32),
            np.array([e[2] for e in ordered], dtype=np.uint8),
            np.array([e[3] for e in ordered], dtype=np.uint8),
            exact,
        )

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[Any]], name: str, *, exact: bool) -> PhraseTable:
        """Return the table stored under ``name``."""
        return cls(arrays[f"{name}_hashes"], arrays[f"{name}_rows"], arrays[f"{name}_tags"], arrays[f"{name}_lengths"], exact)

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Return the arrays under the names that ``read`` expects."""
        return {f"{name}_hashes": self.hashes, f"{name}_rows": self.rows, f"{name}_tags": self.tags, f"{name}_lengths": self.lengths}

    def problem(self, rows: int) -> str | None:
        """Return what is wrong with the arrays for a table of that many rows, or None; called once at load."""
        columns: tuple[NDArray[Any], ...] = (self.hashes, self.rows, self.tags, self.lengths)
        types = (np.uint64, np.int32, np.uint8, np.uint8)
        if any(c.dtype != t or c.ndim != 1 or len(c) != len(self.hashes) for c, t in zip(columns, types, strict=True)):
            return "wrong array types"
        if not len(self.hashes):
            return None
        if bool(np.any(self.hashes[1:] < self.hashes[:-1])) or int(self.rows.min()) < 0 or int(self.rows.max()) >= rows:
            return "rows out of range or hashes not sorted"
        return None

    def rows_of(self, surface: str) -> tuple[tuple[int, int], ...]:
        """Return the (row, tag) pairs that bear this form."""
        words = split_words(surface)
        if not 0 < len(words) <= MAX_WORDS:
            return ()
        return self._bearers(phrase_hash(words if self.exact else [fold(word) for word in words]))

    def _bearers(self, phrase: int) -> tuple[tuple[int, int], ...]:
        low = int(np.searchsorted(self.hashes, np.uint64(phrase), "left"))
        high = int(np.searchsorted(self.hashes, np.uint64(phrase), "right"))
        return self._pairs(low, high)

    def _pairs(self, low: int, high: int) -> tuple[tuple[int, int], ...]:
        return tuple(zip(self.rows[low:high].tolist(), self.tags[low:high].tolist(), strict=True))

    def hits(self, tokens: Tokens) -> list[Match]:
        """Return every form that stands in the text, overlapping ones included, by first word and then longest first."""
        words = tokens.exact if self.exact else tokens.folded
        if not len(words) or not len(self.hashes):
            return []
        longest = min(int(self.lengths.max()), len(words))
        rolled, whole = words, np.ones(len(words), dtype=np.bool_)
        found: list[Match] = []
        for length in range(1, longest + 1):
            if length > 1:
                rolled = extend(rolled[:-1], words[length - 1 :])
                whole = whole[:-1] & tokens.joined[length - 1 :]
            likely = np.flatnonzero(whole & self.sieve[self._top_bits(rolled, len(self.sieve))])
            at = np.searchsorted(self.hashes, rolled[likely])
            at[at == len(self.hashes)] = 0
            hit = self.hashes[at] == rolled[likely]
            firsts, lows = likely[hit], at[hit]
            highs = np.searchsorted(self.hashes, rolled[firsts], "right")
            pairs = zip(self.rows[lows].tolist(), self.tags[lows].tolist(), strict=True)  # most forms have one bearer
            spots = zip(firsts.tolist(), lows.tolist(), highs.tolist(), pairs, strict=True)
            found += [
                Match(first, first + length, self.exact, (pair,) if high - low == 1 else self._pairs(low, high))
                for first, low, high, pair in spots
            ]
        return sorted(found, key=lambda match: (match.first, -match.last))


def _sieve_bits(forms: int) -> int:
    """Return how many top bits of a hash the sieve looks at: eight places a form."""
    return max(8, (8 * forms).bit_length())


def longest_first(matches: Iterable[Match]) -> list[Match]:
    """Return the leftmost-longest matches that do not overlap; of two on the same words the exact one wins."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda m: (m.first, -m.last, not m.exact)):
        if not kept or match.first >= kept[-1].last:
            kept.append(match)
    return kept

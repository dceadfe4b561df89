"""Why a linear tagger says what it says: the words that move a label most, how much, and where they stand in the text.

All labels of one text are asked together: the words are looked for once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Uint64s
from newstagger.domain import Evidence, Quote, Text
from newstagger.learning.features import Terms
from newstagger.learning.linear import Scored

SHOWN = 8
"""How many terms a tag's evidence names; the others are summed up in ``rest``."""
MOST_QUOTES = 100
"""How many places a term is shown at: enough for any article, a bound for hostile ones."""
MICRO = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class KnownWords:
    """The different words of a text that the model knows: their hashes in order, and which of them each row of the vector is."""

    words: Uint64s
    of_row: NDArray[np.int64]

    @classmethod
    def of(cls, scored: Scored) -> KnownWords:
        """Return the words behind a vector; one word may stand in several blocks, each with a row of its own."""
        rows = np.zeros(len(scored.vector.columns), dtype=np.uint64)
        known = scored.vector.places >= 0
        rows[scored.vector.places[known]] = scored.terms.words[known]
        return cls(*np.unique(rows, return_inverse=True))

    def __len__(self) -> int:
        return len(self.words)


@dataclass(frozen=True, slots=True)
class Reasons:
    """The evidence for one label, strongest first, and what it adds up to in millionths of the margin."""

    evidence: tuple[Evidence, ...]
    micros: int


def micro(value: float) -> int:
    """Return a margin in millionths: whole numbers add up exactly, and so do their decimals."""
    return round(value * MICRO)


def reasons(text: Text, scored: Scored, known: KnownWords, labels: Sequence[int]) -> list[Reasons]:
    """Return the reasons for each of some labels."""
    strongest = [_strongest(scored, known, label) for label in labels]
    quotes = _quotes(text, scored.terms, {word for terms in strongest for word, _ in terms})
    return [Reasons(tuple(_evidence(quotes[word], amount) for word, amount in terms), sum(a for _, a in terms)) for terms in strongest]


def _strongest(scored: Scored, known: KnownWords, label: int) -> list[tuple[int, int]]:
    """Return the words that move a label most, over all blocks: (hash, contribution in millionths), strongest first."""
    mine = np.flatnonzero(scored.labels == label)
    sums = np.bincount(known.of_row[scored.places[mine]], weights=scored.contributions[mine], minlength=len(known))
    order = np.argsort(-np.abs(sums), kind="stable")[:SHOWN]
    return [(word, micro(amount)) for word, amount in zip(known.words[order].tolist(), sums[order].tolist(), strict=True) if micro(amount)]


def _quotes(text: Text, terms: Terms, wanted: Iterable[int]) -> Mapping[int, tuple[Quote, ...]]:
    """Return where each of some words stands, in the order of the text."""
    at = np.isin(terms.words, np.array(sorted(wanted), dtype=np.uint64))
    places: dict[int, set[tuple[int, int]]] = {}
    for word, start, end in zip(terms.words[at].tolist(), terms.starts[at].tolist(), terms.ends[at].tolist(), strict=True):
        places.setdefault(word, set()).add((start, end))
    return {word: tuple(text.quote(*span) for span in sorted(spans)[:MOST_QUOTES]) for word, spans in places.items()}


def _evidence(quotes: tuple[Quote, ...], amount: int) -> Evidence:
    return Evidence(quotes[0].quote.casefold(), amount / MICRO, quotes)

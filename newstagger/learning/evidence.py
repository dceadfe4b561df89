"""Why a linear tagger says what it says: the words that move a label most, how much, and where they stand in the text.

All labels of one text are asked together: the words are looked for once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
class Words:
    """The different words of a text: their hashes in order, which of them each term and each row of the vector is.

    ``known`` counts those that the model knows: such as stand in the vector.
    """

    words: Uint64s
    of_term: NDArray[np.int64]
    of_row: NDArray[np.int64]
    known: int

    @classmethod
    def of(cls, scored: Scored) -> Words:
        """Return the words of a scored text; one word may stand in several blocks, each with a row of its own."""
        words, of_term = np.unique(scored.terms.words, return_inverse=True)
        of_row = np.zeros(len(scored.vector.columns), dtype=np.int64)
        known = scored.vector.places >= 0
        of_row[scored.vector.places[known]] = of_term[known]
        return cls(words, of_term, of_row, int(np.count_nonzero(np.bincount(of_row))))

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


def reasons(text: Text, scored: Scored, words: Words, labels: Sequence[int]) -> list[Reasons]:
    """Return the reasons for each of some labels."""
    strongest = [_strongest(scored, words, label) for label in labels]
    quotes = _quotes(text, scored.terms, words, [word for terms in strongest for word, _ in terms])
    return [Reasons(tuple(_evidence(quotes[word], amount) for word, amount in terms), sum(a for _, a in terms)) for terms in strongest]


def _strongest(scored: Scored, words: Words, label: int) -> list[tuple[int, int]]:
    """Return the words that move a label most, over all blocks: (its number, contribution in millionths), strongest first."""
    mine = np.flatnonzero(scored.labels == label)
    sums = np.bincount(words.of_row[scored.places[mine]], weights=scored.contributions[mine], minlength=len(words))
    order = np.argsort(-np.abs(sums), kind="stable")[:SHOWN]
    return [(word, micro(amount)) for word, amount in zip(order.tolist(), sums[order].tolist(), strict=True) if micro(amount)]


def _quotes(text: Text, terms: Terms, words: Words, wanted: Sequence[int]) -> Mapping[int, tuple[Quote, ...]]:
    """Return where each of some words stands, in the order of the text."""
    sought = np.zeros(len(words), dtype=np.bool_)
    sought[wanted] = True
    at = sought[words.of_term]
    places: dict[int, set[tuple[int, int]]] = {}
    for word, start, end in zip(words.of_term[at].tolist(), terms.starts[at].tolist(), terms.ends[at].tolist(), strict=True):
        places.setdefault(word, set()).add((start, end))
    string = text.string
    return {word: tuple(Quote(s, e, string[s:e]) for s, e in sorted(spans)[:MOST_QUOTES]) for word, spans in places.items()}


def _evidence(quotes: tuple[Quote, ...], amount: int) -> Evidence:
    return Evidence(quotes[0].quote.casefold(), amount / MICRO, quotes)

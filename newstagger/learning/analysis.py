"""How texts become rows to learn from, and how what is learned becomes weights of words.

Word vectors and translations are added to a text's TF-IDF row while it is learned from. Both are linear in the words, so a part that is
served holds words only: its evidence is exact, and it needs neither vectors nor translations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newstagger.learning.constants import LinearConstants
from newstagger.learning.matrix import Counts, Matrix, learn_vocabulary, vectorise
from newstagger.learning.svm import Column
from newstagger.learning.translations import translated, translations
from newstagger.learning.vectors import rows_of, widened, word_vectors
from newstagger.learning.vocabulary import Vocabulary

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """How texts become rows: their terms, what other terms are lent of them (``lent``), and the sum of their vectors (``space``).

    ``lent``: terms x terms, None where nothing is translated. ``space``: terms x directions, without columns where no vectors are used.
    """

    vocabulary: Vocabulary
    space: Doubles
    lent: Matrix | None = None

    @classmethod
    def learn(cls, counts: Counts, constants: LinearConstants) -> Analysis:
        """Return the analysis that the terms of the examples and the constants ask for."""
        vocabulary, lent = learn_vocabulary(counts, constants), None
        if constants.vectors:
            vocabulary = widened(vocabulary, word_vectors())
        if constants.translations:
            vocabulary, shares = translated(vocabulary, translations())
            lent = shares * constants.translations
        space = rows_of(vocabulary, word_vectors(), constants.vectors) if constants.vectors else np.zeros((len(vocabulary), 0))
        return cls(vocabulary, space, lent)

    def rows(self, counts: Counts) -> Matrix:
        """Return one row a text."""
        from scipy.sparse import csr_array, hstack

        terms = vectorise(counts, self.vocabulary)
        if self.lent is not None:
            terms = csr_array(terms + terms @ self.lent)
        wide = hstack([terms, csr_array(terms @ self.space)], format="csr") if self.space.size else terms
        wide.indices, wide.indptr = wide.indices.astype(np.int32), wide.indptr.astype(np.int32)  # the solver takes no others
        return wide

    def known(self, counts: Counts) -> Doubles:
        """Return how many known terms each text has."""
        before = np.concatenate([[0], np.cumsum(self.vocabulary.look_up(counts.keys)[1])])
        return np.asarray(np.diff(before[counts.offsets]), dtype=np.float64)

    def served(self, columns: Sequence[Column], prune: float) -> list[Column]:
        """Return the columns in words alone: a word's weight is its own and what it is lent; weights under ``prune`` are cut."""
        plain = not self.space.size and self.lent is None
        return list(columns) if plain else [self._folded(column, prune) for column in columns]

    def _folded(self, column: Column, prune: float) -> Column:
        dense = np.zeros(sum(self.space.shape))
        dense[column.terms] = column.values
        weights = dense[: len(self.space)] + self.space @ dense[len(self.space) :]
        if self.lent is not None:
            weights = weights + self.lent @ weights
        terms = np.flatnonzero(np.abs(weights) >= prune)
        return Column(terms, weights[terms].astype(np.float16), column.bias)

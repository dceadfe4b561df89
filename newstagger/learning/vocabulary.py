"""The vocabulary of a linear part: which terms it knows, how telling each is, and the TF-IDF vector of a text.

Terms are known by their hashes alone; their spellings are read off the article that is being explained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Uint64s
from newstagger.learning.features import Block, Terms

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Vector:
    """The known terms of one text: ``columns`` of the vocabulary in ascending order, their ``values``, and where each term stood.

    ``places[i]`` is the row among ``columns`` of occurrence i of the text's terms, or -1 for a term that is not known.
    """

    columns: NDArray[np.int64]
    values: Floats
    places: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Known terms: sorted ``keys``, their ``idf``, the number of the ``block`` that each belongs to, and the blocks themselves."""

    keys: Uint64s
    idf: Floats
    block: NDArray[np.uint8]
    blocks: tuple[Block, ...]

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[Any]], blocks: Sequence[Block]) -> Vocabulary:
        """Return the vocabulary that ``arrays`` stored."""
        return cls(arrays["terms"], arrays["idf"], arrays["term_block"], tuple(blocks))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays under the names that ``read`` expects."""
        return {"terms": self.keys, "idf": self.idf, "term_block": self.block}

    def __len__(self) -> int:
        return len(self.keys)

    def problem(self) -> str | None:
        """Return what is wrong with the arrays, or None."""
        if [self.keys.dtype, self.idf.dtype, self.block.dtype] != [np.dtype(t) for t in (np.uint64, np.float32, np.uint8)]:
            return "wrong array types in the vocabulary"
        if not len(self.keys) == len(self.idf) == len(self.block) or self.keys.ndim != 1:
            return "the vocabulary's arrays differ in length"
        if bool(np.any(self.keys[1:] <= self.keys[:-1])):
            return "the vocabulary is not in order"
        if not bool(np.isfinite(self.idf).all()):
            return "an idf is not a finite number"
        return "a term of an unknown block" if len(self.block) and int(self.block.max()) >= len(self.blocks) else None

    def vector(self, terms: Terms) -> Vector:
        """Return the text's TF-IDF vector: 1 + ln(count) times idf, each block scaled to the length that is its weight."""
        found, inverse, counts = np.unique(terms.keys, return_inverse=True, return_counts=True)
        columns, known = self.look_up(found)
        row = np.full(len(found), -1, dtype=np.int64)
        row[known] = np.arange(int(known.sum()))
        columns = columns[known]
        return Vector(columns, self.values(columns, counts[known]), row[inverse])

    def look_up(self, keys: Uint64s) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the column of each key, and whether the key is known at all."""
        if not len(self.keys):
            return np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=np.bool_)
        columns = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return columns, self.keys[columns] == keys

    def values(self, columns: NDArray[np.int64], counts: NDArray[np.int64]) -> Floats:
        """Return the vector's values from the count of each known term."""
        raw = (1.0 + np.log(counts)) * self.idf[columns]
        block = self.block[columns]
        norms = np.sqrt(np.bincount(block, weights=raw * raw, minlength=len(self.blocks)))
        weights = np.array([b.weight for b in self.blocks])
        scale = np.divide(weights, norms, out=np.zeros(len(weights)), where=norms > 0)
        return np.asarray(raw * scale[block], dtype=np.float32)

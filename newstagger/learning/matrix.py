"""The training matrix: which terms are learned, and the TF-IDF rows of all examples. Imports SciPy; serving never does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Uint64s
from newstagger.domain import Text
from newstagger.learning.constants import LinearConstants
from newstagger.learning.features import Block, block_salt, terms_of
from newstagger.learning.vocabulary import Vocabulary

Matrix = Any
"""A scipy.sparse.csr_array of float64; SciPy ships no types."""


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Term counts of many texts, row after row: row i's terms are ``keys[offsets[i]:offsets[i + 1]]``, in ascending order."""

    keys: Uint64s
    counts: NDArray[np.int64]
    block: NDArray[np.uint8]
    phrase: NDArray[np.bool_]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def row(self, number: int) -> slice:
        """Return the entries of one text."""
        return slice(int(self.offsets[number]), int(self.offsets[number + 1]))


def count_terms(texts: Iterable[Text], blocks: Sequence[Block]) -> Counts:
    """Count the terms of each text once, block by block."""
    rows = [_count(text, blocks) for text in texts]
    offsets = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row[0]) for row in rows], out=offsets[1:])
    if not rows:
        rows = [_count(Text("", ()), blocks)]
    keys, counts, block, phrase = (np.concatenate(column) for column in zip(*rows, strict=True))
    return Counts(keys, counts, block, phrase, offsets)


def _count(text: Text, blocks: Sequence[Block]) -> tuple[Uint64s, NDArray[np.int64], NDArray[np.uint8], NDArray[np.bool_]]:
    terms = terms_of(text, blocks)
    keys, first, counts = np.unique(terms.keys, return_index=True, return_counts=True)
    salts = keys ^ terms.words[first]
    block = np.zeros(len(keys), dtype=np.uint8)
    for number in range(len(blocks)):
        block[salts == block_salt(number)] = number
    return keys, counts, block, terms.phrase[first]


def learn_vocabulary(counts: Counts, constants: LinearConstants) -> Vocabulary:
    """Return the terms that stand in enough documents, with idf = ln((1 + n) / (1 + documents)) + 1 (scikit-learn's smooth idf)."""
    keys, first, documents = np.unique(counts.keys, return_index=True, return_counts=True)
    least = np.where(counts.phrase[first], constants.phrase_documents, constants.min_documents)
    kept = documents >= least
    idf = (np.log((1.0 + len(counts)) / (1.0 + documents[kept])) + 1.0).astype(np.float32)
    return Vocabulary(keys[kept], idf, counts.block[first[kept]], constants.blocks)


def vectorise(counts: Counts, vocabulary: Vocabulary) -> Matrix:
    """Return the TF-IDF rows of all texts, the same numbers that serving computes one by one."""
    from scipy.sparse import csr_array

    columns, known = vocabulary.look_up(counts.keys)
    indptr = np.zeros(len(counts) + 1, dtype=np.int64)
    values: list[NDArray[np.float32]] = []
    for number in range(len(counts)):
        row = counts.row(number)
        mine = known[row]
        values.append(vocabulary.values(columns[row][mine], counts.counts[row][mine]))
        indptr[number + 1] = indptr[number] + len(values[-1])
    data = np.concatenate(values) if values else np.zeros(0, dtype=np.float32)
    return csr_array(
        (data.astype(np.float64), columns[known].astype(np.int32), indptr.astype(np.int32)), shape=(len(counts), len(vocabulary))
    )

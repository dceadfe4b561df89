"""One-vs-rest linear SVMs over a shared matrix, and their out-of-fold margins. Imports scikit-learn; serving never does.

Labels are fitted in processes, not threads: liblinear draws from one random generator per process, so threads would change
the result from run to run. Each fit seeds it anew, and sums on one thread: the order of a sum is part of its result, so that
otherwise the number of processes and of cores would show in the last bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newstagger.learning.constants import LinearConstants
from newstagger.learning.matrix import Matrix

Doubles = NDArray[np.float64]
Bools = NDArray[np.bool_]
NEVER = -1.0
"""The margin of a label without examples: the value that a hinge loss wants of a clear negative."""


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """What is to be learned: rows, wanted labels (rows x labels), which of them count (``mask``), and each row's weight."""

    rows: Matrix
    wanted: Bools
    mask: Bools
    weight: Doubles

    def part(self, chosen: NDArray[np.int64]) -> Problem:
        """Return the problem of some rows only."""
        return Problem(self.rows[chosen], self.wanted[chosen], self.mask[chosen], self.weight[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One label's weights as they will be served, small ones cut: ``terms`` in ascending order, ``values``, and the bias."""

    terms: NDArray[np.int64]
    values: NDArray[np.float16]
    bias: float

    def margins(self, rows: Matrix) -> Doubles:
        """Return the margin of each row."""
        dense = np.zeros(rows.shape[1])
        dense[self.terms] = self.values
        return np.asarray(rows @ dense) + self.bias


def fit_labels(problem: Problem, constants: LinearConstants, jobs: int) -> list[Column]:
    """Fit every label; the result does not depend on ``jobs``."""
    from joblib import Parallel, delayed

    labels = range(problem.wanted.shape[1])
    return list(Parallel(n_jobs=jobs, batch_size=4)(delayed(_fit_label)(problem, label, constants) for label in labels))


def _fit_label(problem: Problem, label: int, constants: LinearConstants) -> Column:
    from sklearn.svm import LinearSVC
    from threadpoolctl import threadpool_limits

    wanted, weight, rows = problem.wanted[:, label], problem.weight, problem.rows
    mask = problem.mask[:, label]
    if not mask.all():
        wanted, weight, rows = wanted[mask], weight[mask], rows[np.flatnonzero(mask)]
    positives = int(wanted.sum())
    if positives in (0, len(wanted)):
        return _column(np.zeros(rows.shape[1]), NEVER if not positives else -NEVER, constants.prune)
    ratio = float(weight[~wanted].sum() / weight[wanted].sum())
    weighed = np.where(wanted, weight * ratio**constants.balance, weight)
    svc = LinearSVC(C=constants.c, random_state=constants.seed, max_iter=2000)
    with threadpool_limits(limits=1):
        svc.fit(rows, wanted, sample_weight=weighed)
    return _column(svc.coef_[0], float(svc.intercept_[0]), constants.prune)


def _column(weights: Doubles, bias: float, prune: float) -> Column:
    terms = np.flatnonzero(np.abs(weights) >= prune)
    return Column(terms, weights[terms].astype(np.float16), bias)


def out_of_fold(problem: Problem, folds: Sequence[NDArray[np.int64]], constants: LinearConstants, jobs: int) -> Doubles:
    """Return rows x labels margins, each fold's from a fit on the other folds."""
    margins = np.full(problem.wanted.shape, NEVER)
    everything = np.arange(problem.rows.shape[0])
    for held_out in folds:
        columns = fit_labels(problem.part(np.setdiff1d(everything, held_out)), constants, jobs)
        for label, column in enumerate(columns):
            margins[held_out, label] = column.margins(problem.rows[held_out])
    return margins

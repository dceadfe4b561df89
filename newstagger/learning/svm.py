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
_BATCH = 8
"""How many labels a process fits before it hands them back."""


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
    batches = [labels[at : at + _BATCH] for at in range(0, len(labels), _BATCH)]
    fitted = Parallel(n_jobs=jobs)(delayed(_fit_batch)(problem, batch, constants) for batch in batches)
    return [column for batch in fitted for column in batch]


def _fit_batch(problem: Problem, labels: Sequence[int], constants: LinearConstants) -> list[Column]:
    """Fit some labels on one thread; looking for the machine's thread pools takes as long as fitting a rare label."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        return [_fit_label(problem, label, constants) for label in labels]


def _fit_label(problem: Problem, label: int, constants: LinearConstants) -> Column:
    from sklearn.svm import LinearSVC

    wanted, weight, rows = problem.wanted[:, label], problem.weight, problem.rows
    mask = problem.mask[:, label]
    if not mask.all():
        wanted, weight, rows = wanted[mask], weight[mask], rows[np.flatnonzero(mask)]
    positives = int(wanted.sum())
    if positives in (0, len(wanted)):
        return _column(np.zeros(rows.shape[1]), NEVER if not positives else -NEVER, constants.prune)
    ratio = float(weight[~wanted].sum() / weight[wanted].sum())
    weighed = np.where(wanted, weight * ratio**constants.balance, weight)
    scale = relevance(rows, wanted) ** constants.relevance
    svc = LinearSVC(C=constants.c, random_state=constants.seed, max_iter=2000, tol=constants.tolerance)
    svc.fit(_scaled(rows, scale) if constants.relevance else rows, wanted, sample_weight=weighed)
    return _column(svc.coef_[0] * scale, float(svc.intercept_[0]), constants.prune)


def relevance(rows: Matrix, wanted: Bools) -> Doubles:
    """Return each term's relevance frequency for a label, scaled to a root mean square of 1.

    log2(2 + documents of the label with the term / other documents with it): Lan, Tan, Su and Lu 2009. A term that is typical
    of the label costs the learner less, which helps most where examples are few. It scales the weights, so nothing changes
    in serving.
    """
    inside = np.repeat(wanted, np.diff(rows.indptr))
    found = np.bincount(rows.indices[inside], minlength=rows.shape[1])
    others = np.bincount(rows.indices, minlength=rows.shape[1]) - found
    raw = np.log2(2.0 + found / np.maximum(1, others))
    return np.asarray(raw / np.sqrt(np.mean(raw * raw))) if len(raw) else raw


def _scaled(rows: Matrix, scale: Doubles) -> Matrix:
    return type(rows)((rows.data * scale[rows.indices], rows.indices, rows.indptr), shape=rows.shape)


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

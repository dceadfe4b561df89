"""One-vs-rest linear SVMs over a shared matrix. Imports scikit-learn; serving never does.

Labels are fitted in processes, not threads: liblinear draws from one random generator per process, so threads would change
the result from run to run. Each fit seeds it anew, and sums on one thread: the order of a sum is part of its result, so that
otherwise the number of processes and of cores would show in the last bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newstagger.learning.constants import LinearConstants
from newstagger.learning.matrix import Matrix

Doubles = NDArray[np.float64]
Bools = NDArray[np.bool_]
Heard = Callable[[int], None]
"""Told how many labels were fitted since it was told last."""
NEVER = -1.0
"""The margin of a label without examples: the value that a hinge loss wants of a clear negative."""
_BATCH = 8
"""How many labels a process fits before it hands them back."""


def unheard(_: int) -> None:
    """Count nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """What is to be learned: rows, wanted labels (rows x labels), which of them count (``mask``), and each row's weight.

    ``expert``: the number of the model that learns each row, where several vote. ``known``: how many known terms each row has.
    """

    rows: Matrix
    wanted: Bools
    mask: Bools
    weight: Doubles
    expert: NDArray[np.int64] | None = None
    known: Doubles | None = None

    def part(self, chosen: NDArray[np.int64]) -> Problem:
        """Return the problem of some rows only."""
        expert = None if self.expert is None else self.expert[chosen]
        known = None if self.known is None else self.known[chosen]
        return Problem(self.rows[chosen], self.wanted[chosen], self.mask[chosen], self.weight[chosen], expert, known)


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


def fit_labels(problem: Problem, constants: LinearConstants, jobs: int, heard: Heard = unheard) -> list[Column]:
    """Fit every label; the result does not depend on ``jobs``. ``heard`` is told after some fits how many they were."""
    labels = range(problem.wanted.shape[1])
    batches = [labels[at : at + _BATCH] for at in range(0, len(labels), _BATCH)]
    columns: list[Column] = []
    for fitted in _in_processes(problem, batches, constants, jobs) if jobs > 1 else _here(problem, batches, constants):
        columns += fitted
        heard(len(fitted))
    return columns


def _here(problem: Problem, batches: Sequence[Sequence[int]], constants: LinearConstants) -> Iterator[list[Column]]:
    """Fit on one thread: looking for the machine's thread pools takes as long as fitting a rare label, so it is done once."""
    import sklearn.svm  # noqa: F401  the pools that a library brings are there to limit once it is loaded
    from threadpoolctl import threadpool_limits

    desk = Desk.of(problem.rows)
    with threadpool_limits(limits=1):
        for batch in batches:
            yield [_fit_label(problem, label, constants, desk) for label in batch]


def _in_processes(problem: Problem, batches: Sequence[Sequence[int]], constants: LinearConstants, jobs: int) -> Iterator[list[Column]]:
    """Fit in processes of one thread each, which map the matrix into their memory instead of copying it."""
    from joblib import Parallel, delayed, parallel_config

    with parallel_config(backend="loky", inner_max_num_threads=1):
        yield from Parallel(n_jobs=jobs, return_as="generator")(delayed(_fit_batch)(problem, batch, constants) for batch in batches)


def _fit_batch(problem: Problem, labels: Sequence[int], constants: LinearConstants) -> list[Column]:
    desk = Desk.of(problem.rows)
    return [_fit_label(problem, label, constants, desk) for label in labels]


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """What fits of one matrix share: each entry's column, how many rows have each term, and room for scaled values."""

    columns: NDArray[np.int64]
    documents: NDArray[np.int64]
    room: Doubles

    @classmethod
    def of(cls, rows: Matrix) -> Desk:
        """Return what all labels share that are fitted on these rows."""
        columns = rows.indices.astype(np.int64)
        return cls(columns, np.bincount(columns, minlength=rows.shape[1]), np.empty(len(columns)))

    def scaled(self, rows: Matrix, scale: Doubles) -> Matrix:
        """Return the rows with each term's values scaled; good until the next call, which writes over it."""
        np.take(scale, self.columns, mode="clip", out=self.room)
        np.multiply(self.room, rows.data, out=self.room)
        return type(rows)((self.room, rows.indices, rows.indptr), shape=rows.shape)


def _fit_label(problem: Problem, label: int, constants: LinearConstants, desk: Desk) -> Column:
    from sklearn import config_context
    from sklearn.svm import LinearSVC

    wanted, weight, rows = problem.wanted[:, label], problem.weight, problem.rows
    mask = problem.mask[:, label]
    if not mask.all():
        wanted, weight, rows = wanted[mask], weight[mask], rows[np.flatnonzero(mask)]
        desk = Desk.of(rows)
    positives = int(wanted.sum())
    if positives in (0, len(wanted)):
        return _column(np.zeros(rows.shape[1]), NEVER if not positives else -NEVER, constants.prune)
    ratio = float(weight[~wanted].sum() / weight[wanted].sum())
    weighed = np.where(wanted, weight * ratio**constants.balance, weight)
    svc = LinearSVC(C=constants.c, random_state=constants.seed, max_iter=2000, tol=constants.tolerance, dual=True)
    scale = np.ones(rows.shape[1])
    if constants.relevance:
        scale = relevance(rows[np.flatnonzero(wanted)], desk.documents) ** constants.relevance
        rows = desk.scaled(rows, scale)
    with config_context(assume_finite=True):  # so they are made; a look at each value for each label costs a twentieth of all
        svc.fit(rows, wanted, sample_weight=weighed)
    return _column(svc.coef_[0] * scale, float(svc.intercept_[0]), constants.prune)


def relevance(inside: Matrix, documents: NDArray[np.int64]) -> Doubles:
    """Return each term's relevance frequency for a label, scaled to a root mean square of 1.

    ``inside`` are the rows of the label, ``documents`` counts the rows that have each term, the label's among them.

    log2(2 + documents of the label with the term / other documents with it): Lan, Tan, Su and Lu 2009. A term that is typical
    of the label costs the learner less, which helps most where examples are few. It scales the weights, so nothing changes
    in serving.
    """
    found = np.bincount(inside.indices, minlength=len(documents))
    raw = np.log2(2.0 + found / np.maximum(1, documents - found))
    return np.asarray(raw / np.sqrt(np.mean(raw * raw))) if len(raw) else raw


def _column(weights: Doubles, bias: float, prune: float) -> Column:
    terms = np.flatnonzero(np.abs(weights) >= prune)
    return Column(terms, weights[terms].astype(np.float16), bias)

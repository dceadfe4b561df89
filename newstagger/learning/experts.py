"""Linear models that vote: sources too unlike to be learned together are learned apart, and their margins are averaged.

Learned together, a big source decides what a small one may say; apart, each has its say on every text. A weighted mean of linear
models (a linear opinion pool, Stone 1961) is a linear model itself, so serving and evidence do not change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from newstagger.learning.constants import LinearConstants
from newstagger.learning.svm import NEVER, Bools, Column, Doubles, Heard, Problem, fit_labels, unheard

Rows = NDArray[np.int64]


def expert_of(sources: Sequence[str], constants: LinearConstants) -> NDArray[np.int64] | None:
    """Return which expert learns each row: its place in ``constants.experts`` from 1, 0 for the rest; None where all learn together."""
    if not constants.experts:
        return None
    number = {source: at for at, expert in enumerate(constants.experts, 1) for source in expert.sources}
    return np.array([number.get(source, 0) for source in sources], dtype=np.int64)


Memo = dict[tuple[int, bytes], list[Column]]
"""What an expert learned from which rows, so that leaving out rows of another one costs it nothing."""


def fit_experts(
    problem: Problem, constants: LinearConstants, jobs: int, heard: Heard = unheard, *, rows: Rows | None = None, memo: Memo | None = None
) -> list[Column]:
    """Fit every label on some rows (None: all), by each expert on its own, and return the mean of what they learned.

    An expert votes if its rows differ in their labels: one that has seen a single topic would see it everywhere.
    """
    if problem.expert is None:
        return fit_labels(problem if rows is None else problem.part(rows), constants, jobs, heard)
    rows = np.arange(len(problem.expert)) if rows is None else rows
    own = {int(voice): rows[problem.expert[rows] == voice] for voice in np.unique(problem.expert[rows])}
    voices = [voice for voice, its in own.items() if _differ(problem.wanted[its])] or [min(own)]
    known = {} if memo is None else memo
    for voice in voices:
        key = (voice, own[voice].tobytes())
        if key not in known:
            known[key] = _fit(problem.part(own[voice]), voice, constants, jobs)
    fitted = [known[voice, own[voice].tobytes()] for voice in voices]
    heard(problem.wanted.shape[1])
    weights = np.array([constants.experts[voice - 1].weight if voice else 1.0 for voice in voices])
    return [_mean(columns, weights / weights.sum(), problem.rows.shape[1]) for columns in zip(*fitted, strict=True)]


def out_of_fold(problem: Problem, folds: Sequence[Rows], constants: LinearConstants, jobs: int, heard: Heard = unheard) -> Doubles:
    """Return rows x labels margins, each fold's from a fit on the other folds."""
    margins = np.full(problem.wanted.shape, NEVER)
    everything = np.arange(problem.rows.shape[0])
    for held_out in folds:
        rows = problem.rows[held_out]
        columns = fit_experts(problem, constants, jobs, heard, rows=np.setdiff1d(everything, held_out))
        for label, column in enumerate(columns):
            margins[held_out, label] = column.margins(rows)
    return margins


def _differ(wanted: Bools) -> bool:
    return bool((wanted.any(axis=0) & ~wanted.all(axis=0)).any())


def _fit(own: Problem, voice: int, constants: LinearConstants, jobs: int) -> list[Column]:
    told = replace(constants, c=constants.experts[voice - 1].c) if voice else constants
    return fit_labels(replace(own, weight=own.weight / own.weight.mean()), told, jobs)


def _mean(columns: Sequence[Column], shares: NDArray[np.float64], width: int) -> Column:
    dense = np.zeros(width)
    for column, share in zip(columns, shares, strict=True):
        dense[column.terms] += share * column.values.astype(np.float64)
    terms = np.flatnonzero(dense)
    bias = sum(share * column.bias for column, share in zip(columns, shares, strict=True))
    return Column(terms, dense[terms].astype(np.float16), float(bias))

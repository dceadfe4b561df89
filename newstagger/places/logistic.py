"""Logistic regression for a handful of features, drawn towards weights that are expected before anything is learned.

scikit-learn's pulls weights towards 0 only; with few features Newton's method is exact and quick, and needs numpy alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
STEPS, ENOUGH = 100, 1e-10


def logistic(features: Matrix, labels: NDArray[Any], penalty: float, expected: Matrix) -> Matrix:
    """Return the weights, the bias last, that maximise the likelihood less |weights - expected|^2 / (2 penalty).

    ``features`` is (rows, n), ``labels`` (rows,) of 0 and 1, ``expected`` (n + 1,). The bias is drawn weakly, so that
    one class alone has a finite answer. Newton steps are halved until they improve (Hastie et al. 2009, 4.4.1).
    """
    design = np.hstack([features, np.ones((len(features), 1))])
    truth = labels.astype(np.float64)
    centre: Matrix = expected.astype(np.float64)
    pull = np.append(np.full(len(expected) - 1, 1.0 / penalty), 1e-2)
    weights = centre.copy()
    loss = _loss(design, truth, weights, centre, pull)
    for _ in range(STEPS):
        likely = _sigmoid(design @ weights)
        slope = design.T @ (likely - truth) + pull * (weights - centre)
        bend = (design * (likely * (1.0 - likely))[:, None]).T @ design + np.diag(pull)
        step: Matrix = np.asarray(np.linalg.solve(bend, slope), dtype=np.float64)
        weights, better = _descend(design, truth, weights, step, centre, pull, loss)
        if loss - better < ENOUGH * max(1.0, abs(loss)):
            break
        loss = better
    return weights


def _descend(
    design: Matrix, truth: Matrix, weights: Matrix, step: Matrix, centre: Matrix, pull: Matrix, loss: float
) -> tuple[Matrix, float]:
    """Return the weights after the longest of the steps 1, 1/2, 1/4, ... that lowers the loss, and that loss."""
    for halving in range(30):
        tried = weights - step * 0.5**halving
        if (better := _loss(design, truth, tried, centre, pull)) <= loss:
            return tried, better
    return weights, loss


def _loss(design: Matrix, truth: Matrix, weights: Matrix, centre: Matrix, pull: Matrix) -> float:
    margins = design @ weights
    return float(np.sum(np.logaddexp(0.0, margins) - truth * margins) + 0.5 * np.sum(pull * (weights - centre) ** 2))


def _sigmoid(margins: Matrix) -> Matrix:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * margins)))

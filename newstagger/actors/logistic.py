"""Logistic regression drawn towards known weights: maximum a posteriori with a Gaussian prior, by damped Newton steps. NumPy only.

What the data say nothing about keeps its prior weight, so a handful of labels refines a model instead of replacing it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Bools = NDArray[np.bool_]

_STEPS = 60
_HALVINGS = 30


def fit_map(design: Doubles, wanted: Bools, prior: Doubles, pull: Doubles) -> Doubles:
    """Return the weights that minimise log loss + sum(pull * (w - prior)^2) / 2.

    ``design`` is rows x features (put a column of ones for the bias), ``pull`` one precision a feature; deterministic.
    """
    at: Doubles = prior.astype(np.float64)
    targets = wanted.astype(np.float64)
    for _ in range(_STEPS):
        likely = sigmoid(design @ at)
        gradient = design.T @ (likely - targets) + pull * (at - prior)
        curvature = (design * (likely * (1.0 - likely))[:, None]).T @ design + np.diag(pull + 1e-9)
        step: Doubles = np.asarray(np.linalg.solve(curvature, gradient), dtype=np.float64)
        at = _descend(design, targets, prior, pull, at, step)
        if float(np.abs(step).max()) < 1e-9:
            break
    return at


def _descend(design: Doubles, targets: Doubles, prior: Doubles, pull: Doubles, at: Doubles, step: Doubles) -> Doubles:
    before = _loss(design, targets, prior, pull, at)
    for _ in range(_HALVINGS):
        if _loss(design, targets, prior, pull, at - step) <= before:
            return np.asarray(at - step)
        step = step / 2.0
    return at


def _loss(design: Doubles, targets: Doubles, prior: Doubles, pull: Doubles, at: Doubles) -> float:
    margins = design @ at
    return float(np.logaddexp(0.0, margins).sum() - targets @ margins + 0.5 * (pull * (at - prior) ** 2).sum())


def sigmoid(values: Doubles) -> Doubles:
    """Return 1 / (1 + exp(-values)) without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * values)))

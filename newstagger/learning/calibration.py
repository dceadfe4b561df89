"""From margins to probabilities: Platt scaling, one common curve for all labels and each label's own, as far as it has earned it.

Platt 1999, with the smoothed targets and the Newton steps of Lin, Lin and Weng 2007. A sigmoid is fitted to the many clear negatives
first of all, and then promises too much where it is sure and too little where it doubts: so one ``bend`` for all labels sets a slope
of its own above a knee, as beta calibration does (Kull, Silva Filho and Flach 2017), which bends at one half. NumPy only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newstagger.logistic import curvature, fit_map, sigmoid

Doubles = NDArray[np.float64]
Bools = NDArray[np.bool_]
FLATTEST = 0.05
"""The least slope: a higher margin must never mean a lower probability."""
BIN = 256
KNEE = -3.0
"""The logit on Platt's curve at which all curves bend: a score of .05, below which a label is out of the question."""
STRAIGHT = (1.0, 1.0, 0.0)
"""The bend that changes nothing: slopes below and above the knee, and what is added."""
_BEND_PULL = 1.0
_START = (1.0, -1.0)


@dataclass(frozen=True, slots=True)
class Curve:
    """P(label | margin) = 1 / (1 + exp(-(slope * margin + offset))), with slope > 0."""

    slope: float
    offset: float


def probability(
    margins: Doubles, slope: Doubles | np.float64, offset: Doubles | np.float64, bend: Doubles | None = None
) -> Doubles:  # fmt: skip
    """Return calibrated probabilities in [0, 1]; the first three arrays broadcast, and ``bend`` holds for all."""
    logits = np.asarray(margins * slope + offset)
    return np.asarray(sigmoid(logits if bend is None else _hinged(logits) @ bend))


def fit_bend(margins: Doubles, wanted: Bools, mask: Bools, curves: Sequence[Curve]) -> Doubles:
    """Return the bend of all curves: slopes below and above the knee, both above 0, and what is added; ``STRAIGHT`` if one class is all.

    It keeps the order of the scores of one label.
    """
    seen, straight = wanted[mask], np.array(STRAIGHT)
    if not bool(seen.any()) or bool(seen.all()):
        return straight
    logits = (margins * np.array([curve.slope for curve in curves]) + np.array([curve.offset for curve in curves]))[mask]
    centres, means, counts = binned(logits, seen.astype(np.float64))
    found = fit_map(_hinged(centres), means, straight, np.full(len(straight), _BEND_PULL), counts)
    return np.append(np.maximum(FLATTEST, found[:-1]), found[-1])


def _hinged(logits: Doubles) -> Doubles:
    """Return logits x (what lies below the knee, what lies above it, 1); the first two add up to the logit."""
    below = np.minimum(logits - KNEE, 0.0)
    return np.stack([below, logits - below, np.ones_like(logits)], axis=-1)


def fit_curves(margins: Doubles, wanted: Bools, mask: Bools, prior: float) -> list[Curve]:
    """Fit one curve a label from rows x labels out-of-fold margins; entries outside ``mask`` are unknown and do not count.

    A label's own curve is drawn towards the common one as if ``prior`` positives spoke for that.
    """
    common = common_curve(margins, wanted, mask)
    curves = []
    for label in range(margins.shape[1]):
        rows = mask[:, label]
        positives = int(wanted[rows, label].sum())
        if positives < 3 or positives == int(rows.sum()):
            curves.append(common)
        else:
            curves.append(_fit(margins[rows, label], wanted[rows, label], common, prior / positives))
    return curves


def common_curve(margins: Doubles, wanted: Bools, mask: Bools) -> Curve:
    """Return the curve of all labels together."""
    start = Curve(*_START)
    if not bool(wanted[mask].any()) or bool(wanted[mask].all()):
        return start
    return _fit(margins[mask], wanted[mask], start, 0.0)


def _fit(margins: Doubles, wanted: Bools, prior: Curve, strength: float) -> Curve:
    """Minimise the log loss plus ``strength`` times the loss of moving away from ``prior``, by damped Newton steps.

    The pull is the curvature of the loss at the prior, scaled: it works in the loss's own units, whatever the margins' scale.
    """
    positives = int(wanted.sum())
    targets = np.where(wanted, (positives + 1.0) / (positives + 2.0), 1.0 / (len(wanted) - positives + 2.0))
    centres, means, counts = binned(margins, targets)
    design = np.column_stack([centres, np.ones(len(centres))])
    anchor = np.array([prior.slope, prior.offset])
    at = fit_map(design, means, anchor, strength * curvature(design, anchor, counts), counts)
    return Curve(max(FLATTEST, float(at[0])), float(at[1]))


def binned(margins: Doubles, targets: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    """Return mean margin, mean target and number of the rows of each bin; ``BIN`` or fewer rows stay as they are.

    A bin's width is a ``BIN``-th of the margins' standard deviation, so that its rows differ by less than a fit can tell: the loss
    moves by the square of the width. Newton's steps then cost the same for a thousand rows and for a million.
    """
    width = float(margins.std()) / BIN
    if len(margins) <= BIN or not width:
        return margins, targets, np.ones(len(margins))
    _, at, counts = np.unique(np.floor(margins / width), return_inverse=True, return_counts=True)
    return np.bincount(at, weights=margins) / counts, np.bincount(at, weights=targets) / counts, counts.astype(np.float64)

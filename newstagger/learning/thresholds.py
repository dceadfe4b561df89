"""The margin from which a label is worth showing: the cut of best F1, each label's own as far as it has earned it.

A label's own cut is found on its calibrated probabilities, where the best F1 lies at half its own value (Lipton, Elkan and
Naryanaswamy 2014): steadier than the best cut of the few margins seen, which overfits (Yang 2001, SCut). The probabilities are those of the
straight curve: found on the bent one (``calibration``), cuts lie lower and cost micro F1, .003 to .007 on Reuters. NumPy only.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from newstagger.learning.calibration import Curve, probability

Doubles = NDArray[np.float64]
Bools = NDArray[np.bool_]
FEWEST = 3
"""Labels with fewer positives take the common threshold whole."""
RARE = 30
"""Labels with fewer positives have a common threshold of their own: a margin learned from few examples stays low."""
_NEVER_SURE = 1e-6


def best_cut(margins: Doubles, wanted: Bools) -> float:
    """Return the threshold of highest F1 on what was seen, halfway between the two margins that it parts."""
    order = np.argsort(-margins, kind="stable")
    ranked = margins[order]
    hits = np.cumsum(wanted[order])
    f1 = 2.0 * hits / (np.arange(1, len(ranked) + 1) + int(wanted.sum()))
    f1[:-1][ranked[:-1] == ranked[1:]] = -1.0
    at = int(np.argmax(f1))
    below = ranked[at + 1] if at + 1 < len(ranked) else ranked[at] - 1.0
    return float((ranked[at] + below) / 2.0)


def expected_cut(margins: Doubles, curve: Curve) -> float:
    """Return the margin of highest expected F1 if the calibrated probabilities are true."""
    likely = np.sort(probability(margins, np.float64(curve.slope), np.float64(curve.offset)))[::-1]
    best = float((2.0 * np.cumsum(likely) / (np.arange(1, len(likely) + 1) + likely.sum())).max())
    half = min(max(best / 2.0, _NEVER_SURE), 1.0 - _NEVER_SURE)
    return float((np.log(half / (1.0 - half)) - curve.offset) / curve.slope)


def fit_thresholds(margins: Doubles, wanted: Bools, mask: Bools, curves: Sequence[Curve], prior: float) -> Doubles:
    """Return a threshold a label from rows x labels out-of-fold margins; entries outside ``mask`` do not count.

    A label with n positives takes n / (n + prior) of its own cut and the rest of a common one (best micro F1 seen).
    """
    positives = (wanted & mask).sum(axis=0)
    common = np.where(positives < RARE, rare_cut(margins, wanted, mask), _pooled(margins, wanted, mask, positives > 0))
    cuts = common.copy()
    for label, curve in enumerate(curves):
        if positives[label] >= FEWEST:
            own, count = expected_cut(margins[mask[:, label], label], curve), int(positives[label])
            cuts[label] = (count * own + prior * common[label]) / (count + prior)
    return cuts


def rare_cut(margins: Doubles, wanted: Bools, mask: Bools) -> float:
    """Return the common threshold of labels with few positives."""
    return _pooled(margins, wanted, mask, (wanted & mask).sum(axis=0) < RARE)


def _pooled(margins: Doubles, wanted: Bools, mask: Bools, labels: Bools) -> float:
    """Return the common threshold of some labels; that of all where these have too few positives, 0 where there are none."""
    chosen = mask & labels
    if int((wanted & chosen).sum()) < FEWEST:
        chosen = mask
    return best_cut(margins[chosen], wanted[chosen]) if bool((wanted & chosen).any()) else 0.0

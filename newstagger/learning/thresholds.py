"""The margin from which a label is worth showing: the cut of best F1 on out-of-fold margins, each label's own as far as it has earned it.

Yang 2001 calls the per-label cut SCut and shows that it overfits rare labels; drawing it towards a common cut is the remedy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Bools = NDArray[np.bool_]
FEWEST = 3
"""Labels with fewer positives take the common threshold whole."""


def best_cut(margins: Doubles, wanted: Bools) -> float:
    """Return the threshold of highest F1 for one label, halfway between the two margins that it parts."""
    order = np.argsort(-margins, kind="stable")
    ranked = margins[order]
    hits = np.cumsum(wanted[order])
    f1 = 2.0 * hits / (np.arange(1, len(ranked) + 1) + int(wanted.sum()))
    f1[:-1][ranked[:-1] == ranked[1:]] = -1.0
    at = int(np.argmax(f1))
    below = ranked[at + 1] if at + 1 < len(ranked) else ranked[at] - 1.0
    return float((ranked[at] + below) / 2.0)


def fit_thresholds(margins: Doubles, wanted: Bools, mask: Bools, prior: float) -> Doubles:
    """Return a threshold a label from rows x labels out-of-fold margins; entries outside ``mask`` do not count.

    A label with n positives takes n / (n + prior) of its own best cut and the rest of the common one (best micro F1).
    """
    if not bool(wanted[mask].any()):
        return np.zeros(margins.shape[1])
    common = best_cut(margins[mask], wanted[mask])
    cuts = np.full(margins.shape[1], common)
    for label in range(margins.shape[1]):
        rows = mask[:, label]
        positives = int(wanted[rows, label].sum())
        if positives >= FEWEST:
            own = best_cut(margins[rows, label], wanted[rows, label])
            cuts[label] = (positives * own + prior * common) / (positives + prior)
    return cuts

"""How far scores are from what they promise: expected calibration error over bins of equal mass (Naeini et al. 2015). NumPy only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BINS = 15
LEAST = 0.1
"""Scores below say "no" and would drown the rest."""


def expected_error(scores: NDArray[np.float64], right: NDArray[np.bool_], bins: int = BINS, least: float = LEAST) -> float:
    """Return the mean distance of score and share of right pairs over bins of equal mass; pairs of a lower score do not count."""
    counted = scores >= least
    ranked = np.flatnonzero(counted)[np.argsort(scores[counted], kind="stable")]
    if not len(ranked):
        return 0.0
    cut = np.array_split(ranked, min(bins, len(ranked)))
    return float(sum(abs(float(scores[p].sum()) - float(right[p].sum())) for p in cut) / len(ranked))

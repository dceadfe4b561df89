"""How much each example says when sources are mixed: a big source must not drown the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import OPEN, Example
from newstagger.learning.constants import LinearConstants


def example_weights(sources: Sequence[str], constants: LinearConstants) -> NDArray[np.float64]:
    """Return each example's weight, 1 on average: its source's weight, times the source's size to the power -``equal_sources``."""
    if not sources:
        return np.ones(0)
    sizes = Counter(sources)
    raw = [constants.source_weights.get(s, 1.0) * sizes[s] ** -constants.equal_sources for s in sources]
    weights = np.array(raw, dtype=np.float64)
    return np.asarray(weights / weights.mean())


def coverage(wanted: NDArray[np.bool_], sources: Sequence[str]) -> NDArray[np.bool_]:
    """Return rows x labels: whether the row's source ever gives the label, so that its absence says something."""
    mask = np.zeros_like(wanted)
    for source in sorted(set(sources)):
        rows = np.array([s == source for s in sources])
        mask[rows] = wanted[rows].any(axis=0)
    return mask


def judged(mask: NDArray[np.bool_], examples: Sequence[Example], number: Mapping[str, int]) -> NDArray[np.bool_]:
    """Return the mask less the labels that nobody judged on a row, and with those that a person took off it.

    ``number`` is each label's column. A refusal says something even where its source never gives the label.
    """
    told = mask.copy()
    for row, example in enumerate(examples):
        if example.unknown or example.rejected:
            told[row] &= OPEN not in example.unknown
            told[row, [number[label] for label in example.unknown if label in number]] = False
            told[row, [number[label] for label in (*example.labels, *example.rejected) if label in number]] = True
    return told

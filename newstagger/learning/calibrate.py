"""Scores and thresholds of a part that is being learned: held-out margins first, then what they teach. Called by ``trainer``.

Shuffled folds give each label a curve and a threshold of its own (``calibration``, ``thresholds``); sources left out give all labels
one curve (``shifted``, ``carry``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Example, FacetPart, Json
from newstagger.domain import Concept
from newstagger.learning.analysis import Analysis
from newstagger.learning.calibration import common_curve, fit_curves
from newstagger.learning.carry import carried_scores, fit_carried, precision_bars, suggestion_bar
from newstagger.learning.constants import LinearConstants
from newstagger.learning.experts import out_of_fold
from newstagger.learning.shifted import HeldOut, held_out_margins, parts_left_out
from newstagger.learning.split import folds
from newstagger.learning.svm import Heard, Problem, unheard
from newstagger.learning.thresholds import fit_thresholds, rare_cut

Rows = NDArray[np.int64]
COMMON = "common"
"""The setting of a part that holds what labels take that its calibration did not see."""


@dataclass(frozen=True, slots=True, eq=False)
class Calibrated:
    """Arrays of a part, one value a label (and the common curve, if there is one), and settings that go with them."""

    arrays: Mapping[str, NDArray[np.float64]]
    settings: Mapping[str, Json] = field(default_factory=dict)


def left_out(examples: Sequence[Example], constants: LinearConstants) -> Sequence[Rows]:
    """Return the rows that are left out in turn to calibrate: sources and their stretches, or shuffled folds."""
    if constants.calibrate == "sources":
        return parts_left_out(examples, constants)
    return folds(len(examples), [example.group for example in examples], constants.folds, constants.seed)


def calibrate_by_label(
    problem: Problem, taught: Problem, parts: Sequence[Rows], constants: LinearConstants, jobs: int, heard: Heard = unheard
) -> Calibrated:  # fmt: skip
    """Calibrate label by label on what is measured, ``problem``; ``taught`` may hold more rows, which are learned in every fold."""
    margins = out_of_fold(taught, parts, constants, jobs, heard)[: len(problem.wanted)]
    held = (margins, problem.wanted, problem.mask)
    curves, common = fit_curves(*held, constants.calibration_prior), common_curve(*held)
    arrays = {
        "slope": np.array([curve.slope for curve in curves]),
        "offset": np.array([curve.offset for curve in curves]),
        "thresholds": fit_thresholds(*held, curves, constants.threshold_prior),
        "auto": np.full(len(curves), constants.auto),
    }
    return Calibrated(arrays, {COMMON: {"slope": common.slope, "offset": common.offset, "threshold": rare_cut(*held)}})


def calibrate_together(
    problem: Problem, analysis: Analysis, examples: Sequence[Example], learned: Sequence[Concept], parts: Sequence[Rows],
    constants: LinearConstants, jobs: int, heard: Heard = unheard,
) -> Calibrated:  # fmt: skip
    """Calibrate all labels together on whole sources left out."""
    return _carried(held_out_margins(problem, analysis, examples, parts, constants, jobs, heard), learned, constants)


def _carried(held: HeldOut, learned: Sequence[Concept], constants: LinearConstants) -> Calibrated:
    """Fit the common curve; thresholds are scores, and ``auto`` is where the precision target was met."""
    curve = fit_carried(held.margins, held.terms, held.wanted, held.mask)
    scores = carried_scores(held.margins, held.terms, curve)
    whole = slice(0, len(scores) // 2)
    auto = np.full(len(learned), constants.auto)
    if constants.precision:
        targets = [constants.precisions.get(concept.id, constants.precision) for concept in learned]
        auto = np.maximum(auto, precision_bars(scores, held.wanted, held.mask, targets, constants.calibration_prior))
    arrays = {
        "curve": curve,
        "slope": np.ones(len(learned)),
        "offset": np.zeros(len(learned)),
        "thresholds": np.full(len(learned), suggestion_bar(scores[whole], held.wanted[whole], held.mask[whole])),
        "auto": auto,
    }
    return Calibrated(arrays)


def kept(part: FacetPart, learned: Sequence[Concept], constants: LinearConstants) -> Calibrated:
    """Return the calibration by label of a part learned before, for one learned from more rows in the same way.

    A label that only the new rows have takes the common curve, and the common threshold of rare labels.
    """
    common = part.settings[COMMON]
    start = {"slope": common["slope"], "offset": common["offset"], "thresholds": common["threshold"], "auto": constants.auto}
    arrays = {name: np.full(len(learned), float(value)) for name, value in start.items()}
    before = {concept.id: at for at, concept in enumerate(part.concepts)}
    rows = [(at, before[concept.id]) for at, concept in enumerate(learned) if concept.id in before]
    for name, values in arrays.items():
        values[[new for new, _ in rows]] = part.arrays[name][[old for _, old in rows]]
    return Calibrated(arrays, {COMMON: common})

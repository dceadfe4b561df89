"""Scores and thresholds of a part that is being learned: held-out margins first, then what they teach. Called by ``trainer``.

Shuffled folds give each label a curve and a threshold of its own (``calibration``, ``thresholds``); sources left out give all labels
one curve (``shifted``, ``carry``). Either way a tag is ``auto`` from the score on at which held-out tags met the precision target,
``suggest`` from its threshold on, silent below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Example, FacetPart, Json
from newstagger.domain import Concept
from newstagger.learning.analysis import Analysis
from newstagger.learning.calibration import common_curve, fit_bend, fit_curves, probability
from newstagger.learning.carry import carried_scores, common_bar, earned_bars, fit_carried, precision_bars, suggestion_bar
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
    problem: Problem, taught: Problem, learned: Sequence[Concept], parts: Sequence[Rows], constants: LinearConstants, jobs: int,
    heard: Heard = unheard,
) -> Calibrated:  # fmt: skip
    """Calibrate label by label on what is measured, ``problem``; ``taught`` may hold more rows, which are learned in every fold."""
    margins = out_of_fold(taught, parts, constants, jobs, heard)[: len(problem.wanted)]
    held = (margins, problem.wanted, problem.mask)
    curves, common = fit_curves(*held, constants.calibration_prior), common_curve(*held)
    slope, offset = np.array([curve.slope for curve in curves]), np.array([curve.offset for curve in curves])
    thresholds, bend = fit_thresholds(*held, curves, constants.threshold_prior), fit_bend(*held, curves)
    shown = problem.mask & (margins >= thresholds)
    scores = probability(margins, slope, offset, bend)
    least = probability(thresholds, slope, offset, bend)
    auto = np.maximum(least, _auto(scores, problem.wanted, shown, learned, constants, earned_bars))
    arrays = {"slope": slope, "offset": offset, "thresholds": thresholds, "auto": auto, "bend": bend}
    rare = max(constants.auto, common_bar(scores, problem.wanted, shown, constants.precision) if constants.precision else 0.0)
    told = {"slope": common.slope, "offset": common.offset, "threshold": rare_cut(*held), "auto": rare}
    return Calibrated(arrays, {COMMON: told})


def _auto(
    scores: NDArray[np.float64],
    wanted: NDArray[np.bool_],
    shown: NDArray[np.bool_],
    learned: Sequence[Concept],
    constants: LinearConstants,
    bars_of: Callable[..., NDArray[np.float64]] = precision_bars,
) -> NDArray[np.float64]:
    """Return by label the score from which a tag is written unasked: where the held-out tags in ``shown`` met its precision target."""
    floor = np.full(len(learned), constants.auto)
    if not constants.precision:
        return floor
    targets = [constants.precisions.get(concept.id, constants.precision) for concept in learned]
    bars = bars_of(scores, wanted, shown, targets, constants.calibration_prior)
    return np.asarray(np.maximum(floor, bars), dtype=np.float64)


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
    arrays = {
        "curve": curve,
        "slope": np.ones(len(learned)),
        "offset": np.zeros(len(learned)),
        "thresholds": np.full(len(learned), suggestion_bar(scores[whole], held.wanted[whole], held.mask[whole])),
        "auto": _auto(scores, held.wanted, held.mask, learned, constants),
    }
    return Calibrated(arrays)


def kept(part: FacetPart, learned: Sequence[Concept], constants: LinearConstants) -> Calibrated:
    """Return the calibration by label of a part learned before, for one learned from more rows in the same way.

    A label that only the new rows have takes the common curve and bar, and the common threshold of rare labels.
    """
    common = part.settings[COMMON]
    start = {"slope": common["slope"], "offset": common["offset"], "thresholds": common["threshold"]}
    start["auto"] = common.get("auto", constants.auto)
    arrays = {name: np.full(len(learned), float(value)) for name, value in start.items()}
    before = {concept.id: at for at, concept in enumerate(part.concepts)}
    rows = [(at, before[concept.id]) for at, concept in enumerate(learned) if concept.id in before]
    for name, values in arrays.items():
        values[[new for new, _ in rows]] = part.arrays[name][[old for _, old in rows]]
    arrays |= {"bend": part.arrays["bend"].astype(np.float64)} if "bend" in part.arrays else {}
    return Calibrated(arrays, {COMMON: common})

"""Learns the linear part of a facet: the straight line from examples to arrays. Called by training and by cross-validation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Example, FacetPart, FacetTrainer, Json, Progress
from newstagger.domain import Concept, Facet
from newstagger.errors import CorpusError
from newstagger.learning.calibration import fit_curves
from newstagger.learning.carry import carried_scores, fit_carried, precision_bars, suggestion_bar
from newstagger.learning.constants import LinearConstants
from newstagger.learning.hierarchy import Widened, with_broader
from newstagger.learning.linear import Weights
from newstagger.learning.matrix import count_terms
from newstagger.learning.names import with_names
from newstagger.learning.shifted import HeldOut, held_out_margins
from newstagger.learning.split import folds
from newstagger.learning.svm import Column, Problem, fit_labels, out_of_fold
from newstagger.learning.thresholds import fit_thresholds
from newstagger.learning.vectors import Analysis
from newstagger.learning.vocabulary import Vocabulary
from newstagger.learning.weighting import coverage, example_weights, judged

MOST_LABELS = 65_535
_SMALL_SHARE = 20


def linear_trainer(facet: Facet, concepts: Sequence[Concept]) -> FacetTrainer:
    """Return a trainer of a linear part for these concepts; those without a single example are left out of the part."""

    def train(
        examples: Sequence[Example], constants: Mapping[str, Json], base: FacetPart | None, *, jobs: int, progress: Progress
    ) -> FacetPart:
        del base  # a linear part is learned from its examples alone
        return train_linear(facet, concepts, examples, LinearConstants.read(constants), jobs=jobs, progress=progress)

    return train


def train_linear(
    facet: Facet, concepts: Sequence[Concept], examples: Sequence[Example], constants: LinearConstants, *, jobs: int, progress: Progress
) -> FacetPart:
    """Learn terms, weights, calibration and thresholds; raise CorpusError when there is nothing to tell apart."""
    wide = with_broader(examples, concepts) if constants.hierarchy else Widened(examples, tuple(concepts), derived=False)
    examples, learned = wide.examples, _learnable(facet, wide.concepts, wide.examples)
    progress(f"{facet}: counting the terms of {len(examples)} examples")
    counts = count_terms((example.text for example in examples), constants.blocks)
    analysis = Analysis.learn(counts, constants)
    problem = _problem(examples, learned, analysis.rows(counts), constants)
    taught = with_names(problem, learned, analysis, constants)
    progress(f"{facet}: fitting {len(learned)} labels over {len(analysis.vocabulary)} terms")
    columns = analysis.served(fit_labels(taught, constants, jobs), constants.prune)
    progress(f"{facet}: calibrating on {constants.calibrate} left out")
    if constants.calibrate == "sources":
        arrays = _carried(held_out_margins(problem, analysis, examples, constants, jobs), learned, constants)
    else:
        arrays = _by_label(problem, taught, [example.group for example in examples], constants, jobs)
    arrays["bias"] = np.array([column.bias for column in columns])
    return _part(facet, learned, wide, constants, analysis.vocabulary, columns, arrays)


def _learnable(facet: Facet, concepts: Sequence[Concept], examples: Sequence[Example]) -> tuple[Concept, ...]:
    given = Counter(label for example in examples for label in set(example.labels))
    learned = tuple(sorted((c for c in concepts if given[c.id]), key=lambda concept: concept.id))
    if not learned:
        raise CorpusError(f"no example carries a {facet} label", next_step="name the field of the labels with --labels")
    if len(learned) > MOST_LABELS:
        raise CorpusError(f"{len(learned)} labels are more than a part can hold", next_step=f"keep at most {MOST_LABELS}")
    if all(given[concept.id] == len(examples) for concept in learned):
        raise CorpusError(f"all {len(examples)} examples carry the same {facet} labels", next_step="add examples of something else")
    return learned


def _problem(examples: Sequence[Example], learned: Sequence[Concept], rows: Any, constants: LinearConstants) -> Problem:
    number = {concept.id: at for at, concept in enumerate(learned)}
    wanted = np.zeros((len(examples), len(learned)), dtype=np.bool_)
    for row, example in enumerate(examples):
        wanted[row, [number[label] for label in example.labels if label in number]] = True
    sources = [example.source for example in examples]
    mask = coverage(wanted, sources) if constants.own_negatives else np.ones_like(wanted)
    return Problem(rows, wanted, judged(mask, examples, number), example_weights(sources, constants))


def _by_label(
    problem: Problem, taught: Problem, groups: Sequence[str | None], constants: LinearConstants, jobs: int
) -> dict[str, NDArray[np.float64]]:
    """Calibrate label by label on shuffled folds of what is measured, ``problem``; ``taught`` may hold more rows, in every fold."""
    parts = folds(len(groups), groups, constants.folds, constants.seed)
    margins = out_of_fold(taught, parts, constants, jobs)[: len(groups)]
    curves = fit_curves(margins, problem.wanted, problem.mask, constants.calibration_prior)
    return {
        "slope": np.array([curve.slope for curve in curves]),
        "offset": np.array([curve.offset for curve in curves]),
        "thresholds": fit_thresholds(margins, problem.wanted, problem.mask, curves, constants.threshold_prior),
        "auto": np.full(len(curves), constants.auto),
    }


def _carried(held: HeldOut, learned: Sequence[Concept], constants: LinearConstants) -> dict[str, NDArray[np.float64]]:
    """Calibrate all labels together on what was left out; thresholds are scores, and ``auto`` is where the precision target was met."""
    curve = fit_carried(held.margins, held.terms, held.wanted, held.mask)
    scores = carried_scores(held.margins, held.terms, curve)
    whole = slice(0, len(scores) // 2)
    auto = np.full(len(learned), constants.auto)
    if constants.precision:
        targets = [constants.precisions.get(concept.id, constants.precision) for concept in learned]
        auto = np.maximum(auto, precision_bars(scores, held.wanted, held.mask, targets, constants.calibration_prior))
    return {
        "curve": curve,
        "slope": np.ones(len(learned)),
        "offset": np.zeros(len(learned)),
        "thresholds": np.full(len(learned), suggestion_bar(scores[whole], held.wanted[whole], held.mask[whole])),
        "auto": auto,
    }


def _part(
    facet: Facet,
    learned: tuple[Concept, ...],
    wide: Widened,
    constants: LinearConstants,
    vocabulary: Vocabulary,
    columns: Sequence[Column],
    arrays: Mapping[str, NDArray[np.float64]],
) -> FacetPart:
    small = {name: values.astype(np.float32) for name, values in arrays.items()}
    weights = Weights.pack(len(vocabulary), [(column.terms, column.values) for column in columns])
    settings = {
        "blocks": [block.table() for block in constants.blocks],
        "at_least_one": constants.at_least_one,
        "floor": constants.floor,
        "min_words": constants.min_words,
        "min_known": constants.min_known,
        "languages": languages_of(wide.examples, constants.min_language),
        "examples": len(wide.examples),
        **({"hierarchy": True} if wide.derived else {}),
    }
    return FacetPart(facet, "linear", settings, {**vocabulary.arrays(), **weights.arrays(), **small}, learned)


def languages_of(examples: Sequence[Example], least: int) -> dict[str, int]:
    """Return the languages that a part speaks, with how many examples each had; empty when most rows name no language.

    A language counts from ``least`` examples on, or from a twentieth of them all, so that a small archive speaks its own.
    """
    named = Counter(e.text.language for e in examples if e.article.language and e.text.language)
    if 2 * sum(named.values()) < len(examples):
        return {}
    bar = min(least, max(1, len(examples) // _SMALL_SHARE))
    return {language: count for language, count in sorted(named.items()) if language and count >= bar}

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
from newstagger.learning.constants import LinearConstants
from newstagger.learning.linear import Weights
from newstagger.learning.matrix import count_terms, learn_vocabulary, vectorise
from newstagger.learning.names import with_names
from newstagger.learning.split import folds
from newstagger.learning.svm import Column, Problem, fit_labels, out_of_fold
from newstagger.learning.thresholds import fit_thresholds
from newstagger.learning.vocabulary import Vocabulary
from newstagger.learning.weighting import coverage, example_weights

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
    learned = _learnable(facet, concepts, examples)
    progress(f"{facet}: counting the terms of {len(examples)} examples")
    counts = count_terms((example.text for example in examples), constants.blocks)
    vocabulary = learn_vocabulary(counts, constants)
    problem = _problem(examples, learned, vectorise(counts, vocabulary), constants)
    progress(f"{facet}: fitting {len(learned)} labels over {len(vocabulary)} terms")
    taught = with_names(problem, learned, vocabulary, constants)
    columns = fit_labels(taught, constants, jobs)
    progress(f"{facet}: calibrating on {constants.folds} folds")
    parts = folds(len(examples), [example.group for example in examples], constants.folds, constants.seed)
    margins = out_of_fold(taught, parts, constants, jobs)[: len(examples)]
    arrays = _per_label(problem, margins, columns, constants)
    return _part(facet, learned, examples, constants, vocabulary, columns, arrays)


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
    return Problem(rows, wanted, mask, example_weights(sources, constants))


def _per_label(
    problem: Problem, margins: NDArray[np.float64], columns: Sequence[Column], constants: LinearConstants
) -> dict[str, NDArray[np.float32]]:
    curves = fit_curves(margins, problem.wanted, problem.mask, constants.calibration_prior)
    thresholds = fit_thresholds(margins, problem.wanted, problem.mask, curves, constants.threshold_prior)
    columns_by_name = {
        "bias": [column.bias for column in columns],
        "slope": [curve.slope for curve in curves],
        "offset": [curve.offset for curve in curves],
        "thresholds": thresholds,
        "auto": np.full(len(columns), constants.auto),
    }
    return {name: np.asarray(values, dtype=np.float32) for name, values in columns_by_name.items()}


def _part(
    facet: Facet,
    learned: tuple[Concept, ...],
    examples: Sequence[Example],
    constants: LinearConstants,
    vocabulary: Vocabulary,
    columns: Sequence[Column],
    arrays: Mapping[str, NDArray[np.float32]],
) -> FacetPart:
    weights = Weights.pack(len(vocabulary), [(column.terms, column.values) for column in columns])
    settings = {
        "blocks": [block.table() for block in constants.blocks],
        "at_least_one": constants.at_least_one,
        "floor": constants.floor,
        "min_words": constants.min_words,
        "min_known": constants.min_known,
        "languages": languages_of(examples, constants.min_language),
        "examples": len(examples),
    }
    return FacetPart(facet, "linear", settings, {**vocabulary.arrays(), **weights.arrays(), **arrays}, learned)


def languages_of(examples: Sequence[Example], least: int) -> dict[str, int]:
    """Return the languages that a part speaks, with how many examples each had; empty when most rows name no language.

    A language counts from ``least`` examples on, or from a twentieth of them all, so that a small archive speaks its own.
    """
    named = Counter(e.text.language for e in examples if e.article.language and e.text.language)
    if 2 * sum(named.values()) < len(examples):
        return {}
    bar = min(least, max(1, len(examples) // _SMALL_SHARE))
    return {language: count for language, count in sorted(named.items()) if language and count >= bar}

"""Learns the linear part of a facet: the straight line from examples to arrays. Called by training and by cross-validation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from newstagger.contracts import Example, FacetPart, Json, Progress
from newstagger.domain import Concept, Facet
from newstagger.errors import CorpusError
from newstagger.learning.analysis import Analysis
from newstagger.learning.calibrate import COMMON, Calibrated, calibrate_by_label, calibrate_together, kept, left_out
from newstagger.learning.constants import LinearConstants
from newstagger.learning.experts import expert_of, fit_experts
from newstagger.learning.hierarchy import Widened, with_broader
from newstagger.learning.linear import Weights
from newstagger.learning.matrix import count_terms
from newstagger.learning.names import with_names
from newstagger.learning.svm import Column, Problem
from newstagger.learning.vocabulary import Vocabulary
from newstagger.learning.weighting import coverage, example_weights, judged
from newstagger.progress import Steps

MOST_LABELS = 65_535
_SMALL_SHARE = 20


@dataclass(frozen=True, slots=True)
class LinearTrainer:
    """Learns a linear part for these concepts; those without a single example are left out of the part."""

    facet: Facet
    concepts: Sequence[Concept]

    def __call__(
        self, examples: Sequence[Example], constants: Mapping[str, Json], base: FacetPart | None, *, jobs: int, progress: Progress
    ) -> FacetPart:
        """Return the part; ``base`` is not looked at: a linear part is learned from its examples alone."""
        del base
        return train_linear(self.facet, self.concepts, examples, LinearConstants.read(constants), jobs=jobs, progress=progress)

    def refit(
        self, examples: Sequence[Example], constants: Mapping[str, Json], before: FacetPart, *, jobs: int, progress: Progress
    ) -> FacetPart:
        """Return the part of more examples than ``before`` was learned from, calibrated as that was where labels have their own curves.

        Cross-validation is most of the cost, and its margins speak of a model like this one. What sources left out teach depends
        on which sources there are: there it is done again.
        """
        read = LinearConstants.read(constants)
        measured = before if COMMON in before.settings and read.calibrate == "folds" else None
        return train_linear(self.facet, self.concepts, examples, read, jobs=jobs, progress=progress, measured=measured)


def linear_trainer(facet: Facet, concepts: Sequence[Concept]) -> LinearTrainer:
    """Return a trainer of a linear part for these concepts; those without a single example are left out of the part."""
    return LinearTrainer(facet, concepts)


def train_linear(
    facet: Facet, concepts: Sequence[Concept], examples: Sequence[Example], constants: LinearConstants, *, jobs: int, progress: Progress,
    measured: FacetPart | None = None,
) -> FacetPart:  # fmt: skip
    """Learn terms, weights, calibration and thresholds; raise CorpusError when there is nothing to tell apart.

    ``measured`` is a part learned in the same way from some of the examples: its calibration and thresholds are taken.
    """
    wide = with_broader(examples, concepts) if constants.hierarchy else Widened(examples, tuple(concepts), derived=False)
    examples, learned = wide.examples, learnable(facet, wide.concepts, wide.examples)
    counting = Steps(progress, f"{facet}: counting terms", len(examples), "examples")
    counts = count_terms(counting.over(example.text for example in examples), constants.blocks)
    analysis = Analysis.learn(counts, constants)
    problem = replace(problem_of(examples, learned, analysis.rows(counts), constants), known=analysis.known(counts))
    taught = with_names(problem, learned, analysis, constants)
    parts = [] if measured else left_out(examples, constants)
    what = f"{facet}: fitting {len(learned)} labels over {len(analysis.vocabulary)} terms"
    fitting = Steps(progress, what, len(learned) * (1 + len(parts)), "fits")
    columns = analysis.served(fit_experts(taught, constants, jobs, fitting), constants.prune)
    if measured:
        found = kept(measured, learned, constants)
    elif constants.calibrate == "sources":
        found = calibrate_together(problem, analysis, examples, learned, parts, constants, jobs, fitting)
    else:
        found = calibrate_by_label(problem, taught, learned, parts, constants, jobs, fitting)
    return _part(facet, learned, wide, constants, analysis.vocabulary, columns, found)


def learnable(facet: Facet, concepts: Sequence[Concept], examples: Sequence[Example]) -> tuple[Concept, ...]:
    """Return the concepts that examples carry, by id; raise CorpusError when there is nothing to tell apart."""
    given = Counter(label for example in examples for label in set(example.labels))
    learned = tuple(sorted((c for c in concepts if given[c.id]), key=lambda concept: concept.id))
    if not learned:
        raise CorpusError(f"no example carries a {facet} label", next_step="name the field of the labels with --labels")
    if len(learned) > MOST_LABELS:
        raise CorpusError(f"{len(learned)} labels are more than a part can hold", next_step=f"keep at most {MOST_LABELS}")
    if all(given[concept.id] == len(examples) for concept in learned):
        raise CorpusError(f"all {len(examples)} examples carry the same {facet} labels", next_step="add examples of something else")
    return learned


def problem_of(examples: Sequence[Example], learned: Sequence[Concept], rows: Any, constants: LinearConstants) -> Problem:
    """Return what is to be learned: each row's labels, which of them count, its weight, and who learns it."""
    number = {concept.id: at for at, concept in enumerate(learned)}
    wanted = np.zeros((len(examples), len(learned)), dtype=np.bool_)
    for row, example in enumerate(examples):
        wanted[row, [number[label] for label in example.labels if label in number]] = True
    sources = [example.source for example in examples]
    mask = coverage(wanted, sources) if constants.own_negatives else np.ones_like(wanted)
    return Problem(rows, wanted, judged(mask, examples, number), example_weights(sources, constants), expert_of(sources, constants))


def _part(
    facet: Facet,
    learned: tuple[Concept, ...],
    wide: Widened,
    constants: LinearConstants,
    vocabulary: Vocabulary,
    columns: Sequence[Column],
    found: Calibrated,
) -> FacetPart:
    small = {name: values.astype(np.float32) for name, values in found.arrays.items()}
    small["bias"] = np.array([column.bias for column in columns], dtype=np.float32)
    weights = Weights.pack(len(vocabulary), [(column.terms, column.values) for column in columns])
    settings = {
        "blocks": [block.table() for block in constants.blocks],
        "at_least_one": constants.at_least_one,
        "floor": constants.floor,
        "min_words": constants.min_words,
        "auto_words": constants.auto_words,
        "auto_languages": list(constants.auto_languages),
        "min_known": constants.min_known,
        "languages": languages_of(wide.examples, constants.min_language),
        "examples": len(wide.examples),
        **({"hierarchy": True} if wide.derived else {}),
        **found.settings,
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

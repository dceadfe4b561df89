"""Cross-validation: every example is judged by a model that has not seen it, its thresholds included."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from newstagger.contracts import Example, FacetPart, FacetTrainer, Json, Progress, Tagger
from newstagger.domain import Decision, FacetScore, Proposal, Role, Tag
from newstagger.learning.evaluation import score
from newstagger.learning.reliability import Tally
from newstagger.learning.split import folds

Watch = Callable[[Tagger, Example, Proposal], None]
"""Told each answer as it is measured: the tagger, what it was asked, what it proposed."""


def unwatched(tagger: Tagger, example: Example, proposal: Proposal) -> None:
    """Look away: the figures are all that is wanted."""


def cross_validate(
    examples: Sequence[Example],
    trainer: FacetTrainer,
    make_tagger: Callable[[FacetPart], Tagger],
    labels: Collection[str],
    constants: Mapping[str, Json],
    *,
    base: FacetPart | None = None,
    k: int = 5,
    seed: int = 0,
    jobs: int = 1,
    progress: Progress = lambda line: None,
    watch: Watch = unwatched,
) -> FacetScore:
    """Return the figures of the pooled out-of-fold predictions of ``k`` shuffled folds; groups are never split.

    The trainer sees the other folds only, so whatever it tunes is tuned there. Tags that are written or suggested count.
    """
    predicted: list[tuple[str, ...]] = [()] * len(examples)
    tally = Tally()
    parts = folds(len(examples), [example.group for example in examples], k, seed)
    for number, held_out in enumerate(parts, 1):
        progress(f"fold {number} of {len(parts)}")
        learned = [examples[i] for i in np.setdiff1d(np.arange(len(examples)), held_out)]
        tagger = make_tagger(trainer(learned, constants, base, jobs=jobs, progress=progress))
        for row in held_out:
            predicted[row] = predict(tagger, examples[row], tally.beside(watch))
    return tally.told(score(tagger.facet, [example.labels for example in examples], predicted, labels))


def predict(tagger: Tagger, example: Example, watch: Watch = unwatched) -> tuple[str, ...]:
    """Return the concepts that a tagger writes or suggests for an example; ``watch`` is told the whole answer.

    Derived ones are left out: an archive that says "football" does not say "sport" as well.
    """
    proposal = tagger.tag(example.article, example.text)
    watch(tagger, example, proposal)
    return tuple(tag.concept.id for tag in proposal.tags if counted(tag) and example.judges(tag.concept.id))


def counted(tag: Tag) -> bool:
    """Tell whether a tag counts as predicted."""
    return tag.decision is not Decision.SILENT and tag.role is not Role.DERIVED

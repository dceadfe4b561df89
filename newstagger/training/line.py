"""A model is retrained: the straight line from a corpus to a candidate bundle.

    corpus -> examples -> split (by date) -> fit per facet -> measure held-out -> fit on all -> assemble candidate -> store

Calibration and thresholds are the trainers' own, on margins that the model had not seen. What the held-out rows came to, for this
bundle and for the one that is current, is kept in it for ``compare``. Promotion is the store's business.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from newstagger.bundles.bundle import Bundle
from newstagger.bundles.manifest import Provenance
from newstagger.bundles.outcomes import Outcomes
from newstagger.bundles.store import Store
from newstagger.contracts import Example, FacetPart, Json, Refitter
from newstagger.domain import BundleRef, Evaluation, Facet, FacetScore
from newstagger.errors import CorpusError
from newstagger.learning.crossval import Watch, cross_validate, unwatched
from newstagger.learning.split import HELD_OUT, held_out
from newstagger.recipe import FacetRecipe
from newstagger.training.choices import choices_of, expect_linear
from newstagger.training.elsewhere import measured_elsewhere
from newstagger.training.examples import Labelled, Material, Tools, read_material
from newstagger.training.job import TrainingJob, base_of, feeds_of, prepare
from newstagger.training.measure import measure
from newstagger.training.outcomes import Answers, outcomes_of, rival_of
from newstagger.training.reviewed import FEEDBACK
from newstagger.training.search import search

Mask = NDArray[np.bool_]
HELD_OUT_FROM = "rows held out of the corpora: those marked as test rows, else the newest, else some drawn by their ids"
_NOT_TOLD = ("sources", "tests", "feedback_weight", "search", "searched")
LIBRARIES = ("newstagger", "numpy", "scikit-learn", "scipy")


@dataclass(frozen=True, slots=True)
class Learned:
    """One facet's new part, its held-out figures, how it was learned, and what to keep of its rows; ``told`` has the constants found."""

    part: FacetPart
    told: FacetRecipe
    score: FacetScore | None
    kind: str
    outcomes: Outcomes


def retrain(job: TrainingJob, store: Store, tools: Tools) -> tuple[BundleRef, Evaluation]:
    """Learn a candidate bundle and return it with its held-out figures; nothing is written when anything is wrong."""
    store.expect_writable(job.name)
    base = base_of(job, store)
    rival = rival_of(job.name, base, store, tools)
    material = read_material(feeds_of(job), tools)
    with one_thread():
        prepared = {facet: _prepare(job, facet, material, base, store, tools) for facet in job.facets}
        learned = [_learn(job, *found, rival, tools) for found in prepared.values()]
    parts = {**(base.parts if base else {}), **{one.part.facet: one.part for one in learned}}
    outcomes = {**(base.outcomes if base else {}), **{one.part.facet: one.outcomes for one in learned}}
    elsewhere = tuple(score for one in learned for score in measured_elsewhere(job, one.part, tools))
    evaluation = Evaluation(tuple(one.score for one in learned if one.score), HELD_OUT_FROM, elsewhere)
    ref = store.write_candidate(job.name, parts, _provenance(job, material.corpora, learned, base), evaluation, outcomes)
    return ref, evaluation


def one_thread() -> AbstractContextManager[object]:
    """Keep linear algebra on one thread: the order of a sum is part of its result, and a machine's cores must not show in a bundle."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(limits=1)  # type: ignore[no-any-return]


def _prepare(
    job: TrainingJob, facet: Facet, material: Material, base: Bundle | None, store: Store, tools: Tools
) -> tuple[Labelled, FacetPart | None, str]:  # fmt: skip
    """Prepare a facet, and see that there is something to search before hours go into the facet before it."""
    if job.search is not None:
        choices_of(job.recipe.facet(facet), facet)
    found, part, kind = prepare(job, facet, material, base, store, tools)
    if job.search is not None:
        expect_linear(kind, facet)
    return found, part, kind


def _learn(job: TrainingJob, found: Labelled, part: FacetPart | None, kind: str, rival: Bundle | None, tools: Tools) -> Learned:
    facet, told = found.facet, job.recipe.facet(found.facet)
    apart = split(found, told.held_out) if told.measure else marked(found)
    if marked(found).all():
        tools.progress(f"{facet}: all rows are marked as test rows, so the marks are not followed")
    constants = constants_of(told, kind, job.weight_of_feedback(facet))
    if job.search is not None:
        told = search(facet, found.concepts, _chosen(found, ~apart), told, constants, job.search, tools)
        constants = constants_of(told, kind, job.weight_of_feedback(facet))
    trainer = tools.trainer(kind, facet, found.concepts)

    def learn(mask: Mask, before: FacetPart | None = None) -> FacetPart:
        if before is not None and isinstance(trainer, Refitter):
            return trainer.refit(_chosen(found, mask), constants, before, jobs=tools.jobs, progress=tools.progress)
        return trainer(_chosen(found, mask), constants, part, jobs=tools.jobs, progress=tools.progress)

    learned, known = learn(~apart), ~apart
    held, answers, score = _chosen(found, apart) if told.measure else [], Answers(), None
    if told.measure:
        what = f"{facet}: measuring on {len(held)} held-out rows"
        score = measure(tools.tagger(learned, None), held, tools, what, answers)
    if told.measure and told.refit and bool((apart & ~marked(found)).any()):
        tools.progress(f"{facet}: learning from all rows")
        known = ~marked(found)
        learned = learn(known, learned)
    return Learned(learned, told, score, kind, outcomes_of(facet, held, answers, _chosen(found, known), rival, tools))


def cross_validate_recipe(job: TrainingJob, store: Store, tools: Tools, *, k: int, seed: int, watch: Watch = unwatched) -> Evaluation:
    """Return the pooled out-of-fold figures of a recipe on a job's rows; every label of the corpus counts. Nothing is written."""
    base = base_of(job, store) if job.base else None
    feeds = feeds_of(job)
    material = read_material(feeds, tools)
    scores = []
    for facet in job.facets:
        found, part, kind = prepare(job, facet, material, base, store, tools)
        constants = constants_of(job.recipe.facet(facet), kind, job.weight_of_feedback(facet))
        trainer = tools.trainer(kind, facet, found.concepts)
        if not 2 <= k <= len(found.examples):
            raise CorpusError(f"{len(found.examples)} rows cannot be cut into {k} folds", next_step="choose --cv between 2 and the rows")
        labels = {label for example in found.examples for label in example.labels}
        scores.append(
            cross_validate(
                found.examples,
                trainer,
                lambda learned: tools.tagger(learned, None),
                labels,
                constants,
                base=part,
                k=k,
                seed=seed,
                jobs=tools.jobs,
                progress=tools.progress,
                watch=watch,
            )
        )
    return Evaluation(tuple(scores), f"{', '.join(feed.path.name for feed in feeds)}, {k}-fold cross-validation, seed {seed}")


def constants_of(told: FacetRecipe, kind: str, feedback: float | None = None) -> Mapping[str, Json]:
    """Return the recipe's constants for the trainer, the weights of its sources and of feedback among them where the kind is linear."""
    weights = {source.id: source.weight for source in told.sources if source.weight != 1.0}
    weights |= {} if feedback is None else {**told.constants.get("source_weights", {}), FEEDBACK: feedback}
    return {**told.constants, "source_weights": weights} if weights and kind == "linear" else told.constants


def split(found: Labelled, share: float) -> Mask:
    """Return which examples to hold out: those the corpus marks, else the newest, else some drawn by their ids.

    Where the newest leave nothing to tell apart among the rest, all are drawn by their ids, and so they are where all rows are marked:
    who gives test rows alone means them. Where some are and leave nothing, raise CorpusError.
    """
    apart = held_out(found.examples, share, found.splits)
    if len({example.labels for example in _chosen(found, ~apart)}) < 2:
        count = int(marked(found).sum())
        if 0 < count < len(found.examples):
            what = f"the {count} rows marked as test rows leave too little to learn {found.facet}s from"
            raise CorpusError(what, next_step="mark fewer, or take the field split out")
        undated = [replace(example, date=None) for example in found.examples]
        apart = held_out(undated, share)
    return apart


def marked(found: Labelled) -> Mask:
    """Return which examples the corpus itself marks as test rows; those are never learned from."""
    return np.array([told is not None and told.casefold() in HELD_OUT for told in found.splits], dtype=np.bool_)


def _chosen(found: Labelled, mask: Mask) -> Sequence[Example]:
    return [found.examples[i] for i in np.flatnonzero(mask)]


def _provenance(job: TrainingJob, corpora: Sequence[Mapping[str, Json]], learned: Sequence[Learned], base: Bundle | None) -> Provenance:
    recipe = job.recipe
    facets = {str(one.part.facet): _facet_told(job, one) for one in learned}
    told = {"name": recipe.name, "description": recipe.description, "notes": list(recipe.notes), "limits": list(recipe.limits)}
    libraries = {name: version(name) for name in LIBRARIES}
    date = job.date or recipe.date
    return Provenance(date, libraries, corpora, {**told, "facets": facets}, f"{base.ref} {base.ref.digest}" if base else None)


def _facet_told(job: TrainingJob, one: Learned) -> dict[str, Json]:
    told, feedback = one.told, job.weight_of_feedback(one.part.facet)
    table = {name: value for name, value in asdict(told).items() if name not in _NOT_TOLD}
    table |= {"kind": one.kind} | ({} if feedback is None else {"feedback_weight": feedback})
    table |= {name: value for name in ("search", "searched") if (value := getattr(told, name))}
    sources = [asdict(source) | {"where": list(source.where)} for source in told.sources]
    return json.loads(json.dumps({**table, "sources": sources}))  # type: ignore[no-any-return]

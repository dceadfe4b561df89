"""A model is retrained: the straight line from a corpus to a candidate bundle.

    corpus -> examples -> split (by date) -> fit per facet -> measure held-out -> fit on all -> assemble candidate -> store

Calibration and thresholds are the trainers' own, on margins that the model had not seen. Promotion is the store's business.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from newstagger.bundles.bundle import Bundle
from newstagger.bundles.manifest import Provenance
from newstagger.bundles.store import Store
from newstagger.contracts import Example, FacetPart, Json
from newstagger.domain import BundleRef, Evaluation, Facet, FacetScore
from newstagger.errors import BundleNotFoundError, CorpusError
from newstagger.learning.crossval import Watch, cross_validate, unwatched
from newstagger.learning.split import HELD_OUT, held_out
from newstagger.recipe import FacetRecipe, Recipe
from newstagger.training.examples import Feed, Labelled, Material, Tools, corpus_record, expect_learnable, feed_of, labelled, read_material
from newstagger.training.measure import measure
from newstagger.training.trainers import GAZETTEER_KINDS, build_from_open_sets, kind_for, vocabulary_of

Mask = NDArray[np.bool_]
HELD_OUT_FROM = "rows held out of the corpora: those marked as test rows, else the newest, else some drawn by their ids"
LIBRARIES = ("newstagger", "numpy", "scikit-learn", "scipy")


@dataclass(frozen=True, slots=True)
class TrainingJob:
    """What to train: the name of the bundle, its facets, and where the rows come from.

    ``feeds`` are files named directly; without them the recipe's sources under ``data`` or ``beside`` are read. ``base`` gives
    the facets that are not trained (default: what is current under the name); ``gazetteer`` names the bundle whose places and
    actors are used where the base has none.
    """

    name: str
    facets: tuple[Facet, ...]
    recipe: Recipe = field(default_factory=Recipe)
    feeds: tuple[Feed, ...] = ()
    data: Path | None = None
    beside: Path | None = None
    base: str | None = None
    gazetteer: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """One facet's new part, its held-out figures and how it was learned."""

    part: FacetPart
    score: FacetScore | None
    kind: str


def retrain(job: TrainingJob, store: Store, tools: Tools) -> tuple[BundleRef, Evaluation]:
    """Learn a candidate bundle and return it with its held-out figures; nothing is written when anything is wrong."""
    store.expect_writable(job.name)
    base = base_of(job, store)
    material = read_material(feeds_of(job), tools)
    with one_thread():
        learned = [_learn(job, facet, material, base, store, tools) for facet in job.facets]
    parts = {**(base.parts if base else {}), **{one.part.facet: one.part for one in learned}}
    evaluation = Evaluation(tuple(one.score for one in learned if one.score), HELD_OUT_FROM)
    ref = store.write_candidate(job.name, parts, _provenance(job, material.corpora, learned, base), evaluation)
    return ref, evaluation


def one_thread() -> AbstractContextManager[object]:
    """Keep linear algebra on one thread: the order of a sum is part of its result, and a machine's cores must not show in a bundle."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(limits=1)  # type: ignore[no-any-return]


def base_of(job: TrainingJob, store: Store) -> Bundle | None:
    """Return the bundle that gives the facets that are not trained, or None when there is none."""
    if job.base:
        return store.load(job.base)
    return store.load(job.name) if store.current(job.name) else None


def feeds_of(job: TrainingJob) -> tuple[Feed, ...]:
    """Return the files named directly, else those of the recipe's sources; raise CorpusError when there are none."""
    told = [(facet, source) for facet in job.facets if not job.recipe.facet(facet).build for source in job.recipe.facet(facet).sources]
    if job.feeds or all(job.recipe.facet(facet).build for facet in job.facets):
        return job.feeds
    if not told:
        raise CorpusError("no corpus was named", next_step="give --corpus FILE, or a --recipe with sources and --data DIR")
    return tuple(feed_of(source, facet, job.data, job.beside) for facet, source in told)


def prepare(
    job: TrainingJob, facet: Facet, material: Material, base: Bundle | None, store: Store, tools: Tools
) -> tuple[Labelled, FacetPart | None, str]:
    """Return a facet's examples, the part to build on (its gazetteer) and the kind of part; raise CorpusError when they teach nothing."""
    told = job.recipe.facet(facet)
    part = base.parts.get(facet) if base else None
    if told.build and not job.feeds:
        part = _add_open_sets(job, facet, material, tools)
    lent = part if part is not None and part.kind != "linear" else _lender(job, facet, store)
    kind = told.kind or kind_for(facet, material.places.get(facet, {}), _part_of(lent, facet))
    if kind != "linear" and (part is None or part.kind != kind):
        part = _borrowed(lent, facet, kind, material)
    found = labelled(material, facet, vocabulary_of(part))
    expect_learnable(found, {f: name for feed in job.feeds for f, name in feed.selection.labels.items()})
    return found, part, kind


def _add_open_sets(job: TrainingJob, facet: Facet, material: Material, tools: Tools) -> FacetPart:
    told = job.recipe.facet(facet)
    if job.data is None:
        raise CorpusError(f"the {facet} gazetteer is built from open sets", next_step="name their folder with --data DIR")
    tools.progress(f"{facet}: building the gazetteer")
    part, made = build_from_open_sets(facet, job.data, tools.extract, told.constants)
    material.rows[facet] = [(example, None) for example in made]
    material.places[facet] = {label: "the open sets" for example in made for label in example.labels}
    material.corpora += [corpus_record(feed_of(source, facet, job.data, job.beside), facet) for source in told.sources]
    return part


def _lender(job: TrainingJob, facet: Facet, store: Store) -> Bundle | None:
    """Return the bundle whose gazetteer is used where the base has none, or None."""
    if job.gazetteer is None or facet not in GAZETTEER_KINDS:
        return None
    try:
        return store.load(job.gazetteer)
    except BundleNotFoundError:
        return None


def _part_of(lent: Bundle | FacetPart | None, facet: Facet) -> FacetPart | None:
    return lent.parts.get(facet) if isinstance(lent, Bundle) else lent


def _borrowed(lent: Bundle | FacetPart | None, facet: Facet, kind: str, material: Material) -> FacetPart | None:
    """Return the gazetteer part that is lent, its bundle noted among the sources, or None."""
    part = _part_of(lent, facet)
    if part is None or part.kind != kind:
        return None
    if isinstance(lent, Bundle):
        note = {"note": "the gazetteer was taken from this bundle", "terms": "see its model card"}
        material.corpora.append({"file": str(lent.ref), "facet": str(facet), "sha256": lent.ref.digest, **note})
    return part


def _learn(job: TrainingJob, facet: Facet, material: Material, base: Bundle | None, store: Store, tools: Tools) -> Learned:
    found, part, kind = prepare(job, facet, material, base, store, tools)
    told = job.recipe.facet(facet)
    trainer, constants = tools.trainer(kind, facet, found.concepts), constants_of(told, kind)

    def learn(mask: Mask) -> FacetPart:
        return trainer(_chosen(found, mask), constants, part, jobs=tools.jobs, progress=tools.progress)

    apart = split(found, told.held_out) if told.measure else marked(found)
    learned = learn(~apart)
    if not told.measure:
        return Learned(learned, None, kind)
    tools.progress(f"{facet}: measuring on {int(apart.sum())} held-out rows")
    score = measure(tools.tagger(learned, None), _chosen(found, apart))
    if told.refit and bool((apart & ~marked(found)).any()):
        tools.progress(f"{facet}: learning from all rows")
        learned = learn(~marked(found))
    return Learned(learned, score, kind)


def cross_validate_recipe(job: TrainingJob, store: Store, tools: Tools, *, k: int, seed: int, watch: Watch = unwatched) -> Evaluation:
    """Return the pooled out-of-fold figures of a recipe on a job's rows; every label of the corpus counts. Nothing is written."""
    base = base_of(job, store) if job.base else None
    feeds = feeds_of(job)
    material = read_material(feeds, tools)
    scores = []
    for facet in job.facets:
        found, part, kind = prepare(job, facet, material, base, store, tools)
        trainer, constants = tools.trainer(kind, facet, found.concepts), constants_of(job.recipe.facet(facet), kind)
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


def constants_of(told: FacetRecipe, kind: str) -> Mapping[str, Json]:
    """Return the recipe's constants for the trainer, the weights of its sources among them where the kind is linear."""
    weights = {source.id: source.weight for source in told.sources if source.weight != 1.0}
    return {**told.constants, "source_weights": weights} if weights and kind == "linear" else told.constants


def split(found: Labelled, share: float) -> Mask:
    """Return which examples to hold out: those the corpus marks, else the newest, else some drawn by their ids.

    Where the newest leave nothing to tell apart among the rest, all are drawn by their ids.
    """
    apart = held_out(found.examples, share, found.splits)
    if len({example.labels for example in _chosen(found, ~apart)}) < 2:
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
    facets = {str(one.part.facet): _facet_told(recipe.facet(one.part.facet), one.kind) for one in learned}
    told = {"name": recipe.name, "description": recipe.description, "notes": list(recipe.notes), "limits": list(recipe.limits)}
    libraries = {name: version(name) for name in LIBRARIES}
    date = job.date or recipe.date
    return Provenance(date, libraries, corpora, {**told, "facets": facets}, f"{base.ref} {base.ref.digest}" if base else None)


def _facet_told(told: FacetRecipe, kind: str) -> dict[str, Json]:
    table = {name: value for name, value in asdict(told).items() if name != "sources"} | {"kind": kind}
    sources = [asdict(source) | {"where": list(source.where)} for source in told.sources]
    return json.loads(json.dumps({**table, "sources": sources}))  # type: ignore[no-any-return]

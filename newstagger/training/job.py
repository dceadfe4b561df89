"""What a training run starts from: the job, the bundle that it builds on, its files, and each facet's examples.

``line`` learns from them; reading the files is ``examples``' business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from newstagger.bundles.bundle import Bundle
from newstagger.bundles.store import Store
from newstagger.contracts import FacetPart
from newstagger.domain import Facet
from newstagger.errors import BundleNotFoundError, CorpusError
from newstagger.recipe import Recipe
from newstagger.training.examples import Feed, Labelled, Material, Tools, corpus_record, expect_learnable, feed_of, labelled
from newstagger.training.reviewed import leave_out_strangers, reviewed
from newstagger.training.search import Search
from newstagger.training.trainers import GAZETTEER_KINDS, build_from_open_sets, kind_for, vocabulary_of


@dataclass(frozen=True, slots=True)
class TrainingJob:
    """What to train: the name of the bundle, its facets, and where the rows come from.

    ``feeds`` are files named directly; without them the recipe's sources under ``data`` or ``beside`` are read. ``base`` gives
    the facets that are not trained (default: what is current under the name); ``gazetteer`` names the bundle whose places and
    actors are used where the base has none. ``feedback`` are rows that editors reviewed, learned beside all others with
    ``feedback_weight`` (None: as the recipe says). With ``search`` the constants are searched first.
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
    feedback: Feed | None = None
    feedback_weight: float | None = None
    search: Search | None = None

    def weight_of_feedback(self, facet: Facet) -> float | None:
        """Return the weight of a row that editors reviewed; None when none is learned."""
        if self.feedback is None:
            return None
        return self.recipe.facet(facet).feedback_weight if self.feedback_weight is None else self.feedback_weight


def base_of(job: TrainingJob, store: Store) -> Bundle | None:
    """Return the bundle that gives the facets that are not trained, or None when there is none."""
    if job.base:
        return store.load(job.base)
    return store.load(job.name) if store.current(job.name) else None


def feeds_of(job: TrainingJob) -> tuple[Feed, ...]:
    """Return the files named directly, else those of the recipe's sources, then the feedback; raise CorpusError when there are none."""
    feedback = () if job.feedback is None else (job.feedback,)
    told = [(facet, source) for facet in job.facets if not job.recipe.facet(facet).build for source in job.recipe.facet(facet).sources]
    if job.feeds or all(job.recipe.facet(facet).build for facet in job.facets):
        return (*job.feeds, *feedback)
    if not told and not feedback:
        step = "give --corpus FILE, a --recipe with sources and --data DIR, or --with-feedback"
        raise CorpusError("no corpus was named", next_step=step)
    return (*(feed_of(source, facet, job.data, job.beside) for facet, source in told), *feedback)


def prepare(
    job: TrainingJob, facet: Facet, material: Material, base: Bundle | None, store: Store, tools: Tools
) -> tuple[Labelled, FacetPart | None, str]:
    """Return a facet's examples, the part to build on (its gazetteer) and the kind of part; raise CorpusError when they teach nothing."""
    leave_out_strangers(material, facet, tools.progress)
    told = job.recipe.facet(facet)
    part = base.parts.get(facet) if base else None
    if told.build and not job.feeds:
        part = _add_open_sets(job, facet, material, tools)
    lent = part if part is not None and part.kind != "linear" else _lender(job, facet, store)
    kind = told.kind or kind_for(facet, material.places.get(facet, {}), _part_of(lent, facet))
    if kind != "linear" and (part is None or part.kind != kind):
        part = _borrowed(lent, facet, kind, material)
    found = reviewed(labelled(material, facet, vocabulary_of(part), tools.find), kind, tools.progress)
    expect_learnable(found, {f: name for feed in job.feeds for f, name in feed.selection.labels.items()})
    return found, part, kind


def _add_open_sets(job: TrainingJob, facet: Facet, material: Material, tools: Tools) -> FacetPart:
    told = job.recipe.facet(facet)
    if job.data is None:
        raise CorpusError(f"the {facet} gazetteer is built from open sets", next_step="name their folder with --data DIR")
    tools.progress(f"{facet}: building the gazetteer")
    part, made = build_from_open_sets(facet, job.data, tools.extract, told.constants)
    material.rows[facet] = [*((example, None) for example in made), *material.rows.get(facet, [])]
    material.places[facet] = {**{label: "the open sets" for e in made for label in e.labels}, **material.places.get(facet, {})}
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

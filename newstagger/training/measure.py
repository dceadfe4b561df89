"""How good a tagger is on labelled examples: a bundle on a corpus, or a recipe by cross-validation.

The figures themselves are computed in ``learning.evaluation``; tags that are written or suggested count as predicted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from newstagger.bundles.bundle import Bundle
from newstagger.contracts import Example, FacetPart, Json, Tagger
from newstagger.domain import Evaluation, Facet, FacetScore
from newstagger.errors import CorpusError
from newstagger.learning.crossval import Watch, predict, unwatched
from newstagger.learning.evaluation import score
from newstagger.learning.reliability import Tally
from newstagger.progress import Steps
from newstagger.taxonomy import PREFIXES, media_topics, prefix_of
from newstagger.training.examples import Feed, Material, Tools, labelled, read_material
from newstagger.training.trainers import vocabulary_of


def measure(tagger: Tagger, examples: Sequence[Example], tools: Tools, what: str, watch: Watch = unwatched) -> FacetScore:
    """Return the figures of a tagger; every label that is wanted or predicted counts in macro F1.

    A broader concept that no row gives, where the tagger fell back on it, counts in hierarchical F1 alone. ``what`` names the
    work where progress is told; ``watch`` is told each answer.
    """
    steps = Steps(tools.progress, what, len(examples), "rows")
    tally = Tally()
    predicted = [predict(tagger, example, tally.beside(watch)) for example in steps.over(examples)]
    wanted = [example.labels for example in examples]
    return tally.told(score(tagger.facet, wanted, predicted, {label for labels in (*wanted, *predicted) for label in labels}))


def in_terms_of(part: FacetPart, examples: Sequence[Example]) -> tuple[list[Example], int]:
    """Return the examples with labels that a linear part can give: one it lacks becomes its nearest broader ones that it has.

    Media Topics only; the number of labels that were lifted so comes second. Raise CorpusError if the part knows no label.
    """
    known = {concept.id for concept in part.concepts}
    if not known:
        return list(examples), 0
    lifted = {label: _nearest(label, known) for example in examples for label in example.labels}
    if lifted and not any(found in known for labels in lifted.values() for found in labels):
        what = f"the bundle has none of the corpus's {part.facet} labels, such as {min(lifted)!r}"
        raise CorpusError(what, next_step=f"translate them with --label-map; it has labels such as {min(known)!r}")
    changed = sum(label not in lifted[label] for example in examples for label in example.labels)
    return [replace(e, labels=tuple(sorted({new for label in e.labels for new in lifted[label]}))) for e in examples], changed


def _nearest(label: str, known: set[str]) -> tuple[str, ...]:
    return next(((up,) for up in media_topics().lineage(label) if up in known), (label,))


def evaluate_bundle(
    bundle: Bundle, feeds: Sequence[Feed], facets: Sequence[Facet], tools: Tools, watch: Watch = unwatched
) -> Evaluation:  # fmt: skip
    """Return the figures of a bundle on labelled files, for those of the facets that the rows are labelled with."""
    if missing := [facet for facet in facets if facet not in bundle.parts]:
        raise CorpusError(f"{bundle.ref} has no facet {missing[0]}", next_step=f"it has {', '.join(bundle.parts)}")
    material = read_material(feeds, tools)
    scores = [_score(bundle, facet, material, tools, watch) for facet in facets if material.rows.get(facet)]
    if not scores:
        step = "name the field of the labels with --labels"
        raise CorpusError(f"no row has {' or '.join(facets)} labels", where=feeds[0].path.name, next_step=step)
    return Evaluation(tuple(scores), ", ".join(feed.path.name for feed in feeds))


def _score(bundle: Bundle, facet: Facet, material: Material, tools: Tools, watch: Watch) -> FacetScore:
    part = bundle.parts[facet]
    examples = labelled(material, facet, (*vocabulary_of(part), bundle)).examples
    wanted, lifted = in_terms_of(part, examples)
    if lifted:
        tools.progress(f"{facet}: {lifted} labels stand for broader ones that {bundle.ref} has")
    return measure(tools.tagger(part, bundle.ref), wanted, tools, f"{facet}: tagging {len(wanted)} rows", watch)


def facets_of_row(bundle: Bundle, value: Json) -> tuple[Facet, ...]:
    """Return which facets of a bundle a row's labels speak of: those named, those of the ids' prefixes, else topics or its only facet."""
    held = [facet for facet in Facet if facet in bundle.parts]
    if isinstance(value, dict):
        return tuple(facet for facet in held if facet in value)
    if isinstance(value, list) and value and all(isinstance(label, str) and prefix_of(label) for label in value):
        return tuple(facet for facet in held if facet in {PREFIXES[str(prefix_of(label))] for label in value})
    return tuple(held[:1])

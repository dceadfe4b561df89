"""What people judged about one article, facet by facet: the decisions that stand now, read as labels to learn from.

Pure functions over the ledger's decisions and the last answer. ``training.feedback`` makes rows of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from newstagger.contracts import OPEN, SaveRecord
from newstagger.domain import Concept, Decision, EditorDecision, Facet
from newstagger.newsroom.ledger import wishes

Find = Callable[[str], Concept | None]
Heirs = Callable[[str], tuple[str, ...]]
UNKNOWN_CONCEPT = "tags whose concept no vocabulary knows any more"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The labels of one facet that people want on an article, those that they refused, and those that nobody judged, in order.

    Whoever wanted a tag said what the article is about, so that every other label counts as not given. Where they only refused
    some, nobody did: ``unknown`` is then ``OPEN``.
    """

    wanted: tuple[str, ...]
    rejected: tuple[str, ...]
    unknown: tuple[str, ...]


def counting(decisions: Iterable[EditorDecision]) -> tuple[EditorDecision, ...]:
    """Return the decisions that count: a rejection does only if the tag had been shown."""
    return tuple(decision for decision in decisions if decision.action.wants or decision.shown)


def judgements(
    decisions: Iterable[EditorDecision], last: SaveRecord | None, find: Find, heirs: Heirs, tally: Counter[str]
) -> Mapping[Facet, Judgement]:  # fmt: skip
    """Return what stands of the decisions on an article, for the facets in which a person decided at least one tag.

    What was decided about a replaced concept holds for its successor. ``last`` is the last answer: what it writes or suggests
    and nobody decided on is unknown, and so are the broader concepts of what is wanted. ``tally`` counts what was left out.
    """
    concepts: dict[str, Concept] = {}
    wanted: dict[str, bool] = {}
    for told, keep in wishes(decisions, heirs).items():
        if heirs(told):  # its word stands under the ids of today
            continue
        concept = find(told)
        if concept is None:
            tally[UNKNOWN_CONCEPT] += 1
        else:
            concepts[concept.id], wanted[concept.id] = concept, keep
    open_ones = _shown(last, heirs) | _broader((c for c in concepts.values() if wanted[c.id]), find)
    unknown = {told: concept.facet for told, concept in open_ones.items() if told not in wanted}
    facets = {concept.facet for concept in concepts.values()}
    return {facet: _judgement(facet, concepts, wanted, unknown) for facet in Facet if facet in facets}


def _judgement(
    facet: Facet, concepts: Mapping[str, Concept], wanted: Mapping[str, bool], unknown: Mapping[str, Facet]
) -> Judgement:  # fmt: skip
    told = [concept.id for concept in concepts.values() if concept.facet is facet]
    kept = tuple(sorted(one for one in told if wanted[one]))
    others = tuple(sorted(one for one, of in unknown.items() if of is facet)) if kept else (OPEN,)
    return Judgement(kept, tuple(sorted(one for one in told if not wanted[one])), others)


def _shown(last: SaveRecord | None, heirs: Heirs) -> dict[str, Concept]:
    """Return, by the id of today, the concepts that the last answer shows and that no editor put there."""
    tags = () if last is None else last.tagging.tags
    shown = [tag.concept for tag in tags if tag.decision is not Decision.SILENT and tag.tagger != "editor"]
    return {now: concept for concept in shown for now in heirs(concept.id) or (concept.id,)}


def _broader(concepts: Iterable[Concept], find: Find) -> dict[str, Concept]:
    found: dict[str, Concept] = {}
    waiting = [up for concept in concepts for up in concept.broader]
    while waiting:
        concept = find(waiting.pop())
        if concept is not None and concept.id not in found:
            found[concept.id] = concept
            waiting += concept.broader
    return found

"""What people judged about one article, facet by facet: the decisions that stand now, read as labels to learn from.

Pure functions over the ledger's decisions and the last answer. ``training.feedback`` makes rows of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from newstagger.contracts import OPEN, SaveRecord
from newstagger.domain import Concept, Decision, EditorDecision, Facet, Role
from newstagger.newsroom.ledger import wishes

Find = Callable[[str], Concept | None]
Heirs = Callable[[str], tuple[str, ...]]
UNKNOWN_CONCEPT = "decisions on tags whose concept no vocabulary knows"


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
    and nobody decided on is unknown, and so are the broader concepts of what is wanted: one that was derived from a narrower one
    is no decision, though it was accepted with it. ``tally`` counts what was left out.
    """
    wanted, rejected = _decided(decisions, find, heirs, tally)
    above, derived = _broader(wanted.values(), find), _derived(last)
    wanted = {told: concept for told, concept in wanted.items() if told not in above or told not in derived}
    decided = {**wanted, **rejected}
    unknown = {told: concept for told, concept in (_shown(last, heirs) | above).items() if told not in decided}
    facets = {concept.facet for concept in decided.values()}
    return {facet: _judgement(facet, wanted, rejected, unknown) for facet in Facet if facet in facets}


def _decided(
    decisions: Iterable[EditorDecision], find: Find, heirs: Heirs, tally: Counter[str]
) -> tuple[Mapping[str, Concept], Mapping[str, Concept]]:  # fmt: skip
    """Return the concepts that people want, and those that they refused, by the id of today."""
    wanted: dict[str, Concept] = {}
    rejected: dict[str, Concept] = {}
    for told, keep in wishes(decisions, heirs).items():
        if heirs(told):  # its word stands under the ids of today
            continue
        if (concept := find(told)) is None:
            tally[UNKNOWN_CONCEPT] += 1
        else:
            (wanted if keep else rejected)[concept.id] = concept
    return wanted, rejected


def _judgement(
    facet: Facet, wanted: Mapping[str, Concept], rejected: Mapping[str, Concept], unknown: Mapping[str, Concept]
) -> Judgement:  # fmt: skip
    kept, refused, others = (tuple(sorted(told for told, c in some.items() if c.facet is facet)) for some in (wanted, rejected, unknown))
    return Judgement(kept, refused, others if kept else (OPEN,))


def _derived(last: SaveRecord | None) -> frozenset[str]:
    return frozenset(tag.concept.id for tag in last.tagging.tags if tag.role is Role.DERIVED) if last else frozenset()


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

"""Concepts as iMatrics' clients take them; ``imatrics`` has the routes."""

from __future__ import annotations

from collections.abc import Mapping

from newstagger.contracts import Json
from newstagger.domain import Concept, Facet, Tagging
from newstagger.formats.carriage import TOOL, shown
from newstagger.service.faces.visits import Visit
from newstagger.settings import Mode
from newstagger.taxonomy import media_topics

FACETS: Mapping[str, Facet] = {
    "category": Facet.TOPIC, "topic": Facet.TOPIC, "object": Facet.TOPIC, "event": Facet.TOPIC, "place": Facet.REGION,
    "entity": Facet.ACTOR, "organisation": Facet.ACTOR, "person": Facet.ACTOR, "Name LastName": Facet.ACTOR,
}  # fmt: skip
"""The facet of a type of iMatrics; any other type (``all``) means every facet."""
CATEGORY, TOPIC = "category", "topic"
"""Types of topics: those of a public vocabulary, which the widget shows as a tree, and all others."""
_TYPES = {Facet.REGION: "place", Facet.ACTOR: "organisation"}
MOST_ALIASES = 50


def analysis(tagging: Tagging, visit: Visit) -> dict[str, Json]:
    """Return the tags that an editor sees, and apart from them the broader topics that their tree needs."""
    tags = shown(tagging)
    given = {tag.concept.id for tag in tags}
    above = {up.id: up for tag in tags for up in _above(tag.concept, visit) if up.id not in given}
    return {
        "concepts": [concept_to_json(tag.concept, parent=parent_of(tag.concept, visit), weight=tag.score) for tag in tags],
        "broader": [concept_to_json(up, parent=parent_of(up, visit)) for up in above.values()],
    }


def concept_to_json(concept: Concept, *, parent: str | None = None, weight: float | None = None) -> dict[str, Json]:
    """Return a concept with its links to other vocabularies; ``weight`` is its score in [0, 1]."""
    told = {
        "uuid": concept.id, "title": concept.pref_label, "type": _type(concept), "shortDescription": "",
        "aliases": list(concept.alt_labels[:MOST_ALIASES]), "source": TOOL, "author": TOOL, "broader": parent, "links": _links(concept),
    }  # fmt: skip
    return told if weight is None else told | {"weight": weight}


def parent_of(concept: Concept, visit: Visit) -> str | None:
    """Return the id of a topic's nearest broader one that the site gives; None for regions and actors, which are no tree here."""
    return next((up.id for up in _above(concept, visit)), None)


def _above(concept: Concept, visit: Visit) -> list[Concept]:
    """Return a topic's broader ones from near to far, but for those that the site's policy never gives."""
    if concept.facet is not Facet.TOPIC:
        return []
    policy = visit.site.settings.policy or visit.service.newsrooms.settings.policy
    ids = dict.fromkeys(up for first in concept.broader for up in (media_topics().lineage(first) or (first,)))
    found = (visit.host.find(told) for told in ids)
    return [up for up in found if up is not None and policy.mode_of(up.id, up.facet) is not Mode.NEVER]


def _type(concept: Concept) -> str:
    if concept.facet is Facet.TOPIC:
        return CATEGORY if concept.id.startswith("medtop:") else TOPIC
    return _TYPES[concept.facet]


def _links(concept: Concept) -> list[Json]:
    iptc = [{"source": "IPTC", "relationType": "exactMatch", "id": concept.id}] if concept.id.startswith("medtop:") else []
    items = (match.removeprefix("wikidata:") for match in concept.exact_match if match.startswith("wikidata:"))
    return [*iptc, *({"source": "Wikidata", "relationType": "exactMatch", "id": item} for item in items)]

"""Superdesk: its content items are read; taggings are written as the analysis that its tagging widget takes.

The widget shows every tag that an editor may take, so suggestions are in; it has no place for scores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from newstagger.contracts import Json
from newstagger.domain import Article, ArticleRef, Event, Facet, Tag, Tagging, Text
from newstagger.formats.carriage import ANSWER, TOOL, Carried, existing, shown, unique
from newstagger.formats.charset import checked_id
from newstagger.formats.fields import Fields
from newstagger.formats.identifiers import known
from newstagger.formats.reading import JsonFormat, Reading, WireFacts, article, plain_of
from newstagger.jsontext import line_of

GROUPS = {Facet.TOPIC: "subject", Facet.REGION: "place", Facet.ACTOR: "organisation"}
ALL_GROUPS = ("subject", "organisation", "person", "event", "place", "object")
_SIGNS = ("_current_version", "family_id", "unique_name", "state", "original_creator")
_STATES = {
    "published": Event.PUBLISH, "corrected": Event.CORRECT, "being_corrected": Event.DRAFT, "scheduled": Event.SCHEDULE,
    "killed": Event.KILL, "recalled": Event.KILL, "unpublished": Event.KILL, "spiked": Event.KILL, "ingested": Event.IMPORT,
}  # fmt: skip
_STATUSES = {"usable": "usable", "withhold": "withheld", "withheld": "withheld", "canceled": "canceled", "cancelled": "canceled"}


def recognises(table: Mapping[str, Json]) -> bool:
    """Tell whether an object is a content item of Superdesk: what its own formatter makes of one is ninjs."""
    named = isinstance(table.get("guid", table.get("_id")), str)
    return named and any(name in table for name in _SIGNS) and ("body_html" in table or "headline" in table)


def _items(value: Json) -> Sequence[Json]:
    """Return the items of a list, of an answer of Superdesk's API, or of an event about one."""
    if isinstance(value, dict):
        inner = value.get("_items", value.get("item"))
        return inner if isinstance(inner, list) else [inner if isinstance(inner, dict) else value]
    return value if isinstance(value, list) else [value]


def carried(fields: Fields) -> tuple[Carried, ...]:
    """Return the subjects and places of an item whose codes are ours: other schemes' codes are left alone."""
    found = [_carried(item) for item in (*fields.each("subject"), *fields.each("place"), *fields.each("organisation"))]
    return unique(tag for tag in found if tag is not None)


def _carried(item: Fields) -> Carried | None:
    medtop = item.within("altids").word("medtop").removeprefix("medtop:")
    ours = item.word("source", "original_source") == TOOL
    concept = known(item.word("qcode"), ours=ours) or (f"medtop:{medtop}" if medtop.isdigit() else None)
    return None if concept is None else Carried(concept, item.text("name"), exact_match=_matches(item), ours=ours)


def _matches(item: Fields) -> tuple[str, ...]:
    wikidata = item.within("altids").word("wikidata")
    return (f"wikidata:{wikidata}",) if wikidata else ()


def _event(fields: Fields, status: str) -> Event:
    event = _STATES.get(fields.word("state"), Event.DRAFT)
    return Event.KILL if status == "canceled" else event


def _dateline(fields: Fields) -> str:
    value = fields.table.get("dateline")
    return str(value.get("text") or "") if isinstance(value, dict) else fields.text("dateline")


def reading(fields: Fields, site: str, default_id: str | None) -> Reading:
    """Return the article of an item."""
    status = _STATUSES.get(fields.word("pubstatus").lower(), "")
    event = _event(fields, status)
    version = fields.word("_current_version", "version")
    embargo = fields.within("schedule_settings").text("utc_embargo") or fields.text("embargo") or None
    source = fields.word("source")
    found = article(
        fields, ArticleRef(site, checked_id(fields.word("guid", "_id", "item_id") or default_id or "", "guid", fields.where)),
        plain_of(fields.text("headline")), (fields.text("body_html"), "text/html"),
        event=Event.SCHEDULE if embargo and event is Event.PUBLISH else event, dateline=_dateline(fields), tags=existing(carried(fields)),
        language=fields.text("language"), byline=plain_of(fields.text("byline")), credit=fields.word("creditline"), source=source,
        revision=fields.whole("_current_version", "version"), version_created=fields.text("versioncreated", "_updated"),
    )  # fmt: skip
    withdrawn = "canceled" if found.event is Event.KILL else status
    return Reading(found, WireFacts(version, withdrawn, fields.whole("urgency"), embargo, fields.word("usageterms"), source))


SUPERDESK = JsonFormat("superdesk", recognises, reading, _items)


def _entry(tag: Tag) -> dict[str, Json]:
    """Return one tag as the widget takes it."""
    concept = tag.concept
    ids = {"medtop": concept.id.removeprefix("medtop:")} if concept.id.startswith("medtop:") else {}
    wikidata = next((m.removeprefix("wikidata:") for m in concept.exact_match if m.startswith("wikidata:")), "")
    return {
        "name": concept.pref_label, "qcode": concept.id, "scheme": "mediatopics" if ids else f"newstagger_{concept.facet}", "source": TOOL,
        "altids": {**ids, **({"wikidata": wikidata} if wikidata else {})}, "parent": next(iter(concept.broader), None),
        "aliases": list(concept.alt_labels),
    }  # fmt: skip


class SuperdeskRenderer:
    """Renderer of the reply to ``ai`` requests of Superdesk's editor."""

    name = "superdesk"
    media_type = "application/json"
    loses: tuple[str, ...] = (
        "silent tags", "decisions", "roles", "scores", "evidence", "taggers", "exact matches", "persons and organisations", "model",
        *ANSWER, "site", "article", "article id", "event", "form",
    )  # fmt: skip

    def render(self, article: Article, text: Text, tagging: Tagging) -> str:
        """Return the analysis as one line of JSON."""
        groups: dict[str, list[Json]] = {name: [] for name in ALL_GROUPS}
        for tag in shown(tagging):
            groups[GROUPS[tag.concept.facet]].append(_entry(tag))
        return line_of({"analysis": groups})


def analysed(value: Fields) -> tuple[Carried, ...]:
    """Return the tags of an analysis, as ``SuperdeskRenderer`` writes it."""
    groups = value.within("analysis")
    found = [(facet, _carried(item)) for facet, name in GROUPS.items() for item in groups.each(name)]
    return tuple(Carried(tag.concept, tag.label, facet, ours=tag.ours) for facet, tag in found if tag is not None)

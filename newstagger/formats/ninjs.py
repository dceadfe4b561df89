"""IPTC ninjs, News in JSON: 1.x, 2.x and 3.x are read. https://www.iptc.org/std/ninjs/userguide/.

The versions differ in how names are spelt (``versioncreated``, ``versionCreated``) and in where headline and body stand.
"""

from __future__ import annotations

from collections.abc import Mapping

from newstagger.contracts import Json
from newstagger.domain import ArticleRef
from newstagger.formats.carriage import Carried, existing, facet_of, is_ours, role_named, unique
from newstagger.formats.charset import checked_id
from newstagger.formats.fields import Fields
from newstagger.formats.identifiers import article_id, concept_of, known, of_qcode
from newstagger.formats.reading import JsonFormat, Reading, WireFacts, article, event_of, plain_of

TYPES = frozenset({"text", "audio", "video", "picture", "graphic", "composite", "component", "event", "planning"})
STATUSES = frozenset({"usable", "withheld", "canceled"})
_SIGNS = frozenset(
    {
        "versioncreated",
        "firstcreated",
        "contentcreated",
        "pubstatus",
        "bodies",
        "headlines",
        "body_html",
        "body_xhtml",
        "body_text",
        "usageterms",
    }
)
_BODIES = (("body_html", "text/html"), ("body_xhtml", "text/html"), ("body_text", "text/plain"))
_MARKUP = ("text/html", "application/xhtml+xml")


def lowered(table: Mapping[str, Json]) -> dict[str, Json]:
    """Return an object with its names in lower case, as ninjs 1 and 2 write them."""
    return {str(name).lower(): value for name, value in table.items()}


def recognises(table: Mapping[str, Json]) -> bool:
    """Tell whether an object is a ninjs item: it says so, or it has an address and what only ninjs has."""
    standard = table.get("standard")
    if isinstance(standard, dict):
        return standard.get("name") == "ninjs"
    if any(name in table for name in ("_current_version", "family_id", "content_elements")):
        return False
    names = set(lowered(table))
    named = isinstance(table.get("uri", table.get("guid")), str)
    return named and bool(names & _SIGNS) and table.get("type", "text") in TYPES


def _headline(fields: Fields) -> str:
    """Return the main headline as plain text: the one whose role says so, else the first."""
    found = fields.each("headlines")
    first = next((h for h in found if "main" in h.text("role").lower()), found[0] if found else None)
    if first is not None:
        return plain_of(first.text("value")) if lowered(first.table).get("contenttype") in _MARKUP else first.text("value")
    return fields.text("headline") or fields.text("title")


def _body(fields: Fields) -> tuple[str, str]:
    """Return the body and its media type: markup goes before plain text, since paragraphs stand in it."""
    texts = [Fields(lowered(b.table), b.where) for b in fields.each("bodies")]
    for wanted in (_MARKUP, ("text/plain",), ("",)):
        for body in texts:
            told = body.text("contenttype").split(";")[0].strip().lower()
            if told in wanted and body.text("value"):
                return body.text("value"), "text/plain" if told == "text/plain" else _media_type(told, body.text("value"))
    return next(((fields.text(name), kind) for name, kind in _BODIES if fields.text(name)), ("", "text/plain"))


def _media_type(told: str, value: str) -> str:
    """Return the media type of a body: one that tells none is markup when a paragraph of it stands in it."""
    return "text/html" if told in _MARKUP or "</p>" in value[:100_000].lower() else "text/plain"


def carried(fields: Fields) -> tuple[Carried, ...]:
    """Return the concepts that an item names as its subjects and places, as far as their vocabulary is known."""
    found = [_carried(item) for item in (*fields.each("subjects", "subject"), *fields.each("places", "place"))]
    return unique(tag for tag in found if tag is not None)


def _carried(item: Fields) -> Carried | None:
    literal, creator = item.text("literal"), item.word("creator")
    code = item.word("code")
    concept = concept_of(item.text("uri")) or known(literal, ours=is_ours(creator)) or of_qcode(code) or known(code)
    if concept is None:
        return None
    role, confidence = role_named(item.word("rel")), item.number("confidence")
    score = None if confidence is None else confidence / 100
    return Carried(concept, item.text("name"), facet_of(role), role, score, ours=is_ours(creator))


def _sources(fields: Fields) -> tuple[str, str]:
    """Return credit line and source as the parties tell that an item came from."""
    parties = [(p.text("role"), p.text("name")) for p in fields.each("infosources", "infosource")]
    credit = next((name for role, name in parties if "credit" in role.lower()), "")
    source = next((name for role, name in parties if "credit" not in role.lower() and name), "")
    return credit or fields.text("creditline"), source or fields.text("source", "copyrightholder")


def reading(item: Fields, site: str, default_id: str | None) -> Reading:
    """Return the article of a ninjs item."""
    fields = Fields(lowered(item.table), item.where)
    status = fields.text("pubstatus").lower()
    status = {"cancelled": "canceled"}.get(status, status)
    embargo = fields.text("embargoeduntil", "embargoed") or None
    credit, source = _sources(fields)
    identity = article_id(fields.word("uri", "guid")) or default_id or ""
    found = article(
        fields, ArticleRef(site, checked_id(identity, "uri", fields.where)), _headline(fields), _body(fields),
        event=event_of(status, embargo), tags=existing(carried(fields)), language=fields.text("language"),
        byline=fields.text("by", "byline"), credit=credit, source=source, revision=fields.whole("version"),
        version_created=fields.text("versioncreated", "contentcreated", "firstcreated"), dateline=fields.text("dateline"),
    )  # fmt: skip
    facts = WireFacts(
        fields.word("version"), status if status in STATUSES else "", fields.whole("urgency"), embargo,
        fields.text("usageterms"), source,
    )  # fmt: skip
    return Reading(found, facts)


NINJS = JsonFormat("ninjs", recognises, reading)

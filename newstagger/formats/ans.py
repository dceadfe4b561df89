"""ANS, the stories of Arc XP: read bare or in one of its events; taggings are written as a story's taxonomy, version 0.10.9.

https://github.com/washingtonpost/ans-schema. Topics go to ``taxonomy.topics``, regions and actors to ``taxonomy.named_entities``, the lists
that machines fill; tags that are written stand under ``taxonomy.tags`` too.
"""

from __future__ import annotations

from collections.abc import Mapping

from newstagger.contracts import Json
from newstagger.domain import Article, ArticleRef, Decision, Event, Facet, Tag, Tagging, Text
from newstagger.formats.carriage import ANSWER, Carried, existing, shown
from newstagger.formats.charset import checked_id
from newstagger.formats.fields import Fields
from newstagger.formats.identifiers import concept_of, concept_uri, known
from newstagger.formats.reading import JsonFormat, Reading, WireFacts, article, plain_of
from newstagger.jsontext import line_of

VERSION = "0.10.9"
MARK = "newstagger:"
_KINDS = {"location": Facet.REGION, "actor": Facet.ACTOR}
_KEYS = {
    "story:create": Event.DRAFT, "story:update": Event.DRAFT, "story:first-publish": Event.PUBLISH, "story:republish": Event.CORRECT,
    "story:unpublish": Event.KILL, "story:delete": Event.KILL,
}  # fmt: skip
_TEXTS = frozenset({"text", "raw_html", "header", "interstitial_link"})
_BLOCKS = {"header": ("<h2>", "</h2>"), "raw_html": ("", "")}
MAX_DEPTH = 20
"""Quotes and lists in each other beyond this depth are not read."""


def is_story(table: Mapping[str, Json]) -> bool:
    """Tell whether an object is a story of ANS."""
    return table.get("type") == "story" and any(name in table for name in ("content_elements", "headlines", "taxonomy"))


def recognises(table: Mapping[str, Json]) -> bool:
    """Tell whether an object is a story of ANS, or an event of Arc XP about one."""
    body = table.get("body")
    return is_story(table) or (isinstance(body, dict) and str(table.get("key", "")).startswith("story:") and body.get("type") == "story")


def _block(element: Fields, depth: int = 0) -> str:
    """Return one element of the content as HTML; pictures, embeds and what is nested too deep give nothing."""
    kind, value = element.word("type"), element.first("content")[1]
    if kind in _TEXTS and isinstance(value, str):
        before, after = _BLOCKS.get(kind, ("<p>", "</p>"))
        return f"{before}{value}{after}"
    if kind not in ("quote", "list", "blockquote", "element_group", "content_zone") or depth > MAX_DEPTH:
        return ""
    inner = "".join(_block(item, depth + 1) for item in element.each("items" if kind == "list" else "content_elements"))
    return f"<blockquote>{inner}</blockquote>" if "quote" in kind else inner


def carried(story: Fields) -> tuple[Carried, ...]:
    """Return the concepts of a story's taxonomy whose ids are ours."""
    taxonomy = story.within("taxonomy")
    written = {tag.word("_id") for tag in taxonomy.each("tags")}
    found = [_carried(item, Facet.TOPIC, written) for item in taxonomy.each("topics")]
    found += [_carried(item, _KINDS.get(item.word("type")), written) for item in taxonomy.each("named_entities")]
    return tuple(tag for tag in found if tag is not None)


def _carried(item: Fields, facet: Facet | None, written: set[str]) -> Carried | None:
    """Return one item of a machine's list, which it is a machine's for; other machines' ids are not ours."""
    name = item.word("_id")
    bare = name.removeprefix(MARK)
    concept = concept_of(name) or known(bare, ours=bare != name)
    decision = Decision.AUTO if name in written else Decision.SUGGEST
    return None if concept is None else Carried(concept, item.text("name"), facet, None, item.number("score"), decision, ours=True)


def _event(fields: Fields, story: Fields) -> Event:
    """Return why Arc XP calls; a bare story tells only whether it is published."""
    told = _KEYS.get(fields.word("key"), Event.DRAFT)
    published = story.within("revision").first("published")[1] is True
    return Event.PUBLISH if story is fields and published else told


def _byline(story: Fields) -> str:
    names = [person.text("byline") or person.text("name") for person in story.within("credits").each("by")]
    return ", ".join(name for name in names if name)[:500]


def reading(fields: Fields, site: str, default_id: str | None) -> Reading:
    """Return the article of a story."""
    story = fields if is_story(fields.table) else fields.within("body")
    body = "".join(_block(element) for element in story.each("content_elements"))
    source = story.within("distributor").text("name") or story.within("source").text("name")
    identity = checked_id(story.word("_id") or fields.word("uuid") or default_id or "", "_id", story.where)
    restrictions = story.within("content_restrictions")
    found = article(
        story, ArticleRef(site, identity), plain_of(story.within("headlines").text("basic")), (body, "text/html"),
        event=_event(fields, story), tags=existing(carried(story)), language=story.text("language"), byline=_byline(story),
        credit=story.text("copyright"), source=source, revision=story.within("revision").whole("revision_id") or fields.whole("version"),
        version_created=story.text("last_updated_date", "display_date", "created_date"),
    )  # fmt: skip
    usage = restrictions.word("usage_instructions")
    version = story.within("revision").word("revision_id")
    return Reading(found, WireFacts(version, "canceled" if found.event is Event.KILL else "", usage=usage, agency=source))


ANS = JsonFormat("ans", recognises, reading)


def _name(tag: Tag) -> str:
    """Return the id of a tag in ANS: a URI, our id, or one that is marked as ours because nothing else shows it."""
    concept = tag.concept.id
    return concept_uri(concept) or (concept if known(concept) else MARK + concept)


def _entity(tag: Tag) -> dict[str, Json]:
    """Return a region or an actor as a named entity."""
    kind = "location" if tag.concept.facet is Facet.REGION else "actor"
    return {"_id": _name(tag), "name": tag.concept.pref_label, "type": kind, "score": tag.score}


def _topic(tag: Tag) -> dict[str, Json]:
    return {"_id": _name(tag), "name": tag.concept.pref_label, "score": tag.score, "uid": tag.concept.id}


def _tag(tag: Tag) -> dict[str, Json]:
    return {"_id": _name(tag), "type": "tag", "text": tag.concept.pref_label}


class AnsRenderer:
    """Renderer of a story that holds nothing but its taxonomy, to be merged into the one in the CMS."""

    name = "ans"
    media_type = "application/json"
    loses: tuple[str, ...] = (
        "silent tags", "roles", "evidence", "taggers", "exact matches", "model", *ANSWER, "site", "article", "event", "form",
    )  # fmt: skip

    def render(self, article: Article, text: Text, tagging: Tagging) -> str:
        """Return the story as one line of JSON."""
        tags = shown(tagging)
        taxonomy = {
            "topics": [_topic(tag) for tag in tags if tag.concept.facet is Facet.TOPIC],
            "named_entities": [_entity(tag) for tag in tags if tag.concept.facet is not Facet.TOPIC],
            "tags": [_tag(tag) for tag in tags if tag.decision is Decision.AUTO],
        }
        return line_of({"type": "story", "version": VERSION, "_id": article.ref.id, "taxonomy": taxonomy})

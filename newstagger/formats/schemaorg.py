"""schema.org NewsArticle as JSON-LD: read from files, written for a page. https://schema.org/NewsArticle.

What a story is about goes to ``about``, what it touches to ``mentions``, its place to ``contentLocation``; ``sameAs`` links other
vocabularies. What is written may stand in a ``script`` element as it is: no ``<`` or ``&`` is in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from newstagger.contracts import Json
from newstagger.domain import Article, ArticleRef, Event, Facet, Role, Tag, Tagging, Text
from newstagger.formats.carriage import ANSWER, MAIN_ROLES, Carried, existing, language_tag, timestamp, unique, written
from newstagger.formats.charset import checked_id
from newstagger.formats.fields import Fields
from newstagger.formats.identifiers import article_id, article_uri, concept_of, concept_uri, known
from newstagger.formats.reading import JsonFormat, Reading, WireFacts, article
from newstagger.jsontext import line_of

TYPES = frozenset(
    {"NewsArticle", "Article", "ReportageNewsArticle", "BlogPosting", "LiveBlogPosting", "AnalysisNewsArticle", "OpinionNewsArticle"}
)
_LISTS = (("about", True), ("contentLocation", True), ("mentions", False))
_KINDS = {"DefinedTerm": Facet.TOPIC, "Place": Facet.REGION}
_ROLES = {
    (Facet.TOPIC, True): Role.MAIN, (Facet.TOPIC, False): Role.DERIVED, (Facet.REGION, True): Role.FOCUS,
    (Facet.REGION, False): Role.MENTIONED, (Facet.ACTOR, True): Role.ACTOR, (Facet.ACTOR, False): Role.SOURCE,
}  # fmt: skip
_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
MARK = "newstagger"


def _types(table: Mapping[str, Json]) -> set[str]:
    told = table.get("@type")
    return {str(item) for item in told} if isinstance(told, list) else {str(told)}


def recognises(table: Mapping[str, Json]) -> bool:
    """Tell whether an object is an article of schema.org, whose context may stand further out."""
    context = table.get("@context", "https://schema.org")
    return bool(_types(table) & TYPES) and "schema.org" in str(context)[:2_000]


def _graph(value: Json) -> Sequence[Json]:
    """Return the articles among the nodes of a document, or the document itself where none is."""
    nodes = value.get("@graph", value) if isinstance(value, dict) else value
    nodes = nodes if isinstance(nodes, list) else [nodes]
    return [node for node in nodes if isinstance(node, dict) and recognises(node)] or nodes


def _names(value: Json, depth: int = 0) -> str:
    """Return the names of a party: a text, an object, or several."""
    if isinstance(value, list) and depth < 3:
        return ", ".join(name for item in value[:50] if (name := _names(item, depth + 1)))
    if isinstance(value, dict) and depth < 3:
        return _names(value.get("name"), depth + 1)
    return value if isinstance(value, str) else ""


def _things(fields: Fields, name: str) -> list[Fields]:
    """Return the objects of a field that may hold one or several."""
    value = fields.table.get(name)
    return Fields({name: value if isinstance(value, list) else [value]}, fields.where).each(name)


def _matches(thing: Fields) -> tuple[str, ...]:
    told = thing.table.get("sameAs")
    found = told if isinstance(told, list) else [told]
    return tuple(concept_of(item) or item for item in found if isinstance(item, str) and item)


def _carried(thing: Fields, main: bool) -> Carried | None:
    marked = thing.within("identifier") if isinstance(thing.table.get("identifier"), dict) else Fields({}, "")
    ours = marked.word("propertyID") == MARK
    told = marked.word("value") if ours else ""
    concept = known(told, ours=ours) or concept_of(thing.word("@id"))
    facet = next((_KINDS[kind] for kind in _types(thing.table) if kind in _KINDS), Facet.ACTOR) if ours else None
    role = None if facet is None else _ROLES[facet, main]
    return None if concept is None else Carried(concept, thing.text("name"), facet, role, exact_match=_matches(thing), ours=ours)


def carried(fields: Fields) -> tuple[Carried, ...]:
    """Return the concepts that an article is about, stands in or mentions, as far as their vocabulary is known."""
    found = [_carried(thing, main) for name, main in _LISTS for thing in _things(fields, name)]
    return unique(tag for tag in found if tag is not None)


def reading(fields: Fields, site: str, default_id: str | None) -> Reading:
    """Return the article of a NewsArticle; its body is plain text by schema.org's own word."""
    told = fields.table.get("identifier")
    name = article_id(told if isinstance(told, str) else fields.word("@id", "url"))
    published = fields.text("dateModified", "datePublished")
    source = _names(fields.table.get("sourceOrganization")) or _names(fields.table.get("publisher"))
    withdrawn = fields.text("creativeWorkStatus").lower() in ("withdrawn", "canceled", "cancelled")
    found = article(
        fields, ArticleRef(site, checked_id(name or default_id or "", "identifier", fields.where)),
        fields.text("headline") or fields.word("name"),
        (fields.text("articleBody", "text"), "text/plain"),
        event=Event.KILL if withdrawn else Event.DRAFT, dateline=fields.word("dateline"), tags=existing(carried(fields)),
        language=_names(fields.table.get("inLanguage")), byline=_names(fields.table.get("author")), credit=fields.text("creditText"),
        source=source, revision=fields.whole("version"), version_created=published,
    )  # fmt: skip
    return Reading(found, WireFacts(fields.word("version"), "canceled" if withdrawn else "", usage=fields.word("usageInfo"), agency=source))


SCHEMA_ORG = JsonFormat("schema.org", recognises, reading, _graph, (".jsonld",))


def _thing(tag: Tag) -> dict[str, Json]:
    """Return a tag as a thing of schema.org."""
    kind = {Facet.TOPIC: "DefinedTerm", Facet.REGION: "Place"}.get(tag.concept.facet, "Thing")
    thing: dict[str, Json] = {"@type": kind, "name": tag.concept.pref_label}
    if uri := concept_uri(tag.concept.id):
        thing["@id"] = uri
    thing["identifier"] = {"@type": "PropertyValue", "propertyID": MARK, "value": tag.concept.id}
    matches = [concept_uri(match) or match for match in tag.concept.exact_match]
    return thing | ({"sameAs": matches} if matches else {})


def _copy(article: Article) -> dict[str, Json]:
    told: dict[str, Json] = {
        "headline": article.headline, "inLanguage": language_tag(article.language),
        "author": {"@type": "Person", "name": article.byline} if article.byline else None, "creditText": article.credit,
        "sourceOrganization": {"@type": "Organization", "name": article.source} if article.source else None,
        "version": article.revision, "dateModified": timestamp(article.version_created),
        "creativeWorkStatus": "Withdrawn" if article.event is Event.KILL else "",
    }  # fmt: skip
    return {name: value for name, value in told.items() if value not in (None, "")}


class SchemaOrgRenderer:
    """Renderer of JSON-LD for a page: what the page says in words (the body) is left out."""

    name = "schema.org"
    media_type = "application/ld+json"
    loses: tuple[str, ...] = (
        "silent tags", "suggested tags", "scores", "evidence", "taggers", "model", *ANSWER, "site", "body", "event", "form",
    )  # fmt: skip

    def render(self, article: Article, text: Text, tagging: Tagging) -> str:
        """Return the JSON-LD on one line."""
        tags = written(tagging)
        value: dict[str, Json] = {"@context": "https://schema.org", "@type": "NewsArticle", "identifier": article_uri(article.ref.id)}
        value |= _copy(article)
        for name, main in _LISTS:
            things = [_thing(tag) for tag in tags if _list_of(tag) == (name, main)]
            value |= {name: things} if things else {}
        line = line_of(value)
        return "".join(_ESCAPED.get(c, c) for c in line) if any(c in line for c in _ESCAPED) else line


def _list_of(tag: Tag) -> tuple[str, bool]:
    """Return the list that a tag belongs to."""
    if tag.role not in MAIN_ROLES:
        return "mentions", False
    return ("contentLocation" if tag.concept.facet is Facet.REGION else "about"), True

"""IPTC NewsML-G2: news items alone or in a news message. https://iptc.org/std/NewsML-G2/guidelines/.

Items that are not text (pictures, packages of references) are passed over when a message holds text beside them.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from newstagger.domain import Article, ArticleRef, Event, Facet, Role
from newstagger.errors import InputError
from newstagger.formats.carriage import FULL, TOOL, Carried, existing, is_ours, unique
from newstagger.formats.charset import checked_id, id_of
from newstagger.formats.fields import Fields
from newstagger.formats.identifiers import article_id, concept_of, known, of_qcode
from newstagger.formats.reading import Look, Reading, Readings, WireFacts, article, event_of, only
from newstagger.formats.xmltext import child, children, local, parse_xml, text_of

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE = "http://iptc.org/std/nar/2006-10-01/"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_ROOTS = frozenset({"newsItem", "newsMessage", "packageItem"})
_MARKUP = frozenset({"text/html", "application/xhtml+xml"})
_KINDS = {"cpnat:abstract": Facet.TOPIC, "cpnat:geoArea": Facet.REGION}
_DECLARED = re.compile(r' xmlns(?::[\w.-]{1,60})?="[^"<>]{0,300}"')
_CORRECTIONS = frozenset({"sig:correction", "sig:cor", "signal:correction"})


def _code(element: _Element | None, attribute: str = "qcode") -> str:
    """Return a QCode, or a URI of the same meaning, of an element."""
    return "" if element is None else (element.get(attribute) or element.get("uri") or "")


def _status(meta: _Element | None) -> str:
    """Return the publishing status: usable, withheld or canceled; empty where none of these is told."""
    told = _code(child(meta, "pubStatus")).rpartition(":")[2].rpartition("/")[2].lower()
    told = {"cancelled": "canceled"}.get(told, told)
    return told if told in ("usable", "withheld", "canceled") else ""


def _markup(element: _Element) -> str:
    """Return what stands in inline XML as HTML: of a page or NITF its body, without namespaces."""
    from lxml import etree

    bodies = {local(e): e for e in element.iter("{*}body.content", "{*}body")}
    inner = bodies.get("body.content", bodies.get("body", element))
    for each in inner.iter():
        if isinstance(each.tag, str):
            each.tag = local(each)
    markup = "".join(etree.tostring(e, encoding="unicode", method="html") for e in inner)
    return escape(inner.text or "", quote=False) + _DECLARED.sub("", markup)


def _body(item: _Element) -> tuple[str, str]:
    """Return body and media type; markup goes before plain text."""
    content = child(item, "contentSet")
    for inline in children(content, "inlineXML"):
        return _markup(inline), "text/html"
    plain = [e for e in children(content, "inlineData") if not e.get("encoding")]
    told = [((e.get("contenttype") or "").split(";")[0].strip().lower(), "".join(e.itertext())) for e in plain]
    best = next((t for t in told if t[0] in _MARKUP), None) or next(iter(told), None)
    return ("", "text/plain") if best is None else (best[1], "text/html" if best[0] in _MARKUP else "text/plain")


def _carried(subject: _Element) -> Carried | None:
    ours = is_ours(subject.get("creatoruri", "").removeprefix("urn:newstagger:").replace("%20", " "))
    concept = of_qcode(subject.get("qcode", "")) or concept_of(subject.get("uri", "")) or known(subject.get("literal", ""), ours=ours)
    if concept is None:
        return None
    fields = Fields({name: subject.get(name) for name in ("confidence", "relevance")}, "")
    confidence, relevant = fields.number("confidence"), (fields.number("relevance") or 0) >= FULL
    facet = _KINDS.get(subject.get("type", ""), Facet.ACTOR) if ours else None
    matches = tuple(found for e in children(subject, "sameAs") if (found := of_qcode(_code(e)) or e.get("literal")))
    return Carried(
        concept, text_of(child(subject, "name")), facet, _role(subject, facet, relevant), None if confidence is None else confidence / 100,
        exact_match=matches, ours=ours,
    )  # fmt: skip


def _role(subject: _Element, facet: Facet | None, relevant: bool) -> Role | None:
    """Return the role that facet, relevance and the reason for a subject's presence stand for."""
    if facet is Facet.TOPIC:
        return Role.DERIVED if subject.get("why") == "why:ancestor" else Role.MAIN
    roles = {Facet.REGION: (Role.MENTIONED, Role.FOCUS), Facet.ACTOR: (Role.SOURCE, Role.ACTOR)}
    return None if facet is None else roles[facet][relevant]


def carried(item: _Element) -> tuple[Carried, ...]:
    """Return the subjects of an item, as far as their vocabulary is known."""
    found = [_carried(subject) for subject in children(child(item, "contentMeta"), "subject")[:10_000]]
    return unique(tag for tag in found if tag is not None)


def _event(meta: _Element | None, status: str, embargo: str | None) -> Event:
    event = event_of(status, embargo)
    corrects = any(_code(signal) in _CORRECTIONS for signal in children(meta, "signal"))
    return Event.CORRECT if event is Event.PUBLISH and corrects else event


def _source(item: _Element) -> str:
    """Return who a story is from: its information source, else its provider."""
    meta = child(item, "contentMeta")
    for element in (*children(meta, "infoSource"), *children(child(item, "itemMeta"), "provider")):
        name = text_of(child(element, "name")) or element.get("literal", "") or _code(element).rpartition(":")[2]
        if name and name != TOOL:
            return name
    return ""


def reading(item: _Element, where: str, site: str, default_id: str | None) -> Reading:
    """Return the article of a news item."""
    meta, content = child(item, "itemMeta"), child(item, "contentMeta")
    status, source = _status(meta), _source(item)
    embargo = text_of(child(meta, "embargoed")) or None
    language = child(content, "language")
    fields = Fields({"urgency": text_of(child(content, "urgency")), "version": item.get("version")}, where)
    found = article(
        fields, ArticleRef(site, checked_id(article_id(item.get("guid", "")) or default_id or "", "guid", where)),
        text_of(child(content, "headline")) or text_of(child(meta, "title")), _body(item), event=_event(meta, status, embargo),
        dateline=text_of(child(content, "dateline")), tags=existing(carried(item)),
        language=(language.get("tag") if language is not None else None) or item.get(LANGUAGE), byline=text_of(child(content, "by")),
        credit=text_of(child(content, "creditline")), source=source, revision=fields.whole("version"),
        version_created=text_of(child(meta, "versionCreated")),
    )  # fmt: skip
    usage = text_of(child(item, "rightsInfo", "usageTerms"))
    return Reading(found, WireFacts(item.get("version", ""), status, fields.whole("urgency"), embargo, usage, source))


def _items(root: _Element) -> list[_Element]:
    """Return the text items of a document, or all its news items when none says that it is text."""
    items = [root] if local(root) == "newsItem" else [e for s in children(root, "itemSet") for e in children(s, "newsItem")]
    text = [item for item in items if _code(child(item, "itemMeta", "itemClass")).endswith(("ninat:text", "ninature/text"))]
    return text or items


class NewsmlReader:
    """Reads NewsML-G2."""

    name = "newsml-g2"
    suffixes: tuple[str, ...] = (".xml",)

    def claims(self, look: Look) -> bool:
        """Tell whether a file is XML whose root is one of NewsML-G2's, or goes by the suffix: there is no other XML that is read."""
        return look.root in _ROOTS or look.suffix in self.suffixes

    def read(self, data: bytes, *, name: str, site: str) -> Article:
        """Return the article in a file that holds one."""
        return only(self.read_all(data, name=name, site=site), name)

    def read_all(self, data: bytes, *, name: str, site: str) -> Readings:
        """Return the article of every text item in a file."""
        root = parse_xml(data, name)
        items = _items(root) if local(root) in _ROOTS else []
        if not items:
            raise InputError("holds no NewsML-G2 news item", where=name, next_step="name a newsItem, or a newsMessage with one in it")
        return [self._one(item, name if len(items) == 1 else f"{name} item {at}", site, name) for at, item in enumerate(items, 1)]

    def _one(self, item: _Element, where: str, site: str, name: str) -> Reading | InputError:
        try:
            return reading(item, where, checked_id(site, "site", where), id_of(name))
        except InputError as error:
            return error


NEWSML = NewsmlReader()

"""Taggings as IPTC NewsML-G2 2.35 news items: the article, and the written tags as its subjects, with how, why and how sure.

``how`` is howextr:tool; ``why`` is why:ancestor for a derived topic, else why:inferred. A concept of a public vocabulary has a QCode of
the IPTC catalogue, any other a ``literal``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from newstagger.domain import Article, Event, Facet, Role, Tag, Tagging, Text
from newstagger.formats.carriage import ANSWER, TOOL, language_tag, maker, percent, relevance, timestamp, written
from newstagger.formats.identifiers import CATALOGUE, article_uri, qcode
from newstagger.formats.newsml import LANGUAGE, NAMESPACE
from newstagger.formats.xmltext import storable

if TYPE_CHECKING:
    from lxml.etree import _Element

VERSION = "2.35"
_TYPES = {Facet.TOPIC: "cpnat:abstract", Facet.REGION: "cpnat:geoArea"}


def clock() -> str:
    """Return the time now, in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _add(parent: _Element, name: str, text: str = "", **attributes: str) -> _Element:
    """Add an element with text and attributes that XML can hold."""
    from lxml import etree

    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", {key: storable(value) for key, value in attributes.items()})
    element.text = storable(text) or None
    return element


def _identifier(concept: str) -> dict[str, str]:
    code = qcode(concept)
    return {"qcode": code} if code else {"literal": concept}


def _subject(meta: _Element, tag: Tag, creator: str) -> None:
    """Add one tag as a subject."""
    facet = _TYPES.get(tag.concept.facet)
    subject = _add(
        meta, "subject", **_identifier(tag.concept.id), **({"type": facet} if facet else {}), creatoruri=creator, how="howextr:tool",
        why="why:ancestor" if tag.role is Role.DERIVED else "why:inferred", confidence=str(percent(tag.score)),
        relevance=str(relevance(tag.role)),
    )  # fmt: skip
    _add(subject, "name", tag.concept.pref_label)
    for match in tag.concept.exact_match:
        _add(subject, "sameAs", **_identifier(match))


def _item_meta(item: _Element, article: Article, now: Callable[[], str]) -> None:
    meta = _add(item, "itemMeta")
    _add(meta, "itemClass", qcode="ninat:text")
    _add(meta, "provider", literal=article.source or TOOL)
    _add(meta, "versionCreated", timestamp(article.version_created) or now())
    _add(meta, "pubStatus", qcode="stat:canceled" if article.event is Event.KILL else "stat:usable")
    _add(meta, "generator", TOOL)


def _content_meta(item: _Element, article: Article, tagging: Tagging) -> None:
    meta = _add(item, "contentMeta")
    if article.source:
        _add(meta, "infoSource", literal=article.source)
    if language := language_tag(article.language):
        _add(meta, "language", tag=language)
    creator = f"urn:newstagger:{quote(maker(tagging), safe='@', errors='replace')}"
    for tag in written(tagging):
        _subject(meta, tag, creator)
    for name, text in (("headline", article.headline), ("by", article.byline), ("creditline", article.credit)):
        if text:
            _add(meta, name, text)


class NewsmlRenderer:
    """Renderer of NewsML-G2; ``now`` dates an item whose article does not tell its time, which the format asks for."""

    name = "newsml-g2"
    media_type = "application/vnd.iptc.g2.newsitem+xml"
    loses: tuple[str, ...] = (
        "silent tags", "suggested tags", "exact scores", "evidence", "taggers", "control characters", *ANSWER, "site", "revision", "event",
        "form",
    )  # fmt: skip

    def __init__(self, now: Callable[[], str] = clock) -> None:
        self._now = now

    def render(self, article: Article, text: Text, tagging: Tagging) -> str:
        """Return the news item as XML without a declaration, which is UTF-8."""
        from lxml import etree

        item = etree.Element(f"{{{NAMESPACE}}}newsItem", nsmap={None: NAMESPACE})
        told = {
            "guid": article_uri(article.ref.id), "version": str(max(article.revision or 1, 1)), "standard": "NewsML-G2",
            "standardversion": VERSION, "conformance": "power", LANGUAGE: language_tag(article.language) or "",
        }  # fmt: skip
        for name, value in told.items():
            if value:
                item.set(name, value)
        _add(item, "catalogRef", href=CATALOGUE)
        _item_meta(item, article, self._now)
        _content_meta(item, article, tagging)
        if article.body:
            _add(_add(item, "contentSet"), "inlineData", article.body, contenttype=article.media_type)
        return str(etree.tostring(item, encoding="unicode"))


NEWSML = NewsmlRenderer()

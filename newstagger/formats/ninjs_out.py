"""Taggings as IPTC ninjs 3.1 and 2.2 items: the article, and the written tags as its subjects.

Only ``subjects`` may say who made a tag, how relevant it is and how sure, so all tags stand there; regions stand under ``places``
once more. A concept that no public vocabulary knows has a ``literal`` in place of a ``uri``.
"""

from __future__ import annotations

from dataclasses import dataclass

from newstagger.contracts import Json
from newstagger.domain import Article, Event, Facet, Tag, Tagging, Text
from newstagger.formats.carriage import ANSWER, language_tag, maker, percent, relevance, timestamp, written
from newstagger.formats.identifiers import article_uri, concept_uri
from newstagger.jsontext import line_of

NEW_NAMES = {
    "versioncreated": "versionCreated", "pubstatus": "pubStatus", "infosources": "infoSources", "contenttype": "contentType",
}  # fmt: skip
"""Names that ninjs 3 spells in camel case."""


def _named(tag: Tag) -> dict[str, Json]:
    """Return the name, role and identifier of a tag."""
    uri = concept_uri(tag.concept.id)
    return {"name": tag.concept.pref_label, "rel": str(tag.role), **({"uri": uri} if uri else {"literal": tag.concept.id})}


def _subject(tag: Tag, creator: str) -> dict[str, Json]:
    """Return one subject with who made it and how sure."""
    return _named(tag) | {"creator": creator, "relevance": relevance(tag.role), "confidence": percent(tag.score)}


def _parties(article: Article) -> list[Json]:
    """Return credit line and source."""
    credit = [{"name": article.credit, "role": "creditline"}] if article.credit else []
    return credit + ([{"name": article.source, "role": "source"}] if article.source else [])


def _copy(article: Article) -> dict[str, Json]:
    """Return the article's own fields that are there."""
    killed = article.event is Event.KILL
    told: dict[str, Json] = {
        "version": "" if article.revision is None else str(article.revision),
        "versioncreated": timestamp(article.version_created),
        "pubstatus": "canceled" if killed else "",
        "language": language_tag(article.language),
        "by": article.byline,
        "headlines": [{"role": "main", "contenttype": "text/plain", "value": article.headline}] if article.headline else [],
        "bodies": [{"role": "main", "contenttype": article.media_type, "value": article.body}] if article.body else [],
        "infosources": _parties(article),
    }
    return {name: value for name, value in told.items() if value}


def _respelt(value: Json) -> Json:
    """Return a value with its names as ninjs 3 spells them."""
    if isinstance(value, list):
        return [_respelt(item) for item in value]
    return {NEW_NAMES.get(name, name): _respelt(item) for name, item in value.items()} if isinstance(value, dict) else value


@dataclass(eq=False)
class NinjsRenderer:
    """Renderer of one version of ninjs."""

    name: str
    version: str
    media_type: str = "application/json"
    loses: tuple[str, ...] = (
        "silent tags", "suggested tags", "exact scores", "evidence", "taggers", "exact matches", *ANSWER, "site", "event", "form",
    )  # fmt: skip

    def item(self, article: Article, tagging: Tagging) -> dict[str, Json]:
        """Return the item as a JSON object."""
        tags, creator = written(tagging), maker(tagging)
        item = {"uri": article_uri(article.ref.id), "type": "text", "standard": self._standard(), **_copy(article)}
        item["subjects"] = [_subject(tag, creator) for tag in tags]
        if places := [_named(tag) for tag in tags if tag.concept.facet is Facet.REGION]:
            item["places"] = places
        return _respelt(item) if self.version.startswith("3") else item

    def _standard(self) -> dict[str, Json]:
        return {"name": "ninjs", "version": self.version, "schema": f"http://www.iptc.org/std/ninjs/ninjs-schema_{self.version}.json#"}

    def render(self, article: Article, text: Text, tagging: Tagging) -> str:
        """Return the item as one line of JSON."""
        return line_of(self.item(article, tagging))


NINJS3, NINJS2 = NinjsRenderer("ninjs", "3.1"), NinjsRenderer("ninjs2", "2.2")

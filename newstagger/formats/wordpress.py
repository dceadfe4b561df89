"""WordPress posts as its REST API gives them (``/wp/v2/posts``): read only, since a post's terms are numbers that only its site knows."""

from __future__ import annotations

from collections.abc import Mapping

from newstagger.contracts import Json
from newstagger.domain import ArticleRef, Event
from newstagger.formats.charset import checked_id
from newstagger.formats.fields import Fields
from newstagger.formats.reading import JsonFormat, Reading, WireFacts, article, plain_of

_STATUSES = {"publish": Event.PUBLISH, "private": Event.PUBLISH, "future": Event.SCHEDULE, "trash": Event.KILL}
_NEVER = "0000-00-00"


def _is_rendered(value: Json) -> bool:
    return isinstance(value, dict) and ("rendered" in value or "raw" in value)


def recognises(table: Mapping[str, Json]) -> bool:
    """Tell whether an object is a post: title and content are rendered, the id is a number."""
    return _is_rendered(table.get("title")) and _is_rendered(table.get("content")) and isinstance(table.get("id"), int)


def _written(fields: Fields, name: str) -> str:
    """Return what an editor typed where the API shows it, else what readers see."""
    value = fields.within(name)
    return value.text("raw") or value.text("rendered")


def _byline(fields: Fields) -> str:
    """Return the author's name, which is there when the post was asked for with ``_embed``."""
    authors = fields.within("_embedded").each("author")
    return ", ".join(name for author in authors if (name := author.text("name")))[:500]


def _modified(fields: Fields) -> str:
    """Return when a post was changed; new drafts have none."""
    if (told := fields.text("modified_gmt")) and not told.startswith(_NEVER):
        return told if told.endswith("Z") else f"{told}Z"
    return ""


def reading(fields: Fields, site: str, default_id: str | None) -> Reading:
    """Return the article of a post."""
    event = _STATUSES.get(fields.word("status"), Event.DRAFT)
    found = article(
        fields, ArticleRef(site, checked_id(fields.word("id"), "id", fields.where)), plain_of(_written(fields, "title")),
        (_written(fields, "content"), "text/html"), event=event, language=fields.word("lang"), byline=_byline(fields),
        version_created=_modified(fields),
    )  # fmt: skip
    return Reading(found, WireFacts(status="canceled" if event is Event.KILL else ""))


WORDPRESS = JsonFormat("wordpress", recognises, reading)

"""Our own JSON article: what ``save``, lines of JSONL and rows of corpora hold. Every wrong field is one clear error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from newstagger.contracts import Json
from newstagger.domain import Article, ArticleRef, Event, ExistingTag, Origin
from newstagger.errors import InputError
from newstagger.formats.charset import checked_id, id_of
from newstagger.jsontext import loads

E = TypeVar("E", Event, Origin)
MEDIA_TYPES = ("text/plain", "text/html", "application/xhtml+xml")
_NAMES = {str: "a text", int: "a whole number", list: "a list", dict: "an object"}


class _Fields:
    """A JSON object whose fields are taken by type; ``where`` names it in errors."""

    def __init__(self, table: Mapping[str, Json], where: str) -> None:
        self.table, self.where = table, where

    def wrong(self, what: str, next_step: str = "correct the article") -> InputError:
        return InputError(what, where=self.where, next_step=next_step)

    def first(self, *names: str) -> tuple[str, Json]:
        """Return the first of these fields that is there and not null."""
        return next(((name, self.table[name]) for name in names if self.table.get(name) is not None), (names[0], None))

    def text(self, *names: str) -> str:
        """Return a field that is a text, or an empty one."""
        name, value = self.first(*names)
        if value is not None and not isinstance(value, str):
            raise self.wrong(f"{name} must be a text, not {_kind(value)}")
        return value or ""

    def identity(self, name: str, default: str | None) -> str:
        """Return a field that is an id: a text or a whole number."""
        _, value = self.first(name)
        if value is None:
            value = default
        if isinstance(value, bool) or not isinstance(value, str | int):
            what = f"the article has no {name}" if value is None else f"{name} must be a text or a whole number, not {_kind(value)}"
            raise self.wrong(what, f'give it "{name}"')
        return checked_id(str(value), name, self.where)

    def choice(self, name: str, kind: type[E], default: E) -> E:
        """Return a field that is one of a few words."""
        value = self.text(name)
        if value and value not in list(kind):
            raise self.wrong(f"unknown {name} {value[:40]!r}", f"one of: {', '.join(kind)}")
        return kind(value) if value else default


def _kind(value: Json) -> str:
    if isinstance(value, bool):
        return "true or false"
    return next((name for kind, name in _NAMES.items() if isinstance(value, kind)), "a number")


def _body(fields: _Fields) -> tuple[str, str]:
    """Return body and media type: ``html``, ``text``, or ``body`` with its ``media_type``."""
    if html := fields.text("html"):
        return html, "text/html"
    if text := fields.text("text"):
        return text, "text/plain"
    media_type = fields.text("media_type").split(";")[0].strip().lower() or "text/plain"
    if media_type not in MEDIA_TYPES:
        raise fields.wrong(f"unknown media_type {media_type[:40]!r}", f"one of: {', '.join(MEDIA_TYPES)}")
    return fields.text("body"), media_type


def _has_text(body: str, media_type: str) -> bool:
    """Tell whether anything stands between the tags; looks no further than the first words."""
    if media_type == "text/plain":
        return bool(body.strip())
    first, *rest = body.split("<")
    return bool(first.strip()) or any(piece.partition(">")[2].strip() for piece in rest)


def _copied_from(fields: _Fields, site: str) -> ArticleRef | None:
    _, value = fields.first("copied_from")
    if value is None:
        return None
    inner = _Fields(value if isinstance(value, dict) else {"id": value}, f"{fields.where}: copied_from")
    return ArticleRef(inner.identity("site", site), inner.identity("id", None))


def _existing_tags(fields: _Fields) -> tuple[ExistingTag, ...] | None:
    _, value = fields.first("existing_tags")
    if value is None:
        return None
    if not isinstance(value, list):
        raise fields.wrong(f"existing_tags must be a list, not {_kind(value)}")
    tags = []
    for item in value:
        inner = _Fields(item if isinstance(item, dict) else {"concept": item}, f"{fields.where}: existing_tags")
        tags.append(ExistingTag(inner.identity("concept", None), inner.choice("origin", Origin, Origin.HUMAN)))
    return tuple(tags)


def _revision(fields: _Fields) -> int | None:
    _, value = fields.first("revision")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise fields.wrong(f"revision must be a whole number, not {_kind(value)}")
    return value


def article_from_json(value: Json, *, site: str, where: str, default_id: str | None = None) -> Article:
    """Return the article that a JSON object describes; fields that we do not know are ignored.

    ``site`` and ``default_id`` stand in for missing fields. Raises InputError naming ``where`` for a wrong type, an unknown
    event, an id that cannot be one, or an article without any text.
    """
    if not isinstance(value, dict):
        raise InputError(f"an article must be a JSON object, not {_kind(value)}", where=where, next_step="write one object an article")
    fields = _Fields(value, where)
    headline = fields.text("headline", "title")
    body, media_type = _body(fields)
    if not headline.strip() and not _has_text(body, media_type):
        raise fields.wrong("the article has no text", 'give it "headline" and "text" or "html"')
    home = fields.identity("site", site)
    return Article(
        ArticleRef(home, fields.identity("id", default_id)), headline, body, media_type,
        language=fields.text("language", "lang") or None, byline=fields.text("byline"), credit=fields.text("credit"),
        source=fields.text("source"), revision=_revision(fields), copied_from=_copied_from(fields, home),
        version_created=fields.text("version_created", "date")[:100] or None, event=fields.choice("event", Event, Event.DRAFT),
        existing_tags=_existing_tags(fields),
    )  # fmt: skip


class ArticleJsonReader:
    """Reads ``.json``: one article as one object."""

    name = "article-json"
    suffixes: tuple[str, ...] = (".json",)

    def read(self, data: bytes, *, name: str, site: str) -> Article:
        """Return the article in a JSON file; without an id it has the file's name."""
        return article_from_json(loads(data, name), site=site, where=name, default_id=id_of(name))

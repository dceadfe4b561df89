"""Our own JSON article: what ``save``, lines of JSONL and rows of corpora hold. Every wrong field is one clear error."""

from __future__ import annotations

from newstagger.contracts import Json
from newstagger.domain import Article, ArticleRef, Event, ExistingTag, FormState, Origin
from newstagger.errors import InputError
from newstagger.formats.charset import id_of
from newstagger.formats.fields import Fields, kind_of
from newstagger.formats.reading import JsonFormat, Look, Reading, Readings, has_text, only
from newstagger.jsontext import loads

MEDIA_TYPES = ("text/plain", "text/html", "application/xhtml+xml")


def _body(fields: Fields) -> tuple[str, str]:
    """Return body and media type: ``html``, ``text``, or ``body`` with its ``media_type``."""
    if html := fields.text("html"):
        return html, "text/html"
    if text := fields.text("text"):
        return text, "text/plain"
    media_type = fields.text("media_type").split(";")[0].strip().lower() or "text/plain"
    if media_type not in MEDIA_TYPES:
        raise fields.wrong(f"unknown media_type {media_type[:40]!r}", f"one of: {', '.join(MEDIA_TYPES)}")
    return fields.text("body"), media_type


def _copied_from(fields: Fields, site: str) -> ArticleRef | None:
    _, value = fields.first("copied_from")
    if value is None:
        return None
    inner = Fields(value if isinstance(value, dict) else {"id": value}, f"{fields.where}: copied_from")
    return ArticleRef(inner.identity("site", site), inner.identity("id", None))


def _existing_tags(fields: Fields) -> tuple[ExistingTag, ...] | None:
    _, value = fields.first("existing_tags")
    if value is None:
        return None
    if not isinstance(value, list):
        raise fields.wrong(f"existing_tags must be a list, not {kind_of(value)}")
    tags = []
    for item in value:
        inner = Fields(item if isinstance(item, dict) else {"concept": item}, f"{fields.where}: existing_tags")
        tags.append(ExistingTag(inner.identity("concept", None), inner.choice("origin", Origin, Origin.HUMAN)))
    return tuple(tags)


def _form(fields: Fields) -> FormState | None:
    _, value = fields.first("form")
    if value is None:
        return None
    inner = fields.within("form")
    return FormState(_concepts(inner, "held"), _concepts(inner, "shown"))


def _concepts(fields: Fields, name: str) -> tuple[str, ...]:
    _, value = fields.first(name)
    if not (value is None or (isinstance(value, list) and all(isinstance(told, str) for told in value))):
        raise fields.wrong(f"{name} must be a list of concept ids")
    return tuple(value or ())


def _revision(fields: Fields) -> int | None:
    _, value = fields.first("revision")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise fields.wrong(f"revision must be a whole number, not {kind_of(value)}")
    return value


def article_from_json(value: Json, *, site: str, where: str, default_id: str | None = None) -> Article:
    """Return the article that a JSON object describes; fields that we do not know are ignored.

    ``site`` and ``default_id`` stand in for missing fields. Raises InputError naming ``where`` for a wrong type, an unknown
    event, an id that cannot be one, or an article without any text (a kill needs none).
    """
    if not isinstance(value, dict):
        raise InputError(f"an article must be a JSON object, not {kind_of(value)}", where=where, next_step="write one object an article")
    fields = Fields(value, where)
    headline = fields.text("headline", "title")
    body, media_type = _body(fields)
    event = fields.choice("event", Event, Event.DRAFT)
    if event is not Event.KILL and not headline.strip() and not has_text(body, media_type):
        raise fields.wrong("the article has no text", 'give it "headline" and "text" or "html"')
    home = fields.identity("site", site)
    return Article(
        ArticleRef(home, fields.identity("id", default_id)), headline, body, media_type,
        language=fields.text("language", "lang") or None, byline=fields.text("byline"), credit=fields.text("credit"),
        source=fields.text("source"), revision=_revision(fields), copied_from=_copied_from(fields, home),
        version_created=fields.text("version_created", "date")[:100] or None, event=event, existing_tags=_existing_tags(fields),
        form=_form(fields), saved_by=fields.text("saved_by"),
    )  # fmt: skip


def article_to_json(article: Article) -> dict[str, Json]:
    """Return an article as ``article_from_json`` reads it back, the very same; what is not known is left out."""
    tags, form, source = article.existing_tags, article.form, article.copied_from
    told: dict[str, Json] = {
        "site": article.ref.site, "id": article.ref.id, "event": str(article.event), "headline": article.headline, "body": article.body,
        "media_type": article.media_type, "language": article.language, "revision": article.revision,
        "version_created": article.version_created, "byline": article.byline, "credit": article.credit, "source": article.source,
        "saved_by": article.saved_by, "copied_from": None if source is None else {"site": source.site, "id": source.id},
        "existing_tags": None if tags is None else [{"concept": tag.concept, "origin": str(tag.origin)} for tag in tags],
        "form": None if form is None else {"held": list(form.held), "shown": list(form.shown)},
    }  # fmt: skip
    return {name: value for name, value in told.items() if value not in (None, "")}


def _reading(fields: Fields, site: str, default_id: str | None) -> Reading:
    """Return the article of an object, with what our JSON of wire items says beside it."""
    return Reading(article_from_json(fields.table, site=site, where=fields.where, default_id=default_id))


_ITEMS = JsonFormat("article-json", lambda _: True, _reading)


class ArticleJsonReader:
    """Reads ``.json``: one article as one object, or several in an array."""

    name = "article-json"
    suffixes: tuple[str, ...] = (".json",)

    def read(self, data: bytes, *, name: str, site: str) -> Article:
        """Return the article in a JSON file; without an id it has the file's name."""
        value = loads(data, name)
        if isinstance(value, list):
            return only(_ITEMS.read_value(value, where=name, site=site, default_id=id_of(name)), name)
        return article_from_json(value, site=site, where=name, default_id=id_of(name))

    def claims(self, look: Look) -> bool:
        """Tell whether a file goes by the suffix, which is all that tells our JSON."""
        return look.suffix in self.suffixes

    def read_all(self, data: bytes, *, name: str, site: str) -> Readings:
        """Return every article in a JSON file."""
        value = loads(data, name)
        if isinstance(value, list):
            return _ITEMS.read_value(value, where=name, site=site, default_id=id_of(name))
        return [Reading(article_from_json(value, site=site, where=name, default_id=id_of(name)))]

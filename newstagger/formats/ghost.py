"""Ghost posts as its APIs and webhooks give them: read only, since a post's tags are replaced as a whole and only its site knows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from newstagger.contracts import Json
from newstagger.domain import ArticleRef, Event
from newstagger.errors import InputError, NewstaggerError
from newstagger.formats.charset import checked_id
from newstagger.formats.fields import Fields
from newstagger.formats.reading import JsonFormat, Reading, WireFacts, article
from newstagger.jsontext import loads

_STATUSES = {"published": Event.PUBLISH, "sent": Event.PUBLISH, "scheduled": Event.SCHEDULE}
_BODIES = ("html", "lexical", "plaintext", "mobiledoc")
MAX_NODES = 200_000


def _posts(value: Json) -> Sequence[Json]:
    """Return the posts of an answer, of a webhook (the current one; of a deleted one the previous) or of a list."""
    if not isinstance(value, dict):
        return value if isinstance(value, list) else [value]
    if isinstance(value.get("posts"), list):
        return value["posts"]  # type: ignore[no-any-return]
    hook = value.get("post")
    if not isinstance(hook, dict):
        return [value]
    current, previous = hook.get("current"), hook.get("previous")
    return [current if current or not isinstance(previous, dict) else previous | {"status": "deleted"}]


def recognises(table: Mapping[str, Json]) -> bool:
    """Tell whether an object is a post: it has a title, a body of Ghost's, and two fields that posts there have."""
    signs = sum(sign in table for sign in ("uuid", "comment_id", "visibility", "lexical", "mobiledoc"))
    return isinstance(table.get("title"), str) and any(body in table for body in _BODIES) and signs >= 2


def _lexical(source: str, where: str) -> str:
    """Return the paragraphs of Ghost's editor format as HTML: the text of each block, without a recursion."""
    try:
        root = loads(source, where)
    except NewstaggerError as error:
        raise InputError("its lexical is broken JSON", where=where, next_step="ask Ghost for formats=html") from error
    blocks = Fields(root if isinstance(root, dict) else {}, where).within("root").each("children")
    lines = ("".join(_texts(block.table)) for block in blocks)
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines if line.strip())


def _texts(block: Mapping[str, Json]) -> list[str]:
    found: list[str] = []
    waiting: list[Json] = [block]
    while waiting and len(found) < MAX_NODES:
        node = waiting.pop()
        if isinstance(node, dict):
            text, inner = node.get("text"), node.get("children")
            found += [text] if isinstance(text, str) else []
            waiting += reversed(inner) if isinstance(inner, list) else []
    return found


def _body(fields: Fields) -> tuple[str, str]:
    if html := fields.text("html"):
        return html, "text/html"
    if lexical := fields.text("lexical"):
        return _lexical(lexical, fields.where), "text/html"
    return fields.text("plaintext"), "text/plain"


def reading(fields: Fields, site: str, default_id: str | None) -> Reading:
    """Return the article of a post."""
    deleted = fields.word("status") == "deleted"
    event = Event.KILL if deleted else _STATUSES.get(fields.word("status"), Event.DRAFT)
    authors = [author.text("name") for author in fields.each("authors")]
    found = article(
        fields, ArticleRef(site, checked_id(fields.word("id", "uuid") or default_id or "", "id", fields.where)), fields.text("title"),
        _body(fields), event=event, language=fields.text("locale"), byline=", ".join(name for name in authors if name)[:500],
        version_created=fields.text("updated_at", "published_at"),
    )  # fmt: skip
    return Reading(found, WireFacts(status="canceled" if deleted else ""))


GHOST = JsonFormat("ghost", recognises, reading, _posts)

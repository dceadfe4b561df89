"""An item of Superdesk as newstagger's Article; the text and its fields are read by newstagger's own reader of the format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from newstagger import Article, ArticleRef, Event
from newstagger.host import Host

READER = "superdesk"
KILLED = frozenset({"killed", "recalled", "unpublished", "spiked"})
"""States of a story that was withdrawn."""
_READ = (
    "headline", "body_html", "language", "byline", "creditline", "source", "dateline", "versioncreated",
)  # fmt: skip


def name_of(item: Mapping[str, Any]) -> str:
    """Return the item's name, the same at every save; '' where it has none."""
    return str(item.get("guid") or item.get("_id") or "")


def document(item: Mapping[str, Any]) -> bytes:
    """Return what newstagger reads of an item, as JSON: a copy, so that Superdesk may go on with its own."""
    told = {key: item[key] for key in _READ if item.get(key) is not None}
    told |= {"guid": name_of(item), "state": "draft", "headline": item.get("headline") or "", "_current_version": version(item) or 0}
    return json.dumps(told, default=_plain).encode("utf-8", "surrogatepass")


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def version(item: Mapping[str, Any]) -> int | None:
    """Return the number of the item's version, which grows with each save."""
    number = item.get("_current_version")
    return number if isinstance(number, int) else None


def source_of(item: Mapping[str, Any], site: str) -> ArticleRef | None:
    """Return the item that this one was made from: rewritten, duplicated or translated; None for one that was written anew."""
    name = item.get("rewrite_of") or item.get("original_id") or item.get("translated_from")
    return ArticleRef(site, str(name)) if name else None


def event_of(item: Mapping[str, Any]) -> Event:
    """Return why an item that is in this state is saved."""
    state = item.get("state")
    if state in KILLED:
        return Event.KILL
    if state == "scheduled" or _embargoed(item):
        return Event.SCHEDULE
    if state == "corrected":
        return Event.CORRECT
    return Event.PUBLISH if state == "published" else Event.DRAFT


def _embargoed(item: Mapping[str, Any]) -> bool:
    settings = item.get("schedule_settings")
    until = settings.get("utc_embargo") if isinstance(settings, Mapping) else None
    return isinstance(until, datetime) and (until if until.tzinfo else until.replace(tzinfo=UTC)) > datetime.now(UTC)


def read(host: Host, data: bytes, name: str, site: str, **said: Any) -> Article:
    """Return the Article of an item's document with what is said about the save; raise InputError when it cannot be read."""
    reader = next(reader for reader in host.readers() if reader.name == READER)
    article = reader.read(data, name=name, site=site)
    return replace(article, **said)


def is_empty(item: Mapping[str, Any]) -> bool:
    """Tell whether nothing was typed yet: the shell that the client makes before the editor writes."""
    return not (item.get("headline") or item.get("body_html"))

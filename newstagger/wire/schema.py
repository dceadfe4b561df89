"""The wire index's tables and how a row of them becomes a story."""

from __future__ import annotations

from typing import Any

from newstagger.domain import WireItem
from newstagger.wire.packing import unpack_words
from newstagger.wire.source import Story, day_of

SCHEMA = """
CREATE TABLE IF NOT EXISTS wire_meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS wire_feed (feed TEXT PRIMARY KEY, ingested REAL NOT NULL, agency TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS wire_item (
    doc INTEGER PRIMARY KEY AUTOINCREMENT, feed TEXT NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL, status TEXT NOT NULL,
    agency TEXT NOT NULL, headline TEXT NOT NULL, language TEXT, urgency INTEGER, embargo TEXT, usage TEXT NOT NULL,
    version_created TEXT, ingested TEXT, current INTEGER NOT NULL, string BLOB NOT NULL, words BLOB NOT NULL,
    UNIQUE (feed, id, version)
);
CREATE TABLE IF NOT EXISTS wire_post (
    h INTEGER NOT NULL, doc INTEGER NOT NULL, quoted INTEGER NOT NULL, PRIMARY KEY (h, doc)
) WITHOUT ROWID;
"""
"""Post lists which current story holds which shingle (the hash as a signed number), and whether in quotes."""

ITEM = "feed, id, version, status, agency, headline, language, urgency, embargo, usage, version_created, ingested"
STORY = f"doc, words, {ITEM}"


def item_of(row: tuple[Any, ...]) -> WireItem:
    """Return the item of a row of the ``ITEM`` columns, without its body."""
    feed, name, version, status, agency, headline, language, urgency, embargo, usage, created, ingested = row
    return WireItem(feed, name, headline, "", "text/plain", version, status, agency, language, urgency, embargo, usage, created, ingested)


def row_of(item: WireItem) -> tuple[Any, ...]:
    """Return the ``ITEM`` columns of an item."""
    return (
        item.feed, item.id, item.version, item.status, item.agency, item.headline, item.language, item.urgency, item.embargo,
        item.usage, item.version_created, item.ingested,
    )  # fmt: skip


def story_of(row: tuple[Any, ...]) -> Story:
    """Return the story of a row of the ``STORY`` columns; raises ValueError on damage."""
    doc, words, *columns = row
    item = item_of(tuple(columns))
    return Story(doc, item, unpack_words(words), day_of(item))

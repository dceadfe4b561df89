"""The wire index: stories and their shingles in the newsroom's SQLite file, looked up by what an article shares with them.

Of an item that came in several versions the newest is compared, the others are kept as history. A notice that withdraws an
item leaves its words in place and changes their status: the desk wants to know that it printed a story that was killed.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from newstagger.database import connect, connect_read_only, state_error, transaction
from newstagger.domain import Text, WireItem
from newstagger.errors import StateError
from newstagger.wire.ingest import WITHDRAWN, newer
from newstagger.wire.normalise import Words, words_of
from newstagger.wire.packing import pack_string, pack_words, unpack_string, unpack_words
from newstagger.wire.schema import ITEM, SCHEMA, STORY, item_of, row_of, story_of
from newstagger.wire.shingles import fingerprint
from newstagger.wire.source import TOO_COMMON, Holders, Story, stamp_of

BATCH = 500
AT_ONCE = 5_000
KEPT = 256
"""So many stories stay unpacked in memory: articles of one day meet the same ones. A stored version never changes."""


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """A feed as the index knows it; ``ingested`` is when it was last read without error, in seconds since 1970."""

    feed: str
    agency: str
    items: int
    ingested: float


class WireIndex:
    """Stories of any number of feeds, in one SQLite file. Safe to use from several threads; raises StateError only."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path, self._connection, self._lock = path, connection, threading.Lock()
        self._read: dict[int, Story] = {}
        self._made = False

    @classmethod
    def open(cls, path: Path) -> WireIndex:
        """Return the index in a file, made if it is not there."""
        return cls(path, connect(path, SCHEMA, timeout=10.0))

    @classmethod
    def open_read_only(cls, path: Path) -> WireIndex | None:
        """Return the index in a file, or None when there is none: nothing is ever written."""
        index = cls.watch(path)
        if index is None or index.made:
            return index
        index.close()
        return None

    @classmethod
    def watch(cls, path: Path) -> WireIndex | None:
        """Return what is or will be the index in a file, to be read from once it is ``made``; None when there is no file."""
        connection = connect_read_only(path)
        return None if connection is None else cls(path, connection)

    @property
    def made(self) -> bool:
        """Whether the file holds a wire index: it may hold a newsroom's other tables only."""
        self._made = self._made or bool(self._rows("SELECT 1 FROM sqlite_master WHERE name = 'wire_post'"))
        return self._made

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def add(self, items: Iterable[tuple[WireItem, Text]], now: float) -> int:
        """Store items with their texts, in batches; return how many. ``now`` (seconds since 1970) counts as a successful ingest."""
        count, batch = 0, list[tuple[WireItem, Text]]()
        for pair in items:
            batch.append(pair)
            if len(batch) == BATCH:
                count, batch = count + self._add(batch, now), []
        return count + (self._add(batch, now) if batch else 0)

    def seen(self, feed: str, now: float, agency: str = "") -> None:
        """Note that a feed was read without error, even if it held nothing new."""
        with self._lock, transaction(self._connection, self._path) as cursor:
            _seen(cursor, feed, now, agency)

    def status(self) -> tuple[FeedStatus, ...]:
        """Return the feeds, by name, with how many current stories each has."""
        found = self._rows(
            "SELECT f.feed, f.agency, (SELECT count(*) FROM wire_item i WHERE i.feed = f.feed AND i.current = 1), f.ingested"
            " FROM wire_feed f ORDER BY f.feed"
        )
        return tuple(FeedStatus(*row) for row in found)

    @property
    def fresh_at(self) -> float | None:
        """When any feed was last read without error, in seconds since 1970; None for an empty index."""
        value = self._rows("SELECT max(ingested) FROM wire_feed")[0][0]
        return None if value is None else float(value)

    def silent_feeds(self, before: float, after: float) -> tuple[str, ...]:
        """Return the feeds last read without error before one moment and after another, by name (seconds since 1970).

        A feed that never held an item has fallen silent for nobody: a name mistyped once must not stop every check.
        """
        query = (
            "SELECT feed FROM wire_feed f WHERE ingested < ? AND ingested > ?"
            " AND EXISTS (SELECT 1 FROM wire_item i WHERE i.feed = f.feed) ORDER BY feed"
        )
        rows = self._rows(query, (before, after))
        return tuple(feed for (feed,) in rows)

    @property
    def generation(self) -> int:
        """A number that grows with every change of the stories."""
        found = self._rows("SELECT value FROM wire_meta WHERE key = 'generation'")
        return int(found[0][0]) if found else 0

    @property
    def empty(self) -> bool:
        """Whether there is no story."""
        return not self._rows("SELECT 1 FROM wire_item WHERE current = 1 LIMIT 1")

    def __len__(self) -> int:
        return int(self._rows("SELECT count(*) FROM wire_item WHERE current = 1")[0][0])

    def versions(self, feed: str, name: str) -> tuple[tuple[str, str, bool], ...]:
        """Return an item's history in the order of arrival: version, status, and whether it is the one compared."""
        found = self._rows("SELECT version, status, current FROM wire_item WHERE feed = ? AND id = ? ORDER BY doc", (feed, name))
        return tuple((version, status, bool(current)) for version, status, current in found)

    def history(self, feed: str, name: str) -> tuple[WireItem, ...]:
        """Return all versions of an item without their bodies, in the order of arrival."""
        query = f"SELECT {ITEM} FROM wire_item WHERE feed = ? AND id = ? ORDER BY doc"  # noqa: S608 (columns only)
        return tuple(item_of(row) for row in self._rows(query, (feed, name)))

    def string(self, feed: str, name: str, version: str) -> str | None:
        """Return the text of one version, to which the wire offsets of its passages refer; None when it is not there."""
        found = self._rows("SELECT string FROM wire_item WHERE feed = ? AND id = ? AND version = ?", (feed, name, version))
        return self._sound(unpack_string, found[0][0]) if found else None

    def holders(self, hashes: Sequence[int]) -> list[Holders]:
        """Return who holds each shingle; see ``Source``."""
        marks = ",".join("?" * len(hashes))
        query = f"SELECT h, doc, quoted FROM wire_post WHERE h IN ({marks}) ORDER BY h LIMIT {AT_ONCE}"  # noqa: S608 (marks only)
        rows = self._rows(query, tuple(hashes))
        held: dict[int, list[tuple[int, bool]]] = {}
        for value, doc, quoted in rows:
            held.setdefault(value, []).append((doc, quoted))
        if len(rows) == AT_ONCE:
            held |= self._one_by_one(sorted({value for value in hashes if value >= rows[-1][0]}))
        return [held.get(value, ()) for value in hashes]

    def _one_by_one(self, hashes: Sequence[int]) -> dict[int, list[tuple[int, bool]]]:
        """Return the rest for an article full of common shingles, of which no more is read than shows how common they are."""
        query = f"SELECT doc, quoted FROM wire_post WHERE h = ? LIMIT {TOO_COMMON + 1}"  # noqa: S608 (a number of our own)
        return {value: self._rows(query, (value,)) for value in hashes}

    def stories(self, docs: Sequence[int]) -> list[Story]:
        """Return stories in the order asked for; see ``Source``."""
        if missing := [doc for doc in docs if doc not in self._read]:
            query = f"SELECT {STORY} FROM wire_item WHERE doc IN ({','.join('?' * len(missing))})"  # noqa: S608 (marks only)
            if len(self._read) > KEPT:
                self._read = {}
            self._read |= {row[0]: self._sound(story_of, row) for row in self._rows(query, tuple(missing))}
        return [story for doc in docs if (story := self._read.get(doc)) is not None]

    def _rows(self, query: str, values: tuple[Any, ...] = ()) -> list[Any]:
        try:
            with self._lock:
                return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise state_error(error, self._path) from None

    def _sound(self, read: Any, data: Any) -> Any:
        try:
            return read(data)
        except (ValueError, TypeError) as error:
            raise StateError(str(error), where=str(self._path), next_step="feed the wire index anew") from None

    def _add(self, batch: list[tuple[WireItem, Text]], now: float) -> int:
        prepared = [(replace(item, ingested=item.ingested or stamp_of(now)), text.string, words_of(text)) for item, text in batch]
        with self._lock, transaction(self._connection, self._path) as cursor:
            posts: dict[int, list[tuple[int, int]]] = {}
            for item, string, words in prepared:
                self._store(cursor, item, string, words, posts)
                _seen(cursor, item.feed, now, item.agency)
            rows = sorted((h, doc, quoted) for doc, held in posts.items() for h, quoted in held)
            cursor.executemany("INSERT OR REPLACE INTO wire_post VALUES (?, ?, ?)", rows)
            cursor.execute("INSERT INTO wire_meta VALUES ('generation', 1) ON CONFLICT (key) DO UPDATE SET value = value + 1")
        return len(batch)

    def _store(self, cursor: sqlite3.Cursor, item: WireItem, string: str, words: Words, posts: dict[int, list[tuple[int, int]]]) -> None:
        """Write one version; put the posts of its shingles into ``posts`` if it is now the current one."""
        query = "SELECT doc, version, string, words FROM wire_item WHERE feed = ? AND id = ? AND current = 1"
        old = cursor.execute(query, (item.feed, item.id)).fetchone()
        current = old is None or newer(item.version, old[1])
        packed = (pack_string(string), pack_words(words))
        if old is not None and current:
            before = self._sound(unpack_words, old[3])
            if item.status in WITHDRAWN and len(words) < len(before):
                packed, words = (old[2], old[3]), before
            cursor.execute("UPDATE wire_item SET current = 0 WHERE doc = ?", (old[0],))
            if posts.pop(old[0], None) is None:
                cursor.executemany("DELETE FROM wire_post WHERE h = ? AND doc = ?", [(h, old[0]) for h, _ in postings(before)])
        cursor.execute("DELETE FROM wire_item WHERE feed = ? AND id = ? AND version = ?", (item.feed, item.id, item.version))
        marks = ",".join("?" * 15)
        columns = f"{ITEM}, current, string, words"
        cursor.execute(f"INSERT INTO wire_item ({columns}) VALUES ({marks})", (*row_of(item), current, *packed))  # noqa: S608
        doc = int(cursor.lastrowid or 0)
        if current:
            posts[doc] = postings(words)


def postings(words: Words) -> list[tuple[int, int]]:
    """Return each shingle of a text that is looked up by, as a signed number, once, with whether it ever stands in quotes."""
    _, hashes, quoted = fingerprint(words)
    found: dict[int, int] = {}
    for value, in_quotes in zip(hashes.view("int64").tolist(), quoted.tolist(), strict=True):
        found[value] = found.get(value, 0) | in_quotes
    return list(found.items())


def _seen(cursor: sqlite3.Cursor, feed: str, now: float, agency: str) -> None:
    cursor.execute(
        "INSERT INTO wire_feed VALUES (?, ?, ?) ON CONFLICT (feed) DO UPDATE SET ingested = excluded.ingested,"
        " agency = CASE excluded.agency WHEN '' THEN agency ELSE excluded.agency END",
        (feed, now, agency),
    )

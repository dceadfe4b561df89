"""What was answered to each save, append-only: the memory behind ``unchanged``, ``explain`` and an editor's silent changes."""

from __future__ import annotations

import json
import sqlite3
import threading
import zlib
from dataclasses import dataclass
from pathlib import Path

from newstagger.database import connect, state_error, transaction
from newstagger.domain import ArticleRef, Tagging
from newstagger.errors import StateError
from newstagger.formats.tagging_json import tagging_from_json, tagging_to_json
from newstagger.jsontext import canonical
from newstagger.newsroom.schema import SCHEMA

COLUMNS = "site, id, at, work_key, reuse_state, wishes, seen, tagging"


@dataclass(frozen=True, slots=True)
class SaveRecord:
    """One answered save. ``wishes`` is a digest of what the editors wanted, ``seen`` the concepts that the CMS held (None: not told)."""

    ref: ArticleRef
    at: str
    work_key: str
    reuse_state: str
    wishes: str
    seen: tuple[str, ...] | None
    tagging: Tagging


class SqliteAudit:
    """The audit log in the newsroom's SQLite file; opened at the first use, safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connect(self._path, SCHEMA)
        return self._connection

    def remember(self, record: SaveRecord) -> None:
        """Append one record; raise StateError when it could not be stored."""
        tagging = zlib.compress(canonical(tagging_to_json(record.tagging, everything=True)))
        seen = json.dumps(record.seen)
        row = (record.ref.site, record.ref.id, record.at, record.work_key, record.reuse_state, record.wishes, seen, tagging)
        with self._lock, transaction(self._open(), self._path) as cursor:
            cursor.execute(f"INSERT INTO audit_save({COLUMNS}) VALUES (?,?,?,?,?,?,?,?)", row)  # noqa: S608 - a constant

    def last(self, ref: ArticleRef) -> SaveRecord | None:
        """Return the newest record of an article, or None; raise StateError when the log cannot be read."""
        if self._connection is None and not self._path.exists():
            return None
        query = f"SELECT {COLUMNS} FROM audit_save WHERE site = ? AND id = ? ORDER BY seq DESC LIMIT 1"  # noqa: S608 - a constant
        try:
            with self._lock:
                row = self._open().execute(query, (ref.site, ref.id)).fetchone()
        except sqlite3.Error as error:
            raise state_error(error, self._path) from None
        return None if row is None else self._record(*row)

    def _record(self, site: str, article: str, at: str, key: str, state: str, wishes: str, seen: str, blob: bytes) -> SaveRecord:
        try:
            tagging = tagging_from_json(json.loads(zlib.decompress(blob)))
            held = json.loads(seen)
        except (zlib.error, ValueError, KeyError, TypeError):
            raise StateError("a stored tagging is damaged", where=str(self._path), next_step="restore the file from a backup") from None
        return SaveRecord(ArticleRef(site, article), at, key, state, wishes, None if held is None else tuple(held), tagging)

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

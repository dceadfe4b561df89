"""The part of the newsroom's SQLite file that saves need: the tables of the ledger and of the audit log, and one way to them.

The tables are made together, so that reading one never waits for a writer to make it; nothing is made before something is stored.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from newstagger.database import connect, connect_read_only, state_error, transaction
from newstagger.errors import StateError

SCHEMA = """
CREATE TABLE IF NOT EXISTS ledger_decision(
    seq INTEGER PRIMARY KEY, site TEXT NOT NULL, id TEXT NOT NULL, concept TEXT NOT NULL, action TEXT NOT NULL, by TEXT NOT NULL,
    at TEXT NOT NULL, text_hash TEXT NOT NULL, bundle TEXT NOT NULL, shown INTEGER NOT NULL, reason TEXT NOT NULL,
    revision INTEGER);
CREATE INDEX IF NOT EXISTS ledger_article ON ledger_decision(site, id);
CREATE TRIGGER IF NOT EXISTS ledger_append_only BEFORE UPDATE ON ledger_decision
    BEGIN SELECT RAISE(ABORT, 'decisions are never changed'); END;
CREATE TABLE IF NOT EXISTS audit_save(
    seq INTEGER PRIMARY KEY, site TEXT NOT NULL, id TEXT NOT NULL, at TEXT NOT NULL, work_key TEXT NOT NULL, reuse_state TEXT NOT NULL,
    wishes TEXT NOT NULL, seen TEXT NOT NULL, tagging BLOB NOT NULL, revision INTEGER, rules TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS audit_article ON audit_save(site, id, seq);
CREATE TABLE IF NOT EXISTS kept_text(
    site TEXT NOT NULL, id TEXT NOT NULL, text_hash TEXT NOT NULL, at TEXT NOT NULL, article BLOB NOT NULL,
    PRIMARY KEY (site, id, text_hash)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS kept_at ON kept_text(at);
"""
LATER_COLUMNS = {
    "audit_save": {"revision": "INTEGER", "rules": "TEXT NOT NULL DEFAULT ''"},
    "ledger_decision": {"revision": "INTEGER"},
}
"""Columns that a file of an earlier release lacks, by table."""


class StateFile:
    """One connection to the newsroom's file, opened at the first use and shared between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def append(self, table: str, columns: str, row: tuple[Any, ...]) -> None:
        """Store one row durably, once where the table has a key; raise StateError when it could not be stored."""
        marks = ",".join("?" * len(row))
        with self._lock, transaction(self._open(), self.path) as cursor:
            cursor.execute(f"INSERT OR IGNORE INTO {table}({columns}) VALUES ({marks})", row)  # noqa: S608 (names of our own)

    def erase(self, table: str, where: str, values: tuple[Any, ...]) -> int:
        """Overwrite and delete rows; return how many; raise StateError when they could not be erased."""
        if not self.path.exists():
            return 0
        with self._lock:
            connection = self._open()
            with transaction(connection, self.path) as cursor:
                cursor.execute("PRAGMA secure_delete=ON")
                erased = cursor.execute(f"DELETE FROM {table} WHERE {where}", values).rowcount  # noqa: S608 (names of our own)
            with suppress(sqlite3.Error):  # a reader may hold the log; the next checkpoint takes it in
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return erased

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query, none where there is no file yet; raise StateError when the file cannot be read."""
        with self._lock:
            try:
                self.path.stat()
                return self._readable().execute(query, values).fetchall()
            except FileNotFoundError:
                return []
            except (OSError, sqlite3.Error) as error:
                raise state_error(error, self.path) from None

    def _readable(self) -> sqlite3.Connection:
        """Return a connection to read from: where nothing can be written, what was decided still holds."""
        try:
            return self._open()
        except StateError:
            connection = connect_read_only(self.path)
            if connection is None:
                raise
            return connection

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = _extended(connect(self.path, SCHEMA), self.path)
        return self._connection


def _extended(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """Return the connection to a file that has every column of this release."""
    for table, columns in LATER_COLUMNS.items():
        present = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
        for name in sorted(columns.keys() - present):
            with transaction(connection, path) as cursor:
                cursor.execute(f"ALTER TABLE {table} ADD COLUMN {name} {columns[name]}")
    return connection

"""The newsroom's SQLite file but for the wire index: the tables of ledger, audit log, archive, jobs and review queue.

The tables are made together, so that reading one never waits for a writer to make it; nothing is made before something is stored.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
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
CREATE TABLE IF NOT EXISTS job(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, site TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER,
    keep INTEGER NOT NULL, payload BLOB NOT NULL, due REAL NOT NULL, stamped REAL NOT NULL, held INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0, dead INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS job_article ON job(site, id);
CREATE INDEX IF NOT EXISTS job_due ON job(dead, kind, due);
CREATE TABLE IF NOT EXISTS seen_key(key TEXT PRIMARY KEY, digest TEXT NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS seen_until ON seen_key(until);
CREATE TABLE IF NOT EXISTS review_item(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, origin TEXT NOT NULL,
    by TEXT NOT NULL, at TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', text_hash TEXT NOT NULL, article BLOB,
    told TEXT NOT NULL, digest TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS review_article ON review_item(site, id, text_hash);
CREATE INDEX IF NOT EXISTS review_waiting ON review_item(site, state);
CREATE TABLE IF NOT EXISTS write_probe(one INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
"""
LATER_COLUMNS = {
    "audit_save": {"revision": "INTEGER", "rules": "TEXT NOT NULL DEFAULT ''"},
    "ledger_decision": {"revision": "INTEGER"},
}
"""Columns that a file of an earlier release lacks, by table."""
PROBE_BYTES = 64 << 10
"""What a look whether the file can be written writes: as much as a long article."""
UNSTORABLE = (ValueError, TypeError, OverflowError, sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError)
"""What SQLite raises for a value that no column takes: half a surrogate pair, nothing where something must be, an endless number."""


class StateFile:
    """One connection to the newsroom's file, opened at the first use and shared between threads.

    ``patience`` is how long a write waits for another process's, in seconds.
    """

    def __init__(self, path: Path, *, patience: float = 0.25) -> None:
        self.path, self._patience = path, patience
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._cursor: sqlite3.Cursor | None = None
        self._erased = False

    def append(self, table: str, columns: str, row: tuple[Any, ...]) -> None:
        """Store one row durably, once where the table has a key; raise StateError when it could not be stored."""
        marks = ",".join("?" * len(row))
        with self._writing() as cursor:
            try:
                cursor.execute(f"INSERT INTO {table}({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING", row)  # noqa: S608 (names of our own)
            except UNSTORABLE as error:
                raise _unstorable(error, self.path) from None

    def change(self, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """Run one statement durably and return the rows that its RETURNING names; raise StateError when it was not stored."""
        with self._writing() as cursor:
            try:
                return cursor.execute(statement, values).fetchall()
            except UNSTORABLE as error:
                raise _unstorable(error, self.path) from None

    def erase(self, table: str, where: str, values: tuple[Any, ...]) -> int:
        """Overwrite and delete rows; return how many; raise StateError when they could not be erased."""
        if not self._present():
            return 0
        with self._writing() as cursor:
            self._erased = True
            return cursor.execute(f"DELETE FROM {table} WHERE {where}", values).rowcount  # noqa: S608 (names of our own)

    def expect_writable(self) -> None:
        """Write as much as a save would, durably, and let it go again; raise StateError where that fails.

        Where there is no file yet, none is made: the folder it will stand in, or the nearest one above, is written to.
        """
        try:
            _write_beside(self.path)
        except OSError as error:
            raise state_error(error, self.path) from None
        if self._present():
            self.change("INSERT INTO write_probe(one, bytes) VALUES (1, ?) ON CONFLICT(one) DO UPDATE SET bytes = excluded.bytes", (b"",))

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make the writes of a block one transaction, one inside another included; raise StateError when they were not stored.

        Where there is no file yet, none is made for a block that writes nothing.
        """
        if self._present():
            with self._writing():
                yield
        else:
            yield

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Cursor]:
        with self._lock:
            if self._cursor is not None:
                yield self._cursor
                return
            connection = self._open()
            self._erased = False
            with transaction(connection, self.path) as cursor:
                self._cursor = cursor
                try:
                    yield cursor
                finally:
                    self._cursor = None
            if self._erased:
                self._empty_log(connection)

    @staticmethod
    def _empty_log(connection: sqlite3.Connection) -> None:
        """Take the write-ahead log into the file: what was erased stands in it still."""
        with suppress(sqlite3.Error):  # a reader may hold the log; the next checkpoint takes it in
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def pages(self, query: str, start: tuple[Any, ...], width: int) -> Iterator[tuple[Any, ...]]:
        """Return the rows of a query page by page, so that a long table is never held whole, nor the file kept from writers.

        The query goes on after the first ``width`` values of a row, which order it; ``start`` is what comes before all of them.
        """
        while page := self.rows(query, start):
            yield from page
            start = page[-1][:width]

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query, none where there is no file yet; raise StateError when the file cannot be read."""
        with self._lock:
            if not self._present():
                return []
            try:
                return self._readable().execute(query, values).fetchall()
            except UNSTORABLE as error:
                raise _unstorable(error, self.path) from None
            except sqlite3.Error as error:
                if "no such table" in str(error):  # nothing was ever stored: not even the tables could be made
                    return []
                raise state_error(error, self.path) from None

    def _present(self) -> bool:
        """Tell whether there is a file; raise StateError where that cannot be seen."""
        try:
            self.path.stat()
        except FileNotFoundError:
            return False
        except (OSError, ValueError) as error:
            raise state_error(error, self.path) from None
        return True

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
            connection = connect(self.path, SCHEMA, timeout=self._patience)
            try:
                connection.execute("PRAGMA secure_delete=ON")
                lacking = _lacking(connection)
            except sqlite3.Error as error:
                raise state_error(error, self.path) from None
            if lacking:
                with transaction(connection, self.path) as cursor:
                    for column in _lacking(connection):  # another process may have been quicker
                        cursor.execute(f"ALTER TABLE {column}")
            self._connection = connection
        return self._connection


def _write_beside(path: Path) -> None:
    """Write a file without a name next to where one stands or will stand; raise OSError."""
    folder = next(folder for folder in path.absolute().parents if folder.exists())
    with TemporaryFile(dir=folder) as file:
        file.write(bytes(PROBE_BYTES))
        file.flush()
        os.fsync(file.fileno())


def _unstorable(error: Exception, path: Path) -> StateError:
    """Say that a value is at fault, not the file, and without the value, which may be a name or a text."""
    why = str(error) if isinstance(error, sqlite3.IntegrityError) else type(error).__name__
    return StateError(f"a value cannot be stored ({why})", where=str(path), next_step="hand in whole text and whole numbers")


def _lacking(connection: sqlite3.Connection) -> list[str]:
    """Return the columns of this release that the file does not have yet, as SQL adds them."""
    present = {table: {row[1] for row in connection.execute(f"PRAGMA table_info({table})")} for table in LATER_COLUMNS}
    return [
        f"{table} ADD COLUMN {name} {kind}"
        for table, columns in LATER_COLUMNS.items()
        for name, kind in columns.items()
        if name not in present[table]
    ]

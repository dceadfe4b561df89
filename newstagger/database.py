"""Opens the newsroom's one SQLite file: write-ahead log, mode 0600, each part with tables of its own.

Ledger, audit log and wire index call ``connect`` with their schema; none of them reads another's tables.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from newstagger.errors import StateError

PAUSE = (0.0005, 0.003)
"""Seconds between looks at a lock that another process holds: a write takes about as long."""
STEPS = {
    "locked": "is another process writing? try again",
    "not a database": "move the file away, put a copy of the newsroom's own back, or choose another --home",
    "malformed": "put a copy of the file back, or choose another --home",
}
"""What to do next, by a word of what SQLite said."""


class _Closing(sqlite3.Connection):
    """A connection that closes itself with its last user: a host has no end but that of its process (Python 3.13 warns otherwise)."""

    def __del__(self) -> None:
        with suppress(sqlite3.Error):  # one that never opened has nothing to close
            self.close()


def connect(path: Path, schema: str, *, timeout: float = 0.25) -> sqlite3.Connection:
    """Return a connection to the file, made if it is not there, with ``schema`` (idempotent SQL) applied.

    ``timeout`` is how long to wait for another writer, in seconds. Raises StateError.
    """
    made, opened = False, None
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = not path.exists()
        path.touch(mode=0o600, exist_ok=True)
        connection = opened = sqlite3.connect(path, timeout=timeout, check_same_thread=False, isolation_level=None, factory=_Closing)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.executescript(schema)
    except (OSError, sqlite3.Error) as error:
        if made and "locked" not in str(error):
            _remove_empty(path, opened)
        raise state_error(error, path) from None
    return connection


def _remove_empty(path: Path, connection: sqlite3.Connection | None) -> None:
    """Take away the file that was made for nothing: a full disk leaves one without tables, unless another process filled it."""
    with suppress(OSError, sqlite3.Error):
        if connection is not None and connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None:
            connection.close()
            path.unlink()


def connect_read_only(path: Path) -> sqlite3.Connection | None:
    """Return a read-only connection, or None when there is no such file. Raises StateError."""
    if not path.is_file():
        return None
    try:
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0.25, check_same_thread=False, factory=_Closing)
    except sqlite3.Error as error:
        raise state_error(error, path) from None


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Iterator[sqlite3.Cursor]:
    """Run the block in one transaction that takes the write lock at once; raises StateError and rolls back."""
    try:
        with closing(connection.cursor()) as cursor:
            _begin(cursor)
            try:
                yield cursor
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            cursor.execute("COMMIT")
    except sqlite3.Error as error:
        raise state_error(error, path) from None


def _begin(cursor: sqlite3.Cursor) -> None:
    """Take the write lock as soon as another process lets go of it, for as long as the connection's timeout says.

    SQLite's own wait looks less and less often, up to ten times a second: whoever came first may wait longest.
    """
    (patience,) = cursor.execute("PRAGMA busy_timeout").fetchone()
    until = time.monotonic() + patience / 1000
    cursor.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                cursor.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                    raise
            time.sleep(random.uniform(*PAUSE))  # noqa: S311 (no secret)
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {patience}")


def state_error(error: Exception, path: Path) -> StateError:
    """Return what SQLite or the file system said as one clear error."""
    what = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
    step = next((step for word, step in STEPS.items() if word in what), "check the space and permissions there, or choose another --home")
    return StateError(what, where=str(path), next_step=step)

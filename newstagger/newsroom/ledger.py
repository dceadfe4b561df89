"""What editors decided: append-only, one row a decision, the latest about a concept counts.

``SqliteLedger`` is for sites without a database of their own; an adapter with one implements ``contracts.Ledger`` there.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

from newstagger.database import connect, state_error, transaction
from newstagger.domain import Action, ArticleRef, EditorDecision
from newstagger.newsroom.schema import SCHEMA

COLUMNS = "site, id, concept, action, by, at, text_hash, bundle, shown, reason"


class SqliteLedger:
    """The ledger in the newsroom's SQLite file; opened at the first use, safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connect(self._path, SCHEMA)
        return self._connection

    def record(self, decision: EditorDecision) -> None:
        """Store a decision durably; raise StateError when it could not be stored."""
        d = decision
        row = (d.ref.site, d.ref.id, d.concept, str(d.action), d.by, d.at, d.text_hash, d.bundle, int(d.shown), d.reason)
        with self._lock, transaction(self._open(), self._path) as cursor:
            cursor.execute(f"INSERT INTO ledger_decision({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)", row)  # noqa: S608 - a constant

    def decisions(self, ref: ArticleRef) -> tuple[EditorDecision, ...]:
        """Return every decision on an article, oldest first."""
        return self._read("WHERE site = ? AND id = ?", (ref.site, ref.id))

    def all(self) -> tuple[EditorDecision, ...]:
        """Return every decision, oldest first."""
        return self._read("", ())

    def _read(self, where: str, values: tuple[str, ...]) -> tuple[EditorDecision, ...]:
        if self._connection is None and not self._path.exists():
            return ()
        try:
            with self._lock:
                rows = self._open().execute(f"SELECT {COLUMNS} FROM ledger_decision {where} ORDER BY seq", values).fetchall()  # noqa: S608
        except sqlite3.Error as error:
            raise state_error(error, self._path) from None
        return tuple(_decision(*row) for row in rows)

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None


def _decision(
    site: str, article: str, concept: str, action: str, by: str, at: str, text_hash: str, bundle: str, shown: int, reason: str
) -> EditorDecision:
    return EditorDecision(ArticleRef(site, article), concept, Action(action), by, at, text_hash, bundle, bool(shown), reason)


def wishes(decisions: Iterable[EditorDecision]) -> Mapping[str, bool]:
    """Return what the editors want now, by concept: True keep, False never. A rejection counts only if the tag had been shown."""
    wanted: dict[str, bool] = {}
    for decision in decisions:
        if decision.action.wants or decision.shown:
            wanted[decision.concept] = decision.action.wants
    return wanted

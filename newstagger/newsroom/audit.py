"""What was answered to each save, append-only: the memory behind ``unchanged``, ``explain`` and an editor's silent changes."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

from newstagger.contracts import SaveRecord
from newstagger.domain import ArticleRef
from newstagger.formats.tagging_json import tagging_from_json, tagging_to_json
from newstagger.jsontext import canonical
from newstagger.newsroom.statefile import StateFile
from newstagger.state import FAST

COLUMNS = "site, id, at, work_key, reuse_state, wishes, seen, tagging, revision, rules"
PAGE = 200


class SqliteAudit:
    """The audit log in the newsroom's SQLite file; safe to share between threads."""

    def __init__(self, file: StateFile) -> None:
        self._file = file
        self._read: tuple[tuple[Any, ...], SaveRecord | None] = ((), None)

    def remember(self, record: SaveRecord) -> None:
        """Append one record; raise StateError when it could not be stored."""
        tagging = zlib.compress(canonical(tagging_to_json(record.tagging, everything=True)), FAST)
        seen = json.dumps(record.seen)
        r = record
        row = (r.ref.site, r.ref.id, r.at, r.work_key, r.reuse_state, r.wishes, seen, tagging, r.revision, r.rules)
        self._file.append("audit_save", COLUMNS, row)

    def last(self, ref: ArticleRef) -> SaveRecord | None:
        """Return the newest record of an article, or None; raise StateError when the log cannot be read.

        A record that does not read back is as good as none: the article is tagged anew, and the ledger holds the decisions.
        """
        query = f"SELECT {COLUMNS} FROM audit_save WHERE site = ? AND id = ? ORDER BY seq DESC LIMIT 1"  # noqa: S608 (words of our own)
        if not (found := self._file.rows(query, (ref.site, ref.id))):
            return None
        row, record = self._read  # one save asks twice
        if found[0] != row:
            record = _record(*found[0])
            self._read = (found[0], record)
        return record

    def latest(self) -> Iterator[SaveRecord]:
        """Return the newest record of every article, in the order of their refs."""
        newest = f"SELECT MAX(seq) FROM audit_save WHERE (site, id) > (?, ?) GROUP BY site, id ORDER BY site, id LIMIT {PAGE}"  # noqa: S608
        query = f"SELECT {COLUMNS} FROM audit_save WHERE seq IN ({newest}) ORDER BY site, id"  # noqa: S608 (words of our own)
        for row in self._file.pages(query, ("", ""), 2):
            if (record := _record(*row)) is not None:
                yield record

    def forget(self, ref: ArticleRef) -> int:
        """Erase every record of an article; return how many; raise StateError when they could not be erased."""
        return self._file.erase("audit_save", "site = ? AND id = ?", (ref.site, ref.id))


def _record(
    site: str, article: str, at: str, key: str, state: str, wishes: str, seen: str, blob: bytes, revision: int | None, rules: str
) -> SaveRecord | None:
    try:
        tagging = tagging_from_json(json.loads(zlib.decompress(blob)))
        held = json.loads(seen)
    except (zlib.error, ValueError, KeyError, TypeError):
        return None
    ref = ArticleRef(site, article)
    return SaveRecord(ref, at, key, state, wishes, None if held is None else tuple(held), tagging, revision, rules)

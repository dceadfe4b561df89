"""What was answered to each save, append-only: the memory behind ``unchanged``, ``explain`` and an editor's silent changes."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from pathlib import Path

from newstagger.domain import ArticleRef, Tagging
from newstagger.formats.tagging_json import tagging_from_json, tagging_to_json
from newstagger.jsontext import canonical
from newstagger.newsroom.state import StateFile

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
    """The audit log in the newsroom's SQLite file; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._file = StateFile(path)

    def remember(self, record: SaveRecord) -> None:
        """Append one record; raise StateError when it could not be stored."""
        tagging = zlib.compress(canonical(tagging_to_json(record.tagging, everything=True)))
        seen = json.dumps(record.seen)
        row = (record.ref.site, record.ref.id, record.at, record.work_key, record.reuse_state, record.wishes, seen, tagging)
        self._file.append("audit_save", COLUMNS, row)

    def last(self, ref: ArticleRef) -> SaveRecord | None:
        """Return the newest record of an article, or None; raise StateError when the log cannot be read.

        A record that does not read back is as good as none: the article is tagged anew, and the ledger holds the decisions.
        """
        query = f"SELECT {COLUMNS} FROM audit_save WHERE site = ? AND id = ? ORDER BY seq DESC LIMIT 1"  # noqa: S608 (words of our own)
        found = self._file.rows(query, (ref.site, ref.id))
        return _record(*found[0]) if found else None


def _record(site: str, article: str, at: str, key: str, state: str, wishes: str, seen: str, blob: bytes) -> SaveRecord | None:
    try:
        tagging = tagging_from_json(json.loads(zlib.decompress(blob)))
        held = json.loads(seen)
    except (zlib.error, ValueError, KeyError, TypeError):
        return None
    return SaveRecord(ArticleRef(site, article), at, key, state, wishes, None if held is None else tuple(held), tagging)

"""What a job is, and the SQL that tells jobs apart: which are ready, which are older, which a claim still holds."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from newstagger.domain import ArticleRef

ERROR_LENGTH = 300
COLUMNS = "seq, kind, site, id, revision, tries, due, error, dead, held"
READY = "dead = 0 AND kind = ? AND (due <= ? OR stamped > ?) AND site NOT IN (SELECT value FROM json_each(?))"
CLAIM = f"""
UPDATE job SET held = 1, tries = tries + 1, due = ?, stamped = ? WHERE seq = (
    SELECT seq FROM job AS this WHERE {READY} AND NOT EXISTS (
        SELECT 1 FROM job AS other WHERE other.site = this.site AND other.id = this.id AND other.kind = this.kind
            AND other.seq <> this.seq AND other.held = 1 AND other.dead = 0 AND other.due > ? AND other.stamped <= ?)
    ORDER BY due, seq LIMIT 1)
RETURNING {COLUMNS}, payload"""  # noqa: S608 (words of our own)
ANY = (1 << 63) - 1
"""Greater than every id and revision."""
OLDER = "site = ? AND id = ? AND kind = ? AND keep = 0 AND seq <= ? AND (revision IS NULL OR revision <= ?)"
"""Jobs whose text a newer one replaces; one that keeps its place does so whatever comes."""

MINE = "seq = ? AND tries = ? AND held = 1 AND dead = 0"
"""A claim: the number of tries is the fence that keeps out who held the job before."""
NEEDLESS = """keep = 0 AND EXISTS (SELECT 1 FROM job AS other WHERE other.site = job.site AND other.id = job.id AND other.kind = job.kind
    AND other.seq > job.seq AND other.dead = 0
    AND (job.revision IS NULL OR other.revision IS NULL OR other.revision >= job.revision))"""
"""A job for which a newer one waits."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job. ``due``: when it may be claimed (again), in seconds since 1970; ``tries``: claims so far; ``held``: claimed now.

    ``error`` says in one line why the last try failed. ``payload`` is empty in lists.
    """

    id: int
    kind: str
    ref: ArticleRef
    revision: int | None
    tries: int
    due: float
    error: str
    dead: bool
    held: bool
    payload: bytes = b""


def mine(job: Job) -> tuple[int, int]:
    """Return the values that ``MINE`` asks for."""
    return job.id, job.tries


def error_line(error: str) -> str:
    """Return an error as one short line that every terminal and database takes."""
    text = error.encode("utf-8", "replace").decode()
    return " ".join("".join(c if c.isprintable() else " " for c in text[: 2 * ERROR_LENGTH]).split())[:ERROR_LENGTH]


def job_of(row: tuple[Any, ...]) -> Job:
    """Return the job in a row of ``COLUMNS``, with the payload where that follows; a damaged one is empty."""
    seq, kind, site, article, revision, tries, due, error, dead, held, *payload = row
    try:
        unpacked = zlib.decompress(payload[0]) if payload else b""
    except (zlib.error, TypeError):
        unpacked = b""
    return Job(seq, kind, ArticleRef(site, article), revision, tries, due, error, bool(dead), bool(held), unpacked)

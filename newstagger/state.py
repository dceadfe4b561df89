"""What a newsroom remembers, as Protocols: decisions, answers and texts. ``contracts`` offers them to plugins.

``newsroom/`` keeps them in a SQLite file; an adapter whose CMS has a database implements them there, so that a decision commits
or rolls back with the page.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from typing import Protocol, runtime_checkable

from newstagger.domain import Article, ArticleRef, EditorDecision, Tagging

COPIED = ("headline", "body", "media_type", "language", "byline", "credit", "source", "version_created")
"""What of an article shapes an answer, and when it appeared: what its kept copy holds."""
assert set(COPIED) < {field.name for field in fields(Article)}
FAST = 1
"""Level of compression: a save waits for it."""


@runtime_checkable
class Ledger(Protocol):
    """Keeps what editors decided, append-only; one source of truth per site."""

    def record(self, decision: EditorDecision) -> None:
        """Store a decision durably; raise StateError when it could not be stored."""
        ...

    def decisions(self, ref: ArticleRef) -> tuple[EditorDecision, ...]:
        """Return every decision on an article, oldest first."""
        ...

    def all(self) -> Iterable[EditorDecision]:
        """Return every decision, oldest first."""
        ...

    def forget(self, ref: ArticleRef) -> int:
        """Erase every decision on an article; return how many; raise StateError when they could not be erased."""
        ...


@dataclass(frozen=True, slots=True)
class SaveRecord:
    """One answered save. ``wishes`` is a digest of what the editors wanted, ``seen`` the concepts that the CMS held (None: not told).

    ``rules`` is the digest of policy, plugins and own vocabulary; an empty ``work_key`` means that the work is to be done again.
    """

    ref: ArticleRef
    at: str
    work_key: str
    reuse_state: str
    wishes: str
    seen: tuple[str, ...] | None
    tagging: Tagging
    revision: int | None = None
    rules: str = ""


@runtime_checkable
class AuditLog(Protocol):
    """Keeps what was answered to each save, append-only."""

    def remember(self, record: SaveRecord) -> None:
        """Append one record; raise StateError when it could not be stored."""
        ...

    def last(self, ref: ArticleRef) -> SaveRecord | None:
        """Return the newest record of an article, or None; raise StateError when the log cannot be read."""
        ...

    def latest(self) -> Iterable[SaveRecord]:
        """Return the newest record of every article, in the order of their refs."""
        ...

    def forget(self, ref: ArticleRef) -> int:
        """Erase every record of an article; return how many; raise StateError when they could not be erased."""
        ...


@runtime_checkable
class Archive(Protocol):
    """Keeps the text of articles, only as the privacy settings say."""

    def keep(self, article: Article, text_hash: str, at: str) -> None:
        """Store an article under the hash of its text; one that is there is kept; raise StateError when it could not be stored."""
        ...

    def article(self, ref: ArticleRef, text_hash: str) -> Article | None:
        """Return the article as it was when its text had this hash, or None where that was not kept."""
        ...

    def forget(self, ref: ArticleRef) -> int:
        """Erase every text of an article; return how many; raise StateError when they could not be erased."""
        ...

    def expire(self, before: str) -> int:
        """Erase what was kept before a moment (ISO 8601); return how many."""
        ...


class Queue(Protocol):
    """Holds what waits to be done or looked at; all that forgetting an article needs to know of it."""

    def forget(self, ref: ArticleRef) -> int:
        """Erase what waits about an article; return how much; raise StateError when it could not be erased."""
        ...


@dataclass(frozen=True, slots=True)
class State:
    """What a newsroom remembers: one source of truth per site, in a file of ours or in the database of its CMS.

    ``transaction`` makes the writes of a block one, so that all of them are stored or none (by default each stands alone).
    ``queues`` hold work on articles that waits.
    """

    ledger: Ledger
    audit: AuditLog
    archive: Archive
    transaction: Callable[[], AbstractContextManager[object]] = nullcontext
    queues: tuple[Queue, ...] = ()


def pack_copy(article: Article) -> bytes:
    """Return an article as an archive keeps it: compressed JSON, the same bytes for the same article, half characters included."""
    copy = {name: getattr(article, name) for name in COPIED}
    return zlib.compress(json.dumps(copy, sort_keys=True, separators=(",", ":"), allow_nan=False).encode(), FAST)


def unpack_copy(ref: ArticleRef, blob: bytes) -> Article | None:
    """Return the article that ``pack_copy`` packed; None for anything else."""
    try:
        return Article(ref, **json.loads(zlib.decompress(blob)))
    except (zlib.error, ValueError, TypeError):
        return None

"""The text of articles, compressed, kept only where ``[privacy] keep_text`` says so: for recomputing an answer and for training."""

from __future__ import annotations

from datetime import datetime, timedelta

from newstagger.domain import Article, ArticleRef
from newstagger.newsroom.statefile import StateFile
from newstagger.settings import KeepText, PrivacySettings
from newstagger.state import pack_copy, unpack_copy


class SqliteArchive:
    """The kept texts in the newsroom's SQLite file; safe to share between threads."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def keep(self, article: Article, text_hash: str, at: str) -> None:
        """Store an article under the hash of its text; one that is there is kept; raise StateError when it could not be stored."""
        row = (article.ref.site, article.ref.id, text_hash, at, pack_copy(article))
        self._file.append("kept_text", "site, id, text_hash, at, article", row)

    def article(self, ref: ArticleRef, text_hash: str) -> Article | None:
        """Return the article as it was when its text had this hash, or None where that was not kept."""
        rows = self._file.rows("SELECT article FROM kept_text WHERE site = ? AND id = ? AND text_hash = ?", (ref.site, ref.id, text_hash))
        return unpack_copy(ref, rows[0][0]) if rows else None

    def forget(self, ref: ArticleRef) -> int:
        """Erase every text of an article; return how many; raise StateError when they could not be erased."""
        return self._file.erase("kept_text", "site = ? AND id = ?", (ref.site, ref.id))

    def expire(self, before: str) -> int:
        """Erase what was kept before a moment (ISO 8601); return how many."""
        if not self._file.rows("SELECT 1 FROM kept_text WHERE at < ? LIMIT 1", (before,)):
            return 0
        return self._file.erase("kept_text", "at < ?", (before,))


def readable_since(privacy: PrivacySettings, now: datetime) -> str | None:
    """Return the moment (ISO 8601) from which on a kept copy may be read, older ones await their erasure; None: none may be."""
    return None if privacy.keep_text is KeepText.NONE else (now - timedelta(days=privacy.keep_days)).isoformat()

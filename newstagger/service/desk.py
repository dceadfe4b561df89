"""An article is saved over HTTP: tagged in a thread of the pool, waited for as long as its budget says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from newstagger.contracts import Json
from newstagger.domain import Article, ArticleRef, Tagging
from newstagger.service.newsrooms import Newsrooms

T = TypeVar("T")
CLERKS = 2
RETRY_MS = 1_000
"""When a client that was told *accepted* may ask again."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A save whose answer comes later: ``job`` stands in the newsroom's file, ``content_hash`` is the CMS's own word."""

    ref: ArticleRef
    job: int
    revision: int | None = None
    content_hash: str = ""

    def to_json(self) -> dict[str, Json]:
        """Return it as clients are told."""
        return {
            "status": "accepted", "job": self.job, "site": self.ref.site, "id": self.ref.id, "revision": self.revision,
            "content_hash": self.content_hash, "retry_after_ms": RETRY_MS,
        }  # fmt: skip


class Desk:
    """Takes saves in. One a process; ``close`` waits for what runs."""

    def __init__(self, newsrooms: Newsrooms) -> None:
        self._newsrooms = newsrooms
        self._pool = ThreadPoolExecutor(newsrooms.settings.service.threads, "newstagger-save")
        self._clerks = ThreadPoolExecutor(CLERKS, "newstagger-clerk")

    async def save(self, article: Article, budget_ms: float, content_hash: str = "") -> Tagging | Accepted:
        """Return the tagging of a save, or that it was accepted when the budget was over first. Never raises for the tagger's sake."""
        return await self.save_and(article, budget_ms, content_hash, lambda tagging: tagging)

    async def save_and(self, article: Article, budget_ms: float, content_hash: str, then: Callable[[Tagging], T]) -> T | Accepted:
        """Save, and return what ``then`` makes of the tagging in the same thread, such as the bytes of an answer."""
        work = asyncio.get_running_loop().run_in_executor(self._pool, self._tagged, article, then)
        try:
            return await asyncio.wait_for(asyncio.shield(work), budget_ms / 1000)
        except TimeoutError:
            return Accepted(article.ref, 0, article.revision, content_hash)

    async def ask(self, question: Callable[[], T]) -> T:
        """Return what a question that reads or writes the newsroom's file answers, asked in a thread that no tagging holds up."""
        return await asyncio.get_running_loop().run_in_executor(self._clerks, question)

    def _tagged(self, article: Article, then: Callable[[Tagging], T]) -> T:
        return then(self._newsrooms.host(article.ref.site).article_saved(article))

    def close(self) -> None:
        """Wait for the saves that run."""
        self._pool.shutdown(cancel_futures=True)
        self._clerks.shutdown()

"""An article is saved over HTTP: tagged in a thread of the pool, waited for as long as its budget says, never lost.

Whatever is not answered in time is a durable job before its client is told *accepted*: what runs goes on and takes its job away when
it ends; what did not begin is left to ``runner``. The process may be killed at any point.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from newstagger.contracts import Json
from newstagger.domain import Article, ArticleRef, Tagging
from newstagger.errors import StateError
from newstagger.newsroom.changes import BLIND
from newstagger.newsroom.jobs import DELIVER, TAG
from newstagger.service.lanes import Lanes
from newstagger.service.newsrooms import Newsrooms
from newstagger.service.payloads import Later
from newstagger.service.runner import is_unstored, lack_of

T = TypeVar("T")
CLERKS = 2
RETRY_MS = 1_000
"""When a client that was told *accepted* may ask again."""
GRACE_SECONDS = 30.0
"""A job whose work is under way is left alone for so long; then that process is taken for dead."""


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


@dataclass(slots=True)
class _Note:
    """What a thread tells of its work: whether the article's turn came, and why its answer is to be had again ('': it stands)."""

    begun: bool = False
    lacking: str = ""
    text_hash: str = ""
    unstored: bool = False


class Desk:
    """Takes saves in. One a process; ``close`` waits for what runs."""

    def __init__(self, newsrooms: Newsrooms) -> None:
        self._newsrooms, self._lanes = newsrooms, Lanes()
        self._pool = ThreadPoolExecutor(newsrooms.settings.service.threads, "newstagger-save")
        self._clerks = ThreadPoolExecutor(CLERKS, "newstagger-clerk")

    @property
    def busy(self) -> bool:
        """Whether live saves run, or wait for their turn."""
        return self._lanes.used

    async def save(self, article: Article, budget_ms: float, content_hash: str, then: Callable[[Tagging], T]) -> T | Accepted:
        """Return what ``then`` makes of a save's tagging in the same thread, or that it was accepted when the budget was over first.

        Raises StateError when it could be neither answered in time nor kept for later. A tagger's failure is a problem of the tagging.
        """
        until, later, ref = time.monotonic() + budget_ms / 1000, Later(article, content_hash), article.ref
        if budget_ms <= 0:
            return await self.accept(later)
        mark = await self.ask(self._newsrooms.jobs.mark) if article.revision is None else 0
        if not await self._lanes.enter(ref, until - time.monotonic()):
            return await self.accept(later)
        note = _Note()
        work = self._pool.submit(self._tagged, article, mark, until, then, note)
        loop = asyncio.get_running_loop()
        work.add_done_callback(lambda _: _soon(loop, self._lanes.leave, ref))
        await asyncio.wait((asyncio.wrap_future(work),), timeout=max(0.0, until - time.monotonic()))
        if work.done() and not work.cancelled():
            return await self._in_time(work.result(), later, note)
        return await self._goes_on(work, later, note)

    async def _in_time(self, value: T | None, later: Later, note: _Note) -> T | Accepted:
        """Answer a save whose work is done; what could not be stored of it is a job too, with the editor's word in it."""
        if value is None:
            return await self.accept(later)
        if note.unstored:
            await self.accept(later)
        return value

    def _tagged(self, article: Article, mark: int, until: float, then: Callable[[Tagging], T], note: _Note) -> T | None:
        """Tag the article when it is its turn; None when that did not come in time."""
        with self._newsrooms.turns.turn(article.ref, until - time.monotonic()) as mine:
            if not mine:
                return None
            note.begun = True
            tagging = self._newsrooms.host(article.ref.site).article_saved(article)
            note.lacking, note.text_hash = lack_of(tagging, article.event), tagging.text_hash
            note.unstored = is_unstored(tagging)
            if article.revision is None:
                with suppress(StateError):  # then an older text is tagged once more, and told as such by its hash
                    self._newsrooms.jobs.overtake(article.ref, mark)
        return then(tagging)

    async def _goes_on(self, work: Future[T | None], later: Later, note: _Note) -> Accepted:
        """Accept a save whose time is over: what has not begun is left to the runner, what runs takes its job away when it ends."""
        begun = not work.cancel() and note.begun
        accepted = await self.accept(later, time.time() + GRACE_SECONDS if begun else None)
        if begun:
            work.add_done_callback(lambda done: self._clerks.submit(self._settle, done, accepted.job, later, note))
        return accepted

    def _settle(self, work: Future[T | None], job: int, later: Later, note: _Note) -> None:
        """Put the delivery of an answer that came late in the place of its job; where that fails, the job stays and does it again."""
        if work.exception() is not None or note.lacking:
            return
        article, site = later.article, self._newsrooms.settings.service.sites.get(later.article.ref.site)
        awaited = site is not None and site.callback != ""
        with suppress(StateError):
            self._newsrooms.jobs.settle(job, article.revision, DELIVER if awaited else "", later.answer(note.text_hash))

    async def accept(self, later: Later, due: float | None = None) -> Accepted:
        """Keep a save for later, durably on return; raise StateError when it could not be stored."""
        article = later.article
        put = partial(self._newsrooms.jobs.put, TAG, article.ref, later.packed(), revision=article.revision, due=due)
        # an editor's word in a form stands nowhere else; nor does one in tags that a blind event would not read
        job = await self.ask(partial(put, keep=article.form is not None, replaces=article.event not in BLIND))
        return Accepted(article.ref, job, article.revision, later.content_hash)

    async def ask(self, question: Callable[[], T]) -> T:
        """Return what a question that reads or writes the newsroom's file answers, asked in a thread that no tagging holds up."""
        return await asyncio.get_running_loop().run_in_executor(self._clerks, question)

    async def think(self, question: Callable[[], T]) -> T:
        """Return what a question that reads texts answers, such as which tags a save would get; asked in the pool of saves."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, question)

    async def labour(self, question: Callable[[], T]) -> T:
        """Return what slow work answers, such as reading a feed; done where it holds up neither saves nor those who ask."""
        return await asyncio.to_thread(question)

    def close(self) -> None:
        """Wait for the saves that run."""
        self._pool.shutdown(cancel_futures=True)
        self._clerks.shutdown()


def _soon(loop: asyncio.AbstractEventLoop, call: Callable[[ArticleRef], None], ref: ArticleRef) -> None:
    with suppress(RuntimeError):  # the loop has ended: nobody waits any more
        loop.call_soon_threadsafe(call, ref)

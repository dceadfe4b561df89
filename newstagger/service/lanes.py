"""Saves of one article in one process, one after the other in the order of their arrival: who waits holds up no thread.

Between processes ``turns`` does it, at the moment of the work itself.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from newstagger.domain import ArticleRef


class Lanes:
    """A queue an article, made when it is first needed and gone with its last user. For one event loop."""

    def __init__(self) -> None:
        self._lanes: dict[ArticleRef, tuple[asyncio.Lock, list[None]]] = {}

    @property
    def used(self) -> bool:
        """Whether anybody is in a lane or waits for one; may be asked from any thread."""
        return bool(self._lanes)

    async def enter(self, ref: ArticleRef, wait_s: float) -> bool:
        """Wait for an article's lane for at most so many seconds; tell whether it was had. Who has it must ``leave``."""
        lock, users = self._lanes.setdefault(ref, (asyncio.Lock(), []))
        users.append(None)
        had = False
        try:
            if not lock.locked():
                had = await lock.acquire()  # nobody to wait for: no timer either
            else:
                with suppress(TimeoutError):
                    had = await asyncio.wait_for(lock.acquire(), max(0.0, wait_s))
        finally:
            if not had:
                self._forget(ref, users)
        return had

    def leave(self, ref: ArticleRef) -> None:
        """Let the next save of the article go on."""
        lock, users = self._lanes[ref]
        lock.release()
        self._forget(ref, users)

    def _forget(self, ref: ArticleRef, users: list[None]) -> None:
        users.pop()
        if not users:
            self._lanes.pop(ref, None)

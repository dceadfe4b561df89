"""Room for bodies whose sender is not known yet: a signature can be checked only when all of the body is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus

from newstagger.service.problems import RETRY_SECONDS, RefusedError

ROOM = 64 << 20
"""Bytes of such bodies that a process holds at a time; those with a key are not among them."""


class Strangers:
    """Counts the bytes that are held for senders who are not known yet. One a process, for its event loop alone."""

    def __init__(self, room: int | None = None) -> None:
        self._room, self._held = ROOM if room is None else room, 0

    @contextmanager
    def reading(self) -> Iterator[Callable[[int], None]]:
        """Return what is told how many bytes came; it raises RefusedError (503) when there is no room for them. The end frees all."""
        own = 0

        def take(size: int) -> None:
            nonlocal own
            if self._held + size > self._room:
                raise _full()
            own += size
            self._held += size

        try:
            yield take
        finally:
            self._held -= own


def _full() -> RefusedError:
    headers = {"Retry-After": str(RETRY_SECONDS), "Connection": "close"}
    return RefusedError(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "too many signed bodies are under way",
        next_step="try again, or send it with a key",
        headers=headers,
    )

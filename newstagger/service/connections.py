"""One connection of a client: a head that is short and comes in time, so many at once, an answer for who closed its own half.

uvicorn bounds none of these. What no request came of is answered with a problem and closed; the application never hears of it.
"""

from __future__ import annotations

import asyncio
from asyncio.events import TimerHandle
from collections.abc import Mapping
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from newstagger.service.problems import PROBLEM, SAFE, RefusedError, busy, encoded, problem_of

HEAD_SECONDS = 10.0
"""A connection whose next head has not ended by then is closed."""
MOST_HEAD = 64 << 10
"""Bytes of a request's line and headers."""
MOST_OPEN = 512
"""Connections of a worker at a time: well below the 1,024 open files that a process may commonly have."""


class Connection(HttpToolsProtocol):
    """uvicorn's protocol within bounds. ``Config(http=Connection)`` makes one for each client."""

    _late: TimerHandle | None = None
    _in_head = False
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a client in; beyond ``MOST_OPEN`` it is told to come back."""
        super().connection_made(transport)
        if len(self.connections) > MOST_OPEN:
            self._close_with(busy("too many connections are open"))
        else:
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in what a client sends, while it may."""
        if self.transport.is_closing():
            return
        if self._late is None and (self.cycle is None or self.cycle.response_complete):
            self._wait_for_head()
        self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > MOST_HEAD and not self.transport.is_closing():
            self._close_with(_long_head())

    def eof_received(self) -> bool:  # type: ignore[override]
        """Keep the connection for the answer to who sent a whole request and then closed its own half."""
        asked = self.cycle is not None and not self.cycle.more_body and not self.cycle.response_complete
        if asked:
            self.cycle.keep_alive = False
        return asked

    def on_message_begin(self) -> None:
        """Begin a head."""
        self._in_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """End a head; raise ValueError for a long one, which the parser passes on as malformed."""
        self._in_head = False
        self._stop_waiting()
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > MOST_HEAD:
            self._close_with(_long_head())
            raise ValueError("the head is too long")
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, unless it was answered already."""
        if not self.transport.is_closing():
            self._close_with(RefusedError(400, "this is no sound HTTP request", next_step="send HTTP/1.1"))

    def _wait_for_head(self) -> None:
        self._late = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _close_with(self, error: RefusedError) -> None:
        body = encoded(problem_of(error))
        told: Mapping[str, Any] = {**SAFE, **error.headers, "content-type": PROBLEM, "content-length": len(body), "connection": "close"}
        lines = b"".join(f"{name}: {value}\r\n".encode("latin-1") for name, value in told.items())
        self.transport.write(STATUS_LINE[error.status] + lines + b"\r\n" + body)
        self.transport.close()


def _long_head() -> RefusedError:
    return RefusedError(431, f"the request's line and headers are longer than {MOST_HEAD} bytes", next_step="send less")

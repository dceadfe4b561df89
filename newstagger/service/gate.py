"""The outermost layer of the application: so many requests at a time, each counted, each refusal logged without what it was about."""

from __future__ import annotations

import logging
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newstagger.service.problems import SAFE, busy, refused

log = logging.getLogger("newstagger.service")
ALWAYS = frozenset({"/healthz", "/readyz", "/metrics"})
"""What is answered however many wait: who watches the service must hear from it."""


class Gate:
    """An ASGI application around another. ``most`` requests run at a time; ``count`` is told route and status of every answer."""

    def __init__(self, app: ASGIApp, most: int, count: Callable[[str, int], None]) -> None:
        self._app, self._most, self._count, self._running = app, most, count, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 503 when too many run."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        if scope["method"] == "HEAD" and scope["path"] in ALWAYS:
            scope = {**scope, "method": "GET"}  # the server still knows, and sends no body
        status = 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message).update(SAFE)
            await send(message)

        self._running += 1
        try:
            full = self._running > self._most and scope["path"] not in ALWAYS
            await (refused(busy("too many requests wait")) if full else self._app)(scope, receive, sending)
        finally:
            self._running -= 1
            self._note(scope, status)

    def _note(self, scope: Scope, status: int) -> None:
        route = getattr(scope.get("route"), "path", "other")
        self._count(route, status)
        if status >= 400:
            log.info("%s %s %d", scope["method"][:10], route, status)

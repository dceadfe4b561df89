"""newstagger's service on a port of this machine, in this process: slow, dead or well as a test wants it, every request counted."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import uvicorn

from newstagger.service.app import create_app
from newstagger.settings import Settings
from rig.site import SECONDS, free_port


class Service:
    """The service with these settings and plugins; the port stays the same from start to start.

    ``delay``: seconds that it lets every request wait before it looks at it. ``asked``: how many requests came, by path.
    """

    def __init__(self, settings: Settings, plugins: Sequence[tuple[str, object]]) -> None:
        self.settings, self.plugins = settings, plugins
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.delay, self.asked = 0.0, Counter[str]()
        self.app: Any = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Build the app anew and serve it; return when it answers."""
        self.app = create_app(self.settings, plugins=self.plugins, discover=False)
        config = uvicorn.Config(
            self._serve, "127.0.0.1", self.port, interface="asgi3", lifespan="on", log_level="critical", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        self._await_answer()

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            self.asked[scope["path"]] += 1
            await asyncio.sleep(self.delay)
        await self.app(scope, receive, send)

    def _await_answer(self) -> None:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1):
                    return
            except OSError:
                time.sleep(0.02)
        raise TimeoutError(f"the service did not begin to answer within {SECONDS} s")

    @property
    def running(self) -> bool:
        """Tell whether it was started and not stopped since."""
        return self._server is not None

    def stop(self) -> None:
        """End the service: its port refuses connections from now on."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(SECONDS)
            self._server = self._thread = None

    def restart(self) -> None:
        """Let the process end and start again."""
        self.stop()
        self.start()

"""Serves the newsroom on a free port of this machine, in threads: for the demo and for tests that drive a real browser."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application


class Handler(WSGIRequestHandler):  # type: ignore[misc]
    """Answers one connection; a browser that goes away in the middle is nobody's fault."""

    timeout = 20

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing: the demo and the tests print what matters."""

    def handle(self) -> None:
        """Answer, and take a broken connection as the end of it."""
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True


class Server(ThreadedWSGIServer):  # type: ignore[misc]
    """One thread a request; requests under way end with the process."""

    request_queue_size = 50

    def server_bind(self) -> None:
        """Bind without asking the resolver for this machine's name, which may take seconds."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]
        self.setup_environ()


@contextmanager
def serving(port: int = 0) -> Iterator[str]:
    """Serve until the block ends; yield the address, ``http://127.0.0.1:PORT``. Port 0: a free one."""
    server = Server(("127.0.0.1", port), Handler)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="newsroom", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

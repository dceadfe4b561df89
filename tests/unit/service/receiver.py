"""A CMS's end of the callback: a small HTTP server that keeps what is posted to it and answers as the test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """``answers`` are (status, headers) in turn, the last for all later posts; ``posts`` hold (path, headers, body)."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, str]]] = [(204, {})]
        self.posts: list[tuple[str, dict[str, str], bytes]] = []
        self.arrived = threading.Condition()
        self.url = ""

    def bodies(self):
        return [json.loads(body) for _, _, body in self.posts]

    def expect(self, count: int, seconds: float = 20.0) -> None:
        """Wait until so many posts came."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.posts) >= count, seconds), f"{len(self.posts)} posts instead of {count}"

    def take(self, path, headers, body) -> tuple[int, dict[str, str]]:
        with self.arrived:
            self.posts.append((path, headers, body))
            self.arrived.notify_all()
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Run a receiver on loopback."""
    own = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            status, headers = own.take(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # a client that went away
    own.url = f"http://127.0.0.1:{server.server_port}/tags"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield own
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

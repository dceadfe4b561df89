"""The real service under a storm: ``newstagger serve`` in a process group of its own, killed now and then; and its CMS's callback."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from _stormplan import SITE

from newstagger.service.signatures import key_of, verified

KEY = "key-of-the-courier"
SECRET = "whsec_c3Rvcm0tc3Rvcm0tc3Rvcm0tc3Rvcm0tc3Rvcm0="
READY_S = 90.0


class Callbacks:
    """What arrived at the CMS's callback: the data of each message, and whether its signature was sound."""

    def __init__(self) -> None:
        self.answers: list[dict[str, Any]] = []
        self.messages: set[str] = set()
        self.doubled = self.unsigned = 0
        self.url = ""
        self._lock = threading.Lock()

    def take(self, headers: dict[str, str], body: bytes) -> None:
        """Keep one message."""
        sound = verified([key_of(SECRET, "storm")], headers, body)
        message = headers["webhook-id"]
        with self._lock:
            self.unsigned += not sound
            self.doubled += message in self.messages
            self.messages.add(message)
            self.answers.append(json.loads(body)["data"])


@contextmanager
def callbacks() -> Iterator[Callbacks]:
    """Run the CMS's end of the callback on loopback."""
    own = Callbacks()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            own.take({name.lower(): value for name, value in self.headers.items()}, body)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # connections of a service that was killed
    own.url = f"http://127.0.0.1:{server.server_port}/tags"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield own
    finally:
        server.shutdown()
        server.server_close()


class Service:
    """``newstagger serve`` over one home; ``kill`` ends it as a power cut would, ``start`` brings it back."""

    def __init__(self, folder: Path, port: int, workers: int, callback: str) -> None:
        self.port, self._folder = port, folder
        self._log = folder / "serve.log"
        self._process: subprocess.Popen[bytes] | None = None
        site = f'[service.sites.{SITE}]\nkeys = ["{KEY}"]\nsecrets = ["{SECRET}"]\ncallback = "{callback}"\n'
        (folder / "newstagger.toml").write_text(f"[service]\nport = {port}\nworkers = {workers}\n\n{site}", "utf-8")

    def start(self) -> None:
        """Start it; return at once."""
        command = [sys.executable, "-m", "newstagger", "serve", "--config", "newstagger.toml", "--home", "home"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self._folder, stdout=log, stderr=log, start_new_session=True)

    def wait(self) -> float:
        """Wait until it answers; return how many seconds that took."""
        started = time.monotonic()
        while time.monotonic() - started < READY_S:
            with suppress(OSError, http.client.HTTPException, ValueError):
                if ask(self.port, "GET", "/readyz")[0] == 200:
                    return time.monotonic() - started
            time.sleep(0.05)
        raise TimeoutError(f"the service did not get ready:\n{self.log()[-3000:]}")

    def kill(self) -> None:
        """End every process of it at once."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def stop(self) -> int:
        """Stop it as an administrator does; return its exit code."""
        assert self._process is not None
        self._process.terminate()
        try:
            return self._process.wait(40)
        finally:
            self.kill()

    def log(self) -> str:
        """Return what it logged."""
        return self._log.read_text("utf-8", "replace") if self._log.exists() else ""


def ask(port: int, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
    """Send one request over a connection of its own; return status and JSON."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        told = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", **headers}
        connection.request(method, path, body, told)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()

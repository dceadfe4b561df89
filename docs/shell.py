"""The shell that a page's commands run in: one bash for the page, as its reader has one, with a newsroom of its own.

``cd`` and ``export`` hold for what follows. A command that ends in `` &`` starts a server: it is waited for until it listens on the
port that it names (8347 for ``newstagger serve``, which names none), and it is stopped with the shell. Ports of this machine are
exchanged for free ones on the way in and back again on the way out, so that pages need not share them. curl fails on a refusal.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

SECONDS = 180
PORT = re.compile(r"((?:127\.0\.0\.1|localhost)\W{1,4}|--port )(\d{4,5})\b")
SERVE = re.compile(r"^newstagger serve\b(?!.*--port)")
CURL = "silent\nshow-error\nfail-with-body\n"


class Shell:
    """A bash in a folder; use it in a ``with``, so that nothing that it started stays behind."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._apart = Path()
        self._ports: dict[str, str] = {}
        self._typed = 0

    def __enter__(self) -> Shell:
        self._apart = Path(tempfile.mkdtemp())
        (self._apart / ".curlrc").write_text(CURL, "utf-8")
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        told = {"PATH": path, "NEWSTAGGER_HOME": str(self._folder / "newsroom"), "COLUMNS": "120", "CURL_HOME": str(self._apart)}
        self._bash = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], cwd=self._folder, env={**os.environ, **told}, start_new_session=True,  # noqa: S607
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1,
        )  # fmt: skip
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop the shell and all that it started."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self._bash.pid, sign)
            self._wait_for_end()
        for pipe in (self._bash.stdin, self._bash.stdout):
            if pipe is not None:
                pipe.close()
        shutil.rmtree(self._apart)

    def _wait_for_end(self) -> None:
        """Wait until no process of the shell's group is left, for ten seconds at most."""
        until = time.monotonic() + 10
        with suppress(ProcessLookupError):
            while time.monotonic() < until:
                self._bash.poll()
                os.killpg(self._bash.pid, 0)
                time.sleep(0.02)

    def write(self, name: str, content: str, *, append: bool = False) -> None:
        """Write a file that the page shows."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a" if append else "w", encoding="utf-8") as file:
            file.write(self._freed(content))

    def run(self, command: str) -> tuple[int, str, str]:
        """Return the exit code of a command, what it printed and what it complained of, without the names of this machine."""
        self._typed += 1  # a server goes on printing into the files of its own command
        out, err, server = self._apart / f"{self._typed}.out", self._apart / f"{self._typed}.err", command.endswith(" &")
        typed = self._freed(SERVE.sub("newstagger serve --port 8347", command))
        assert self._bash.stdin is not None
        self._bash.stdin.write(f"{{ {typed}\n}} </dev/null >'{out}' 2>'{err}'; echo $?\n")
        code = self._answer()
        if server and not self._listens(typed):
            code = 1
        return code, self._told(out), self._told(err)

    def _answer(self) -> int:
        """Return the exit code that the shell tells; 124, with the shell stopped, where it takes too long."""
        assert self._bash.stdout is not None
        if not select.select([self._bash.stdout], [], [], SECONDS)[0]:
            os.killpg(self._bash.pid, signal.SIGKILL)
            return 124
        return int(self._bash.stdout.readline() or 125)

    def _listens(self, typed: str) -> bool:
        port = next((free for free in self._ports.values() if re.search(rf"\b{free}\b", typed)), "")
        until = time.monotonic() + SECONDS / 3
        while port and time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", int(port)), timeout=1):
                return True
            time.sleep(0.05)
        return False

    def _freed(self, text: str) -> str:
        """Return a text with a free port for each port of this machine that it names."""
        return PORT.sub(lambda found: found[1] + self._free(found[2]), text)

    def _free(self, port: str) -> str:
        if port not in self._ports:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self._ports[port] = str(probe.getsockname()[1])
        return self._ports[port]

    def _told(self, file: Path) -> str:
        output = file.read_text("utf-8") if file.is_file() else "bash did not understand it"
        for port, free in self._ports.items():
            output = re.sub(rf"\b{free}\b", port, output)
        return output.replace(str(self._folder), ".")

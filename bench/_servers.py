"""Starts the two services on loopback, each as its authors run it in production, and reads what their processes use."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from _client import free_port
from _material import NAME, PROJECT, annif_variables
from _processes import cpu, family, memory

READY = 60.0
SITE, KEY, LANGUAGE = "desk", "key-for-measuring", "en"
SETTINGS = f"""\
bundle = "{NAME}"

[service.sites.{SITE}]
keys = ["{KEY}"]
faces = ["annif"]
"""
"""Topics only: the bundle has no other facet."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running service: its port, the path of its Annif API's project, the key that it wants, CPU and wall seconds until it answered."""

    pid: int
    port: int
    project: str
    key: str
    start_cpu: float
    start_wall: float

    def cpu(self) -> float:
        """Return the CPU seconds that its processes have used."""
        return sum(map(cpu, family(self.pid)))

    def memory(self) -> float:
        """Return the memory of its processes in MB; what they share counts once."""
        return sum(map(memory, family(self.pid)))


@contextmanager
def annif(environment: Path, folder: Path, workers: int) -> Iterator[Server]:
    """Run Annif's REST service under gunicorn with uvicorn's workers."""
    port = free_port()
    command = [str(environment / "bin" / "gunicorn"), "annif:create_app()", "--worker-class", "uvicorn.workers.UvicornWorker"]
    command += ["--workers", str(workers), "--timeout", "600", "--bind", f"127.0.0.1:{port}"]
    with _running(command, folder, annif_variables(folder), port, (f"/v1/projects/{PROJECT}", "")) as server:
        yield server


@contextmanager
def newstagger(folder: Path, workers: int, home: Path | None = None) -> Iterator[Server]:
    """Run ``newstagger serve`` with the bundle that was trained, in a new home (or in ``home``)."""
    port = free_port()
    with tempfile.TemporaryDirectory(dir=folder) as made:
        config = Path(made, "newstagger.toml")
        config.write_text(SETTINGS, "utf-8")
        command = [str(Path(sys.executable).with_name("newstagger")), "serve", "--config", str(config), "--models", str(folder / "models")]
        command += ["--home", str(home or Path(made, "home")), "--port", str(port), "--workers", str(workers)]
        with _running(command, folder, os.environ, port, (f"/annif/v1/projects/newstagger-topic-{LANGUAGE}", KEY)) as server:
            yield server


@contextmanager
def _running(command: list[str], folder: Path, variables: Mapping[str, str], port: int, project: tuple[str, str]) -> Iterator[Server]:
    started = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=folder, env=dict(variables), stdout=said, stderr=said, start_new_session=True)
        try:
            _wait(process, port, *project)
            yield Server(process.pid, port, *project, sum(map(cpu, family(process.pid))), time.monotonic() - started)
        except (OSError, TimeoutError) as error:
            said.seek(0)
            raise RuntimeError(f"{command[0]}: {error}: {said.read()[-2000:].decode(errors='replace')}") from None
        finally:
            _stop(process)


def _wait(process: subprocess.Popen[bytes], port: int, path: str, key: str) -> None:
    """Wait until the project is answered for."""
    end = time.monotonic() + READY
    while time.monotonic() < end and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {key}"} if key else {})
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.02)
    raise TimeoutError("it does not answer")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the process group that was started, politely, then not."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
            process.wait(15)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
        return

"""Runs the application with uvicorn: one process, or several that share the address; logs hold no copy and no query.

Each of several workers reads the settings itself, as the command line told them (``START`` in its environment).
"""

from __future__ import annotations

import errno
import json
import logging
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from newstagger.contracts import Json
from newstagger.errors import ConfigError
from newstagger.service.access import Access
from newstagger.service.connections import Connection
from newstagger.service.delivery import callbacks_of
from newstagger.service.strength import expect_strong
from newstagger.servicesettings import ServiceSettings
from newstagger.settings import Settings, read_settings

START = "NEWSTAGGER_SERVE"
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
STOP_SECONDS = 15
"""How long a stop waits for requests that run."""
BACKLOG = 512
RARELY_SECONDS = 60.0
STEPS = {errno.EADDRNOTAVAIL: "choose an address of this machine with --host", errno.EACCES: "choose a --port from 1024 up"}


class CopylessFormatter(logging.Formatter):
    """Tells of an exception where it was raised and of what kind, never what it says: that may be copy."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as text; what another formatter left there of an exception is not believed."""
        own = logging.makeLogRecord(vars(record))
        own.exc_text = None
        return super().format(own)

    def formatException(self, ei: Any) -> str:  # noqa: N802 (the name is the library's)
        """Return the places that an exception passed through, outermost first, and its kind."""
        kind, _, trace = ei
        return "\n".join([*_places(trace), getattr(kind, "__name__", "no exception")])


def _places(trace: TracebackType | None) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"  {code.co_filename}:{trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next
    return places


class Rarely(logging.Filter):
    """Lets each warning of uvicorn through once a minute: strangers cause them at will."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is to be written."""
        if record.levelno > logging.WARNING:
            return True
        key, now = str(record.msg), record.created
        rare = now - self._told.get(key, 0.0) >= RARELY_SECONDS
        if rare:
            self._told = {**{known: at for known, at in self._told.items() if now - at < RARELY_SECONDS}, key: now}
        return rare


LOGS: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": CopylessFormatter, "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "filters": {"rarely": {"()": Rarely}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "newstagger": {"level": "INFO"}, "uvicorn": {"level": "WARNING"}, "uvicorn.access": {"level": "CRITICAL"},
        "uvicorn.error": {"filters": ["rarely"]},
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Start:
    """What the command line said; ``service`` are settings of the service that win over the file's."""

    config: Path | None = None
    home: Path | None = None
    models: Path | None = None
    service: Mapping[str, Any] = field(default_factory=dict)

    def settings(self) -> Settings:
        """Read the settings; raise ConfigError."""
        found = read_settings(self.config, home=self.home, models=self.models)
        return replace(found, service=replace(found.service, **self.service))

    def to_text(self) -> str:
        """Return it as a worker's environment holds it."""
        paths = {name: None if path is None else str(path) for name, path in zip(("config", "home", "models"), self._paths(), strict=True)}
        return json.dumps({**paths, "service": dict(self.service)})

    def _paths(self) -> tuple[Path | None, ...]:
        return self.config, self.home, self.models

    @classmethod
    def from_text(cls, text: str) -> Start:
        """Return what ``to_text`` wrote."""
        table = json.loads(text)
        paths = {name: table[name] and Path(table[name]) for name in ("config", "home", "models")}
        return cls(**paths, service=table["service"])


def worker() -> ASGIApp:
    """Return the application of one of several workers, by its environment."""
    return _app(Start.from_text(os.environ[START]).settings())


def _app(settings: Settings) -> ASGIApp:
    from newstagger.service.app import create_app  # after the environment tells where figures go

    return create_app(settings)


def checked(settings: Settings) -> socket.socket:
    """Return the socket to serve on; raise ConfigError for keys, callbacks or an address that cannot be used."""
    Access(settings.service)
    expect_strong(settings.service)
    callbacks_of(settings.service)
    return _bound(settings.service)


def _bound(told: ServiceSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in told.host else socket.AF_INET
    opened = socket.socket(family)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # what is accepted inherits it; else an answer waits 40 ms for an ACK
        opened.bind((told.host.strip("[]"), told.port))
    except (OSError, UnicodeError) as error:
        opened.close()
        what, step = _unbound(error)
        raise ConfigError(f"cannot listen: {what}", where=f"{told.host[:60]}:{told.port}", next_step=step) from None
    return opened


def _unbound(error: OSError | UnicodeError) -> tuple[str, str]:
    """Return why an address cannot be listened on, and what to do."""
    if isinstance(error, UnicodeError | socket.gaierror):
        return "there is no such host", STEPS[errno.EADDRNOTAVAIL]
    return error.strerror or str(error), STEPS.get(error.errno or 0, "choose another --port, or stop who has it")


def started(opened: socket.socket, settings: Settings) -> dict[str, Json]:
    """Return what is told at the start: the address, how many workers and sites."""
    host, port = opened.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    return {"address": address, "pid": os.getpid(), "workers": settings.service.workers, "sites": sorted(settings.service.sites)}


class _Server(uvicorn.Server):
    """Tells when it listens; a signal that stops it is no fault, and so not raised again at the end."""

    def __init__(self, config: uvicorn.Config, tell: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = tell

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets)
        self._tell()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; a second SIGINT does not wait for what runs."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


class _Workers(Multiprocess):
    """Tells when all of the first workers listen; its own hold on the address ends when they are told to stop."""

    def __init__(self, config: uvicorn.Config, opened: socket.socket, tell: Callable[[], None]) -> None:
        super().__init__(config, [opened])
        self._tell: Callable[[], None] | None = tell

    def keep_subprocess_alive(self) -> None:
        """Replace workers that died."""
        super().keep_subprocess_alive()
        if self._tell is not None and not self.should_exit.is_set() and all(one.is_ready() for one in self.processes):
            self._tell()
            self._tell = None

    def terminate_all(self) -> None:
        """Stop the workers; what comes now is refused at once."""
        super().terminate_all()
        for one in self.sockets:
            one.close()

    @property
    def failed(self) -> bool:
        """Whether the workers could not start."""
        return any(one.exitcode == STARTUP_FAILURE for one in self.processes)


def serve(settings: Settings, opened: socket.socket, start: Start | None, tell: Callable[[], None] = lambda: None) -> int:
    """Serve on a socket until told to stop (SIGTERM, SIGINT); return the exit code. ``tell`` is called once it listens.

    Several workers need ``start``, from which each reads its settings; they share the socket, and one that dies is replaced.
    """
    options: dict[str, Any] = {
        "log_config": LOGS, "access_log": False, "server_header": False, "backlog": BACKLOG, "http": Connection, "ws": "none",
        "timeout_graceful_shutdown": STOP_SECONDS, "proxy_headers": False,
    }  # fmt: skip
    if settings.service.workers == 1:
        _Server(uvicorn.Config(_app(settings), **options), tell).run([opened])
        return 0
    if start is None:
        raise ConfigError("several workers read newstagger.toml themselves", next_step="name it with --config")
    with tempfile.TemporaryDirectory(prefix="newstagger-metrics-") as folder:
        os.environ |= {START: start.to_text(), METRICS_FOLDER: folder}
        config = uvicorn.Config("newstagger.service.running:worker", factory=True, workers=settings.service.workers, **options)
        workers = _Workers(config, opened, tell)
        workers.run()
    return STARTUP_FAILURE if workers.failed else 0

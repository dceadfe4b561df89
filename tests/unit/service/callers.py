"""What calls the service in its tests: articles of the script, keys, and a server behind uvicorn where the wire itself matters."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import uvicorn

from newstagger.service.app import create_app
from newstagger.service.connections import Connection
from newstagger.settings import Settings, SiteSettings
from newstagger.testing.scripted import ScriptedTagger

HARVEST = "medtop:20000210"
KEY, OTHER_KEY = "courier-key-of-today", "gazette-key-of-today"
SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldY"


def article(**fields: Any) -> dict[str, Any]:
    """Return an article that the script gives a topic and a region, with other fields."""
    return {"id": "4711", "headline": "Early harvest", "text": "The harvest began early in Norway this year.", "language": "en", **fields}


def courier(**changes: Any) -> SiteSettings:
    """Return a site with one key and one secret."""
    return replace(SiteSettings(keys=(KEY,), secrets=(SECRET,), ghost_secrets=("ghost-secret",)), **changes)


TWO = {"courier": courier(), "gazette": SiteSettings(keys=(OTHER_KEY,))}
"""Two sites, each with a key."""


def bearer(key: str = KEY) -> dict[str, str]:
    """Return the header of a key."""
    return {"Authorization": f"Bearer {key}"}


def until(true: Callable[[], Any], seconds: float = 10.0) -> Any:
    """Wait until something is true and return it."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.02)
    return found


@contextmanager
def listening(settings: Settings, script: ScriptedTagger) -> Iterator[tuple[str, int]]:
    """Serve an app behind uvicorn on a port of this machine."""
    app = create_app(settings, plugins=[("script", script)], discover=False)
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, http=Connection))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]}, daemon=True)
        thread.start()
        until(lambda: server.started)
        try:
            yield opened.getsockname()
        finally:
            server.should_exit = True
            thread.join(20)

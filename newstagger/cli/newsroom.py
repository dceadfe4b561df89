"""Opens what the newsroom remembers for a verb: the SQLite file of its home, or the State of the program that runs the command line."""

from __future__ import annotations

from typing import Any

from newstagger.cli.options import given
from newstagger.contracts import State
from newstagger.host import Host
from newstagger.newsroom import sqlite_state
from newstagger.settings import Settings


def open_state(settings: Settings) -> State:
    """Return what the newsroom remembers; the file is opened when something is first read."""
    state: State | None = given("state")
    return state or sqlite_state(settings.state_file)


def open_host(settings: Settings, **options: Any) -> Host:
    """Return a host that remembers there; ``options`` are the host's own."""
    return Host(settings, state=open_state(settings), **options)

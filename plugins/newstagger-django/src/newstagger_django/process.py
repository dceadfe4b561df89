"""The host of this process: built on first use with the site's own database as its memory, and anew in a forked child."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from newstagger.contracts import State
from newstagger.host import Host, Settings
from newstagger_django.conf import core_settings
from newstagger_django.state import django_state


class _Process:
    """Holds the one host and how to make another; a child of a fork starts without, since connections and threads do not cross."""

    def __init__(self) -> None:
        self.make: Callable[[State], Host] = lambda state: Host(core_settings(), state=state)
        self.empty()

    def empty(self) -> None:
        self.lock, self.host = threading.Lock(), None

    lock: threading.Lock
    host: Host | None


_process = _Process()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_process.empty)


def host() -> Host:
    """Return this process's host; raise ConfigError while ``settings.NEWSTAGGER`` or its newstagger.toml cannot be used."""
    if (ready := _process.host) is not None:
        return ready
    with _process.lock:
        if _process.host is None:
            _process.host = new_host(django_state())
        return _process.host


def new_host(state: State) -> Host:
    """Return another host like this process's with a state of its own, ready to answer: for rehearsals."""
    made = _process.make(state)
    made.warm()  # else the language model takes the plugins' time of the first save
    return made


def build_host(settings: Settings, *, plugins: Iterable[tuple[str, object]] = (), discover: bool = True) -> Host:
    """Return a new host whose memory is the site's database."""
    return Host(settings, plugins=plugins, discover=discover, state=django_state())


def reset_host() -> None:
    """Let the next ``host()`` build anew, as a restart does."""
    set_host(None)


def set_host(other: Host | None) -> None:
    """Make another host this process's; None is ``reset_host``. For tests and for sites that build their own."""
    with _process.lock:
        _process.host = other


@contextmanager
def use_host(*, plugins: Iterable[tuple[str, object]] = (), settings: Settings | None = None) -> Iterator[Host]:
    """Let this process use a host with these plugins alone (no installed ones) inside the block; for tests."""
    before, made, chosen = _process.host, _process.make, tuple(plugins)
    _process.make = lambda state: Host(settings or core_settings(), plugins=chosen, discover=False, state=state)
    mine = new_host(django_state())
    set_host(mine)
    try:
        yield mine
    finally:
        _process.make = made
        set_host(before)

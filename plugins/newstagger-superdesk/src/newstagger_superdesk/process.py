"""The host of this process and the one place where a save waits for it: never longer than it is told to, whatever goes wrong.

Work is done in daemon threads. A save that does not get its answer in time goes on without; the work goes on as well, so that what
an editor decided is stored, and the next save finds it done. After three such saves in a row none waits for a minute.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from newstagger.host import Host
from newstagger_superdesk.conf import Options
from newstagger_superdesk.edge import attempt

T = TypeVar("T")
THREADS, LATE, REST_SECONDS = 4, 3, 60.0
MOST_WAITING = 200
"""Pieces of work that may wait while the host hangs; what is beyond that is not begun, and told as too late."""
TOO_LATE = "newstagger did not answer in time"


@dataclass(slots=True)
class Outcome(Generic[T]):
    """What became of a piece of work: its value, or one line that says why there is none."""

    value: T | None = None
    problem: str = TOO_LATE
    done: threading.Event = field(default_factory=threading.Event)

    def run(self, work: Callable[[], T]) -> None:
        """Do the work, whatever comes of it."""
        self.value, self.problem = attempt(work, "newstagger failed")
        self.done.set()


class Staff:
    """A host, built by the first thread that needs it, and the threads that work with it; a fork or a restart makes new ones."""

    def __init__(self, make: Callable[[], Host]) -> None:
        self._make, self._building = make, threading.Lock()
        self._host: Host | None = None
        self._works: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._threads = 0

    @property
    def host(self) -> Host:
        """The host, ready to answer; the first call takes a second or two."""
        if self._host is None:
            with self._building:
                if self._host is None:
                    host = self._make()
                    host.warm()
                    self._host = host
        return self._host

    def begin(self, work: Callable[[Host], T]) -> Outcome[T]:
        """Have a thread do some work as soon as one is free; return what will come of it."""
        outcome: Outcome[T] = Outcome()
        if self._works.qsize() >= MOST_WAITING:
            return outcome
        self._works.put(lambda: outcome.run(lambda: work(self.host)))
        if self._threads < THREADS:
            self._threads += 1
            threading.Thread(target=_serve, args=(self._works,), name="newstagger-superdesk", daemon=True).start()
        return outcome


def _serve(works: queue.SimpleQueue[Any]) -> None:
    while True:
        works.get()()


class Process:
    """What one process of Superdesk has of newstagger. Forked children begin anew: connections and threads do not cross."""

    def __init__(self, options: Options, make: Callable[[Options], Host] | None = None) -> None:
        self.restart(options, make or (lambda told: Host(told.settings)))
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=lambda: self.restart(self.options, self._make))

    def restart(self, options: Options, make: Callable[[Options], Host]) -> None:
        """Begin with a new host and an empty memory; work that is under way goes on with the old one."""
        self.options, self._make = options, make
        self._staff = Staff(lambda: make(options))
        self._late, self._rests_until = 0, 0.0

    @property
    def host(self) -> Host:
        """The host, ready to answer."""
        return self._staff.host

    def warm_up(self) -> None:
        """Begin to build the host, without waiting for it."""
        self._staff.begin(lambda _: None)

    def ask(self, work: Callable[[Host], T]) -> Outcome[T]:
        """Let the host do some work and return what came of it, at the latest when the wait is over."""
        outcome = self._staff.begin(work)
        wait = 0.0 if time.monotonic() < self._rests_until else self.options.wait_ms / 1000
        if outcome.done.wait(wait):
            self._late = 0
            return outcome
        if wait:
            self._was_late()
        return Outcome()  # what comes now comes too late for this save: its own copy must not change under it

    def _was_late(self) -> None:
        self._late += 1
        if self._late >= LATE:
            self._late, self._rests_until = 0, time.monotonic() + REST_SECONDS

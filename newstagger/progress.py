"""How far long work is: counts its steps and tells, now and then, how many there are and how long the rest will take.

Whoever trains makes one ``Steps`` and calls it after each step; what it tells are plain lines for a ``Progress``. What stands before
a line's first comma names the work, so that a terminal can write the next line of the same work over the last.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from newstagger.contracts import Progress

T = TypeVar("T")
EVERY = 2.0
"""Seconds between two lines of the same work."""


class Steps:
    """Counts the steps of one piece of work; ``total`` is how many there will be, ``unit`` what they are called.

    The work's name, ``what``, is told at once; then at most one line every ``EVERY`` seconds, with the time left if steps go on
    taking as long as they did. ``clock`` gives seconds.
    """

    def __init__(self, progress: Progress, what: str, total: int, unit: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._progress, self._what, self._total, self._unit, self._clock = progress, what, total, unit, clock
        self._done = 0
        self._began = self._last = clock()
        progress(what)

    def __call__(self, count: int = 1) -> None:
        """Count some more steps as done."""
        self._done += count
        now = self._clock()
        if now - self._last >= EVERY:
            self._last = now
            self._progress(f"{self._what}, {self._done} of {self._total} {self._unit}{self._left(now - self._began)}")

    def _left(self, taken: float) -> str:
        rest = self._total - self._done
        return f", about {lasting(taken / self._done * rest)} left" if rest > 0 < self._done else ""

    def over(self, things: Iterable[T]) -> Iterator[T]:
        """Yield the things, counting each as a step once it was dealt with."""
        for thing in things:
            yield thing
            self()


def lasting(seconds: float) -> str:
    """Return a length of time as people say it: ``25 s``, ``4 min``, ``1.5 h``."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"

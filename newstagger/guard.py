"""Calls work that may raise, sleep or exit, and always comes back: a value or a Problem, within the time that is left.

A plugin's call runs in a daemon thread, since nothing else can be left behind when its time is up; the built-in plugins run in
the caller's thread. A plugin that overran three times in a row is benched for a minute.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from newstagger.domain import Problem
from newstagger.errors import PluginContractError

T = TypeVar("T")

OVERRUNS = 3
BENCH_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What became of one call: its value, or the problem; ``ms`` is its wall-clock time."""

    value: T | None
    problem: Problem | None
    ms: float


class Budget:
    """The time that plugins may take of one save, counted from now; ``ms`` None is without limit."""

    def __init__(self, ms: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = None if ms is None else clock() + ms / 1000

    def left(self) -> float | None:
        """Return the seconds that are left (never below zero), or None without limit."""
        return None if self._end is None else max(0.0, self._end - self._clock())


class Guard:
    """Isolates plugins one from another; ``strict`` raises PluginContractError where a Problem would be returned."""

    def __init__(self, *, strict: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._strict, self._clock = strict, clock
        self._overruns: dict[str, int] = {}
        self._benched: dict[str, float] = {}

    def call(self, stage: str, plugin: str, work: Callable[[], T], *, trusted: bool, budget: Budget) -> Outcome[T]:
        """Run ``work`` and return what became of it; only the user's own interrupt passes through."""
        started = self._clock()
        if not trusted and self._benched.get(plugin, started) > started:
            return self._fail(stage, plugin, "not called: it overran its time three times and rests for a minute", started)
        if not trusted and budget.left() == 0.0:
            return self._fail(stage, plugin, "not called: no time was left", started)
        value, error = _inline(work) if trusted else self._in_thread(plugin, work, budget)
        if trusted and isinstance(error, KeyboardInterrupt):
            raise error
        if error is not None:
            return self._fail(stage, plugin, _say(error), started)
        return Outcome(value, None, (self._clock() - started) * 1000)

    def _fail(self, stage: str, plugin: str, message: str, started: float) -> Outcome[T]:
        if self._strict:
            raise PluginContractError(
                message, where=f"plugin {plugin}, {stage}", next_step="mend the plugin or block it in newstagger.toml"
            )
        return Outcome(None, Problem(stage, plugin, message), (self._clock() - started) * 1000)

    def _in_thread(self, plugin: str, work: Callable[[], T], budget: Budget) -> tuple[T | None, BaseException | None]:
        box: list[tuple[T | None, BaseException | None]] = []
        thread = threading.Thread(target=lambda: box.append(_inline(work)), name=f"newstagger-{plugin}", daemon=True)
        thread.start()
        thread.join(budget.left())
        if box:
            self._overruns.pop(plugin, None)
            return box[0]
        return None, self._overran(plugin)

    def _overran(self, plugin: str) -> TimeoutError:
        times = self._overruns.get(plugin, 0) + 1
        self._overruns[plugin] = times % OVERRUNS
        if times == OVERRUNS:
            self._benched[plugin] = self._clock() + BENCH_SECONDS
        return TimeoutError("did not answer in time")


def _inline(work: Callable[[], T]) -> tuple[T | None, BaseException | None]:
    try:
        return work(), None
    except BaseException as error:  # a plugin's SystemExit must not end the CMS
        return None, error


def _say(error: BaseException) -> str:
    """Name the error without its text, which may quote the article; our own errors and time-outs speak for themselves."""
    from newstagger.errors import NewstaggerError

    return str(error) if isinstance(error, NewstaggerError | TimeoutError) else f"raised {type(error).__name__}"

"""Knows which page a copy comes from, whichever way it is made: the admin's form, ``Page.copy``, the API, or a whole tree.

Wagtail tells nobody: no signal is sent, the log entry of a copy names its parents only, and the hooks around a copy run in the admin
alone. What all ways share is one step of ``CopyPageAction``, so that step is watched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any

from wagtail.actions.copy_page import CopyPageAction

STEP = "_copy_page"


@dataclass(frozen=True, slots=True)
class Copying:
    """A copy under way: the page that is copied, and whether the copy is meant as a translation."""

    source: int
    translation: bool


_copying: ContextVar[Copying | None] = ContextVar("newstagger_copying", default=None)


def copying() -> Copying | None:
    """Return the copy that is under way in this thread, or None."""
    return _copying.get()


@contextmanager
def _under_way(copy: Copying) -> Iterator[None]:
    token = _copying.set(copy)
    try:
        yield
    finally:
        _copying.reset(token)


def watchable() -> bool:
    """Tell whether this Wagtail copies pages in the step that is watched."""
    return callable(getattr(CopyPageAction, STEP, None))


def watch(copied: Callable[[Any, Copying], None]) -> None:
    """Call ``copied(page, copy)`` after each single page was copied; watching twice tells once."""
    original = getattr(CopyPageAction, STEP, None)
    if original is None or hasattr(original, "__newstagger__"):
        return

    @wraps(original)
    def step(action: Any, page: Any, *args: Any, **named: Any) -> Any:
        copy = Copying(page.pk, translation="translation" in str(action.log_action))
        with _under_way(copy):
            result = original(action, page, *args, **named)
        copied(result, copy)
        return result

    step.__newstagger__ = True  # type: ignore[attr-defined]
    setattr(CopyPageAction, STEP, step)

"""What a Superdesk app holds of newstagger: its process and how concepts are written in its vocabularies."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g

from newstagger_superdesk.codes import Codes, Entry
from newstagger_superdesk.process import Process

EXTENSION = "newstagger"
FRESH_SECONDS = 60.0
"""How long a vocabulary that was read counts: an editor's change in it shows a minute later."""


class Vocabularies:
    """Superdesk's controlled vocabularies, read once a minute; ``read`` returns the entries of a scheme."""

    def __init__(self, read: Callable[[str], list[Entry]]) -> None:
        self._read, self._lock = read, threading.Lock()
        self._kept: dict[str, tuple[float, Mapping[str, Entry]]] = {}

    def known(self, scheme: str, codes: tuple[str, ...]) -> Entry | None:
        """Return the active entry of a scheme that stands under one of these codes, or None."""
        entries = self._entries(scheme)
        return next((entries[code] for code in codes if code in entries), None)

    def _entries(self, scheme: str) -> Mapping[str, Entry]:
        with self._lock:
            at, entries = self._kept.get(scheme, (0.0, {}))
            if not at or time.monotonic() - at > FRESH_SECONDS:
                entries = {str(e["qcode"]): e for e in self._read(scheme) if e.get("qcode") and e.get("is_active", True)}
                self._kept[scheme] = (time.monotonic(), entries)
            return entries


@dataclass(frozen=True, slots=True)
class Desk:
    """One app's newstagger."""

    process: Process
    codes: Codes


def person() -> Mapping[str, Any]:
    """Return the user before the form; nothing where a program saves."""
    return getattr(g, "user", None) or {}


def desk_of(app: Any) -> Desk | None:
    """Return the newstagger of an app, or None where it was not installed."""
    found = app.extensions.get(EXTENSION)
    return found if isinstance(found, Desk) else None

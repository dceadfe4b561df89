"""Requests that were stored before: idempotency keys and ids of signed deliveries, each until it expires."""

from __future__ import annotations

import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from newstagger.errors import InputError
from newstagger.newsroom.statefile import StateFile


class SeenKeys:
    """The keys in the newsroom's SQLite file, as digests; safe to share between threads and processes."""

    def __init__(self, file: Path | StateFile, *, clock: Callable[[], float] = time.time) -> None:
        self._file = file if isinstance(file, StateFile) else StateFile(file)
        self._clock = clock

    def seen(self, key: str, digest: str, until: float) -> bool:
        """Tell whether a request came before under this key; note it until a moment (seconds since 1970) when it did not.

        Inside ``state.transaction()`` the note and what the request writes are stored together or not at all. ``key`` names the
        site and the purpose too. Raises InputError for a key that was used for another request (``digest`` tells them apart),
        StateError when the note could not be stored.
        """
        name = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        with self._file.together():
            self._file.change("DELETE FROM seen_key WHERE until < ?", (self._clock(),))
            new = self._file.change(
                "INSERT INTO seen_key(key, digest, until) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING key", (name, digest, until)
            )
            known = self._file.rows("SELECT digest FROM seen_key WHERE key = ?", (name,))
        if known and known[0][0] != digest:
            raise InputError("the idempotency key was used for another request", next_step="make a new key for every request")
        return not new

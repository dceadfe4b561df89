"""One save of an article at a time, over the threads of this process and over all processes of this newsroom.

    with turns.turn(ref, 0.3) as mine:
        if mine: ...

Between threads a lock stands for an article, between processes a locked byte of a file in the home (POSIX record locks), which the
kernel lets go when a process ends, however it ends. Where the home cannot be written nothing is stored, so threads are enough.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from newstagger.domain import ArticleRef

FILE = "turns.lock"
FIRST_PAUSE, LONGEST_PAUSE = 0.001, 0.02
"""Seconds between looks at a byte that another process holds: the kernel has no timed wait for it."""


@dataclass(slots=True)
class _Lane:
    """The queue before one byte: its threads' lock, and how many threads hold it or wait."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0


class Turns:
    """The turns of one newsroom; build one a process (two would not see each other: record locks belong to the process)."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE
        self._lanes: dict[int, _Lane] = {}
        self._guard = threading.Lock()
        self._file: int | None = None

    @contextmanager
    def turn(self, ref: ArticleRef, wait_s: float) -> Iterator[bool]:
        """Wait for an article's turn for at most so many seconds; the block is told whether it has it, until it ends.

        Not to be taken again inside the block. Two articles share a turn once in 2**62 pairs.
        """
        place, until = _place(ref), time.monotonic() + wait_s
        lane = self._enter(place)
        try:
            if not lane.lock.acquire(timeout=max(0.0, wait_s)):
                yield False
                return
            try:
                with self._between_processes(place, until) as mine:
                    yield mine
            finally:
                lane.lock.release()
        finally:
            self._leave(place, lane)

    def _enter(self, place: int) -> _Lane:
        with self._guard:
            lane = self._lanes.setdefault(place, _Lane())
            lane.users += 1
            return lane

    def _leave(self, place: int, lane: _Lane) -> None:
        with self._guard:
            lane.users -= 1
            if not lane.users:
                del self._lanes[place]

    @contextmanager
    def _between_processes(self, place: int, until: float) -> Iterator[bool]:
        handle = self._open()
        if handle is None:
            yield True
            return
        mine, pause = _locked(handle, place), FIRST_PAUSE
        while not mine and (left := until - time.monotonic()) > 0:
            time.sleep(min(pause, left))
            mine, pause = _locked(handle, place), min(2 * pause, LONGEST_PAUSE)
        try:
            yield mine
        finally:
            if mine:
                with suppress(OSError):  # where there are no locks there is none to let go
                    fcntl.lockf(handle, fcntl.LOCK_UN, 1, place)

    def _open(self) -> int | None:
        """Return the file's handle, kept until the process ends (closing one lets go of all its locks); None: it cannot be had now."""
        with self._guard:
            if self._file is None:
                with suppress(OSError):
                    self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                    self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            return self._file


def _place(ref: ArticleRef) -> int:
    """Return the byte that stands for an article."""
    name = "\0".join((ref.site, ref.id)).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest()) >> 2


def _locked(handle: int, place: int) -> bool:
    """Lock a byte if nobody has it; a file system without locks (ENOLCK) holds nobody up."""
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
    except OSError as error:
        return error.errno not in {errno.EACCES, errno.EAGAIN}
    return True

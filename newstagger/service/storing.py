"""Can what comes in be stored? Asked now and then by those who watch the service; why it cannot is told in the log, each reason once."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from newstagger.errors import StateError
from newstagger.newsroom.statefile import StateFile

LOOK_S = 3.0
"""How long an answer holds: whoever asks more often makes no more writes."""
TELL_S = 60.0
"""How long a reason that was told in the log is not told again."""
MOST_REASONS = 100

log = logging.getLogger("newstagger.service")


class Storing:
    """Looks after the newsroom's file; one a process, shared by its threads (a doubled look or line does no harm)."""

    def __init__(self, file: StateFile, clock: Callable[[], float] = time.monotonic) -> None:
        self._file, self._clock = file, clock
        self._looked, self._lacking = float("-inf"), ""
        self._told: dict[str, float] = {}

    def lacking(self) -> str:
        """Return why nothing can be stored, without a path ('': it can), as it was at most ``LOOK_S`` ago."""
        if self._clock() - self._looked >= LOOK_S:
            try:
                self._file.expect_writable()
                self._lacking = ""
            except StateError as error:
                self.note(error)
                self._lacking = error.what
            self._looked = self._clock()
        return self._lacking

    def note(self, error: StateError) -> None:
        """Tell in the log why something was not stored, the same reason once in ``TELL_S``; whoever asks next has it looked at anew."""
        self._looked = float("-inf")
        reason, now = str(error), self._clock()
        if now - self._told.get(reason, float("-inf")) < TELL_S:
            return
        if len(self._told) >= MOST_REASONS:
            self._told.clear()
        self._told[reason] = now
        log.warning("not stored: %s", reason)

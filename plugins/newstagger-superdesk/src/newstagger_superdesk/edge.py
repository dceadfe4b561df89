"""The one place where everything is caught: whatever goes wrong in newstagger, the save goes on, and somebody is told."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from newstagger.errors import NewstaggerError

T = TypeVar("T")
logger = logging.getLogger("newstagger")


def attempt(work: Callable[[], T], what: str) -> tuple[T | None, str]:
    """Return (what the work returned, ''), or (None, one line saying what failed). Only the user's own interrupt passes through.

    The line and the log name the kind of an error, never its text, which may quote an article; errors of newstagger's own tree speak
    for themselves.
    """
    try:
        return work(), ""
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a plugin's SystemExit must not end the server
        problem = str(error) if isinstance(error, NewstaggerError) else f"{what}: {type(error).__name__}"
        logger.error("%s", problem)
        return None, problem

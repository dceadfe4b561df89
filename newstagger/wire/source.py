"""What a wire story looks like to the comparison, and where stories come from: the index, or files named on the spot."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol

import numpy as np

from newstagger.contracts import Uint64s
from newstagger.domain import WireItem
from newstagger.wire.normalise import Words
from newstagger.wire.shingles import runs_of_five, winnow

TOO_COMMON = 200
"""A shingle that more stories hold than this is a formula: nothing is looked up by it."""

Holders = Sequence[tuple[int, bool]]
"""The stories that hold a shingle, each with whether it stands in quotes there."""

_DIGEST = re.compile(
    r"\W*(the latest\b|live\b|liveblog|live[- ]?ticker|ticker\b|en direct|en vivo|in diretta|updates?\s*[:\d]"
    r"|(news |world |morning |evening )?(digest|summary|roundup|briefs?)\b|ap news in brief|news in brief|highlights\b|at a glance"
    r"|schlagzeilen|nachrichten[- ]?überblick|überblick\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """A wire item made ready for comparison. ``item.body`` may be empty; ``day`` counts days since 1970, None when unknown."""

    doc: int
    item: WireItem
    words: Words
    day: int | None

    @property
    def is_digest(self) -> bool:
        """True for a digest or a running file: it holds a little of everything and is never the best source."""
        return _DIGEST.match(self.item.headline) is not None


class Source(Protocol):
    """A set of wire stories that an article can be compared with."""

    def holders(self, hashes: Sequence[int]) -> list[Holders]:
        """Return for each shingle hash the stories that hold it: all of them, or the first ``TOO_COMMON + 1``."""
        ...

    def stories(self, docs: Sequence[int]) -> list[Story]:
        """Return these stories, in this order; those that are gone are left out."""
        ...


@lru_cache(maxsize=256)
def shingles_of(story: Story) -> Uint64s:
    """Return a story's winnowed shingles with their numbers as they stand, each once: two form letters share few of these."""
    hashes = runs_of_five(story.words)
    return np.unique(hashes[winnow(hashes)])


def day_of(item: WireItem) -> int | None:
    """Return the day (since 1970, UTC) on which a version was made, or else came in; None when neither can be read."""
    for stamp in (item.version_created, item.ingested):
        if (moment := moment_of(stamp)) is not None:
            return int(moment // 86_400)
    return None


def moment_of(stamp: str | None) -> float | None:
    """Return an ISO 8601 time as seconds since 1970; without a zone it is taken as UTC; None when it cannot be read."""
    try:
        moment = datetime.fromisoformat(stamp) if stamp else None
    except ValueError:
        return None
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def stamp_of(moment: float) -> str:
    """Return seconds since 1970 as ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")

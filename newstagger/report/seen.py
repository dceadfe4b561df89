"""What is noted while answers are measured: numbers of every answer, words of the worst ones. Frozen values; nothing is computed here.

``notes`` takes the notes, everything else of the report reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newstagger.domain import Concept, Facet

Doubles = NDArray[np.float64]
Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. ``strength`` is 0 where nothing was weighed, else 1 to 3 with the sign of what it adds to the margin."""

    string: str
    strength: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """One term or property and what it adds to the margin."""

    term: str
    contribution: float


@dataclass(frozen=True, slots=True)
class Sum:
    """bias + reasons + rest = margin."""

    bias: float
    reasons: tuple[Reason, ...]
    rest: float
    margin: float


@dataclass(frozen=True, slots=True)
class Case:
    """One label that is wrong on one article, with as much of the text as shows why; ``score`` is None where nothing was scored."""

    row: int
    ref: str
    date: str
    language: str
    score: float | None
    headline: tuple[Piece, ...]
    passages: tuple[tuple[Piece, ...], ...]
    why: Sum | None
    wanted: tuple[str, ...]
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Worst:
    """The worst cases of one label: given though not wanted, the surest first; wanted though not given, the least sure first."""

    wrong: tuple[Case, ...] = ()
    missed: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """One way to part the rows, by language, source or month: the values in order, and for each row the number of its own."""

    kind: str
    values: tuple[str, ...]
    numbers: NDArray[np.int64]

    @classmethod
    def of(cls, kind: str, told: Sequence[str]) -> Grouping:
        """Return the grouping of rows that have these values."""
        values = tuple(sorted(set(told)))
        number = {value: at for at, value in enumerate(values)}
        return cls(kind, values, np.array([number[value] for value in told], dtype=np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """All answers on one facet, compact: a line a row, and a line a pair of row and label that was wanted or scored.

    ``labels`` are the ids that the figures use, ``concepts`` what they mean; ``abstained`` holds the reason or "". ``score`` is 0
    where the tagger told none. ``headlines`` are those of rows with bad errors.
    """

    facet: Facet
    ids: tuple[str, ...]
    groups: tuple[Grouping, ...]
    abstained: tuple[str, ...]
    labels: tuple[str, ...]
    concepts: tuple[Concept, ...]
    row: Ints
    label: Ints
    score: Doubles
    wanted: Bools
    shown: Bools
    auto: Bools
    bars: Mapping[int, tuple[float, float]]
    worst: Mapping[int, Worst]
    headlines: Mapping[int, str]

"""Finds the runs of words that two texts share, wherever they stand: no order, small edits bridged, never quadratic.

Every run of ``SEED`` words is looked up in the other text by its hash; hits on one diagonal grow together into maximal
runs; of runs that compete for the same words of the article the longest wins. A run of words that repeats (a refrain, a
hostile text) is paired with its own repetition only, so the work stays linear. Pure: numbers in, numbers out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Uint64s
from newstagger.wire.normalise import Ids
from newstagger.wire.shingles import rolled

SEED = 5
GAP = 3
REPEATS = 4
MOST_RUNS = 4_000

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """``length`` words that stand in both texts without a change: from word ``left`` in one, from ``right`` in the other."""

    left: int
    right: int
    length: int


def runs(left: Ids, right: Ids, seed: int = SEED) -> list[Run]:
    """Return shared runs of at least ``seed`` words, by ``left``; no two share a word of ``left``."""
    return matched(rolled(left.astype(np.uint64), seed), rolled(right.astype(np.uint64), seed), seed)


def matched(left: Uint64s, right: Uint64s, seed: int = SEED) -> list[Run]:
    """Return the same from the hashes of each run of ``seed`` words; of two texts that share little, little is looked at."""
    ranked = np.sort(left)
    there = _among(right, ranked)
    if not len(there):
        return []
    here = _among(left, np.sort(right[there]))
    first, second = _seeds(left[here], right[there])
    return _longest(_maximal(here[first], there[second], seed), len(left) + seed - 1, seed)


def _among(values: Uint64s, ranked: Uint64s) -> Positions:
    """Return the positions of those values that are among the ranked ones."""
    if not len(ranked):
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(ranked[np.minimum(np.searchsorted(ranked, values), len(ranked) - 1)] == values)


def _seeds(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> tuple[Positions, Positions]:
    """Return pairs of positions whose hashes are equal; the n-th of many equal ones goes with the n-th only."""
    order = np.argsort(right, kind="stable")
    ranked = right[order]
    first = np.searchsorted(ranked, left, "left")
    count = np.searchsorted(ranked, left, "right") - first
    here, there = [], []
    few = np.flatnonzero((count > 0) & (count <= REPEATS))
    few = few[_rank(left[few]) < REPEATS * 4] if len(few) else few
    for nth in range(REPEATS):
        at = few[count[few] > nth]
        here.append(at)
        there.append(order[first[at] + nth])
    many = np.flatnonzero(count > REPEATS)
    if len(many):
        rank = _rank(left[many])
        many, rank = many[rank < count[many]], rank[rank < count[many]]
        here.append(many)
        there.append(order[first[many] + rank])
    return np.concatenate(here), np.concatenate(there)


def _rank(values: NDArray[np.uint64]) -> Positions:
    """Return for each value how many equal ones stand before it."""
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    rank = np.empty(len(values), dtype=np.int64)
    rank[order] = np.arange(len(values)) - np.searchsorted(ranked, ranked, "left")
    return rank


def _maximal(here: Positions, there: Positions, seed: int) -> list[Run]:
    if not len(here):
        return []
    order = np.lexsort((here, there - here))
    here, there = here[order], there[order]
    starts = np.flatnonzero(np.concatenate(([True], (np.diff(here) != 1) | (np.diff(there) != 1))))
    lengths = np.diff(np.concatenate((starts, [len(here)]))) + seed - 1
    best = np.lexsort((there[starts], here[starts], -lengths))[:MOST_RUNS]
    rows = zip(here[starts][best].tolist(), there[starts][best].tolist(), lengths[best].tolist(), strict=True)
    return [Run(*row) for row in rows]


def _longest(found: list[Run], words: int, seed: int) -> list[Run]:
    """Return the runs, longest first, each cut down to words of ``left`` that no longer one holds."""
    taken = np.zeros(words, dtype=np.bool_)
    kept: list[Run] = []
    for run in found:
        free = np.flatnonzero(~taken[run.left : run.left + run.length])
        if len(free) < seed:
            continue
        skip, last = int(free[0]), int(free[-1]) + 1
        if last - skip == len(free):
            kept.append(Run(run.left + skip, run.right + skip, last - skip))
            taken[run.left + skip : run.left + last] = True
    return sorted(kept)


def passages(found: Sequence[Run], gap: int = GAP) -> list[list[Run]]:
    """Return the runs gathered into passages: neighbours that stand at most ``gap`` words apart in both texts, in order."""
    groups: list[list[Run]] = []
    for run in found:
        last = groups[-1][-1] if groups else None
        if last and _near(run.left - last.left - last.length, gap) and _near(run.right - last.right - last.length, gap):
            groups[-1].append(run)
        else:
            groups.append([run])
    return groups


def _near(distance: int, gap: int) -> bool:
    return 0 <= distance <= gap

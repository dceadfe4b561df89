"""Which examples are learned from and which are held out: by date, by group, by an explicit split; never one story on both sides."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Example

HELD_OUT = frozenset({"test", "dev", "val", "valid", "validation", "eval", "heldout", "held-out"})

_DAY = re.compile(r"\d{4}-\d\d(?!\d)")


def folds(count: int, groups: Sequence[str | None], number: int, seed: int) -> tuple[NDArray[np.int64], ...]:
    """Cut rows 0 .. count - 1 into ``number`` shuffled folds of near equal size; rows of one group stay in one fold.

    ``groups`` has an entry a row, None for a row on its own, or is empty. Without groups this is a shuffled k-fold.
    """
    keys = [groups[i] if groups and groups[i] is not None else i for i in range(count)]
    members: dict[str | int | None, list[int]] = {}
    for row, key in enumerate(keys):
        members.setdefault(key, []).append(row)
    units = list(members.values())
    order = np.random.RandomState(seed).permutation(len(units))
    shares = np.array_split(order, max(1, min(number, len(units))))
    return tuple(np.array(sorted(row for unit in share for row in units[unit]), dtype=np.int64) for share in shares)


def held_out(examples: Sequence[Example], share: float, splits: Sequence[str | None] = ()) -> NDArray[np.bool_]:
    """Return which examples to hold out: those whose split says so, else the newest ``share`` of the dated groups.

    Dates are ISO 8601; undated ones are drawn by a stable hash of their id. A group goes as a whole, by the date of its
    newest row. An explicit split (``splits`` has an entry an example, or is empty) decides for the rows that have one, if
    it holds out any row at all.
    """
    units: dict[str, list[int]] = {}
    for number, example in enumerate(examples):
        units.setdefault(example.group or f"\0{number}", []).append(number)
    dates = {unit: max(_day(examples[i]) for i in rows) for unit, rows in units.items()}
    chosen = _newest([unit for unit in units if dates[unit]], dates, units, share)
    chosen |= {unit for unit, rows in units.items() if not dates[unit] and _draw(examples[rows[0]]) < share}
    answer = np.zeros(len(examples), dtype=np.bool_)
    for unit in chosen:
        answer[units[unit]] = True
    told = {number: split.casefold() in HELD_OUT for number, split in enumerate(splits) if split is not None}
    if any(told.values()):
        answer[list(told)] = list(told.values())
    return answer


def _day(example: Example) -> str:
    return example.date if example.date and _DAY.match(example.date) else ""


def _newest(dated: list[str], dates: dict[str, str], units: dict[str, list[int]], share: float) -> set[str]:
    wanted = share * sum(len(units[unit]) for unit in dated)
    chosen: set[str] = set()
    rows = 0
    for unit in sorted(dated, key=lambda u: (dates[u], u), reverse=True):
        if rows + len(units[unit]) > wanted:
            break
        chosen.add(unit)
        rows += len(units[unit])
    return chosen


def _draw(example: Example) -> float:
    name = example.group or example.article.ref.id
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") / 2**64

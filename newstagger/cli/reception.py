"""Counts of how tags were received, as a table for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from newstagger.cli.show import plain
from newstagger.contracts import Json
from newstagger.newsroom.statistics import GroupBy, Reception

COLUMNS = ("shown", "accepted", "rejected", "removed", "added")
WIDTH = 44


def reception_lines(groups: Iterable[Reception], sums: Sequence[Reception], by: GroupBy) -> list[str]:
    """Return the table: a line a group, then the sums of each facet."""
    head = f"{by!s:<{WIDTH}}" + "".join(f"{word:>9}" for word in COLUMNS) + "   kept (95 % interval)"
    lines = [head, *(_line(one, _name(one)) for one in groups)]
    return [*lines, "", *(_line(one, f"all of {one.name}") for one in sums)] if sums else lines


def _name(one: Reception) -> str:
    return f"{one.label} ({one.name})" if one.label and one.label != one.name else one.name or "-"


def _line(one: Reception, name: str) -> str:
    counts = "".join(f"{getattr(one, word):>9}" for word in COLUMNS)
    kept = "" if one.rate is None or one.interval is None else f"   {one.rate:4.0%} ({one.interval[0]:.0%}–{one.interval[1]:.0%})"
    return f"{plain(name, WIDTH - 1):<{WIDTH}}{counts}{kept}"


def reception_to_json(one: Reception, kind: str) -> dict[str, Json]:
    """Return one group's counts; ``rate`` and ``interval`` are null where nothing was decided."""
    return {
        "by": kind,
        "name": one.name,
        "label": one.label,
        "facet": None if one.facet is None else str(one.facet),
        **{word: getattr(one, word) for word in COLUMNS},
        "rate": None if one.rate is None else round(one.rate, 4),
        "interval": None if one.interval is None else [round(bound, 4) for bound in one.interval],
    }

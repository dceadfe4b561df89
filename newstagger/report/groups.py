"""The same answers by language, source and month, and which label stood where another was missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from newstagger.domain import Concept
from newstagger.report.data import Confusion, Group, GroupTable
from newstagger.report.seen import Bools, Grouping, Seen
from newstagger.taxonomy import media_topics

MOST_GROUPS = 24
FEWEST_IN_LABEL = 5
"""A group of fewer wanted or given tags of one label is not shown there."""


def group_tables(seen: Seen, pairs: Bools | None = None, most: int = MOST_GROUPS) -> tuple[GroupTable, ...]:
    """Return a table for each kind of group that has more than one value; with ``pairs`` over these pairs alone.

    The biggest groups are shown, of months the last ones in their order.
    """
    least = 0 if pairs is None else FEWEST_IN_LABEL
    chosen = np.ones(len(seen.row), dtype=np.bool_) if pairs is None else pairs
    tables = (_table(grouping, seen, chosen, least, most) for grouping in seen.groups)
    return tuple(table for table in tables if len(table.groups) > 1)


def _table(grouping: Grouping, seen: Seen, pairs: Bools, least: int, most: int) -> GroupTable:
    kind, names, numbers = grouping.kind, grouping.values, grouping.numbers
    of_pair = numbers[seen.row[pairs]]
    want, give, both = (
        np.bincount(of_pair[kept[pairs]], minlength=len(names)) for kept in (seen.wanted, seen.shown, seen.wanted & seen.shown)
    )
    rows = np.bincount(numbers, minlength=len(names))
    there = [at for at in range(len(names)) if want[at] + give[at] >= least]
    ordered = there[-most:] if kind == "month" else sorted(there, key=lambda at: (-int(rows[at]), names[at]))[:most]
    groups = (_group(names[at], *(int(counts[at]) for counts in (rows, want, give, both))) for at in ordered)
    return GroupTable(kind, tuple(groups), len(there) - len(ordered))


def _group(value: str, rows: int, want: int, give: int, both: int) -> Group:
    f1 = 2 * both / (want + give) if want + give else 0.0
    return Group(value, rows, want, give, both / give if give else 0.0, both / want if want else 0.0, f1)


def confusions(seen: Seen) -> tuple[Confusion, ...]:
    """Return which label was missed and which given wrongly in the same row, the most frequent first."""
    times: Counter[tuple[int, int]] = Counter()
    for missed, given in _errors(seen):
        times.update((int(m), int(g)) for m in missed for g in given)
    ranked = sorted(times.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Confusion(m, g, rows, relation(seen.concepts[m], seen.concepts[g])) for (m, g), rows in ranked)


def _errors(seen: Seen) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32]]]:
    """Yield for each row that has both the labels that were missed and those that were given wrongly."""
    wrong = seen.wanted != seen.shown
    row, label, wanted = seen.row[wrong], seen.label[wrong], seen.wanted[wrong]
    for start, end in zip(*_runs(row), strict=True):
        labels, missed = label[start:end], wanted[start:end]
        if missed.any() and not missed.all():
            yield labels[missed], labels[~missed]


def _runs(row: NDArray[np.int32]) -> tuple[list[int], list[int]]:
    """Return where each row's pairs begin and end; pairs stand in the order of rows."""
    ends = np.flatnonzero(row[1:] != row[:-1]) + 1
    return ([0, *ends.tolist()], [*ends.tolist(), len(row)]) if len(row) else ([], [])


def relation(one: Concept, other: Concept) -> str:
    """Return how the second concept lies to the first in the vocabulary, in a word, or nothing."""
    lineages = _lineage(one), _lineage(other)
    if other.id in lineages[0][1:]:
        return "broader"
    if one.id in lineages[1][1:]:
        return "narrower"
    return "sibling" if set(_broader(one)) & set(_broader(other)) else ""


def _lineage(concept: Concept) -> tuple[str, ...]:
    return media_topics().lineage(concept.id) or (concept.id, *concept.broader)


def _broader(concept: Concept) -> Sequence[str]:
    """Return the ids right above a concept; top topics lie side by side."""
    known = media_topics().concept(concept.id)
    return concept.broader or (known.broader if known else ()) or (("top",) if known else ())


def by_missed(found: Sequence[Confusion]) -> Mapping[int, list[Confusion]]:
    """Return the confusions by the label that was missed."""
    table: dict[int, list[Confusion]] = {}
    for one in found:
        table.setdefault(one.wanted, []).append(one)
    return table


def by_given(found: Sequence[Confusion]) -> Mapping[int, list[Confusion]]:
    """Return the confusions by the label that stood there instead."""
    table: dict[int, list[Confusion]] = {}
    for one in found:
        table.setdefault(one.given, []).append(one)
    return table

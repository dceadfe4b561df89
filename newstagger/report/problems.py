"""The things to look at first: each in one sentence, ordered by about how many articles it spoils."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newstagger.domain import Concept
from newstagger.report.data import Confusion, Coverage, Group, GroupTable, LabelReport, Problem

MOST = 20
UNASKED = 3.0
"""A wrong tag that nobody is shown before it is written counts so many times."""
POOR_ERROR, POOR_GAP, FEWEST_ROWS = 0.1, 0.1, 30


def problems(
    labels: Sequence[LabelReport], groups: Sequence[GroupTable], coverage: Coverage, names: Sequence[Concept], f1: float
) -> tuple[Problem, ...]:  # fmt: skip
    """Return the 20 worst, the costliest first."""
    found = [
        *(problem for label in labels for problem in _of_label(label, names)),
        *(_abstained(reason, rows) for reason, rows in coverage.reasons),
        *(_group(group, table.kind, f1) for table in groups for group in table.groups if _poor(group, f1)),
    ]
    return tuple(sorted(found, key=lambda one: (-one.cost, one.what))[:MOST])


def _of_label(label: LabelReport, names: Sequence[Concept]) -> Iterator[Problem]:
    score, number = label.score, label.number
    if not score.support:
        yield from _unused(label)
        return
    hits = round(score.recall * score.support)
    missed, wrong = score.support - hits, score.predicted - hits
    if missed:
        what = "is never given" if not score.predicted else f"is missed in {missed} of {score.support} articles"
        yield Problem(missed, number, f"{what} (recall {score.recall:.2f}){_most(label.instead, names, 'given instead')}")
    if wrong:
        told = f"is given wrongly to {wrong} of {score.predicted} articles (precision {score.precision:.2f})"
        yield Problem(wrong, number, told + _most(label.in_place_of, names, "missed there"))
    yield from _bars(label)
    if rows := label.doubts.lacking + label.doubts.carrying:
        yield Problem(rows / 2, number, f"has {rows} articles whose label in the corpus is perhaps wrong")


def _unused(label: LabelReport) -> Iterator[Problem]:
    if given := label.score.predicted:
        unasked = f", {label.written.tags} of them unasked" if label.written.tags else ""
        what = f"stands nowhere in the corpus and is given {given} times{unasked}: wrong, or a label that the corpus does not use"
        yield Problem(given, label.number, what)


def _bars(label: LabelReport) -> Iterator[Problem]:
    written, curves = label.written, label.curves
    if written.tags and written.precision < written.target:
        wrong = written.tags - written.right
        what = f"is written unasked {written.tags} times, {written.precision:.2f} of them right, where {written.target:.2f} is asked"
        yield Problem(UNASKED * wrong, label.number, what)
    if curves.error >= POOR_ERROR and curves.pairs >= FEWEST_ROWS:
        what = f"has scores that are {curves.error:.2f} off on average (over {curves.pairs} scored articles)"
        yield Problem(curves.error * curves.pairs, label.number, what)


def _most(found: Sequence[Confusion], names: Sequence[Concept], what: str) -> str:
    """Return which label it is confused with most, as the tail of a sentence."""
    if not found or found[0].rows < 2:
        return ""
    other = found[0].given if what == "given instead" else found[0].wanted
    return f"; most often {what}: {names[other].pref_label} ({found[0].rows})"


def _abstained(reason: str, rows: int) -> Problem:
    return Problem(rows, None, f"{rows} articles are left to the editor: {reason}")


def _poor(group: Group, f1: float) -> bool:
    return group.rows >= FEWEST_ROWS and f1 - group.f1 >= POOR_GAP


def _group(group: Group, kind: str, f1: float) -> Problem:
    what = f"{group.rows} articles of {kind} {group.value}: F1 {group.f1:.2f}, where all together have {f1:.2f}"
    return Problem((f1 - group.f1) * group.rows, None, what)

"""From notes and figures to the report: the straight line, facet by facet, label by label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from newstagger.domain import Concept, Evaluation, FacetScore, LabelScore
from newstagger.report.curves import curves, cuts, reaches
from newstagger.report.data import About, Confusion, Coverage, Doubt, FacetReport, LabelReport, Report, Targets, Written
from newstagger.report.doubts import doubts
from newstagger.report.groups import by_given, by_missed, confusions, group_tables
from newstagger.report.intervals import FacetIntervals, intervals
from newstagger.report.notes import Notes
from newstagger.report.problems import problems
from newstagger.report.seen import Bools, Seen, Worst

PRECISIONS = (0.90, 0.95)
MOST_CONFUSIONS, CONFUSIONS_A_LABEL, GROUPS_A_LABEL = 30, 6, 12
MOST_DOUBTS, DOUBTS_A_LABEL = 20, 4


@dataclass(frozen=True, slots=True, eq=False)
class _Around:
    """What the labels of a facet share."""

    seen: Seen
    targets: Targets
    intervals: FacetIntervals
    missed: Mapping[int, Sequence[Confusion]]
    given: Mapping[int, Sequence[Confusion]]
    judged: Bools
    pairs: Mapping[int, NDArray[np.int64]]


def gather(evaluation: Evaluation, notes: Notes, about: About) -> Report:
    """Return the report on an evaluation whose answers were noted."""
    return Report(about, evaluation, tuple(_facet(score, notes.seen(score.facet), about) for score in evaluation.facets))


def _facet(score: FacetScore, noted: Seen, about: About) -> FacetReport:
    seen, numbers = counted(noted, score)
    targets = about.targets.get(score.facet, Targets())
    found = intervals(seen, np.array([numbers[one.label] for one in score.per_label if one.label in numbers], dtype=np.int64))
    names = tuple(_told_apart(seen.concepts))
    confused, tables, coverage = confusions(seen), group_tables(seen), _coverage(seen)
    judged = np.array([not reason for reason in seen.abstained], dtype=np.bool_)
    around = _Around(seen, targets, found, by_missed(confused), by_given(confused), judged, _pairs(seen))
    frequent = sorted(score.per_label, key=lambda one: (-one.support, -one.predicted, one.label))
    labels = tuple(_label(one, numbers[one.label], around) for one in frequent if one.label in numbers)
    return FacetReport(
        score=score,
        names=names,
        micro=found.micro,
        macro=found.macro,
        document=found.document,
        coverage=coverage,
        written=_written(seen, np.ones(len(seen.row), dtype=np.bool_), targets.precision),
        target_told=targets.told,
        curves=curves(seen.score, seen.wanted, int(seen.wanted.sum())),
        problems=problems(labels, tables, coverage, names, score.micro_f1),
        groups=tables,
        confusions=confused[:MOST_CONFUSIONS],
        doubts=tuple(_most_doubtful(labels, seen.headlines)),
        doubted=sum(one.doubts.lacking + one.doubts.carrying for one in labels),
        labels=labels,
    )


def _told_apart(concepts: Sequence[Concept]) -> Iterator[Concept]:
    """Yield the concepts, those of one name with their ids behind it: a city and its province."""
    times = Counter(concept.pref_label for concept in concepts)
    for one in concepts:
        yield replace(one, pref_label=f"{one.pref_label} ({one.id})") if times[one.pref_label] > 1 else one


def counted(seen: Seen, score: FacetScore) -> tuple[Seen, dict[str, int]]:
    """Return the pairs of the labels that count in a score, and the numbers of these labels."""
    numbers = _numbers(seen, {one.label for one in score.per_label})
    kept = np.isin(seen.label, np.array(sorted(numbers.values()), dtype=np.int32))
    names = ("row", "label", "score", "wanted", "shown", "auto")
    return replace(seen, **{name: getattr(seen, name)[kept] for name in names}), numbers


def _numbers(seen: Seen, labels: set[str]) -> dict[str, int]:
    return {label: number for number, label in enumerate(seen.labels) if label in labels}


def _pairs(seen: Seen) -> dict[int, NDArray[np.int64]]:
    """Return the places of each label's pairs."""
    order = np.argsort(seen.label, kind="stable")
    ends = np.cumsum(np.bincount(seen.label, minlength=len(seen.concepts)))
    return dict(enumerate(np.split(order, ends[:-1])))


def _label(score: LabelScore, number: int, around: _Around) -> LabelReport:
    seen, at = around.seen, around.pairs[number]
    pairs = np.zeros(len(seen.row), dtype=np.bool_)
    pairs[at] = True
    scores, wanted, bars = seen.score[at], seen.wanted[at], seen.bars.get(number)
    target = around.targets.of(score.label)
    return LabelReport(
        number=number,
        score=score,
        intervals=around.intervals.labels[number],
        written=_written(seen, pairs, target),
        bars=bars,
        cuts=cuts(scores, wanted, score.support, bars),
        reaches=reaches(scores, wanted, score.support, sorted({*PRECISIONS, target})),
        curves=curves(scores, wanted, score.support),
        instead=tuple(around.missed.get(number, ())[:CONFUSIONS_A_LABEL]),
        in_place_of=tuple(around.given.get(number, ())[:CONFUSIONS_A_LABEL]),
        doubts=doubts(seen, pairs & around.judged[seen.row], number, int(around.judged.sum())),
        worst=seen.worst.get(number, Worst()),
        groups=group_tables(seen, pairs, GROUPS_A_LABEL),
    )


def _written(seen: Seen, pairs: Bools, target: float) -> Written:
    auto = pairs & seen.auto
    return Written(int(auto.sum()), int((auto & seen.wanted).sum()), target)


def _coverage(seen: Seen) -> Coverage:
    rows = max(1, len(seen.ids))
    reasons = Counter(reason for reason in seen.abstained if reason)
    auto, shown = len(np.unique(seen.row[seen.auto])), len(np.unique(seen.row[seen.shown]))
    ranked = sorted(reasons.items(), key=lambda one: (-one[1], one[0]))
    return Coverage(auto / rows, shown / rows, reasons.total() / rows, tuple(ranked))


def _most_doubtful(labels: Sequence[LabelReport], headlines: Mapping[int, str]) -> Iterator[Doubt]:
    """Yield the most doubtful rows that lack a label, then those that carry one; of each label a few, so that no label hides the rest."""
    for carries in (False, True):
        each = ([doubt for doubt in label.doubts.rows if doubt.carries is carries][:DOUBTS_A_LABEL] for label in labels)
        found = sorted((doubt for doubts in each for doubt in doubts), key=lambda one: (-one.surplus, one.row, one.label))
        yield from (replace(doubt, headline=headlines.get(doubt.row, "")) for doubt in found[:MOST_DOUBTS])

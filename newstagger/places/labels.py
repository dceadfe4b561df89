"""Which place a label of a training archive means: an id of the gazetteer, or a name of the archive's own ("usa", "west-germany")."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from newstagger.contracts import FacetPart
from newstagger.errors import CorpusError
from newstagger.places.focus import Candidate
from newstagger.places.gazetteer import Gazetteer, Level, Mark

PREFIXES = ("iso:", "geonames:", "m49:")
SEEN_TOGETHER, LEAST_AGREEMENT = 3, 0.2
MOSTLY = 0.6
"""From this share of labels that name places on, an archive's labels are places; the rest is told by the articles."""


@dataclass(frozen=True, slots=True)
class LabelMap:
    """Rows by label; ``own`` holds the archive's name of a row (empty when labels are ids); ``unknown`` labels name no place."""

    rows: Mapping[str, int]
    own: Mapping[int, str]
    levels: frozenset[Level]
    unknown: tuple[str, ...]

    def of(self, labels: Iterable[str]) -> set[int]:
        """Return the rows that the labels mean."""
        return {self.rows[label] for label in labels if label in self.rows}


def read_labels(articles: Sequence[tuple[tuple[str, ...], list[Candidate]]], gazetteer: Gazetteer) -> LabelMap:
    """Return what the labels of a corpus mean; raise CorpusError for an id that does not exist or a mix of ids and names.

    A name of the archive's own is looked up among the forms of places; failing that, it means the place that stands in most
    of its articles and, in proportion, in few others.
    """
    counts = Counter(label for labels, _ in articles for label in labels)
    ids = {label for label in counts if label.startswith(PREFIXES)}
    if ids and len(ids) < len(counts):
        bare = min(set(counts) - ids)
        raise CorpusError(f"labels mix place ids with names such as {bare!r}", next_step="use ids such as iso:SY throughout")
    if ids:
        rows = {label: _row(label, gazetteer) for label in sorted(ids)}
        return LabelMap(rows, {}, _levels(rows.values(), gazetteer), ())
    named = {label: _named(label, gazetteer) for label in sorted(counts)}
    together = _together(articles)
    rows = {label: row for label, found in named.items() if (row := found if found is not None else together.get(label)) is not None}
    own: dict[int, str] = {}
    for label in sorted(rows, key=lambda label: (counts[label], label)):
        own[rows[label]] = label
    return LabelMap(rows, own, _levels(rows.values(), gazetteer), tuple(sorted(set(counts) - set(rows))))


def names_places(labels: Sequence[str], part: FacetPart) -> bool:
    """Tell whether an archive's own labels are names of places, such as "usa" and "west-germany": most of them known as such."""
    gazetteer = Gazetteer.read(part)
    known = sum(_named(label, gazetteer) is not None for label in labels)
    return known >= MOSTLY * max(1, len(labels))


def _levels(rows: Iterable[int], gazetteer: Gazetteer) -> frozenset[Level]:
    return frozenset(Level(gazetteer.levels[row]) for row in rows)


def _row(label: str, gazetteer: Gazetteer) -> int:
    row = gazetteer.row(label)
    if row is None:
        raise CorpusError(f"the label {label} is no known place", next_step="correct it, or map it with --label-map")
    return row


def _named(label: str, gazetteer: Gazetteer) -> int | None:
    """Return the place that a name such as "united-states" or "UK" means by itself: a country before all, else the largest."""
    spelt = label.replace("_", " ").replace("-", " ")
    found = [*gazetteer.folded.rows_of(spelt), *gazetteer.exact.rows_of(spelt.upper())]
    plain = [row for row, mark in found if not mark & (Mark.ADJECTIVE | Mark.ABBREVIATION | Mark.SEAT)]
    countries = [row for row in plain if gazetteer.levels[row] in (Level.COUNTRY, Level.REGION)]
    return max(countries or plain, key=lambda row: (gazetteer.populations[row], -row), default=None)


def _together(articles: Sequence[tuple[tuple[str, ...], list[Candidate]]]) -> dict[str, int]:
    """Return, by label, the country that its articles name most and others little (F1 of the label and the country's share)."""
    with_label: Counter[str] = Counter()
    with_row: dict[int, float] = defaultdict(float)
    both: dict[tuple[str, int], list[float]] = defaultdict(list)
    for labels, found in articles:
        shares = {candidate.row: candidate.values["share"] for candidate in found if candidate.level is Level.COUNTRY}
        with_label.update(labels)
        for row, share in sorted(shares.items()):
            with_row[row] += share
            for label in labels:
                both[label, row].append(share)
    best: dict[str, tuple[float, int]] = {}
    for (label, row), seen in sorted(both.items()):
        if len(seen) >= SEEN_TOGETHER:
            agreement = 2 * sum(seen) / (with_label[label] + with_row[row])
            best[label] = max(best.get(label, (LEAST_AGREEMENT, -1)), (agreement, row))
    return {label: row for label, (_, row) in best.items() if row >= 0}

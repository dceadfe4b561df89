"""What "Paris, Texas", "Homs, Syria" and "CAMP HILL, Pa." settle: which place is meant, and that an unknown town is no namesake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newstagger.domain import ParagraphKind, Text
from newstagger.places.gazetteer import Gazetteer, Level, Mark
from newstagger.places.prior import prior
from newstagger.places.toponyms import Toponym

_GAPS = (", ", ",", " (", "/")
Sense = tuple[int, int]
"""A row and the mark of the form that names it."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Senses by toponym that an address settles, and toponyms that it rules out as places of the gazetteer."""

    settled: dict[int, Sense]
    foreign: set[int]


def addresses(text: Text, found: Sequence[Toponym], gazetteer: Gazetteer) -> Addresses:
    """Return what the addresses of a text settle, read from the largest place inwards."""
    known = Addresses({}, set())
    for index in range(len(found) - 1, -1, -1):
        if index + 1 < len(found) and text.string[found[index].end : found[index + 1].start] in _GAPS:
            _settle(index, found, gazetteer, known)
        if index not in known.settled and (sense := _written_out(text, found[index])):
            known.settled[index] = sense
    return known


def _settle(index: int, found: Sequence[Toponym], gazetteer: Gazetteer, known: Addresses) -> None:
    outer = found[index + 1].rows if index + 1 not in known.settled else (known.settled[index + 1],)
    outer = tuple(pair for pair in outer if gazetteer.levels[pair[0]] in (Level.COUNTRY, Level.ADMIN1) and not pair[1] & Mark.ADJECTIVE)
    inner = [
        (prior(row, gazetteer), -row, mark, pair)
        for row, mark in found[index].rows
        for pair in outer
        if row != pair[0] and pair[0] in (gazetteer.countries[row], gazetteer.admin1s[row]) and gazetteer.levels[row] != Level.COUNTRY
    ]
    if inner:
        _, row, mark, pair = max(inner)
        known.settled[index] = (-row, mark)
        known.settled.setdefault(index + 1, pair)
    elif index + 1 in known.settled and known.settled[index + 1][1] & Mark.ABBREVIATION:
        known.foreign.add(index)


def _written_out(text: Text, toponym: Toponym) -> Sense | None:
    """Return the state of "CAMP HILL, Pa.", where the town is not known: in datelines, and in the body with its full stop."""
    abbreviated = [pair for pair in toponym.rows if pair[1] & Mark.ABBREVIATION]
    dotted = text.string.startswith(".", toponym.end)
    if not toponym.appended or len(abbreviated) != 1 or not (dotted or toponym.kind is ParagraphKind.DATELINE):
        return None
    return abbreviated[0]

"""Records of several sets become one list: an actor once, ids unique and stable, no form stolen from a better-known actor.

Two records are one actor only if one's *name* (never a mere alias) is a form of the other, they are of the same family of kinds, and
neither country nor years contradict: an Indonesian group with alias "Islamic State" stays itself. Build time only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from newstagger.actors.records import COUNTRY_TYPES, FormType, Record, Surface, key_of, slug_of
from newstagger.tokens import split_words

_FAMILIES = {
    "person": "person", "government": "government", "military": "military", "police": "police", "armed-group": "group", "party": "group",
    "igo": "body", "ngo": "body", "institution": "body", "company": "body", "agency": "voice", "media": "voice", "monitor": "voice",
}  # fmt: skip
_NEAR = {frozenset({"body", "group"}), frozenset({"body", "voice"})}
_SLACK = 15
"""Years by which dates of different sets may miss each other: offices and lives are not the same span."""


def merged(own: list[Record], others: Iterable[list[Record]]) -> list[Record]:
    """Return all records, own ones first, in a stable order, with slugs."""
    records = list(own)
    index = _Index()
    for number, record in enumerate(records):
        index.add(record, number)
    for group in others:
        for record in sorted(group, key=lambda r: (r.name, r.country, r.start, r.matches)):
            at = index.twin(record, records)
            if at is None:
                records.append(record)
                index.add(record, len(records) - 1)
            else:
                records[at] = _absorb(records[at], record)
    return _slugged([r for r in _guarded(records) if r.surfaces])


class _Index:
    """Finds records by the folded words of a form."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[int]] = {}
        self._governments: dict[str, int] = {}

    def add(self, record: Record, number: int) -> None:
        if record.kind == "government":
            self._governments.setdefault(record.country, number)
        for key in {key_of(record.name), *(key_of(s.text) for s in record.surfaces if s.type in (FormType.NAME, FormType.ALIAS))}:
            self._by_key.setdefault(key, []).append(number)

    def twin(self, record: Record, records: list[Record]) -> int | None:
        """Return the record that is the same actor, or None."""
        if record.kind == "government":
            return self._governments.get(record.country)
        key = key_of(record.name)
        near = [*self._by_key.get(key, []), *self._by_key.get(key.removeprefix("the "), [])]
        return next((number for number in near if _same(records[number], record)), None)


def _same(one: Record, other: Record) -> bool:
    families = {_FAMILIES[one.kind], _FAMILIES[other.kind]}
    if len(families) > 1 and (frozenset(families) not in _NEAR or len(split_words(other.name)) < 2):
        return False
    if one.country and other.country and one.country != other.country:
        return False
    apart = (one.end and other.start and other.start > one.end + _SLACK) or (other.end and one.start and one.start > other.end + _SLACK)
    return not apart


def _absorb(one: Record, other: Record) -> Record:
    """Return the first record with the other's cross references; forms come along only where they are full names."""
    forms = [s for s in other.surfaces if s.type is FormType.NAME and not (one.own and len(split_words(s.text)) < 2)]
    if one.kind == "government":
        forms = []
    joined = one.with_more(forms, other.matches)
    if one.own:
        return joined
    start = min(one.start, other.start) if one.start and other.start else one.start or other.start
    return replace(joined, start=start, end=max(one.end, other.end) if one.end and other.end else 0)


def _guarded(records: list[Record]) -> list[Record]:
    """Take from the others every form that is a name or alias of one of our own records, or a country's name, adjective or capital."""
    owned: dict[str, int] = {}
    for number, record in enumerate(records):
        for form in record.surfaces if record.own else ():
            if form.type in (FormType.NAME, FormType.ALIAS) or form.type in COUNTRY_TYPES:
                owned.setdefault(key_of(form.text), number)
    return [
        record if record.own else replace(record, surfaces=tuple(s for s in record.surfaces if _free(s, owned, number)))
        for number, record in enumerate(records)
    ]


def _free(form: Surface, owned: dict[str, int], number: int) -> bool:
    key = key_of(form.text)
    return bool(key) and owned.get(key, number) == number


def _slugged(records: list[Record]) -> list[Record]:
    taken = {record.slug for record in records if record.slug}
    named: list[Record] = []
    for record in records:
        slug = record.slug or _slug(record, taken)
        taken.add(slug)
        named.append(replace(record, slug=slug))
    return named


def _slug(record: Record, taken: set[str]) -> str:
    base = slug_of(record.name) or "x"
    country = record.country.lower()
    tries = [base, *([f"{base}-{country}"] if country else []), *(f"{base}-{country or record.kind}-{n}" for n in range(2, 999))]
    return next(slug for slug in tries if slug not in taken)

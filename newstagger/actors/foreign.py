"""Countries in German, Spanish, French, Italian and Portuguese, out of newsmap's patterns (MIT). Build time only.

For each language and country newsmap lists the name, adjectives (small, or a stem with an asterisk), the capital, further cities.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from newstagger.actors.opensets import rows
from newstagger.actors.records import FormType, Record, Surface, key_of
from newstagger.contracts import Json

_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "german": ("e", "en", "er", "es", "em"),
    "spanish": ("o", "a", "os", "as", "es", "esa", "eses", "esas"),
    "french": ("", "e", "s", "es", "ne", "nes"),
    "italian": ("o", "a", "i", "e", "he"),
    "portuguese": ("o", "a", "os", "as", "s", "es"),
}


def with_foreign_forms(records: list[Record], data: Path) -> list[Record]:
    """Return the records, governments with the names, capitals and adjectives of their countries in the five languages.

    A country's name is taken from everybody else: "Estados Unidos" is no gang.
    """
    more = _by_country(row for row in rows(data, "countries") if row["lang"] in _ENDINGS)
    nations = {key_of(form.text) for forms in more.values() for form in forms if form.type is FormType.NATION}
    guarded = [record if record.own else _without(record, nations) for record in records]
    known = {key_of(form.text) for record in guarded for form in record.surfaces}
    return [_enriched(record, more, known) if record.kind == "government" else record for record in guarded if record.surfaces]


def _without(record: Record, nations: set[str]) -> Record:
    return replace(record, surfaces=tuple(form for form in record.surfaces if key_of(form.text) not in nations))


def _enriched(record: Record, more: Mapping[str, list[Surface]], known: set[str]) -> Record:
    return record.with_more(form for form in more.get(record.country, ()) if key_of(form.text) not in known)


def _by_country(table: Iterable[Json]) -> dict[str, list[Surface]]:
    found: dict[str, list[Surface]] = {}
    for (language, country), group in groupby(table, key=lambda row: (row["lang"], row["iso"])):
        found.setdefault(country, []).extend(_forms(language, [row["pattern"] for row in group]))
    return found


def _forms(language: str, patterns: list[str]) -> list[Surface]:
    names = [pattern for pattern in patterns if pattern[0].isupper() and not pattern.endswith("*") and len(pattern) > 3]
    stems = [pattern for pattern in patterns if pattern[0].islower() and len(pattern.rstrip("*")) > 3]
    if not names or names[0] != patterns[0]:
        return []
    capital = next((name for name in names[1:] if name != f"{names[0]}s"), None)
    return [
        Surface(names[0], FormType.NATION),
        *([Surface(f"{names[0]}s", FormType.NATION)] if language == "german" else []),
        *([Surface(capital, FormType.CAPITAL)] if capital else []),
        *(Surface(form, FormType.ADJECTIVE) for stem in stems for form in _inflected(language, stem)),
    ]


def _inflected(language: str, stem: str) -> list[str]:
    if not stem.endswith("*"):
        return [stem]
    return [stem[:-1] + ending for ending in _ENDINGS[language]]

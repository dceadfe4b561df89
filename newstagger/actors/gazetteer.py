"""The actors of a bundle in memory: names, kinds and surface forms as arrays, checked once when read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newstagger.actors.records import KINDS, SOURCE_KINDS
from newstagger.contracts import FacetPart
from newstagger.domain import Concept, Facet, Role
from newstagger.errors import BundleDamagedError
from newstagger.matcher import PhraseTable
from newstagger.strings import StringColumn

PREFIX = "actor:"
_COLUMNS = {"kinds": np.uint8, "countries": np.uint16, "starts": np.int16, "ends": np.int16, "parents": np.int32, "idf": np.float16}


def country_code(code: str) -> int:
    """Return a two-letter country code as the number that the arrays hold; 0 for none."""
    return ord(code[0]) * 256 + ord(code[1]) if len(code) == 2 else 0


@dataclass(frozen=True, slots=True, eq=False)
class ActorGazetteer:
    """Actors by row, sorted by id; a Vocabulary.

    ``kinds`` indexes ``KINDS``; ``countries`` are ``country_code`` numbers; ``starts`` and ``ends`` years (0 = unknown or
    open); ``parents`` rows or -1; ``idf`` the weight of the actor in this text collection, in nats; ``folded`` and ``exact`` the
    surface forms, their tags ``FormType`` numbers.
    """

    slugs: StringColumn
    names: StringColumn
    aliases: StringColumn
    matches: StringColumn
    kinds: NDArray[np.uint8]
    countries: NDArray[np.uint16]
    starts: NDArray[np.int16]
    ends: NDArray[np.int16]
    parents: NDArray[np.int32]
    idf: NDArray[np.float16]
    folded: PhraseTable
    exact: PhraseTable

    @classmethod
    def read(cls, part: FacetPart) -> ActorGazetteer:
        """Return the gazetteer of a bundle's part; raise BundleDamagedError when its arrays do not fit together."""
        try:
            gazetteer = cls.of(part.arrays)
        except KeyError as error:
            raise _damaged(f"the array {error.args[0]} is missing") from None
        if problem := gazetteer.problem():
            raise _damaged(problem)
        return gazetteer

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> ActorGazetteer:
        """Return the gazetteer over these arrays, unchecked; raise KeyError when one is missing."""
        return cls(
            slugs=StringColumn.read(arrays, "slugs"),
            names=StringColumn.read(arrays, "names"),
            aliases=StringColumn.read(arrays, "aliases"),
            matches=StringColumn.read(arrays, "matches"),
            kinds=arrays["kinds"],
            countries=arrays["countries"],
            starts=arrays["starts"],
            ends=arrays["ends"],
            parents=arrays["parents"],
            idf=arrays["idf"],
            folded=PhraseTable.read(arrays, "folded", exact=False),
            exact=PhraseTable.read(arrays, "exact", exact=True),
        )

    def problem(self) -> str | None:
        """Return what is wrong with the arrays, or None."""
        columns = {"slugs": self.slugs, "names": self.names, "aliases": self.aliases, "matches": self.matches}
        for name, column in columns.items():
            if trouble := column.problem() or (None if len(column) == len(self.slugs) else "wrong length"):
                return f"{name}: {trouble}"
        for name, dtype in _COLUMNS.items():
            array = getattr(self, name)
            if array.dtype != dtype or array.shape != (len(self.slugs),):
                return f"{name}: wrong type or length"
        for name, table in (("folded", self.folded), ("exact", self.exact)):
            if trouble := table.problem(len(self.slugs)):
                return f"{name}: {trouble}"
        return self._range_problem()

    def _range_problem(self) -> str | None:
        count = len(self.slugs)
        if not count:
            return None
        if int(self.kinds.max()) >= len(KINDS):
            return "kinds: unknown kind"
        if int(self.parents.min()) < -1 or int(self.parents.max()) >= count:
            return "parents: row out of range"
        return None if bool(np.all(np.isfinite(self.idf))) else "idf: not finite"

    def __len__(self) -> int:
        return len(self.slugs)

    def id(self, row: int) -> str:
        """Return the concept id of a row."""
        return PREFIX + self.slugs[row]

    def kind(self, row: int) -> str:
        """Return the kind of a row."""
        return KINDS[int(self.kinds[row])]

    def role(self, row: int) -> Role:
        """Return the part that an actor of this kind plays by default."""
        return Role.SOURCE if self.kind(row) in SOURCE_KINDS else Role.ACTOR

    def row(self, concept_id: str) -> int | None:
        """Return the row of a concept id, or None; a binary search."""
        slug = concept_id.removeprefix(PREFIX).encode("utf-8")
        low, high = 0, len(self.slugs)
        while low < high:
            middle = (low + high) // 2
            if self.slugs[middle].encode("utf-8") < slug:
                low = middle + 1
            else:
                high = middle
        found = low < len(self.slugs) and concept_id.startswith(PREFIX) and self.slugs[low].encode("utf-8") == slug
        return low if found else None

    def concept_at(self, row: int) -> Concept:
        """Return the concept of a row."""
        parent = int(self.parents[row])
        return Concept(
            id=self.id(row),
            pref_label=self.names[row],
            facet=Facet.ACTOR,
            alt_labels=_lines(self.aliases[row]),
            broader=(self.id(parent),) if parent >= 0 else (),
            exact_match=_lines(self.matches[row]),
        )

    def concept(self, concept_id: str) -> Concept | None:
        """Return the concept of that id, or None."""
        row = self.row(concept_id)
        return None if row is None else self.concept_at(row)

    def arms(self) -> dict[int, dict[str, int]]:
        """Return, by country number, the rows of its government, military and police."""
        found: dict[int, dict[str, int]] = {}
        wanted = [KINDS.index(kind) for kind in ("government", "military", "police")]
        for row in np.flatnonzero(np.isin(self.kinds, wanted)).tolist():
            found.setdefault(int(self.countries[row]), {}).setdefault(self.kind(row), row)
        return found


def _lines(packed: str) -> tuple[str, ...]:
    return tuple(packed.split("\n")) if packed else ()


def _damaged(what: str) -> BundleDamagedError:
    return BundleDamagedError(what, where="actors", next_step="take another version of the bundle")

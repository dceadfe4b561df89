"""What a bundle remembers of the rows that it was measured on and learned from: hashes and labels, no text.

With it two bundles can be compared on rows that both were measured on, and no row that one of them knows counts as new to it.
``training.outcomes`` records it, ``training.compare`` asks it; a bundle without it is whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from newstagger.bundles.arrays import array_bytes, read_array
from newstagger.bundles.manifest import OUTCOMES, damaged
from newstagger.contracts import Json
from newstagger.domain import Facet, Text
from newstagger.errors import InputError
from newstagger.jsontext import canonical, loads

if TYPE_CHECKING:
    from newstagger.learning.bootstrap import Judged

WANTED, GIVEN, RIVAL, UNKNOWN = 1, 2, 4, 8
"""Bits of a mark: the row should have the label, the fit that was measured gave it, the rival gave it, nobody judged it."""
ARRAYS = ("texts", "asked", "mark_rows", "mark_labels", "marks", "learned")
Uints = NDArray[np.unsignedinteger[Any]]


def text_key(text: Text) -> int:
    """Return the 64-bit hash by which rows of the same text are known."""
    return int(text.text_hash[:16], 16)


def short_key(key: int) -> int:
    """Return the upper 32 bits of a row's hash: enough to tell whether a row was learned from (wrong for one new row in 60,000)."""
    return key >> 32


@dataclass(frozen=True, slots=True)
class Rival:
    """The bundle that the measured one was to replace, and the digest of its part of the facet."""

    bundle: str
    part: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One held-out row: the labels that it should have, those that the measured fit gave, and the rival's (None: it was not asked).

    ``unknown`` are labels given that nobody judged there.
    """

    text: int
    wanted: frozenset[str]
    given: frozenset[str]
    rival: frozenset[str] | None = None
    unknown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """Those of one facet. ``texts``: a hash a held-out row; ``asked``: whether the rival was asked; ``learned``: short hashes, ascending.

    The row ``mark_rows[i]`` has to do with the label ``labels[mark_labels[i]]`` in the way that the bits of ``marks[i]`` say.
    """

    labels: tuple[str, ...]
    rival: Rival | None
    texts: Uints
    asked: NDArray[np.bool_]
    mark_rows: Uints
    mark_labels: Uints
    marks: Uints
    learned: Uints

    @classmethod
    def pack(cls, rows: Sequence[Outcome], learned: Iterable[int], rival: Rival | None = None) -> Outcomes:
        """Return the outcomes of held-out rows, and the short hashes of the rows learned from, in small arrays."""
        labels = tuple(sorted({label for row in rows for label in (*row.wanted, *row.given, *(row.rival or ()))}))
        place = {label: at for at, label in enumerate(labels)}
        told = [(n, place[label], mark) for n, row in enumerate(rows) for label, mark in sorted(_marks(row).items())]
        mark_rows, mark_labels, marks = (_small(column) for column in np.array(told, dtype=np.uint64).reshape(-1, 3).T)
        texts = np.array([row.text for row in rows], dtype=np.uint64)
        asked = np.array([row.rival is not None for row in rows], dtype=np.bool_)
        known = np.unique(np.array(list(learned), dtype=np.uint32))
        return cls(labels, rival, texts, asked, mark_rows, mark_labels, marks, known)

    def rows(self) -> Iterator[Outcome]:
        """Yield the held-out rows as they were measured."""
        found: list[dict[str, int]] = [{} for _ in self.texts]
        for row, label, mark in zip(self.mark_rows.tolist(), self.mark_labels.tolist(), self.marks.tolist(), strict=True):
            found[row][self.labels[label]] = mark
        for text, asked, marks in zip(self.texts.tolist(), self.asked.tolist(), found, strict=True):
            wanted, given, rival, unknown = (_having(marks, bit) for bit in (WANTED, GIVEN, RIVAL, UNKNOWN))
            yield Outcome(text, wanted, given, rival if asked else None, unknown)

    def beside_rival(self) -> dict[int, Judged]:
        """Return the rows that the rival was asked too, by their hash: the rival comes first, the fit that was measured second."""
        from newstagger.learning.bootstrap import Judged  # only training and comparing need it

        asked = ((row, row.rival) for row in self.rows() if row.rival is not None)
        return {row.text: Judged(row.wanted, rival - row.unknown, row.given - row.unknown) for row, rival in asked}

    def problem(self) -> str | None:
        """Return what is wrong with the arrays, or None."""
        columns = [getattr(self, name) for name in ARRAYS]
        if any(column.ndim != 1 for column in columns) or [c.dtype.kind for c in columns] != [*"ubuuuu"]:
            return "an array of the wrong kind"
        if self.texts.shape != self.asked.shape or not self.mark_rows.shape == self.mark_labels.shape == self.marks.shape:
            return "arrays that differ in length"
        if len(self.marks) and (int(self.mark_rows.max()) >= len(self.texts) or int(self.mark_labels.max()) >= len(self.labels)):
            return "a mark on a row or label that is not there"
        return None


def _marks(row: Outcome) -> dict[str, int]:
    marks: dict[str, int] = {}
    for labels, bit in ((row.wanted, WANTED), (row.given, GIVEN), (row.rival or (), RIVAL)):
        for label in labels:
            marks[label] = marks.get(label, 0) | bit
    return {label: mark | UNKNOWN if label in row.unknown else mark for label, mark in marks.items()}


def _having(marks: Mapping[str, int], bit: int) -> frozenset[str]:
    return frozenset(label for label, mark in marks.items() if mark & bit)


def _small(column: Uints) -> Uints:
    """Return the same numbers in the smallest type that holds them."""
    return column.astype(np.min_scalar_type(int(column.max(initial=0))))


def outcome_files(outcomes: Mapping[Facet, Outcomes]) -> dict[str, bytes]:
    """Return the content of every file that holds outcomes, by file name; none where nothing was recorded."""
    files: dict[str, bytes] = {}
    for facet, found in sorted(outcomes.items()):
        named = {_file(facet, name): getattr(found, name) for name in ARRAYS}
        files |= {file: array_bytes(array, file) for file, array in named.items()}
    told = {str(facet): _told(found) for facet, found in outcomes.items()}
    return files | {OUTCOMES: canonical(told) + b"\n"} if told else files


def _told(found: Outcomes) -> dict[str, Json]:
    rival = None if found.rival is None else {field.name: getattr(found.rival, field.name) for field in fields(Rival)}
    return {"labels": list(found.labels), "rival": rival}


def _file(facet: Facet, array: str) -> str:
    return f"outcomes.{facet}.{array}.npy"


def read_outcomes(files: Mapping[str, bytes], folder: Path) -> dict[Facet, Outcomes]:
    """Return the outcomes in a bundle's files, by facet; raise BundleDamagedError naming the file that is not what it should be."""
    if OUTCOMES not in files:
        return {}
    where = str(folder / OUTCOMES)
    try:
        told = loads(files[OUTCOMES], where)
        found = {Facet(name): _read(Facet(name), entry, files, folder) for name, entry in told.items()}
    except (InputError, KeyError, TypeError, ValueError, AttributeError):
        raise damaged("not the outcomes of a training", where) from None
    for facet, outcomes in found.items():
        if problem := outcomes.problem():
            raise damaged(f"the {facet} outcomes have {problem}", where)
    return found


def _read(facet: Facet, entry: Mapping[str, Any], files: Mapping[str, bytes], folder: Path) -> Outcomes:
    named = {name: _file(facet, name) for name in ARRAYS}
    arrays = {name: read_array(files[file], str(folder / file)) for name, file in named.items()}
    rival = None if entry["rival"] is None else Rival(**{field.name: str(entry["rival"][field.name]) for field in fields(Rival)})
    return Outcomes(tuple(str(label) for label in entry["labels"]), rival, **arrays)

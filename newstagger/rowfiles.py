"""The files that corpora come in: JSON lines and tables, plain or packed with gzip, read line by line.

What a row holds is ``corpus``'s business. Plugins may bring readers of further formats.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import itertools
import re
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from newstagger.contracts import CorpusReader, Json
from newstagger.errors import CorpusError, InputError
from newstagger.jsontext import loads

_SEPARATOR = re.compile(r"sep=([;,|\t])\r?\n?")


def file_digest(path: Path) -> str:
    """Return the SHA-256 (hex) of a file; raise CorpusError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from None


class JsonLines:
    """Corpus reader of JSON lines: one object a line; a BOM, CRLF and empty lines are taken."""

    name = "jsonl"
    suffixes: tuple[str, ...] = (".jsonl", ".ndjson", ".json")

    def rows(self, path: Path) -> Iterator[tuple[int, Mapping[str, Json]]]:
        """Yield (line number, object); raise CorpusError naming file and line for a line that is no JSON object."""
        for line, data in _lines(path):
            if data.strip():
                yield line, _object(data, f"{path}:{line}")


class CsvTable:
    """Corpus reader of CSV and TSV with a heading row, as spreadsheets export them; empty rows and columns are passed over.

    Cells stand apart by comma, semicolon or tab, whichever the heading holds most of; a first line ``sep=;`` says it itself. A
    BOM and CRLF are taken.
    """

    name = "csv"
    suffixes: tuple[str, ...] = (".csv", ".tsv")

    def rows(self, path: Path) -> Iterator[tuple[int, Mapping[str, Json]]]:
        """Yield (line where the row begins, cells by heading); raise CorpusError naming file and line."""
        csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
        lines = _text_lines(path)
        first = next(lines, "")
        told = _SEPARATOR.fullmatch(first)
        heading = next(lines, "") if told else first
        delimiter = told[1] if told else _delimiter(heading, "\t" if ".tsv" in path.suffixes else ",")
        table = csv.reader(itertools.chain([heading], lines), delimiter=delimiter, strict=True)
        yield from self._rows(table, path, int(told is not None))

    def _rows(self, table: Any, path: Path, skipped: int) -> Iterator[tuple[int, Mapping[str, Json]]]:
        """Yield the rows of a table; ``skipped`` lines of the file stand before it."""
        names: list[str] | None = None
        while True:
            line = table.line_num + 1 + skipped
            try:
                cells = next(table)
            except StopIteration:
                return
            except csv.Error as error:
                what = f"broken CSV in the row that begins here: {error}"
                raise CorpusError(what, where=f"{path}:{line}", next_step="correct its quotation marks") from None
            if names is None:
                names = _names(cells, f"{path}:{line}")
            elif any(cell.strip() for cell in cells):
                yield line, _cells(names, cells, f"{path}:{line}")


READERS: tuple[CorpusReader, ...] = (JsonLines(), CsvTable())
"""The readers that come with newstagger."""


def _delimiter(heading: str, usual: str) -> str:
    """Return what parts the cells of a heading: the usual one, unless there is more of another."""
    counts = {mark: heading.count(mark) for mark in (usual, ";", ",", "\t")}
    return max(counts, key=lambda mark: counts[mark])


def _names(cells: Sequence[str], where: str) -> list[str]:
    names = [cell.strip() for cell in cells]
    if twice := [name for at, name in enumerate(names) if name and name in names[:at]]:
        raise CorpusError(f"two columns are called {twice[0][:40]!r}", where=where, next_step="rename one of them")
    return names


def _cells(names: Sequence[str], cells: Sequence[str], where: str) -> dict[str, Json]:
    """Return the cells by the names of their columns; more cells than names may only be empty ones."""
    if len(cells) < len(names) or any(cells[len(names) :]) or any(cell for name, cell in zip(names, cells, strict=False) if not name):
        what = f"a row with more or fewer cells than the heading ({len(cells)} and {len(names)})"
        raise CorpusError(what, where=where, next_step="put cells that hold the separator into quotation marks")
    return {name: cell for name, cell in zip(names, cells, strict=False) if name}


def _text_lines(path: Path) -> Iterator[str]:
    for line, data in _lines(path):
        try:
            yield data.decode("utf-8-sig" if line == 1 else "utf-8")
        except UnicodeDecodeError:
            step = "save the file as UTF-8, in Excel as 'CSV UTF-8'"
            raise CorpusError("not UTF-8", where=f"{path}:{line}", next_step=step) from None


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    line = 0
    try:
        with _open(path) as file:
            for line, data in enumerate(file, 1):
                yield line, data
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise CorpusError("broken gzip", where=f"{path}:{line + 1}", next_step="copy the file again") from None
    except OSError as error:
        raise _unreadable(path, error) from None


def _open(path: Path) -> io.BufferedIOBase:
    if path.exists() and not path.is_file():
        raise CorpusError("not a file", where=str(path), next_step="name files of labelled rows")
    return gzip.open(path) if path.name.casefold().endswith(".gz") else path.open("rb")


def _unreadable(path: Path, error: OSError) -> CorpusError:
    return CorpusError(error.strerror or "cannot be read", where=str(path), next_step="check the path and its permissions")


def _object(data: bytes, where: str) -> dict[str, Json]:
    try:
        value = loads(data, where)
    except InputError as error:
        raise CorpusError(error.what, where=where, next_step="correct the row") from None
    if not isinstance(value, dict):
        raise CorpusError("not a JSON object", where=where, next_step="write one object a line")
    return value

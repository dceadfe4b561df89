"""The files that corpora come in: JSON lines and tables, plain or packed with gzip, read line by line.

What a row holds is ``corpus``'s business. Plugins may bring readers of further formats.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import sys
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from newstagger.contracts import CorpusReader, Json
from newstagger.errors import CorpusError, InputError
from newstagger.jsontext import loads


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
    """Corpus reader of CSV and TSV with a heading row; several labels in a cell stand apart by ``|``."""

    name = "csv"
    suffixes: tuple[str, ...] = (".csv", ".tsv")

    def rows(self, path: Path) -> Iterator[tuple[int, Mapping[str, Json]]]:
        """Yield (line number, cells by heading), empty cells left out; raise CorpusError naming file and line."""
        csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
        delimiter = "\t" if ".tsv" in path.suffixes else ","
        table = csv.DictReader(_text_lines(path), delimiter=delimiter, strict=True)
        try:
            for row in table:
                if None in row or None in row.values():
                    raise CorpusError("a row with more or fewer cells than the heading", where=f"{path}:{table.line_num}")
                yield table.line_num, {name: value for name, value in row.items() if value}
        except csv.Error as error:
            raise CorpusError(f"broken CSV: {error}", where=f"{path}:{table.line_num}", next_step="correct the file") from None


READERS: tuple[CorpusReader, ...] = (JsonLines(), CsvTable())
"""The readers that come with newstagger."""


def _text_lines(path: Path) -> Iterator[str]:
    for line, data in _lines(path):
        try:
            yield data.decode("utf-8-sig" if line == 1 else "utf-8")
        except UnicodeDecodeError:
            raise CorpusError("not UTF-8", where=f"{path}:{line}", next_step="save the file as UTF-8") from None


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

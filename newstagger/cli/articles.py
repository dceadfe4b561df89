"""Articles from files, standard input and JSON lines, as the verbs read them."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from newstagger.contracts import Json, Reader
from newstagger.domain import Article
from newstagger.errors import ConfigError, InputError
from newstagger.formats.article_json import ArticleJsonReader, article_from_json
from newstagger.formats.reading import JsonFormat, Look, Reading, Readings, SniffingReader, only
from newstagger.jsontext import loads

MAX_BYTES = 64 << 20
OWN_JSON = ArticleJsonReader.name
LINES = (".jsonl", ".ndjson", ".gz")


def read_file(path: Path, readers: Sequence[Reader], *, site: str, form: str | None = None) -> Article:
    """Return the one article in a file; raise InputError when it holds none or several."""
    return only(read_articles(path, readers, site=site, form=form), str(path))


def read_articles(path: Path, readers: Sequence[Reader], *, site: str, form: str | None = None) -> Readings:
    """Return every article in a file, or in its place what is wrong with it, by the reader of ``form`` or the one that claims the file."""
    if path.suffix.lower() in LINES:
        raise InputError("holds lines of articles", where=str(path), next_step="name it with --articles")
    return read_data(read_bytes(path), str(path), path.suffix.lower(), readers, site, form)


def read_stdin(readers: Sequence[Reader], *, site: str, form: str | None = None) -> Readings:
    """Return every article on standard input; what no reader claims is JSON, HTML or plain text, told by its first character."""
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    _expect_size(len(data), "standard input")
    first = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    suffix = {b"{": ".json", b"<": ".html"}.get(first, ".txt")
    return read_data(data, "standard input", suffix, readers, site, form)


def read_data(data: bytes, name: str, suffix: str, readers: Sequence[Reader], site: str, form: str | None = None) -> Readings:
    """Return every article in the bytes of a file that is called ``name`` in errors; see ``read_articles``."""
    reader = reader_named(readers, form) if form else claiming(readers, Look(data, suffix))
    if isinstance(reader, SniffingReader):
        return reader.read_all(data, name=name, site=site)
    return [Reading(reader.read(data, name=name, site=site))]


def reader_named(readers: Sequence[Reader], form: str) -> Reader:
    """Return the reader of a format; raise ConfigError when there is none of that name."""
    found = next((reader for reader in readers if reader.name == form), None)
    if found is None:
        raise ConfigError(f"no format {form[:40]!r} can be read", next_step=f"known: {', '.join(sorted({r.name for r in readers}))}")
    return found.trusted() if isinstance(found, JsonFormat) else found


def claiming(readers: Sequence[Reader], look: Look) -> Reader:
    """Return the first reader that knows the file by what stands in it, or claims its suffix; else that of plain text."""
    for reader in readers:
        if reader.claims(look) if isinstance(reader, SniffingReader) else look.suffix in reader.suffixes:
            return reader
    return next(reader for reader in readers if ".txt" in reader.suffixes)


def read_bytes(path: Path) -> bytes:
    """Return what a regular file of sane size holds; raise InputError."""
    if not path.exists():
        raise InputError("no such file", where=str(path), next_step="check the path")
    if not path.is_file():
        raise InputError("not a regular file" if not path.is_dir() else "is a directory", where=str(path), next_step="name a file")
    _expect_size(path.stat().st_size, str(path))
    data = path.read_bytes()
    if b"\0" in data[:4096] and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError("is binary", where=str(path), next_step="name a text, HTML or JSON file")
    return data


def _expect_size(size: int, where: str) -> None:
    if size > MAX_BYTES:
        raise InputError(f"over {MAX_BYTES >> 20} MiB", where=where, next_step="an article is smaller than that")


def read_lines(
    path: Path, *, site: str, readers: Sequence[Reader] = (), form: str | None = None
) -> Iterator[tuple[int, Article | InputError]]:
    """Yield (line number, article or what is wrong with the line) for each line of JSON that is not empty; ``-`` is standard input.

    Each line may be an item of any JSON format of ``readers``; ``form`` names the one that all lines are in.
    """
    formats = json_formats(readers, form)
    if str(path) != "-":
        if not path.is_file():
            raise InputError("no such file" if not path.exists() else "not a regular file", where=str(path), next_step="check the path")
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            try:
                yield from _articles(file, path.name, site, formats)
            except (EOFError, zlib.error, gzip.BadGzipFile):
                raise InputError("broken or cut gzip", where=str(path), next_step="copy the file again") from None
    else:
        yield from _articles(sys.stdin.buffer, "standard input", site, formats)


def json_formats(readers: Sequence[Reader], form: str | None = None) -> list[JsonFormat]:
    """Return the formats that a line of JSON may be in: the one that is told (none: our own), else all; raise ConfigError."""
    if form is None:
        return [reader for reader in readers if isinstance(reader, JsonFormat)]
    reader = reader_named(readers, form)
    if form == OWN_JSON:
        return []
    if not isinstance(reader, JsonFormat):
        raise ConfigError(f"{form} is no format of JSON lines", next_step="name its files without --articles")
    return [reader]


def _articles(
    file: IO[bytes] | gzip.GzipFile, name: str, site: str, formats: Sequence[JsonFormat]
) -> Iterator[tuple[int, Article | InputError]]:  # fmt: skip
    for number, line in enumerate(file, 1):
        if line.removeprefix(b"\xef\xbb\xbf").strip():
            where = f"{name} line {number}"
            try:
                yield number, only(read_value(loads(line, where), formats, where, site, f"line-{number}"), where)
            except InputError as error:
                yield number, error


def read_value(value: Json, formats: Sequence[JsonFormat], where: str, site: str, default_id: str | None) -> Readings:
    """Return the articles of one JSON value: in the first format that knows it, else in our own."""
    known = next((item for item in formats if item.takes(value)), None)
    if known is None:
        return [Reading(article_from_json(value, site=site, where=where, default_id=default_id))]
    return known.read_value(value, where=where, site=site, default_id=default_id)

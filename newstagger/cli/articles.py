"""Articles from files, standard input and JSON lines, as the verbs read them."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from newstagger.contracts import Reader
from newstagger.domain import Article
from newstagger.errors import InputError
from newstagger.formats.article_json import article_from_json
from newstagger.jsontext import loads

MAX_BYTES = 64 << 20
LINES = (".jsonl", ".ndjson", ".gz")


def read_file(path: Path, readers: Sequence[Reader], *, site: str) -> Article:
    """Return the article in a file, by the reader that claims its suffix; raise InputError."""
    if path.suffix.lower() in LINES:
        raise InputError("holds lines of articles", where=str(path), next_step="name it with --articles")
    return _by(readers, path.suffix.lower()).read(read_bytes(path), name=str(path), site=site)


def read_stdin(readers: Sequence[Reader], *, site: str) -> Article:
    """Return the article on standard input: JSON, HTML or plain text, told by its first character."""
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    _expect_size(len(data), "standard input")
    first = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    suffix = {b"{": ".json", b"<": ".html"}.get(first, ".txt")
    return _by(readers, suffix).read(data, name="standard input", site=site)


def _by(readers: Sequence[Reader], suffix: str) -> Reader:
    return next((r for r in readers if suffix in r.suffixes), None) or next(r for r in readers if ".txt" in r.suffixes)


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


def read_lines(path: Path, *, site: str) -> Iterator[tuple[int, Article | InputError]]:
    """Yield (line number, article or what is wrong with the line) for each line of JSON that is not empty; ``-`` is standard input."""
    if str(path) != "-":
        if not path.is_file():
            raise InputError("no such file" if not path.exists() else "not a regular file", where=str(path), next_step="check the path")
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            try:
                yield from _articles(file, path.name, site)
            except (EOFError, zlib.error, gzip.BadGzipFile):
                raise InputError("broken or cut gzip", where=str(path), next_step="copy the file again") from None
    else:
        yield from _articles(sys.stdin.buffer, "standard input", site)


def _articles(file: IO[bytes] | gzip.GzipFile, name: str, site: str) -> Iterator[tuple[int, Article | InputError]]:
    for number, line in enumerate(file, 1):
        if line.removeprefix(b"\xef\xbb\xbf").strip():
            where = f"{name} line {number}"
            try:
                yield number, article_from_json(loads(line, where), site=site, where=where, default_id=f"line-{number}")
            except InputError as error:
                yield number, error

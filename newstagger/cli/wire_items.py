"""Wire items from files and JSON lines: an article of any readable format, and what a wire says about it beside."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path

from newstagger.cli.articles import json_formats, read_articles, read_bytes, read_data
from newstagger.cli.show import plain
from newstagger.contracts import Json
from newstagger.domain import Article, Text, WireItem
from newstagger.errors import InputError
from newstagger.formats.article_json import article_from_json
from newstagger.formats.charset import checked_id, id_of
from newstagger.formats.reading import Reading, Readings
from newstagger.host import Host
from newstagger.jsontext import loads
from newstagger.wire.agencies import canonical, is_known, nearest
from newstagger.wire.credit import credits_of
from newstagger.wire.index import WireIndex

BATCH = 500
STATUSES = {"usable": "usable", "withheld": "withheld", "canceled": "canceled", "cancelled": "canceled"}
LINES = (".jsonl", ".ndjson", ".jsonl.gz")


@dataclass(frozen=True, slots=True)
class Origin:
    """What the command line says about the items of its files; empty where the item or its credit is to tell."""

    agency: str = ""
    feed: str = ""


def feed_of(origin: Origin) -> str:
    """Return the feed that items without a feed of their own belong to; empty where each item's agency is to tell."""
    named = origin.feed or canonical(origin.agency).lower()
    return checked_id(named, "feed", "--feed" if origin.feed else "--agency") if named else ""


def unknown(agency: str) -> list[str]:
    """Return what to tell a person who named an agency that is not in the table, if that is so."""
    if not agency.strip() or is_known(agency):
        return []
    meant = nearest(agency)
    told = f"{plain(agency, 40)!r} is not in the table of agencies, so a credit to it will not be recognised"
    return [f"{told}; did you mean {meant}?" if meant else told]


def items_in(path: Path, host: Host, origin: Origin, site: str) -> Iterator[Found]:
    """Yield the items of a file with their texts, or what is wrong with one of them."""
    try:
        if path.name.lower().endswith(LINES):
            for number, line in _lines(path):
                yield from _guarded(line, host, origin, site, f"{path.name} line {number}")
        elif path.suffix.lower() == ".json":
            yield from items_of_value(loads(read_bytes(path), str(path)), host, origin, site, str(path))
        else:
            yield from _items(read_articles(path, host.readers(), site=site), host, origin, str(path))
    except InputError as error:
        yield error


def items_in_body(data: bytes, suffix: str, host: Host, origin: Origin, site: str) -> Iterator[Found]:
    """Yield the items of a file that came over HTTP, of the kind that ``suffix`` says; raise InputError when all of it is broken."""
    if suffix == ".jsonl":
        for number, line in enumerate(data.splitlines(), 1):
            if line.strip():
                yield from _guarded(line, host, origin, site, f"line {number}")
    elif suffix == ".json":
        value = loads(data, "the body")
        whole = isinstance(value, list) and not any(form.takes(value) for form in json_formats(host.readers()))
        for item in value if whole else [value]:
            yield from _guarded(item, host, origin, site, "the body")
    else:
        yield from _items(read_data(data, "the body", suffix, host.readers(), site), host, origin, "the body")


def add_items(found: Iterator[Found], host: Host, state_file: Path, origin: Origin) -> tuple[int, int, list[InputError]]:
    """Put items into the wire index and tell the observers; return how many, how many stories it has now, and what could not be read.

    No item at all makes no index; items make the feeds that they name, and where none is added the feed of ``origin`` counts as read.
    """
    feed, failures = feed_of(origin), list[InputError]()
    sound = sound_items(found, failures)
    first = list(islice(sound, BATCH))
    if failures and not first:
        raise failures[0]
    index, added, now = WireIndex.open(state_file), 0, time.time()
    for batch in _batches(first, sound):
        added += index.add(batch, now)
        for item, _ in batch:
            host.wire_received(item)
    if feed and not added:
        index.seen(feed, now, canonical(origin.agency))
    return added, len(index), failures


def sound_items(found: Iterator[Found], failures: list[InputError]) -> Iterator[tuple[WireItem, Text]]:
    """Yield the items that could be read; collect what is wrong with the others."""
    for one in found:
        if isinstance(one, InputError):
            failures.append(one)
        else:
            yield one


def _batches(first: list[tuple[WireItem, Text]], rest: Iterator[tuple[WireItem, Text]]) -> Iterator[list[tuple[WireItem, Text]]]:
    batch = first
    while batch:
        yield batch
        batch = list(islice(rest, BATCH))


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.removeprefix(b"\xef\xbb\xbf").strip():
                    yield number, line
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(f"damaged gzip: {error}", where=str(path), next_step="fetch the file anew") from None


Found = tuple[WireItem, Text] | InputError


def _guarded(line: Json, host: Host, origin: Origin, site: str, where: str) -> list[Found]:
    try:
        return items_of_value(loads(line, where) if isinstance(line, bytes) else line, host, origin, site, where)
    except InputError as error:
        return [error]


def items_of_value(value: Json, host: Host, origin: Origin, site: str, where: str) -> list[Found]:
    """Return the items of a JSON value: in an exchange format that knows it, else an item of our own."""
    known = next((form for form in json_formats(host.readers()) if form.takes(value)), None)
    if known is None:
        return [_from_json(value, host, origin, site, where)]
    name = id_of(where) if where.endswith(".json") else None
    return _items(known.read_value(value, where=where, site=site, default_id=name), host, origin, where)


def _items(readings: Readings, host: Host, origin: Origin, where: str) -> list[Found]:
    """Return the wire items of articles with what their format tells of them; a withdrawn one may have no text."""
    found: list[Found] = []
    for reading in readings:
        try:
            found.append(reading if isinstance(reading, InputError) else _told(reading, host, origin, where))
        except InputError as error:
            found.append(error)
    return found


def _told(reading: Reading, host: Host, origin: Origin, where: str) -> tuple[WireItem, Text]:
    table = {name: value for name, value in asdict(reading.wire).items() if value not in ("", None)}
    article = reading.article
    if not article.headline and not article.body:
        article = replace(article, headline=reading.wire.status)
    return _item(article, table, host, origin, where)


def _from_json(row: Json, host: Host, origin: Origin, site: str, where: str) -> tuple[WireItem, Text]:
    table = row if isinstance(row, dict) else {}
    status = _text(table, "status", where) or "usable"
    if status.lower() not in STATUSES:
        raise InputError(f"unknown status {status[:40]!r}", where=where, next_step="one of: usable, withheld, canceled")
    withdrawn = STATUSES[status.lower()] != "usable"
    if withdrawn and not any(table.get(name) for name in ("html", "text", "body", "headline", "title")):
        table = {**table, "headline": status}
    article = article_from_json(table or row, site=site, where=where, default_id=id_of(where) if where.endswith(".json") else None)
    return _item(article, {**table, "status": STATUSES[status.lower()]}, host, origin, where)


def _item(article: Article, table: Mapping[str, Json], host: Host, origin: Origin, where: str) -> tuple[WireItem, Text]:
    text = host.extract(article)
    agency = canonical(_text(table, "agency", where) or origin.agency) or _credited(article, text)
    urgency = table.get("urgency")
    if urgency is not None and (isinstance(urgency, bool) or not isinstance(urgency, int)):
        raise InputError("urgency must be a whole number", where=where, next_step="correct the item")
    item = WireItem(
        _text(table, "feed", where) or origin.feed or agency.lower() or "wire", article.ref.id, article.headline, article.body,
        article.media_type, _text(table, "version", where) or "1", _text(table, "status", where) or "usable", agency, article.language,
        urgency, _text(table, "embargo", where) or None, _text(table, "usage", where), article.version_created,
    )  # fmt: skip
    return replace(item, feed=checked_id(item.feed, "feed", where), version=checked_id(item.version, "version", where)), text


def _credited(article: Article, text: Text) -> str:
    """Return the agency that a wire item without one names as its source, or nothing."""
    return next((credit.agency for credit in credits_of(article, text)), "")


def _text(table: Mapping[str, Json], name: str, where: str) -> str:
    value = table.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InputError(f"{name} must be a text", where=where, next_step="correct the item")
    return str(value)

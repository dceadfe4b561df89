"""What a reader of an exchange format answers: articles, with what a wire says about them beside; and how JSON ones are read.

A reader that offers ``claims`` is asked about every file, whatever its name, before those that go by suffix.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape, unescape
from typing import Protocol, runtime_checkable

from newstagger.contracts import Json, Reader
from newstagger.domain import Article, ArticleRef, Event, ExistingTag
from newstagger.errors import InputError, NewstaggerError
from newstagger.formats.charset import checked_id, id_of
from newstagger.formats.fields import Fields, kind_of
from newstagger.jsontext import loads

MAX_ITEMS = 100_000
"""Most articles of one file."""
OWN_SIGNS = frozenset({"existing_tags", "copied_from", "media_type", "event", "form", "saved_by"})
"""Fields that only our own JSON has: an object with one is never taken for another format unless a person says so."""
_TAG = re.compile(r"<[^<>]{0,2000}>")
_COMMENT = re.compile(rb"<!--(?:(?!-->).)*(?:-->)?", re.DOTALL)
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,60}:)?([A-Za-z_][\w.-]{0,60})")


@dataclass(frozen=True, slots=True)
class WireFacts:
    """What a wire tells beside the story; empty where it tells nothing. ``status`` is usable, withheld or canceled."""

    version: str = ""
    status: str = ""
    urgency: int | None = None
    embargo: str | None = None
    usage: str = ""
    agency: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """An article and what its format tells a wire index about it."""

    article: Article
    wire: WireFacts = WireFacts()


Readings = Sequence[Reading | InputError]


class Look:
    """A first look at a file's bytes, shared by all readers that are asked whether it is theirs."""

    def __init__(self, data: bytes, suffix: str = "") -> None:
        self.data, self.suffix = data, suffix
        self._json: Json = ...

    @property
    def json(self) -> Json:
        """The parsed value of a file that looks like JSON and is; else None."""
        if self._json is ...:
            head = self.data[:200].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n")
            try:
                self._json = loads(self.data, "") if head[:1] in (b"{", b"[") else None
            except NewstaggerError:
                self._json = None
        return self._json

    @property
    def root(self) -> str:
        """The local name of the first element of a file that begins like XML; else nothing."""
        head = self.data[:20_000].replace(b"\0", b"")
        head = _COMMENT.sub(b"", head)
        found = _ROOT.search(head) if head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe \t\r\n")[:1] == b"<" else None
        return found[1].decode("ascii", "replace") if found else ""


@runtime_checkable
class SniffingReader(Reader, Protocol):
    """A reader that knows its files by what stands in them, and may find several articles in one."""

    def claims(self, look: Look) -> bool:
        """Tell whether a file is in this format; never raises."""
        ...

    def read_all(self, data: bytes, *, name: str, site: str) -> Readings:
        """Return every article in ``data``, or in its place what is wrong with it; raise InputError when all of it is broken."""
        ...


def only(readings: Readings, name: str) -> Article:
    """Return the one article that was read; raise InputError when it is broken or there are several."""
    if len(readings) != 1:
        raise InputError(f"holds {len(readings)} articles", where=name, next_step="name one with a single article, or use 'newstagger tag'")
    if isinstance(readings[0], InputError):
        raise readings[0]
    return readings[0].article


def listed(value: Json) -> Sequence[Json]:
    """Return the items of a value: those of an array, or the value itself."""
    return value if isinstance(value, list) else [value]


@dataclass(eq=False)
class JsonFormat:
    """A format of JSON: ``recognises`` knows one item, ``reading`` reads it, ``unwrap`` finds the items in a file's value."""

    name: str
    recognises: Callable[[Mapping[str, Json]], bool]
    reading: Callable[[Fields, str, str | None], Reading]
    unwrap: Callable[[Json], Sequence[Json]] = listed
    suffixes: tuple[str, ...] = field(default=())

    def trusted(self) -> JsonFormat:
        """Return the format for files of which a person says that they are in it: any object is an item."""
        return replace(self, recognises=lambda _: True)

    def takes(self, value: Json) -> bool:
        """Tell whether a parsed value is one or more items of this format, judged by the first."""
        first = next(iter(self.unwrap(value)), None)
        return isinstance(first, dict) and first.keys().isdisjoint(OWN_SIGNS) and self.recognises(first)

    def claims(self, look: Look) -> bool:
        """Tell whether a file is in this format."""
        return look.suffix in self.suffixes or (look.json is not None and self.takes(look.json))

    def read(self, data: bytes, *, name: str, site: str) -> Article:
        """Return the article in a file that holds one."""
        return only(self.read_all(data, name=name, site=site), name)

    def read_all(self, data: bytes, *, name: str, site: str) -> Readings:
        """Return every article in a file."""
        return self.read_value(loads(data, name), where=name, site=site, default_id=id_of(name))

    def read_value(self, value: Json, *, where: str, site: str, default_id: str | None) -> Readings:
        """Return every article of a parsed value; those without an id are called ``default_id``, numbered if there are several."""
        items = self.unwrap(value)
        if not items:
            raise InputError(f"holds no {self.name} item", where=where, next_step="name a file with an article in it")
        if len(items) > MAX_ITEMS:
            raise InputError(f"holds over {MAX_ITEMS} items", where=where, next_step="split the file")
        if len(items) == 1:
            return [self._one(items[0], where, site, default_id)]
        return [self._one(item, f"{where} item {at}", site, default_id and f"{default_id}-{at}") for at, item in enumerate(items, 1)]

    def _one(self, item: Json, where: str, site: str, default_id: str | None) -> Reading | InputError:
        if not isinstance(item, dict) or not self.recognises(item):
            told = "an object that is none" if isinstance(item, dict) else kind_of(item)
            return InputError(f"no {self.name} item, but {told}", where=where, next_step="check the format")
        try:
            return self.reading(Fields(item, where), checked_id(site, "site", where), default_id)
        except InputError as error:
            return error


def plain_of(markup: str) -> str:
    """Return a headline that was written as markup as plain text."""
    return unescape(_TAG.sub("", markup)) if "<" in markup or "&" in markup else markup


def event_of(status: str, embargo: str | None = None) -> Event:
    """Return the event that an IPTC publishing status means; one under embargo is not published yet."""
    if status == "canceled":
        return Event.KILL
    return Event.DRAFT if status != "usable" else Event.SCHEDULE if embargo else Event.PUBLISH


def has_text(body: str, media_type: str) -> bool:
    """Tell whether anything stands between the tags; looks no further than the first words."""
    if media_type == "text/plain":
        return bool(body.strip())
    first, *rest = body.split("<")
    return bool(first.strip()) or any(piece.partition(">")[2].strip() for piece in rest)


def with_dateline(body: str, media_type: str, dateline: str) -> str:
    """Return a body that begins with its dateline, which some formats keep in a field: agencies are credited there."""
    line = " ".join(dateline.split())[:300]
    if not line or not body or line in body[:1_000]:
        return body
    return f"{line}\n\n{body}" if media_type == "text/plain" else f"<p>{escape(line, quote=False)}</p>{body}"


def article(
    fields: Fields, ref: ArticleRef, headline: str, body: tuple[str, str], *, event: Event = Event.DRAFT, dateline: str = "",
    tags: Sequence[ExistingTag] = (), **others: str | int | None,
) -> Article:  # fmt: skip
    """Return an article of ``body`` (text, media type) in the fields' place; raise InputError when it has no text and is no kill.

    ``tags`` are those that we know; without any, nothing is told of tags. Empty texts stand for what is not known.
    """
    text, media_type = body
    if event is not Event.KILL and not headline.strip() and not has_text(text, media_type):
        raise fields.wrong("the article has no text", "give it a headline or a body")
    for name in ("language", "version_created"):
        others[name] = str(others.get(name) or "")[:100] or None
    return Article(
        ref, headline, with_dateline(text, media_type, dateline), media_type, event=event, existing_tags=tuple(dict.fromkeys(tags)) or None,
        **others,  # type: ignore[arg-type]
    )  # fmt: skip

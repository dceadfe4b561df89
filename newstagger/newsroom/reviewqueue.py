"""What clients bring to learn from waits here until a taxonomist takes or drops it: nobody but editors before the CMS is believed unseen.

One row says which labels somebody gave a text, or which concept they would add to the newsroom's vocabulary or take from it. The faces
of the service put rows in, ``newstagger review`` looks and decides. Nothing goes from here to the ledger.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from newstagger.domain import Article, ArticleRef, Facet
from newstagger.errors import InputError, StateError
from newstagger.jsontext import canonical
from newstagger.newsroom.ledger import is_text
from newstagger.newsroom.statefile import StateFile
from newstagger.state import pack_copy, unpack_copy

MOST_WAITING = 10_000
"""Rows of a site that may wait at a time."""
LONGEST_TEXT, MOST_LABELS, LONGEST_LABEL = 500_000, 200, 500
"""Characters of a text, labels of a row, characters of a label, an id or a name; more is refused."""
COLUMNS = "seq, site, id, kind, origin, by, at, state, article, told"
PAGE = 200
OF_ITS_TEXTS = """text_hash IN (SELECT text_hash FROM kept_text WHERE site = ? AND id = ?
    UNION SELECT text_hash FROM ledger_decision WHERE site = ? AND id = ? AND text_hash <> '')"""


class Face(StrEnum):
    """Through which client's language a row came."""

    ANNIF = "annif"
    IMATRICS = "imatrics"


class Kind(StrEnum):
    """What a row asks for: to learn labels of a text, to add a concept to the newsroom's vocabulary, or to remove one."""

    LABELS = "labels"
    CONCEPT = "concept"
    REMOVAL = "removal"


class ReviewState(StrEnum):
    """What became of a row."""

    WAITING = "waiting"
    TAKEN = "taken"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says. ``labels`` and ``rejected`` are concept ids, ``unknown`` what no vocabulary knew when it came, word for word.

    ``label`` and ``facet`` are those of a concept to add; a removal names its concept as the one label.
    """

    labels: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    label: str = ""
    facet: Facet | None = None

    def words(self) -> tuple[str, ...]:
        """Return every word that somebody else chose."""
        return (*self.labels, *self.rejected, *self.unknown, self.label)

    def packed(self) -> str:
        """Return it as the text that the table holds."""
        lists = {"labels": self.labels, "rejected": self.rejected, "unknown": self.unknown}
        return canonical({**lists, "label": self.label, "facet": self.facet and str(self.facet)}).decode()

    @classmethod
    def unpacked(cls, text: str) -> Told:
        """Return what ``packed`` wrote; raise ValueError for anything else."""
        value = json.loads(text)
        lists = {name: tuple(map(str, value[name])) for name in ("labels", "rejected", "unknown")}
        return cls(**lists, label=str(value["label"]), facet=Facet(value["facet"]) if value["facet"] else None)


@dataclass(frozen=True, slots=True)
class Item:
    """One row. The id of ``ref`` is empty where the client told none; ``at`` is ISO 8601; ``by`` who brought it, as the client says.

    ``article`` is the text that the labels are about, None where none came or the newsroom keeps none.
    """

    id: int
    ref: ArticleRef
    kind: Kind
    origin: Face
    at: str
    told: Told
    by: str = ""
    state: ReviewState = ReviewState.WAITING
    article: Article | None = field(default=None, repr=False)


class ReviewQueue:
    """The rows in the newsroom's SQLite file; safe to share between threads. Every method raises StateError when the file fails."""

    def __init__(self, file: Path | StateFile) -> None:
        self._file = file if isinstance(file, StateFile) else StateFile(file)

    @staticmethod
    def expect_storable(items: Iterable[Item]) -> None:
        """Raise InputError when ``put`` would refuse one of the rows: nothing is written yet."""
        for item in items:
            _expect_storable(item)

    def put(self, item: Item, text_hash: str = "") -> bool:
        """Store a row durably; tell whether it was new: the same about the same article or text, said again, is not stored twice.

        Its ``id`` is given here. Of an article that the client names, the newest row waits alone; a proposal that was dropped is not
        stored again. Raises InputError for what is too long or no text, StateError when too many wait.
        """
        _expect_storable(item)
        copy = None if item.article is None else pack_copy(item.article)
        told, ref = item.told.packed(), item.ref
        digest = hashlib.sha256(canonical([ref.id, item.kind, item.origin, text_hash, told])).hexdigest()
        row = (ref.site, ref.id, item.kind, item.origin, item.by, item.at, text_hash, copy, told, digest)
        with self._file.together():
            if ref.id:
                where = "site = ? AND id = ? AND kind = ? AND state = 'waiting' AND digest <> ?"
                self._file.erase("review_item", where, (ref.site, ref.id, item.kind, digest))
            if self._said(item, text_hash, digest):
                return False
            self._expect_room(ref.site)
            self._file.append("review_item", "site, id, kind, origin, by, at, text_hash, article, told, digest", row)
        return True

    def _said(self, item: Item, text_hash: str, digest: str) -> bool:
        """Tell whether a row is the last word already: of its article or, where none is named, of its text; any word of a proposal."""
        if item.kind is Kind.LABELS:
            query = "SELECT digest FROM review_item WHERE site = ? AND id = ? AND (id <> '' OR text_hash = ?) AND kind = ?"
            rows = self._file.rows(f"{query} ORDER BY seq DESC LIMIT 1", (item.ref.site, item.ref.id, text_hash, item.kind))
            return bool(rows) and rows[0][0] == digest
        query = "SELECT 1 FROM review_item WHERE site = ? AND id = ? AND text_hash = '' AND digest = ? AND state <> 'taken'"
        return bool(self._file.rows(query, (item.ref.site, item.ref.id, digest)))

    def _expect_room(self, site: str) -> None:
        """Raise StateError when as many rows of a site wait as may."""
        waiting = self._file.rows("SELECT COUNT(*) FROM review_item WHERE site = ? AND state = 'waiting'", (site,))
        if waiting and waiting[0][0] >= MOST_WAITING:
            step = "take or drop some with 'newstagger review'"
            raise StateError(f"{MOST_WAITING} rows of this site wait for review already", next_step=step)

    def item(self, number: int) -> Item | None:
        """Return a row by its id, or None."""
        rows = self._file.rows(f"SELECT {COLUMNS} FROM review_item WHERE seq = ?", (number,))  # noqa: S608 (words of our own)
        return _item(rows[0]) if rows else None

    def items(self, state: ReviewState | None = None, site: str | None = None) -> Iterator[Item]:
        """Yield the rows, oldest first: those in a state, of a site, or all."""
        where = "seq > ? AND (? IS NULL OR state = ?) AND (? IS NULL OR site = ?)"
        query = f"SELECT {COLUMNS} FROM review_item WHERE {where} ORDER BY seq LIMIT {PAGE}"  # noqa: S608 (words of our own)
        after = 0
        while page := self._file.rows(query, (after, state, state, site, site)):
            yield from map(_item, page)
            after = page[-1][0]

    def decide(self, number: int, state: ReviewState) -> Item | None:
        """Put a row in a state durably and return it so, or None where there is none of that id."""
        self._file.change("UPDATE review_item SET state = ? WHERE seq = ? RETURNING seq", (state, number))
        return self.item(number)

    def forget(self, ref: ArticleRef) -> int:
        """Erase the rows about an article, and those without an id that hold one of its texts; return how many."""
        pair = (ref.site, ref.id)
        return self._file.erase("review_item", f"site = ? AND (id = ? OR (id = '' AND {OF_ITS_TEXTS}))", (*pair, *pair, *pair))

    def expire(self, before: str) -> int:
        """Erase the rows with a text that came before a moment (ISO 8601), whatever became of them; return how many."""
        if not self._file.rows("SELECT 1 FROM review_item WHERE article IS NOT NULL AND at < ? LIMIT 1", (before,)):
            return 0
        return self._file.erase("review_item", "article IS NOT NULL AND at < ?", (before,))


def _expect_storable(item: Item) -> None:
    """Raise InputError for a row that is too long, or holds what no database stores."""
    article, words = item.article, item.told.words()
    if article is not None and len(article.headline) + len(article.body) > LONGEST_TEXT:
        raise InputError(f"the text is longer than {LONGEST_TEXT} characters", next_step="an article is shorter than that")
    if len(words) > MOST_LABELS:
        raise InputError(f"more than {MOST_LABELS} labels", next_step="give the article's own ones")
    if any(len(word) > LONGEST_LABEL for word in (*words, item.by, item.ref.id)):
        raise InputError(f"a label, an id or a name is longer than {LONGEST_LABEL} characters", next_step="correct it")
    if not all(map(is_text, (*words, item.by, item.ref.site, item.ref.id))):
        raise InputError("a label, an id or a name holds half a character or NUL", next_step="correct it")


def _item(row: tuple[Any, ...]) -> Item:
    number, site, article_id, kind, origin, by, at, state, copy, told = row
    ref = ArticleRef(site, article_id)
    article = None if copy is None else unpack_copy(ref, copy)
    return Item(number, ref, Kind(kind), Face(origin), at, Told.unpacked(told), by, ReviewState(state), article)

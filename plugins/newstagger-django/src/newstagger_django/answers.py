"""An answer's row, read back: its columns as they are compared, and the record that they hold."""

from __future__ import annotations

import json
import zlib
from functools import lru_cache
from typing import NamedTuple

from newstagger.contracts import SaveRecord
from newstagger.domain import ArticleRef
from newstagger.host import tagging_from_json
from newstagger_django.models import Answer

MOST_READ = 16
"""So many answers are kept as they were read: the next save of an article, or of its form, asks for the same."""


class Told(NamedTuple):
    """The columns of an answer's row."""

    site: str
    article: str
    at: str
    work_key: str
    reuse_state: str
    wishes: str
    seen: str
    tagging: bytes
    revision: int | None
    rules: str


def told_by(row: Answer) -> Told:
    """Return the columns of a row."""
    tagging, seen = bytes(row.tagging), json.dumps(row.seen)
    return Told(row.site, row.article, row.at, row.work_key, row.reuse_state, row.wishes, seen, tagging, row.revision, row.rules)


def record_of(told: Told) -> SaveRecord | None:
    """Return what the columns hold, or None where they do not read back."""
    try:
        tagging = tagging_from_json(json.loads(zlib.decompress(told.tagging)))
        seen = None if (concepts := json.loads(told.seen)) is None else tuple(map(str, concepts))
    except (zlib.error, ValueError, KeyError, TypeError):
        return None
    ref = ArticleRef(told.site, told.article)
    return SaveRecord(ref, told.at, told.work_key, told.reuse_state, told.wishes, seen, tagging, told.revision, told.rules)


kept_record = lru_cache(MOST_READ)(record_of)
"""As ``record_of``; the same columns are read once."""

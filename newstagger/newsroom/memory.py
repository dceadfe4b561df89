"""What the newsroom remembers of one article at the moment of a save: the last answer and what its editors want."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from newstagger.contracts import Ledger
from newstagger.domain import Article
from newstagger.errors import StateError
from newstagger.jsontext import canonical
from newstagger.newsroom.audit import SaveRecord, SqliteAudit
from newstagger.newsroom.changes import editor_changes
from newstagger.newsroom.ledger import wishes


@dataclass(frozen=True, slots=True)
class Memory:
    """``wanted`` maps concept ids to keep (True) or never (False); ``readable`` is False when that could not be read."""

    last: SaveRecord | None = None
    wanted: Mapping[str, bool] = field(default_factory=dict)
    readable: bool = True
    problems: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Digest of ``wanted``: two equal ones mean that no editor changed their mind in between."""
        return hashlib.sha256(canonical(sorted(self.wanted.items()))).hexdigest()


def recall(article: Article, ledger: Ledger | None, audit: SqliteAudit | None, at: str) -> Memory:
    """Return what is remembered of the article, after storing what its editor changed in the CMS since the last save.

    A change that cannot be stored still counts for this save and is told as a problem; unreadable state gives
    ``readable=False``, since without the editors' word no tag may be given.
    """
    if ledger is None:
        return Memory()
    try:
        last = None if audit is None else audit.last(article.ref)
        wanted = dict(wishes(ledger.decisions(article.ref)))
    except StateError as error:
        return Memory(readable=False, problems=(f"{error}; no tags are given while the editors' decisions cannot be read",))
    problems: list[str] = []
    for decision in editor_changes(article, last, wanted, at):
        wanted[decision.concept] = decision.action.wants
        try:
            ledger.record(decision)
        except StateError as error:
            problems.append(f"an editor's change of {decision.concept} was not stored: {error}")
    return Memory(last, wanted, problems=tuple(problems))

"""What editors decided: append-only, one row a decision, the latest about a concept counts.

``SqliteLedger`` is for sites without a database of their own; an adapter with one implements ``contracts.Ledger`` there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from newstagger.contracts import SaveRecord
from newstagger.domain import Action, ArticleRef, EditorDecision
from newstagger.errors import StateError
from newstagger.newsroom.statefile import StateFile

COLUMNS = "site, id, concept, action, by, at, text_hash, bundle, shown, reason, revision"
PAGE = 1_000
MOST = 1 << 63
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class SqliteLedger:
    """The ledger in the newsroom's SQLite file; safe to share between threads."""

    def __init__(self, file: StateFile) -> None:
        self._file = file
        self._damaged: set[ArticleRef] = set()

    def record(self, decision: EditorDecision) -> None:
        """Store a decision durably; raise StateError when it could not be stored."""
        d = storable(decision)
        row = (d.ref.site, d.ref.id, d.concept, str(d.action), d.by, d.at, d.text_hash, d.bundle, int(d.shown), d.reason, d.revision)
        self._file.append("ledger_decision", COLUMNS, row)

    def decisions(self, ref: ArticleRef) -> tuple[EditorDecision, ...]:
        """Return every decision on an article, oldest first."""
        query = f"SELECT {COLUMNS} FROM ledger_decision WHERE site = ? AND id = ? ORDER BY seq"  # noqa: S608 (words of our own)
        return tuple(self._readable(self._file.rows(query, (ref.site, ref.id))))

    def all(self) -> Iterator[EditorDecision]:
        """Return every decision, oldest first."""
        query = f"SELECT seq, {COLUMNS} FROM ledger_decision WHERE seq > ? ORDER BY seq LIMIT {PAGE}"  # noqa: S608 (words of our own)
        return self._readable(row[1:] for row in self._file.pages(query, (0,), 1))

    def damaged(self, ref: ArticleRef) -> bool:
        """Tell whether a decision on an article was left out because it does not read back."""
        return ref in self._damaged

    def _readable(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[EditorDecision]:
        """Yield the decisions that read back: one damaged row must not take the editors' other words with it."""
        for row in rows:
            try:
                yield storable(_decision(*row))
            except (ValueError, TypeError, StateError):
                self._damaged.add(ArticleRef(str(row[0]), str(row[1])))

    def forget(self, ref: ArticleRef) -> int:
        """Erase every decision on an article; return how many; raise StateError when they could not be erased."""
        return self._file.erase("ledger_decision", "site = ? AND id = ?", (ref.site, ref.id))


def storable(decision: EditorDecision) -> EditorDecision:
    """Return a decision that every ledger can store and read back; raise StateError, naming the field, for any other."""
    d, known = decision, ", ".join(Action)
    texts: dict[str, object] = {
        "concept": d.concept,
        "by": d.by,
        "at": d.at,
        "text_hash": d.text_hash,
        "bundle": d.bundle,
        "reason": d.reason,
    }
    texts |= {"site": getattr(d.ref, "site", None), "article's id": getattr(d.ref, "id", None)}
    wrong = next((name for name, value in texts.items() if not is_text(value)), "")
    if wrong:
        raise _not_stored(f"its {wrong} is no text, or holds half a character")
    if not d.concept.strip():
        raise _not_stored("it names no concept")
    if not isinstance(d.action, Action):
        raise _not_stored(f"its action is none of {known}")
    if not isinstance(d.shown, bool) or not (d.revision is None or is_revision(d.revision)):
        raise _not_stored("'shown' must be true or false, the revision a whole number below 2**63, or none")
    return decision


def completed(decision: EditorDecision, last: SaveRecord | None, at: str) -> EditorDecision:
    """Return a decision with what it leaves to be told by the last answer: which text and bundle it is about, which revision, when."""
    about = None if last is None else last.tagging
    return replace(
        decision,
        at=decision.at or at,
        text_hash=decision.text_hash or (about.text_hash if about else ""),
        bundle=decision.bundle or (str(about.bundle) if about and about.bundle else ""),
        revision=last.revision if last and decision.revision is None else decision.revision,
    )


def is_text(value: object) -> bool:
    """Tell whether a value is text that every database stores: no half of a surrogate pair, no NUL."""
    return isinstance(value, str) and UNSTORABLE.search(value) is None


def is_revision(value: object) -> bool:
    """Tell whether a value is a number of a revision that a database stores."""
    return isinstance(value, int) and not isinstance(value, bool) and -MOST <= value < MOST


def _not_stored(why: str) -> StateError:
    return StateError(f"the decision was not stored: {why}", next_step="correct what the adapter hands in")


def _decision(
    site: str, article: str, concept: str, action: str, by: str, at: str, text_hash: str, bundle: str, shown: int, reason: str,
    revision: int | None,
) -> EditorDecision:  # fmt: skip
    return EditorDecision(ArticleRef(site, article), concept, Action(action), by, at, text_hash, bundle, bool(shown), reason, revision)


def wishes(decisions: Iterable[EditorDecision], heirs: Callable[[str], tuple[str, ...]] = lambda _: ()) -> Mapping[str, bool]:
    """Return what the editors want now, by concept: True keep, False never. A rejection counts only if the tag had been shown.

    ``heirs`` gives the id that replaced a retired one, or those that a removed one had replaced: what was decided about it holds
    for them too. Who wanted a concept that had replaced several did not say which of them they want.
    """
    wanted: dict[str, bool] = {}
    for decision in decisions:
        if decision.action.wants or decision.shown:
            wanted[decision.concept] = decision.action.wants
            others = heirs(decision.concept)
            if len(others) == 1 or not decision.action.wants:
                wanted |= dict.fromkeys(others, decision.action.wants)
    return wanted

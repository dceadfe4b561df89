"""What editors decided: append-only, one row a decision, the latest about a concept counts.

``SqliteLedger`` is for sites without a database of their own; an adapter with one implements ``contracts.Ledger`` there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from newstagger.domain import Action, ArticleRef, EditorDecision
from newstagger.newsroom.statefile import StateFile

COLUMNS = "site, id, concept, action, by, at, text_hash, bundle, shown, reason, revision"
PAGE = 1_000


class SqliteLedger:
    """The ledger in the newsroom's SQLite file; safe to share between threads."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def record(self, decision: EditorDecision) -> None:
        """Store a decision durably; raise StateError when it could not be stored."""
        d = decision
        row = (d.ref.site, d.ref.id, d.concept, str(d.action), d.by, d.at, d.text_hash, d.bundle, int(d.shown), d.reason, d.revision)
        self._file.append("ledger_decision", COLUMNS, row)

    def decisions(self, ref: ArticleRef) -> tuple[EditorDecision, ...]:
        """Return every decision on an article, oldest first."""
        query = f"SELECT {COLUMNS} FROM ledger_decision WHERE site = ? AND id = ? ORDER BY seq"  # noqa: S608 (words of our own)
        return tuple(_decision(*row) for row in self._file.rows(query, (ref.site, ref.id)))

    def all(self) -> Iterator[EditorDecision]:
        """Return every decision, oldest first."""
        query = f"SELECT seq, {COLUMNS} FROM ledger_decision WHERE seq > ? ORDER BY seq LIMIT {PAGE}"  # noqa: S608 (words of our own)
        for _, *row in self._file.pages(query, (0,), 1):
            yield _decision(*row)

    def forget(self, ref: ArticleRef) -> int:
        """Erase every decision on an article; return how many; raise StateError when they could not be erased."""
        return self._file.erase("ledger_decision", "site = ? AND id = ?", (ref.site, ref.id))


def _decision(
    site: str, article: str, concept: str, action: str, by: str, at: str, text_hash: str, bundle: str, shown: int, reason: str,
    revision: int | None,
) -> EditorDecision:  # fmt: skip
    return EditorDecision(ArticleRef(site, article), concept, Action(action), by, at, text_hash, bundle, bool(shown), reason, revision)


def wishes(decisions: Iterable[EditorDecision], successor: Callable[[str], str | None] = lambda _: None) -> Mapping[str, bool]:
    """Return what the editors want now, by concept: True keep, False never. A rejection counts only if the tag had been shown.

    ``successor`` gives the id that replaced a retired one: what was decided about the old one holds for the new one too.
    """
    wanted: dict[str, bool] = {}
    for decision in decisions:
        if decision.action.wants or decision.shown:
            wanted[decision.concept] = decision.action.wants
            if (heir := successor(decision.concept)) is not None:
                wanted[heir] = decision.action.wants
    return wanted

"""What the newsroom remembers of one article at the moment of a save: the last answer and what its editors want."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from newstagger.contracts import SaveRecord, State
from newstagger.domain import Article, ArticleRef, EditorDecision
from newstagger.errors import StateError
from newstagger.jsontext import canonical
from newstagger.newsroom.changes import editor_changes, overruled
from newstagger.newsroom.ledger import wishes
from newstagger.newsroom.today import record_of_today


@dataclass(frozen=True, slots=True)
class Memory:
    """``wanted`` maps concept ids to keep (True) or never (False); ``readable`` is False when that could not be read.

    ``late``: a newer revision of the article was answered already, so this save is not tagged. ``problems`` name the changes of an
    editor that could not be stored: such a save must not count as seen, so that the next one brings them again.
    """

    last: SaveRecord | None = None
    wanted: Mapping[str, bool] = field(default_factory=dict)
    readable: bool = True
    late: bool = False
    problems: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Digest of ``wanted``: two equal ones mean that no editor changed their mind in between."""
        return hashlib.sha256(canonical(sorted(self.wanted.items()))).hexdigest()

    @property
    def rejected(self) -> tuple[str, ...]:
        """The concepts that editors keep off the article."""
        return tuple(sorted(concept for concept, keep in self.wanted.items() if not keep))


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was erased of an article: decisions of editors, answers, texts."""

    decisions: int = 0
    answers: int = 0
    texts: int = 0


def forget(ref: ArticleRef, state: State) -> Forgotten:
    """Erase whatever is remembered of an article; raise StateError when not all of it could be erased."""
    with state.transaction():
        return Forgotten(state.ledger.forget(ref), state.audit.forget(ref), state.archive.forget(ref))


def recall(
    article: Article, state: State | None, at: str, successor: Callable[[str], str | None], gone: Callable[[str], bool] = lambda _: False
) -> Memory:
    """Return what is remembered of the article, after storing what its editor changed in the CMS since the last save.

    A change that cannot be stored still counts for this save and is told as a problem; unreadable state gives
    ``readable=False``, since without the editors' word no tag may be given.
    """
    if state is None:
        return Memory()
    try:
        last = record_of_today(state.audit.last(article.ref), successor, gone)
        known = state.ledger.decisions(article.ref)
        inherited = _inherited(article, known, state, at) if last is None else ()
    except StateError as error:
        return Memory(readable=False, problems=(f"{error}; no tags are given while the editors' decisions cannot be read",))
    late = _late(article, last)
    wanted = wishes((*known, *inherited), successor)
    read = () if late and article.form is None else editor_changes(article, last, wanted, at)
    outdated = overruled(article, last, known)
    new = (*inherited, *(change for change in read if not outdated(change.concept)))
    problems = _record(state, new)
    return Memory(last, wishes((*known, *new), successor), late=late, problems=problems)


def _late(article: Article, last: SaveRecord | None) -> bool:
    """Tell whether the CMS told of a newer revision before this one: events may overtake each other on the way."""
    return last is not None and None not in (article.revision, last.revision) and (article.revision or 0) < (last.revision or 0)


def _inherited(article: Article, known: Iterable[EditorDecision], state: State, at: str) -> tuple[EditorDecision, ...]:
    """Return the decisions on the article that this one was copied from, as decisions on this one, where it has none of its own."""
    source = article.copied_from
    if source is None or source == article.ref:
        return ()
    own, before = {d.concept for d in known}, None if article.revision is None else min(0, article.revision - 1)
    theirs = (d for d in state.ledger.decisions(source) if d.concept not in own)
    return tuple(replace(d, ref=article.ref, at=at, reason=f"copied from {source}", revision=before) for d in theirs)


def _record(state: State, decisions: Iterable[EditorDecision]) -> tuple[str, ...]:
    problems = []
    for decision in decisions:
        try:
            state.ledger.record(decision)
        except StateError as error:
            problems.append(f"an editor's change of {decision.concept} was not stored: {error}")
    return tuple(problems)

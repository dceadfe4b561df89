"""What the newsroom remembers of one article at the moment of a save: the last answer and what its editors want."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from newstagger.contracts import SaveRecord, State
from newstagger.domain import Article, ArticleRef, EditorDecision
from newstagger.errors import StateError
from newstagger.jsontext import canonical
from newstagger.newsroom.changes import editor_changes, lost_tags, overruled
from newstagger.newsroom.ledger import storable, wishes
from newstagger.newsroom.today import record_of_today


@dataclass(frozen=True, slots=True)
class Memory:
    """``wanted`` maps concept ids to keep (True) or never (False); ``readable`` is False when that could not be read.

    ``late``: a newer revision of the article was answered already, so this save is not tagged. ``problems`` name the changes of an
    editor that could not be stored: such a save must not count as seen, so that the next one brings them again. ``damaged``: a
    decision in the ledger does not read back; the others hold. ``source`` marks the article whose decisions a copy has inherited.
    """

    last: SaveRecord | None = None
    wanted: Mapping[str, bool] = field(default_factory=dict)
    readable: bool = True
    late: bool = False
    problems: tuple[str, ...] = ()
    damaged: bool = False
    source: str = ""

    @property
    def digest(self) -> str:
        """Digest of ``wanted``: two equal ones mean that no editor changed their mind in between; a copy's bears its source's mark."""
        digest = hashlib.sha256(canonical(sorted(self.wanted.items()))).hexdigest()
        return f"{digest[:47]}+{self.source}" if self.source else digest

    @property
    def rejected(self) -> tuple[str, ...]:
        """The concepts that editors keep off the article."""
        return tuple(sorted(concept for concept, keep in self.wanted.items() if not keep))


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was erased of an article: decisions of editors, answers, texts, jobs and the like that waited."""

    decisions: int = 0
    answers: int = 0
    texts: int = 0
    waiting: int = 0


def forget(ref: ArticleRef, state: State) -> Forgotten:
    """Erase whatever is remembered of an article; raise StateError when not all of it could be erased."""
    with state.transaction():
        waiting = sum(queue.forget(ref) for queue in state.queues)
        return Forgotten(state.ledger.forget(ref), state.audit.forget(ref), state.archive.forget(ref), waiting)


def recall(
    article: Article,
    state: State | None,
    at: str,
    successor: Callable[[str], str | None],
    gone: Callable[[str], bool] = lambda _: False,
    heirs: Callable[[str], tuple[str, ...]] = lambda _: (),
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
        had = "" if last is None else last.wishes.partition("+")[2]
        source = _source(article) or had
        inherited = () if source == had else _inherited(article, known, state, at, successor)
    except StateError as error:
        return Memory(readable=False, problems=(f"{error}; no tags are given while the editors' decisions cannot be read",))
    late = _late(article, last)
    wanted = wishes((*known, *inherited), heirs)
    read = () if late and article.form is None else editor_changes(article, last, wanted, at, known)
    outdated = overruled(article, last, known)
    lost = () if late else lost_tags(article, last, wanted, at)
    new = (*inherited, *(change for change in (*read, *lost) if not outdated(change.concept)))
    problems = _record(state, new)
    damaged = getattr(state.ledger, "damaged", None)  # the ledger of a plugin need not tell
    found = bool(damaged and damaged(article.ref))
    return Memory(last, wishes((*known, *new), heirs), late=late, problems=problems, damaged=found, source=source)


def _late(article: Article, last: SaveRecord | None) -> bool:
    """Tell whether the CMS told of a newer revision before this one: events may overtake each other on the way."""
    return last is not None and None not in (article.revision, last.revision) and (article.revision or 0) < (last.revision or 0)


def _source(article: Article) -> str:
    """Return the mark of the article that this one was copied from ('': of none): the answers of a copy that has inherited bear it.

    What editors decide on the source after that is no word about the copy.
    """
    source = article.copied_from
    return "" if source is None or source == article.ref else hashlib.sha256(canonical([source.site, source.id])).hexdigest()[:16]


def _inherited(
    article: Article, known: Iterable[EditorDecision], state: State, at: str, successor: Callable[[str], str | None]
) -> tuple[EditorDecision, ...]:
    """Return the decisions on the article that this one was copied from, as decisions on this one, where it has none of its own.

    Ids are compared as they are now: a word about a retired concept is one about its successor.
    """
    source = article.copied_from
    if source is None:
        return ()
    own, before = {successor(d.concept) or d.concept for d in known}, None if article.revision is None else min(0, article.revision - 1)
    theirs = (d for d in state.ledger.decisions(source) if (successor(d.concept) or d.concept) not in own)
    return tuple(replace(d, ref=article.ref, at=at, reason=f"copied from {source}", revision=before) for d in theirs)


def _record(state: State, decisions: Iterable[EditorDecision]) -> tuple[str, ...]:
    problems = []
    for decision in decisions:
        try:
            state.ledger.record(storable(decision))
        except StateError as error:
            problems.append(f"an editor's change of {decision.concept} was not stored: {error}")
    return tuple(problems)

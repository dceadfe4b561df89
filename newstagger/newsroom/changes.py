"""Reads what an editor changed in the CMS itself, from the tags that an article carries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from newstagger.contracts import SaveRecord
from newstagger.domain import Action, Article, Decision, EditorDecision, Event, FormState, Origin, Tagging

BLIND = frozenset({Event.KILL, Event.RESTORE, Event.IMPORT, Event.BACKFILL})
"""Events at which no editor chose the tags that the article carries now."""


def editor_changes(
    article: Article, last: SaveRecord | None, wanted: Mapping[str, bool], at: str, known: Iterable[EditorDecision] = ()
) -> tuple[EditorDecision, ...]:
    """Return the decisions that the article's tags tell of and that the ledger does not hold yet; ``known`` are those that it holds.

    With the form that was saved at hand, a decision is a difference between what it showed and what came back. Without it, the
    tags that the CMS held at the last save stand in for the form's.
    """
    if article.existing_tags is None:
        return ()
    held = {tag.concept: tag.origin for tag in article.existing_tags if tag.concept.strip()}
    if article.form is not None:
        return _by_form(article, article.form, held, wanted, at, ahead=_ahead(article, last))
    return () if article.event in BLIND else _by_last_save(article, last, held, wanted, at, accounted=_taken_off(last, known))


def _ahead(article: Article, last: SaveRecord | None) -> bool:
    """Tell whether saves before this one may still be on their way."""
    return None not in (article.revision, last and last.revision) and (article.revision or 0) > ((last and last.revision) or 0) + 1


def _by_form(
    article: Article, form: FormState, held: Mapping[str, Origin], wanted: Mapping[str, bool], at: str, *, ahead: bool
) -> tuple[EditorDecision, ...]:  # fmt: skip
    """Compare what came back with what was there: never a tag that the form did not show, never one that the machine put on.

    What a person put on is a word though the ledger agrees, where saves before this one may unsay it; what is gone and was unwanted
    already may have been taken off for that.
    """
    before, shown = set(form.held), set(form.shown)
    new = {c for c, origin in held.items() if origin is Origin.HUMAN and c not in before and (ahead or not wanted.get(c, False))}
    return _decisions(
        article,
        {Action.ACCEPTED: new & shown, Action.ADDED: new - shown, Action.REMOVED: {c for c in before - held.keys() if wanted.get(c, True)}},
        at,
    )


def lost_tags(article: Article, last: SaveRecord | None, wanted: Mapping[str, bool], at: str) -> tuple[EditorDecision, ...]:
    """Return decisions that keep people's tags which the form that was saved never showed, and which went with it.

    What a person put on before the newsroom was told of the article stands in no ledger: that the CMS held it at the last save
    is all that is known. A form that holds it not, at its opening or now, was opened before it or fell behind: unless a save that
    is still on its way took it off.
    """
    if last is None or not last.seen or article.form is None or article.existing_tags is None or article.event in BLIND:
        return ()
    if _ahead(article, last):
        return ()
    here = {tag.concept for tag in article.existing_tags} | set(article.form.held)
    lost = sorted(set(last.seen) - here - _written(last) - wanted.keys())
    return tuple(
        EditorDecision(article.ref, told, Action.ADDED, by="cms", at=at, reason="a stale form had lost it", revision=article.revision)
        for told in lost
    )


def _taken_off(last: SaveRecord | None, known: Iterable[EditorDecision]) -> frozenset[str]:
    """Return the concepts that the ledger knows to have left the CMS since the last save, though an editor accepted them after that.

    An editor rejects a tag, so it is taken off the page, and then accepts it in a form that nobody has saved yet: that it is gone
    from the page at the next save is the rejection's doing.
    """
    answered, gone = None if last is None else last.revision, set[str]()
    for decision in known:
        if answered is None or decision.revision is None or decision.revision < answered:
            continue
        if not decision.action.wants:
            gone.add(decision.concept)
        elif decision.action is Action.ADDED:
            gone.discard(decision.concept)
    return frozenset(gone)


def _by_last_save(
    article: Article, last: SaveRecord | None, held: Mapping[str, Origin], wanted: Mapping[str, bool], at: str, accounted: frozenset[str]
) -> tuple[EditorDecision, ...]:  # fmt: skip
    """Compare two saves.

    A tag is removed when the CMS held it at the last save and does not now, and no known decision accounts for that; never because
    we once proposed it, since our write-back may not have arrived. A tag is added when a person put it on and it is not one that we
    wrote ourselves; one that an editor removed and that the CMS still holds since the last save was not put on anew.
    """
    ours = frozenset() if last is None else _written(last)
    seen = None if last is None else last.seen
    stale = {c for c, keep in wanted.items() if not keep and (seen is None or c in seen)}
    new = {c for c, origin in held.items() if origin is Origin.HUMAN and not wanted.get(c, False)} - ours - stale
    gone = {c for c in seen or () if c not in held and wanted.get(c, True)} - accounted
    return _decisions(article, {Action.ADDED: new, Action.REMOVED: gone}, at)


def _written(last: SaveRecord) -> frozenset[str]:
    return frozenset(tag.concept.id for tag in last.tagging.tags if tag.decision is Decision.AUTO and tag.tagger != "editor")


def seen(article: Article, tagging: Tagging) -> tuple[str, ...] | None:
    """Return the concepts that the CMS holds, in order, as the next save is compared with them; None where the adapter does not tell.

    A machine's tag that the answer no longer gives is left out: the adapter may take it off, and that is no editor's word.
    """
    if article.existing_tags is None:
        return None
    given = {tag.concept.id for tag in tagging.tags if tag.decision is Decision.AUTO}
    return tuple(sorted({tag.concept for tag in article.existing_tags if tag.origin is Origin.HUMAN or tag.concept in given}))


def overruled(article: Article, last: SaveRecord | None, known: Iterable[EditorDecision]) -> Callable[[str], bool]:
    """Return what tells whether a later word about a concept is known than the one that this save brings.

    Saves may be told twice, or overtake each other on the way; where the adapter gives no revisions, they come in order.
    """
    told = article.revision
    if told is None:
        return lambda _: False
    answered = None if last is None else last.revision
    if last is not None and told == answered and seen(article, last.tagging) == last.seen:
        return lambda _: True  # the same save once more: it was read
    late = answered is not None and told < answered
    since = told + 1 if told == answered else told  # a CMS may save one revision again, as another text
    later = {d.concept for d in known if (late if d.revision is None else d.revision >= since)}
    return later.__contains__


def _decisions(article: Article, concepts: Mapping[Action, Iterable[str]], at: str) -> tuple[EditorDecision, ...]:
    who, why = article.saved_by or "cms", "read from the article's tags"
    return tuple(
        EditorDecision(article.ref, concept, action, by=who, at=at, shown=True, reason=why, revision=article.revision)
        for action, ids in concepts.items()
        for concept in sorted(ids)
    )

"""Reads what an editor changed in the CMS itself, from the tags that an article carries at one save and the next."""

from __future__ import annotations

from collections.abc import Mapping

from newstagger.domain import Action, Article, Decision, EditorDecision, Event, Origin
from newstagger.newsroom.audit import SaveRecord

BLIND = frozenset({Event.KILL, Event.IMPORT, Event.BACKFILL})
"""Events at which no editor sat before the form."""


def editor_changes(article: Article, last: SaveRecord | None, wanted: Mapping[str, bool], at: str) -> tuple[EditorDecision, ...]:
    """Return the decisions that the article's tags tell of and that the ledger does not hold yet.

    A tag is removed when the CMS held it at the last save and does not now; never because we once proposed it, since our
    write-back may not have arrived. A tag is added when a person put it on and it is not one that we wrote ourselves; one that an
    editor removed and that the CMS still holds since the last save was not put on anew.
    """
    if article.existing_tags is None or article.event in BLIND:
        return ()
    held = {tag.concept: tag.origin for tag in article.existing_tags if tag.concept.strip()}
    ours = frozenset() if last is None else _written(last)
    seen = () if last is None or last.seen is None else last.seen
    stale = {c for c in seen if wanted.get(c) is False}
    added = [c for c in sorted(held) if held[c] is Origin.HUMAN and not wanted.get(c, False) and c not in ours and c not in stale]
    removed = [c for c in sorted(seen) if c not in held and wanted.get(c, True)]
    return (
        *(_decision(article, concept, Action.ADDED, at) for concept in added),
        *(_decision(article, concept, Action.REMOVED, at) for concept in removed),
    )


def _written(last: SaveRecord) -> frozenset[str]:
    return frozenset(tag.concept.id for tag in last.tagging.tags if tag.decision is Decision.AUTO and tag.tagger != "editor")


def _decision(article: Article, concept: str, action: Action, at: str) -> EditorDecision:
    return EditorDecision(article.ref, concept, action, by="cms", at=at, shown=True, reason="read from the article's tags")

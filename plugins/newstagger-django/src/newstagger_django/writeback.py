"""Writes tags back into the article, optimistically: only if it still is what was read, and only what is ours to write."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from django.db import OperationalError, transaction

from newstagger.domain import Article, ArticleRef, Decision, Event, Origin, Tagging
from newstagger_django.bindings import Binding, Changes, HeldTag
from newstagger_django.conf import Mode
from newstagger_django.process import host
from newstagger_django.standing import Stands, set_applied

HARMLESS = ("reuse:", "article_tagged")
"""Stages whose problems leave no tag out."""


def write_back(
    binding: Binding, obj: Any, article: Article, tagging: Tagging, stands: Stands, using: str, mode: Mode | None = None
) -> Sequence[str] | None:
    """Make the article's tags what the tagging says; return a line for each tag that has no place. ``mode`` overrides the binding's.

    None: somebody changed the article since it was read, so that it has to be read and tagged again.
    """
    if article.event is Event.KILL:
        return []
    held = binding.held_tags(obj, stands)
    wishes = wanted(article.ref) if may_write(binding, tagging, held) else frozenset()
    changes = changes_for(mode or binding.mode, tagging, held, wishes)
    applied = applied_after(stands, held, changes, wishes)
    if not changes and applied == stands.applied:
        return [] if tagging.unchanged or _still(binding, obj, article, stands, using) else None
    try:
        with transaction.atomic(using=using):
            now = binding.fresh(obj.pk, using, lock=True)
            if now is None or not same(binding.article(now, event=article.event, stands=Stands(stands.applied)), article):
                return None
            refused = list(binding.write(now, changes)) if changes else []
            if applied != stands.applied:
                set_applied(article.ref, applied)
            return refused
    except OperationalError:  # somebody else writes just now
        return None


def _still(binding: Binding, obj: Any, article: Article, stands: Stands, using: str) -> bool:
    """Tell whether the copy is what was read: else the answer that was stored last is about a text that is gone."""
    if (known := binding.unmoved(obj, using)) is not None:
        return known
    now = binding.fresh(obj.pk, using)
    return now is not None and same(binding.article(now, event=article.event, stands=stands), article)


def same(one: Article, other: Article) -> bool:
    """Tell whether two readings of an article hold the same copy and the same tags."""
    return _blank(one) == _blank(other)


def _blank(article: Article) -> Article:
    return replace(article, form=None, saved_by="", copied_from=None)


def wanted(ref: ArticleRef) -> frozenset[str]:
    """Return the concepts that editors want on an article, by their latest word."""
    words = {d.concept: d.action.wants for d in host().feedback(ref) if d.action.wants or d.shown}
    return frozenset(concept for concept, wants in words.items() if wants)


def may_write(binding: Binding, tagging: Tagging, held: Sequence[HeldTag]) -> bool:
    """Tell whether a tag that is to be written is missing."""
    here = {tag.concept for tag in held}
    return any(tag.decision is Decision.AUTO and tag.concept.id not in here for tag in tagging.tags)


def changes_for(mode: Mode, tagging: Tagging, held: Sequence[HeldTag], wishes: Collection[str]) -> Changes:
    """Return what is to be put on and taken off.

    What editors want is put on in every mode, and what they rejected is taken off; the machine's own tags come and go in *apply*
    only, and go only when everything was looked at.
    """
    auto = {tag.concept.id: tag.concept for tag in tagging.tags if tag.decision is Decision.AUTO}
    here = {tag.concept for tag in held}
    add = [c for c in auto.values() if c.id not in here and (mode is Mode.APPLY or c.id in wishes)]
    remove = [tag for tag in held if tag.concept in tagging.rejected]
    if mode is Mode.APPLY and _complete(tagging):
        remove += [tag for tag in held if tag.origin is Origin.MACHINE and tag.concept not in auto and tag not in remove]
    return Changes(tuple(add), tuple(remove))


def _complete(tagging: Tagging) -> bool:
    """Tell whether everything that gives tags was asked and answered; a tag that is missing else says nothing."""
    return not tagging.abstained and all(problem.stage.startswith(HARMLESS) for problem in tagging.problems)


def applied_after(stands: Stands, held: Sequence[HeldTag], changes: Changes, wishes: Collection[str]) -> frozenset[str]:
    """Return which tags are the machine's once the changes are made: what an editor wants is theirs."""
    gone = {tag.concept for tag in changes.remove}
    kept = {tag.concept for tag in held if tag.concept in stands.applied} - gone
    return frozenset(kept | {c.id for c in changes.add if c.id not in wishes})

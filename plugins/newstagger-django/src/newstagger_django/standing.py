"""What stands on an article now beside the append-only records: the concepts that the machine put on, and what is to be told.

When the database cannot hold a notice, this process does: the editor is told at the next look at the form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from newstagger.domain import ArticleRef
from newstagger.errors import StateError
from newstagger_django.models import Standing
from newstagger_django.state import erase, stored

MOST_UNSTORED = 1000
_unstored: dict[ArticleRef, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Stands:
    """``applied``: concept ids that the machine wrote and no person confirmed; ``notices``: lines for the editor.

    ``held`` are the article's tags (``bindings.HeldTag``) where they were read already, else None.
    """

    applied: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()
    held: tuple[Any, ...] | None = None


def standing(ref: ArticleRef) -> Stands:
    """Return what stands on an article; raise StateError when it cannot be read."""
    with stored(Standing, writing=False) as using:
        row = Standing.objects.using(using).filter(site=ref.site, article=ref.id).first()
    found = Stands() if row is None else Stands(frozenset(map(str, row.applied)), tuple(map(str, row.notices)))
    return Stands(found.applied, tuple(dict.fromkeys((*_unstored.get(ref, ()), *found.notices))))


def set_applied(ref: ArticleRef, concepts: Iterable[str]) -> None:
    """Remember which tags on an article are the machine's; raise StateError when that could not be stored."""
    _store(ref, applied=sorted(set(concepts)))


def set_notices(ref: ArticleRef, notices: Iterable[str]) -> None:
    """Remember what the editor of an article is to be told, in place of what was; never raises."""
    lines = tuple(dict.fromkeys(notices))
    try:
        _store(ref, notices=list(lines))
        _unstored.pop(ref, None)
    except StateError:
        if len(_unstored) >= MOST_UNSTORED:
            _unstored.pop(next(iter(_unstored)), None)
        _unstored[ref] = lines


def unstored_notices(ref: ArticleRef) -> tuple[str, ...]:
    """Return the notices that only this process holds."""
    return _unstored.get(ref, ())


def forget_standing(ref: ArticleRef) -> None:
    """Erase what stands on an article; raise StateError when that could not be erased."""
    _unstored.pop(ref, None)
    erase(Standing, site=ref.site, article=ref.id)


def _store(ref: ArticleRef, **values: list[str]) -> None:
    with stored(Standing, writing=True) as using:
        Standing.objects.using(using).update_or_create(site=ref.site, article=ref.id, defaults=values)

"""What stands on an article now beside the append-only records: what the machine put on, what it is a copy of, what is to be told.

When the database cannot hold a notice or a copy's source, this process does: the editor is told at the next look at the form, and
the copy takes its editors' decisions along with its next save.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db import models

from newstagger.domain import ArticleRef
from newstagger.errors import StateError
from newstagger_django.models import Standing
from newstagger_django.prepared import asked
from newstagger_django.state import erase, stored

T = TypeVar("T")
MOST_UNSTORED = 1000
_unstored: dict[ArticleRef, tuple[str, ...]] = {}
_sources: dict[ArticleRef, ArticleRef] = {}


@dataclass(frozen=True, slots=True)
class Stands:
    """``applied``: concept ids that the machine wrote and no person confirmed; ``notices``: lines for the editor.

    ``held`` are the article's tags (``bindings.HeldTag``) where they were read already, else None; ``source`` is the article that
    this one was copied from.
    """

    applied: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()
    held: tuple[Any, ...] | None = None
    source: ArticleRef | None = None


def standing(ref: ArticleRef) -> Stands:
    """Return what stands on an article; raise StateError when it cannot be read."""
    with stored(Standing, writing=False) as using:
        rows = asked(_of_article, using, (ref.site, ref.id))
    applied, notices, source = rows[0] if rows else ((), (), ())
    told = tuple(dict.fromkeys((*_unstored.get(ref, ()), *map(str, notices))))
    copied = ArticleRef(*map(str, source)) if len(source) == 2 else None
    return Stands(frozenset(map(str, applied)), told, source=_sources.get(ref, copied))


def standing_of_copy(ref: ArticleRef, source: ArticleRef | None = None) -> Stands:
    """Return what stands on an article, and remember what it was copied from, if that is told or could not be stored before.

    The machine's tags on the source are the machine's on its copy. Raises StateError when the database fails; the source is not
    lost by that.
    """
    try:
        stands = standing(ref)
        if ref not in _sources and source in (None, stands.source):
            return stands
        source = source or _sources[ref]
        stands = replace(stands, applied=stands.applied or standing(source).applied, source=source)
        _store(ref, source=[source.site, source.id], applied=sorted(stands.applied))
    except StateError:
        if source is not None:
            _keep(_sources, ref, source)
        raise
    _sources.pop(ref, None)
    return stands


def _keep(kept: dict[ArticleRef, T], ref: ArticleRef, what: T) -> None:
    """Let this process hold what the database cannot, the oldest forgotten first."""
    while len(kept) >= MOST_UNSTORED:
        del kept[next(iter(kept))]
    kept[ref] = what


def _of_article(texts: Sequence[str]) -> models.QuerySet[Any, Any]:
    site, article = texts
    return Standing.objects.filter(site=site, article=article).values_list("applied", "notices", "source")


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
        _keep(_unstored, ref, lines)


def unstored_notices(ref: ArticleRef) -> tuple[str, ...]:
    """Return the notices that only this process holds."""
    return _unstored.get(ref, ())


def forget_standing(ref: ArticleRef) -> None:
    """Erase what stands on an article; raise StateError when that could not be erased."""
    _unstored.pop(ref, None)
    _sources.pop(ref, None)
    erase(Standing, site=ref.site, article=ref.id)


def _store(ref: ArticleRef, **values: list[str]) -> None:
    with stored(Standing, writing=True) as using:
        Standing.objects.using(using).update_or_create(site=ref.site, article=ref.id, defaults=values)

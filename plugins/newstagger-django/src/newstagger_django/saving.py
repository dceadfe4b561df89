"""An article is saved: the straight line, after the commit of the transaction that saved it.

    post_save -> commit -> read what is stored now -> host.article_saved -> names of tags -> write back -> notices

Nothing here ever fails a save: what goes wrong is caught at one edge (``edge.attempt``), logged without article text, remembered
for the panel and told to whoever saved.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.db import router, transaction
from django.db.models.signals import post_delete, post_save

from newstagger.domain import ArticleRef, Decision, Event, FormState, Tagging
from newstagger_django.bindings import Binding, binding_of
from newstagger_django.conf import Mode
from newstagger_django.edge import attempt
from newstagger_django.process import host
from newstagger_django.standing import set_notices, standing_of_copy
from newstagger_django.terms import remember_terms
from newstagger_django.writeback import write_back

ATTEMPTS = 3
MOST_WAITING = 1_000
ATTRIBUTE = "_newstagger_told"


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a save beyond the stored row. ``tell`` is handed each notice at once (the admin's messages).

    ``mode`` overrides the binding's; ``notices`` are to be told with those of the save, in one line.
    """

    event: Event | None = None
    form: FormState | None = None
    by: str = ""
    copied_from: ArticleRef | None = None
    tell: Callable[[str], None] | None = None
    mode: Mode | None = None
    notices: tuple[str, ...] = ()


def attach(obj: Any, told: Told) -> None:
    """Say more about the next save of this object; call it before ``save()``."""
    obj.__dict__[ATTRIBUTE] = told


def listen() -> None:
    """Listen to saves and deletions of every model; those that are no articles cost a look into a dict."""
    post_save.connect(_on_save, dispatch_uid="newstagger.saved")
    post_delete.connect(_on_delete, dispatch_uid="newstagger.deleted")


def _on_save(sender: type[Any], instance: Any, raw: bool = False, using: str | None = None, **_: Any) -> None:
    binding = binding_of(sender)
    if raw or binding is None or not binding.on_save:
        return
    attempt(lambda: schedule(instance, told=instance.__dict__.pop(ATTRIBUTE, None), using=using), "an article could not be tagged")


def _on_delete(sender: type[Any], instance: Any, using: str | None = None, **_: Any) -> None:
    binding = binding_of(sender)
    if binding is None or not binding.on_save:
        return
    attempt(partial(_retract_later, binding.ref(instance), using), "a deletion could not be told")


def _retract_later(ref: ArticleRef, using: str | None) -> None:
    transaction.on_commit(
        partial(attempt, lambda: host().article_retracted(ref, "deleted"), "a deletion could not be told"), using=using, robust=True
    )


def schedule(obj: Any, *, told: Told | None = None, using: str | None = None) -> None:
    """Tag an article when the transaction that saved it commits; several saves of it in one transaction are one.

    Without a transaction that is now. What the latest save told counts, a form that was told before is kept.
    """
    binding = binding_of(obj)
    if binding is None:
        return
    if told is not None and told.copied_from is not None:  # commits with the copy, so that every later save of it tells it too
        attempt(partial(standing_of_copy, binding.ref(obj), told.copied_from), "what an article is a copy of could not be stored")
    using = using or obj._state.db or router.db_for_write(type(obj))
    key = (using, type(obj), obj.pk)
    token = _waiting.add(key, told or Told())
    transaction.on_commit(partial(_committed, binding, key, token), using=using, robust=True)


class _Waiting(threading.local):
    """Saves of this thread whose transaction is still open, by article; those that were rolled back are dropped in time."""

    def __init__(self) -> None:
        self.saves: dict[tuple[str, type[Any], Any], dict[object, Told]] = {}

    def add(self, key: tuple[str, type[Any], Any], told: Told) -> object:
        """Note one more save; return its token."""
        while len(self.saves) >= MOST_WAITING:
            del self.saves[next(iter(self.saves))]
        token = object()
        self.saves.setdefault(key, {})[token] = told
        return token

    def take(self, key: tuple[str, type[Any], Any], token: object) -> Told | None:
        """Return all that was told of an article, for the first of its saves to ask; None for the others."""
        told = self.saves.get(key, {})
        if token not in told:
            return None
        del self.saves[key]
        return merged(list(told.values()))


def merged(told: Sequence[Told]) -> Told:
    """Return what several saves told as what one told: the latest word about each thing, and every notice."""
    form = next((each.form for each in reversed(told) if each.form is not None), None)
    source = next((each.copied_from for each in reversed(told) if each.copied_from is not None), None)
    return replace(told[-1], form=form, copied_from=source, notices=tuple(line for each in told for line in each.notices))


_waiting = _Waiting()


def _committed(binding: Binding, key: tuple[str, type[Any], Any], token: object) -> None:
    told = _waiting.take(key, token)
    if told is not None:
        using, _, pk = key
        answer(binding, pk, using, told)


def answer(binding: Binding, pk: Any, using: str, told: Told = Told()) -> Tagging | None:
    """Tag the article as it is stored now and write back; return the tagging, None when there is none. Never raises.

    For adapters with triggers of their own, after the commit.
    """
    return answered(binding, pk, using, told)[0]


def answered(binding: Binding, pk: Any, using: str, told: Told) -> tuple[Tagging | None, str]:
    """Do what ``answer`` does; return what failed too, in one line ('': nothing)."""
    tagging, failed = attempt(partial(_line, binding, pk, using, told), "an article could not be tagged")
    if failed:
        attempt(lambda: _notify(binding.ref(binding.model(pk=pk)), None, (f"newstagger: {failed}",), told), "a notice could not be kept")
    return tagging, failed


def _line(binding: Binding, pk: Any, using: str, told: Told) -> Tagging | None:
    for _ in range(ATTEMPTS):
        obj = binding.fresh(pk, using)
        if obj is None or (told.event is Event.BACKFILL and binding.event(obj) is Event.KILL):
            return None
        stands = standing_of_copy(binding.ref(obj), told.copied_from)
        stands = replace(stands, held=tuple(binding.held_tags(obj, stands)))
        article = binding.article(obj, event=told.event, form=told.form, saved_by=told.by, stands=stands)
        tagging = host().article_saved(article)
        if not tagging.unchanged:
            remember_terms(tag.concept for tag in tagging.tags if tag.decision is not Decision.SILENT)
        refused = write_back(binding, obj, article, tagging, stands, using, told.mode)
        if refused is not None:
            _notify(article.ref, stands.notices, (*problem_lines(tagging), *refused), told)
            return tagging
        told = replace(told, form=None, copied_from=None)  # the form's word is in the ledger now
    _notify(binding.ref(obj), stands.notices, ("newstagger: the article changes too fast to be tagged; save it once more",), told)
    return tagging


def _notify(ref: ArticleRef, before: tuple[str, ...] | None, lines: tuple[str, ...], told: Told) -> None:
    """Remember what the editor is to be told, in one line, and tell whoever saved."""
    line = "; ".join(dict.fromkeys((*told.notices, *lines)))
    notices = (line,) if line else ()
    if notices != before:
        set_notices(ref, notices)
    if line and told.tell is not None:
        told.tell(line)


def problem_lines(tagging: Tagging) -> tuple[str, ...]:
    """Return what an editor is told about a tagging that something is missing from: one line, or none."""
    if not tagging.problems:
        return ()
    first, *more = dict.fromkeys(f"{problem.plugin}: {problem.message}"[:200] for problem in tagging.problems)
    rest = f" and {len(more)} more" if more else ""
    return (f"newstagger: tags may be missing: {first}{rest}",)

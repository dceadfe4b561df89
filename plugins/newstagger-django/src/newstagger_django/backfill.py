"""Tags the articles that no save has told of: imported in bulk, or older than the plugin or its model.

Articles are taken in the order of their primary keys, a batch at a time. One that was answered already, with the same text, model
and policy, is found unchanged and not tagged again, so a run that was killed is simply started anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import models, router

from newstagger.contracts import SaveRecord, State
from newstagger.domain import Article, ArticleRef, Decision, EditorDecision, Event, Tagging
from newstagger.host import Host
from newstagger_django.bindings import Binding
from newstagger_django.conf import Mode
from newstagger_django.edge import attempt
from newstagger_django.process import new_host
from newstagger_django.saving import Told, answered, problem_lines
from newstagger_django.state import DjangoArchive, DjangoAudit, DjangoLedger

BATCH = 200
OUTCOMES = ("tagged", "unchanged", "incomplete", "failed", "skipped")


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one article: tagged, unchanged, incomplete (tags may be missing), failed, or skipped (killed or gone)."""

    ref: ArticleRef
    pk: Any
    outcome: str
    tagging: Tagging | None = None
    message: str = ""


@dataclass(slots=True)
class Tally:
    """How many articles came to what, since when, of how many."""

    total: int
    started: float = field(default_factory=time.monotonic)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))

    def add(self, done: Done) -> None:
        """Count one article."""
        self.counts[done.outcome] += 1

    @property
    def seen(self) -> int:
        """How many articles were looked at."""
        return sum(self.counts.values())

    def seconds_left(self) -> int:
        """Return about how many seconds the rest will take."""
        return round((time.monotonic() - self.started) / max(1, self.seen) * max(0, self.total - self.seen))

    def __str__(self) -> str:
        return ", ".join(f"{count} {outcome}" for outcome, count in self.counts.items() if count) or "nothing to do"


def chosen(binding: Binding, *, since: datetime | None = None, after: Any = None) -> models.QuerySet[Any]:
    """Return the articles of a model in the order of their keys: those changed since a moment, those after a key."""
    rows = binding.model._base_manager.using(router.db_for_write(binding.model)).order_by("pk")
    rows = rows if since is None else rows.filter(**{f"{binding.fields.changed}__gte": since})
    return rows if after is None else rows.filter(pk__gt=after)


def backfill(binding: Binding, rows: models.QuerySet[Any], limit: int, *, mode: Mode | None = None) -> Iterator[Done]:
    """Tag each article and write back as its binding says (``mode`` overrides); yield what became of it."""
    told = Told(event=Event.BACKFILL, mode=mode)
    for pk in _keys(rows, limit):
        tagging, failed = answered(binding, pk, str(rows.db), told)
        yield _done(binding, pk, tagging, failed)


def rehearse(binding: Binding, rows: models.QuerySet[Any], limit: int) -> Iterator[Done]:
    """Tell for each article what ``backfill`` would answer; nothing is stored or written."""
    rehearsal = new_host(State(_ReadLedger(), _ReadAudit(), _ReadArchive()))
    for pk in _keys(rows, limit):
        tagging, failed = attempt(lambda pk=pk: _rehearsed(rehearsal, binding, pk, str(rows.db)), "cannot be tagged")  # type: ignore[misc]
        yield _done(binding, pk, tagging, failed)


def _rehearsed(rehearsal: Host, binding: Binding, pk: Any, using: str) -> Tagging | None:
    obj = binding.fresh(pk, using)
    if obj is None or binding.event(obj) is Event.KILL:
        return None
    return rehearsal.article_saved(binding.article(obj, event=Event.BACKFILL))


def _keys(rows: models.QuerySet[Any], limit: int) -> Iterator[Any]:
    """Yield primary keys, read a batch at a time, so that no query stays open while articles are tagged."""
    while limit > 0 and (keys := list(rows.values_list("pk", flat=True)[: min(BATCH, limit)])):
        yield from keys
        limit -= len(keys)
        rows = rows.filter(pk__gt=keys[-1])


def _done(binding: Binding, pk: Any, tagging: Tagging | None, failed: str) -> Done:
    done = Done(binding.ref(binding.model(pk=pk)), pk, "skipped", tagging, failed)
    if failed:
        return replace(done, outcome="failed")
    if tagging is None:
        return done
    lines = problem_lines(tagging)
    return replace(done, outcome="incomplete" if lines else "unchanged" if tagging.unchanged else "tagged", message=" ".join(lines))


def labels(tagging: Tagging | None) -> list[str]:
    """Return the labels of the tags that are shown or written."""
    return [] if tagging is None else [tag.concept.pref_label for tag in tagging.tags if tag.decision is not Decision.SILENT]


def eta(tally: Tally, last: Done, say: Callable[[str], None]) -> None:
    """Say how far the work is; the key tells where to go on with ``--after``."""
    minutes, seconds = divmod(tally.seconds_left(), 60)
    say(f"{tally.seen} of {tally.total}, about {minutes} min {seconds:02} s left, last {last.ref.id}")


class _ReadLedger(DjangoLedger):
    def record(self, decision: EditorDecision) -> None:
        """Store nothing."""


class _ReadAudit(DjangoAudit):
    def remember(self, record: SaveRecord) -> None:
        """Store nothing."""


class _ReadArchive(DjangoArchive):
    def keep(self, article: Article, text_hash: str, at: str) -> None:
        """Store nothing."""

    def expire(self, before: str) -> int:
        """Erase nothing."""
        return 0

"""One save as it is told to newstagger: the article, whose tags stand on it, and what its form had shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from newstagger import ArticleRef, Decision, Event, Tagging
from newstagger.domain import FormState
from newstagger.errors import StateError
from newstagger.host import Host
from newstagger_superdesk import items
from newstagger_superdesk.desk import Desk
from newstagger_superdesk.process import Outcome
from newstagger_superdesk.standing import Held

BLIND = frozenset({Event.KILL, Event.RESTORE, Event.IMPORT, Event.BACKFILL})
"""Events at which no editor chose the entries."""


@dataclass(frozen=True, slots=True)
class Save:
    """What is saved: the item, what it holds now, the concepts that its form had held, why, and the name of the person before it."""

    item: Mapping[str, Any]
    held: Held
    before: tuple[str, ...]
    event: Event
    by: str = ""

    @property
    def decides(self) -> bool:
        """Whether an editor chose what stands there now."""
        return bool(self.by) and self.event not in BLIND


def answer(desk: Desk, save: Save) -> Outcome[Tagging]:
    """Return newstagger's answer to a save, or why there is none; never later than the wait that the settings allow."""
    site, name, data = desk.process.options.settings.site, items.name_of(save.item), items.document(save.item)
    existing = save.held.existing(desk.codes)
    said = {
        "event": save.event, "revision": items.version(save.item), "copied_from": items.source_of(save.item, site),
        "existing_tags": existing, "saved_by": save.by,
    }  # fmt: skip

    def work(host: Host) -> Tagging:
        if save.decides:
            form = FormState(save.before, suggested(host, ArticleRef(site, name)))
        else:
            form = FormState(tuple(tag.concept for tag in existing))  # as of a form that came back as it was: it decides nothing
        return host.article_saved(items.read(host, data, name, site, form=form, **said))

    return desk.process.ask(work)


def not_noted(outcome: Outcome[Tagging]) -> bool:
    """Tell whether what the editor did may not have been stored."""
    return outcome.value is None or any(problem.stage == "state" for problem in outcome.value.problems)


def suggested(host: Host, ref: ArticleRef) -> tuple[str, ...]:
    """Return the concepts that the last answer offered: what the editor's widget showed."""
    try:
        tagging = host.explain(ref)
    except StateError:
        return ()
    return tuple(tag.concept.id for tag in tagging.tags if tag.decision is Decision.SUGGEST) if tagging else ()

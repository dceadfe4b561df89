"""``python manage.py newstagger:backfill``: tags the items that have no answer yet, or one of an older model.

Quietly: no new version, no signal, no moved date. What somebody has open is left out, since their form would not know the new
tags and its next save look as if they had been taken off; a story that was withdrawn is never tagged, and what went out to
subscribers stays as it went: its tags come with the next correction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import superdesk
from flask import current_app

from newstagger import Event
from newstagger_superdesk import items
from newstagger_superdesk.asking import Save, answer
from newstagger_superdesk.desk import Desk, desk_of
from newstagger_superdesk.saving import write_quietly
from newstagger_superdesk.standing import held, standing


class Backfill(superdesk.Command):  # type: ignore[misc]
    """Tags what is in the archive. Broken off, it is simply started again: the work is done only once."""

    option_list = ()

    def run(self) -> str:
        """Go through the archive; return how many items were written and how many failed."""
        desk = desk_of(current_app)
        if desk is None:
            return "newstagger is not installed in this Superdesk"
        done = [tag(desk, item) for item in _open_to_us(desk)]
        return f"{sum(done)} of {len(done)} items were given tags"


def _open_to_us(desk: Desk) -> Iterator[Mapping[str, Any]]:
    for item in superdesk.get_resource_service("archive").get_all_batch():
        free = not item.get("lock_user") and items.event_of(item) is not Event.KILL
        if free and item.get("type") in desk.process.options.types and items.version(item):
            yield item


def tag(desk: Desk, item: Mapping[str, Any]) -> bool:
    """Tag one item; tell whether its entries changed."""
    has = held(item, item, desk.codes)
    outcome = answer(desk, Save(item, has, (), Event.BACKFILL))
    if outcome.value is None:
        return False
    lists = standing(has, outcome.value, desk.codes)
    changes = {name: entries for name, entries in lists.items() if entries != list(item.get(name) or [])}
    if changes:
        write_quietly(str(item["_id"]), changes, items.version(item))
    return bool(changes)

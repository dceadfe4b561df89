"""What happens when Superdesk saves: its signals come before the write, so the tags go into the very version that is saved.

item_create, item_update   the entries are put into what is about to be written: no second write, no loop
item_publish               the same for publish and correct; a kill, takedown or unpublish is told and changes nothing
item_duplicate             a copy inherits what was decided on its source
slots (Eve's event)        lists for our entries, before Eve takes its copy for the version history
spiked, replaced           what no signal tells: a story that is spiked, an old version that is brought back
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import superdesk
from flask import current_app

from newstagger import Event, Tagging
from newstagger_superdesk import items, untold
from newstagger_superdesk.asking import Save, answer, not_noted
from newstagger_superdesk.desk import Desk, desk_of, person
from newstagger_superdesk.edge import attempt
from newstagger_superdesk.notices import tell
from newstagger_superdesk.process import Outcome
from newstagger_superdesk.standing import held, standing

Item = dict[str, Any]


def unnoticed(handler: Callable[..., None]) -> Callable[..., None]:
    """Let no error of ours reach the save."""

    @functools.wraps(handler)
    def guarded(*arguments: Any, **named: Any) -> None:
        attempt(lambda: handler(*arguments, **named), f"a save was not tagged, {handler.__name__}")

    return guarded


@unnoticed
def created(_: Any, item: Item, **__: Any) -> None:
    """Tag a new item; what it was made with (a template, the story that it rewrites) is nobody's decision."""
    if items.is_empty(item):
        return
    made = any(item.get(key) for key in ("template", "rewrite_of", "original_id"))
    blind = item.get("operation") == "fetch" or not person()
    event = Event.IMPORT if blind else items.event_of(item)
    _tag(item, item, item if made or blind else {}, event, item)


@unnoticed
def updated(_: Any, updates: Item, original: Item, **__: Any) -> None:
    """Tag an item that is saved again; what it held before is what the form had shown."""
    saved = {**original, **updates}
    _tag(saved, original, original, items.event_of(saved) if person() else Event.IMPORT, updates)
    _let_go(updates, original)


@unnoticed
def published(_: Any, item: Item, updates: Item | None = None, **__: Any) -> None:
    """Tag what is published or corrected: in ``updates`` for the archive, in ``item`` for the copy that goes out."""
    event = items.event_of(item)
    stored = superdesk.get_resource_service("archive").find_one(req=None, _id=item.get("_id")) or item
    targets = [target for target in (updates, item) if target is not None]
    _tag(item, stored, stored, event, *targets)
    for target in targets:
        _let_go(target, stored, whole=target is item)


@unnoticed
def duplicated(_: Any, item: Item, original: Item, **__: Any) -> None:
    """Tag a copy before it is written; its entries are those of its source, and so nobody's decision on the copy."""
    _tag(item, original, item, Event.DRAFT, item)


@unnoticed
def replaced(document: Item, original: Item) -> None:
    """Take what was refused out of an old version that was brought back; it is written by now, so this is a second, quiet write."""
    if (desk := desk_of(current_app)) is None or document.get("type", original.get("type")) not in desk.process.options.types:
        return
    changes: Item = {name: list(document.get(name) or []) for name in desk.process.options.places}
    before = {name: list(entries) for name, entries in changes.items()}
    event = Event.RESTORE if document.get("old_version") else items.event_of(document)
    _tag({**original, **document}, {**original, **document}, original, event, changes)
    changes = {name: entries for name, entries in changes.items() if entries != before[name]}
    if changes:
        write_quietly(str(original["_id"]), changes, items.version(document))
        document.update(changes)


def write_quietly(name: str, changes: Item, version: int | None) -> None:
    """Write entries without a new version, without moving the item's etag or date, and without a signal."""
    archive = superdesk.get_resource_service("archive")
    stored = archive.find_one(req=None, _id=name)
    archive.system_update(name, {**changes, "_updated": stored["_updated"]}, stored)
    versions = superdesk.get_resource_service("archive_versions")
    if kept := versions.find_one(req=None, _id_document=name, _current_version=version):
        versions.system_update(kept["_id"], {**changes, "_updated": kept["_updated"]}, kept)


@unnoticed
def operated(updates: Item | None, original: Item, operation: str | None = None) -> None:
    """Tell of a story that was spiked: no signal says so."""
    if operation == "spike":
        item = {**original, **(updates or {})}
        _tag(item, original, original, Event.KILL)


@unnoticed
def slots(updates: Item, original: Item) -> None:
    """Put the lists that our entries go into among the updates: Eve copies these for the version history before it sends a signal."""
    if (desk := desk_of(current_app)) is not None and original.get("type") in desk.process.options.types:
        for name in desk.process.options.places:
            updates.setdefault(name, list(original.get(name) or []))


def _let_go(updates: Item, original: Item, *, whole: bool = False) -> None:
    """Take the lists out of the updates again that stayed as they were: Superdesk's item history shows what changed.

    Of a ``whole`` item only those go that were not there before.
    """
    desk = desk_of(current_app)
    for name in desk.process.options.places if desk else ():
        same = name in updates and updates[name] == (original.get(name) or [])
        if same and not (whole and name in original):
            del updates[name]


def _tag(saved: Item, stored: Item, before: Item, event: Event, *targets: Item) -> None:
    """Ask for the tags of what is saved and put them into the targets.

    ``stored`` tells which entries are the machine's, ``before`` what the form had shown.
    """
    desk = desk_of(current_app)
    if desk is None or saved.get("type") not in desk.process.options.types or not items.name_of(saved):
        return
    has, user = held(saved, stored, desk.codes), person()
    save = Save(saved, has, held(before, before, desk.codes).ids(desk.codes), event, str(user.get("username") or ""))
    outcome = _answered(desk, save)
    tell(saved, user, outcome)
    if event is not Event.KILL and outcome.value is not None:
        for name, entries in standing(has, outcome.value, desk.codes).items():
            _put(targets, name, entries, stored)


def _answered(desk: Desk, save: Save) -> Outcome[Tagging]:
    """Ask, and see to it that what the editor did is told again where it was not taken note of."""
    name = items.name_of(save.item)
    waits = untold.waiting(name) if save.decides else None
    outcome = answer(desk, save if waits is None else replace(save, before=waits))
    if save.decides and not_noted(outcome) and set(save.before) != set(save.held.ids(desk.codes)):
        untold.keep(name, save.before)
    elif waits is not None and not not_noted(outcome):
        untold.told(name)
    return outcome


def _put(targets: tuple[Item, ...], name: str, entries: list[Any], stored: Item) -> None:
    """Set a field where it changes, in place where there is a list: Eve's copy for the version history holds the same one."""
    for target in targets:
        if isinstance(target.get(name), list):
            target[name][:] = entries
        elif entries or target.get(name) or stored.get(name):
            target[name] = list(entries)

"""Tells the person who saved, in one line among their notifications, that tags may be missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from superdesk.activity import add_activity

from newstagger import Tagging
from newstagger_superdesk import items
from newstagger_superdesk.edge import attempt
from newstagger_superdesk.process import Outcome

ACTIVITY = "newstagger"


def trouble(outcome: Outcome[Tagging]) -> str:
    """Return what an editor is told about an answer: one line, empty when all went well."""
    if outcome.value is None:
        return f"Tags may be missing ({outcome.problem[:200]})."
    reasons = "; ".join(dict.fromkeys(f"{problem.plugin}: {problem.message}" for problem in outcome.value.problems))
    return " ".join(f"Tags may be missing ({reasons[:200]}).".split()) if reasons else ""


def tell(item: Mapping[str, Any], user: Mapping[str, Any], outcome: Outcome[Tagging]) -> None:
    """Note what went wrong with the tags of an item; the item is saved whether or not this can be stored."""
    if message := trouble(outcome):
        note(item, user, message)


def note(item: Mapping[str, Any], user: Mapping[str, Any], message: str) -> None:
    """Put one line into the activity log under the item's name and version."""
    notify = [str(user["_id"])] if user.get("_id") else None
    said = {"resource": "archive", "item": item, "notify": notify, "version": items.version(item)}
    attempt(lambda: add_activity(ACTIVITY, message, **said), "an editor was not told")

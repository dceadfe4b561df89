"""What an editor did in a save that newstagger could not take note of: told again with the next save, so that no decision is lost.

Decisions live in the newsroom's own file. Only while that cannot be written, what the item held before the editor touched it waits
here, in a collection of Superdesk's database; it goes as soon as a save was taken note of.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app

COLLECTION = "newstagger_untold"


def _collection() -> Any:
    return current_app.data.mongo.pymongo("archive").db[COLLECTION]


def waiting(name: str) -> tuple[str, ...] | None:
    """Return the concepts that an item held before the first save that is still untold, or None where all were told."""
    found = _collection().find_one({"_id": name})
    return None if found is None else tuple(found["held"])


def keep(name: str, held: Sequence[str]) -> None:
    """Keep what an item held before a save that could not be told; what waits already came first and stays."""
    _collection().update_one({"_id": name}, {"$setOnInsert": {"held": list(held)}}, upsert=True)


def told(name: str) -> None:
    """Forget what waited: it was told."""
    _collection().delete_one({"_id": name})

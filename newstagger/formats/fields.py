"""A JSON object of somebody else's, its fields taken by type: a wrong one is one clear error that names file and place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from newstagger.contracts import Json
from newstagger.domain import Event, Origin
from newstagger.errors import InputError
from newstagger.formats.charset import checked_id

E = TypeVar("E", Event, Origin)
MAX_LIST = 10_000
"""Of a list of objects no more are looked at."""
_NAMES = {str: "a text", int: "a whole number", list: "a list", dict: "an object"}


class Fields:
    """A JSON object whose fields are taken by type; ``where`` names it in errors."""

    def __init__(self, table: Mapping[str, Json], where: str) -> None:
        self.table, self.where = table, where

    def wrong(self, what: str, next_step: str = "correct the article") -> InputError:
        """Return the error to raise about this object."""
        return InputError(what, where=self.where, next_step=next_step)

    def first(self, *names: str) -> tuple[str, Json]:
        """Return the first of these fields that is there and not null."""
        return next(((name, self.table[name]) for name in names if self.table.get(name) is not None), (names[0], None))

    def text(self, *names: str) -> str:
        """Return a field that is a text, or an empty one."""
        name, value = self.first(*names)
        if value is not None and not isinstance(value, str):
            raise self.wrong(f"{name} must be a text, not {kind_of(value)}")
        return value or ""

    def word(self, *names: str) -> str:
        """Return a field that is a text or a number, as text."""
        name, value = self.first(*names)
        if value is not None and (isinstance(value, bool) or not isinstance(value, str | int | float)):
            raise self.wrong(f"{name} must be a text or a number, not {kind_of(value)}")
        return "" if value is None else str(value)

    def number(self, *names: str) -> float | None:
        """Return a field that is a number, or a text that is one; None for anything else."""
        _, value = self.first(*names)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
            return int(value)
        return None if isinstance(value, bool) or not isinstance(value, int | float) else value

    def whole(self, *names: str) -> int | None:
        """Return a field that is a whole number, or a text that is one; None for anything else."""
        value = self.number(*names)
        return int(value) if value is not None and value == int(value) and abs(value) < 1 << 62 else None

    def within(self, name: str) -> Fields:
        """Return the object in a field; an empty one where there is none."""
        value = self.table.get(name)
        if value is not None and not isinstance(value, dict):
            raise self.wrong(f"{name} must be an object, not {kind_of(value)}")
        return Fields(value or {}, f"{self.where}: {name}")

    def each(self, *names: str) -> list[Fields]:
        """Return the objects of a list; what is no object in it is passed over."""
        name, value = self.first(*names)
        if value is not None and not isinstance(value, list):
            raise self.wrong(f"{name} must be a list, not {kind_of(value)}")
        return [Fields(item, f"{self.where}: {name}[{at}]") for at, item in enumerate((value or [])[:MAX_LIST]) if isinstance(item, dict)]

    def identity(self, name: str, default: str | None) -> str:
        """Return a field that is an id: a text or a whole number."""
        _, value = self.first(name)
        if value is None:
            value = default
        if isinstance(value, bool) or not isinstance(value, str | int):
            what = f"the article has no {name}" if value is None else f"{name} must be a text or a whole number, not {kind_of(value)}"
            raise self.wrong(what, f'give it "{name}"')
        return checked_id(str(value), name, self.where)

    def choice(self, name: str, kind: type[E], default: E) -> E:
        """Return a field that is one of a few words."""
        value = self.text(name)
        if value and value not in list(kind):
            raise self.wrong(f"unknown {name} {value[:40]!r}", f"one of: {', '.join(kind)}")
        return kind(value) if value else default


def kind_of(value: Json) -> str:
    """Return what a JSON value is, for people."""
    if isinstance(value, bool):
        return "true or false"
    return next((name for kind, name in _NAMES.items() if isinstance(value, kind)), "a number")

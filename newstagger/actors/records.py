"""What one actor is before it becomes a row of arrays, and the codes that the arrays use.

Build and serving share these; nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import IntEnum

from newstagger.tokens import fold, split_words

KINDS = (
    "person",
    "government",
    "military",
    "police",
    "armed-group",
    "party",
    "igo",
    "ngo",
    "institution",
    "company",
    "agency",
    "media",
    "monitor",
)
"""Kinds of actor; arrays hold the number in this list."""

SOURCE_KINDS = frozenset({"agency", "media", "monitor"})
"""Kinds whose part in a story is, by default, to have reported it."""


class FormType(IntEnum):
    """What a surface form says about its actor; the ``tag`` byte of a phrase table.

    NAME and ALIAS stand for the actor by themselves. SHORT counts once a fuller name stands in the text. WEAK needs the
    actor's country or a fuller name in the text. NATION, CAPITAL, DEMONYM and PEOPLE need a context in which they act.
    ADJECTIVE is a demonym of another language than English, written small.
    """

    NAME = 0
    ALIAS = 1
    SHORT = 2
    WEAK = 3
    NATION = 4
    CAPITAL = 5
    DEMONYM = 6
    PEOPLE = 7
    ADJECTIVE = 8


COUNTRY_TYPES = frozenset({FormType.NATION, FormType.CAPITAL, FormType.DEMONYM, FormType.PEOPLE, FormType.ADJECTIVE})
"""Forms that name a country first and its government only in context."""


@dataclass(frozen=True, slots=True, order=True)
class Surface:
    """One way to write an actor's name; ``exact`` forms count only as they are spelt."""

    text: str
    type: FormType
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One actor: ``slug`` without prefix, ISO 3166-1 ``country`` or "", ``parent`` slug or "", years (0 = unknown), cross references."""

    slug: str
    name: str
    kind: str
    country: str = ""
    parent: str = ""
    start: int = 0
    end: int = 0
    surfaces: tuple[Surface, ...] = ()
    matches: tuple[str, ...] = ()
    own: bool = field(default=False, compare=False)

    def with_more(self, surfaces: Iterable[Surface] = (), matches: Iterable[str] = ()) -> Record:
        """Return the record with further forms and cross references, each once, in order."""
        return replace(
            self,
            surfaces=tuple(dict.fromkeys([*self.surfaces, *surfaces])),
            matches=tuple(dict.fromkeys([*self.matches, *matches])),
        )


def key_of(surface: str) -> str:
    """Return the folded words of a form, which is what a folded dictionary compares."""
    return " ".join(fold(word) for word in split_words(surface))


def slug_of(name: str) -> str:
    """Return a name as a slug: folded ASCII-ish words joined by hyphens, at most 60 characters."""
    return "-".join(fold(word) for word in split_words(name))[:60].strip("-")


def surface(text: str, kind: FormType = FormType.ALIAS) -> Surface:
    """Return a form as our tables write it: ``=X`` exact, ``~X`` short."""
    stripped = text.strip()
    if stripped.startswith("="):
        return Surface(stripped[1:], kind, True)
    if stripped.startswith("~"):
        return Surface(stripped[1:], FormType.SHORT)
    return Surface(stripped, kind)

"""The values that Pressroom hands to its extension, and what an extension has to implement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

LONGEST_LABEL = 200
"""Characters that a term's label may have."""


class Overtaken(Exception):  # noqa: N818 (an outcome, not a fault)
    """Somebody saved the article in between."""


@dataclass(frozen=True, slots=True)
class Term:
    """A tag: its code, its label, and who put it on (empty: a person)."""

    code: str
    label: str
    creator: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a story; ``body`` is HTML, ``stamp`` grows with every save of anything and marks the state.

    ``copied_from``: the story that this one was made from, in every version of it.
    """

    headline: str
    body: str
    language: str
    terms: tuple[Term, ...] = ()
    stamp: int = 0
    copied_from: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """What a form sent beside its fields: who saved, and the codes that it held and offered when it was opened or last saved."""

    user: str
    held: tuple[str, ...]
    offered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """What the hook is handed after a commit. ``kind`` is saved, autosaved, published, withdrawn, restored or copied.

    ``live``: the version is what readers get now; ``published`` without it means scheduled. ``post`` is None without a form.
    """

    kind: str
    article: str
    version: Version
    live: bool
    post: Post | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """What an extension shows beside a form: terms on offer, each with an accept and a reject button, and HTML of its own."""

    offers: tuple[Term, ...] = ()
    html: str = ""


class Extension(Protocol):
    """What an extension of Pressroom implements."""

    def saved(self, event: Saved) -> None:
        """Run after the commit of a save, before the editor gets the page back."""
        ...

    def panel(self, article: str, version: Version) -> Panel:
        """Return what stands beside the form of this version."""
        ...

    def rejected(self, article: str, code: str, user: str) -> str:
        """Run when somebody clicks reject; return what to tell them, nothing when it is done."""
        ...

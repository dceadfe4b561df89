"""What exchange formats carry of a tagging and of its article, and what is lost on the way: every renderer declares it by these names.

A test holds each renderer to its declaration: what it does not declare lost is read back as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from newstagger.contracts import Renderer
from newstagger.domain import Decision, ExistingTag, Facet, Origin, Role, Tag, Tagging, in_order

OF_TAGS = {
    "silent tags": "tags that are kept to ourselves",
    "suggested tags": "tags that an editor has yet to accept: the format is for copy that goes out",
    "decisions": "which tags are written and which are suggested",
    "facets": "whether a tag is a topic, a region or an actor, where its id does not say it",
    "roles": "main or derived, focus or mentioned, actor or source",
    "scores": "how sure each tag is",
    "exact scores": "scores beyond a whole percent",
    "evidence": "the terms behind each tag, with their places and weights",
    "taggers": "which tagger proposed a tag",
    "exact matches": "the same concept's ids in other vocabularies",
    "persons and organisations": "which of the two an actor is: newstagger does not know it, the format asks for it",
    "control characters": "characters that XML forbids become U+FFFD, and blanks around a text go",
}
"""What may be lost of the tags."""
OF_ANSWER = {
    "model": "name and version of the model",
    "model digest": "the digest of the model",
    "reuse": "what is known of wire copy in the article",
    "abstentions": "facets left to the editor, and why",
    "rejected tags": "tags that must not come back",
    "problems": "what went wrong on the way, and timings",
    "text hash": "the digest of the text that was tagged",
}
"""What may be lost of the rest of the answer."""
OF_ARTICLE = {
    "site": "the site that owns the article",
    "article": "the article's text and fields, its id excepted",
    "article id": "the article's id",
    "body": "the body",
    "revision": "the number of the save",
    "event": "why the CMS called, but for a kill",
    "form": "what the editor's form held, tags that the article carried, and whose copy it is",
}
"""What may be lost of the article."""
LOSSES = {**OF_TAGS, **OF_ANSWER, **OF_ARTICLE}
ANSWER = ("model digest", "reuse", "abstentions", "rejected tags", "problems", "text hash")
"""Only our own JSON carries these."""
TOOL = "newstagger"
"""Stands where a format asks who made a tag."""
MAIN_ROLES = frozenset({Role.MAIN, Role.FOCUS, Role.ACTOR})
FULL, PARTLY = 100, 50
"""Relevance of what a story is about (main topics, its place, who acts) and of what it touches, where a format asks for a number."""
_FACETS = {
    Role.MAIN: Facet.TOPIC, Role.DERIVED: Facet.TOPIC, Role.FOCUS: Facet.REGION, Role.MENTIONED: Facet.REGION,
    Role.ACTOR: Facet.ACTOR, Role.SOURCE: Facet.ACTOR,
}  # fmt: skip
_RFC3339 = re.compile(
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?"
    r"(?:Z|[+-][01][0-9]:[0-5][0-9])"
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")


@runtime_checkable
class Losing(Renderer, Protocol):
    """A renderer that tells what its format cannot carry: names out of ``LOSSES``."""

    loses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Carried:
    """A tag as a document of some format holds it; None where the document does not say."""

    concept: str
    label: str = ""
    facet: Facet | None = None
    role: Role | None = None
    score: float | None = None
    decision: Decision | None = None
    exact_match: tuple[str, ...] = ()
    ours: bool = False


def existing(carried: Iterable[Carried]) -> tuple[ExistingTag, ...]:
    """Return tags of a document as tags that its article has: the machine's where they say that newstagger made them."""
    return tuple(ExistingTag(tag.concept, Origin.MACHINE if tag.ours else Origin.HUMAN) for tag in carried)


def written(tagging: Tagging) -> tuple[Tag, ...]:
    """Return the tags that go out with the copy: those that are written unasked."""
    return tuple(tag for tag in in_order(tagging.tags) if tag.decision is Decision.AUTO)


def shown(tagging: Tagging) -> tuple[Tag, ...]:
    """Return the tags that an editor sees."""
    return tuple(tag for tag in in_order(tagging.tags) if tag.decision is not Decision.SILENT)


def unsaid(renderer: Renderer, tagging: Tagging) -> int:
    """Return how many suggested tags a renderer leaves out."""
    left_out = "suggested tags" in getattr(renderer, "loses", ())
    return sum(tag.decision is Decision.SUGGEST for tag in tagging.tags) if left_out else 0


def percent(score: float) -> int:
    """Return a score as a whole percent."""
    return min(100, max(0, round(100 * score)))


def relevance(role: Role) -> int:
    """Return the relevance that a role stands for, in percent."""
    return FULL if role in MAIN_ROLES else PARTLY


def facet_of(role: Role | None) -> Facet | None:
    """Return the facet that a role belongs to."""
    return None if role is None else _FACETS[role]


def role_named(name: str) -> Role | None:
    """Return the role of that name, or None."""
    return Role(name) if name in list(Role) else None


def maker(tagging: Tagging) -> str:
    """Return who made the tags: newstagger, and by which model."""
    return TOOL if tagging.bundle is None else f"{TOOL} {tagging.bundle}"


def is_ours(creator: str) -> bool:
    """Tell whether newstagger is named as a tag's maker."""
    return creator.partition(" ")[0] == TOOL


def timestamp(told: str | None) -> str | None:
    """Return a time that RFC 3339 knows, else None: formats refuse any other."""
    return told if told and _RFC3339.fullmatch(told) else None


def language_tag(told: str | None) -> str | None:
    """Return a language that looks like a BCP 47 tag, else None."""
    return told if told and _LANGUAGE.fullmatch(told) else None


def unique(carried: Iterable[Carried]) -> tuple[Carried, ...]:
    """Return tags without those of a concept that came before."""
    found: dict[str, Carried] = {}
    for tag in carried:
        found.setdefault(tag.concept, tag)
    return tuple(found.values())

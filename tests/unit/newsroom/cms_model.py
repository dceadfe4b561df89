"""A small CMS in memory, for the machine that tests the editor's word: pages, open forms, events on their way, failing storage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from newstagger.contracts import State
from newstagger.domain import Article, ArticleRef, Concept, Decision, Event, ExistingTag, Facet, FormState, Origin, Proposal, Role, Tag
from newstagger.errors import StateError
from newstagger.hookspecs import hookimpl

CONCEPTS = ("term:a", "term:b", "term:c", "term:d")


class Machine:
    """A plugin whose tagger gives the concepts that its model version finds in the letters of the body."""

    name, facet = "machine", Facet.TOPIC

    def __init__(self, version: int) -> None:
        self.version = version

    @hookimpl
    def register_taggers(self, bundle):
        return [self]

    def tag(self, article, text):
        words = text.string.split()
        shift = self.version % len(CONCEPTS)
        told = [c for n, c in enumerate(CONCEPTS) if f"word{(n + shift) % len(CONCEPTS)}" in words]
        return Proposal(tuple(Tag(Concept(c, c, Facet.TOPIC), 0.9, Decision.AUTO, Role.MAIN, tagger=self.name) for c in told))


class Flaky:
    """One part of a State that refuses to read or write while ``fails`` says so."""

    def __init__(self, inner, name: str, weather: set[str]) -> None:
        self.inner, self.name, self.weather = inner, name, weather

    def __getattr__(self, method: str):
        kind = "read" if method in ("decisions", "all", "last", "latest", "article", "damaged") else "write"
        if {f"{self.name} {kind}", kind} & self.weather:

            def refuse(*_, **__):
                raise StateError("no space left")

            return refuse
        return getattr(self.inner, method)


def flaky(state: State, weather: set[str]) -> State:
    """Return a state whose parts fail as ``weather`` (a set that the caller changes) says: "read", "write", "audit write" and the like."""
    parts = (Flaky(getattr(state, name), name, weather) for name in ("ledger", "audit", "archive"))
    return State(*parts, state.transaction)


@dataclass(eq=False)
class Form:
    """An open form. ``intents`` is what its editor did since its last save that was stored; ``base`` what it held then."""

    page: Page
    tags: dict[str, Origin]
    base: set[str]
    shown: set[str]
    intents: dict[str, bool] = field(default_factory=dict)

    def put(self, concept: str) -> None:
        if concept not in self.tags:
            self.tags[concept] = Origin.HUMAN
            self._mean(concept, True)

    def take(self, concept: str) -> None:
        if self.tags.pop(concept, None) is not None:
            self._mean(concept, False)

    def _mean(self, concept: str, keep: bool) -> None:
        self.intents.pop(concept, None)
        if keep != (concept in self.base):
            self.intents[concept] = keep

    def strip(self, concept: str) -> None:
        """The adapter takes a tag out of the form."""
        self.tags.pop(concept, None)
        self.base.discard(concept)
        self.intents.pop(concept, None)

    def state(self) -> FormState:
        return FormState(tuple(sorted(self.base)), tuple(sorted(self.shown)))


@dataclass
class Word:
    """What a person said about a tag (None: nobody can tell), when, and whether newstagger was told of it and stored it."""

    order: int
    concept: str
    keep: bool | None
    told: bool = False


@dataclass(eq=False)
class Page:
    """An article in the CMS; ``revisions`` are the tags and bodies of all its saves."""

    ref: ArticleRef
    body: str = "word0 word1"
    tags: dict[str, Origin] = field(default_factory=dict)
    revision: int = 0
    revisions: list[tuple[dict[str, Origin], str]] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    copied_from: Page | None = None
    inherited: bool = True
    untold: set[str] = field(default_factory=set)
    missed: int = 0

    def truth(self, concept: str) -> bool | None:
        """What people want, by what newstagger was told; None where they said nothing, or where not everything was told."""
        about = [word for word in self.words if word.concept == concept]
        if not about or not all(word.told for word in about):
            return None
        return max(about, key=lambda word: word.order).keep

    def said(self, concept: str) -> bool | None:
        """What people want, whether newstagger was told or not."""
        about = [word for word in self.words if word.concept == concept]
        return max(about, key=lambda word: word.order).keep if about else None

    def save(self) -> None:
        self.revision += 1
        self.revisions.append((dict(self.tags), self.body))

    def article(self, event: Event, form: Form | None) -> Article:
        existing = tuple(ExistingTag(concept, origin) for concept, origin in sorted(self.tags.items()))
        source = self.copied_from.ref if self.copied_from else None
        return Article(
            self.ref, "At the river", self.body, language="en", event=event, revision=self.revision, existing_tags=existing,
            form=form and form.state(), saved_by="anna", copied_from=source,
        )  # fmt: skip


@dataclass(eq=False)
class Sent:
    """A save that the CMS tells of; ``words`` is what its editor said with it, ``carried`` the people's tags on it."""

    page: Page
    article: Article
    words: list[Word]
    form: Form | None = None
    carried: Iterable[str] = ()
    order: int = 0

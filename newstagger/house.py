"""What one save needs (``House``, built once by the host) and the guarded calls that it makes (``Save``, one a save)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol, runtime_checkable

from newstagger.contracts import LoadedBundle, State, Tagger
from newstagger.domain import Article, Concept, Problem, Proposal, Tag, Tagging, Text
from newstagger.errors import PluginContractError
from newstagger.guard import Budget, Guard
from newstagger.plugins import Plugins
from newstagger.settings import Settings
from newstagger.soundness import unsound


@dataclass(frozen=True, slots=True)
class Brought:
    """An object that a plugin registered: whose it is, whether that plugin is built in, and the object."""

    plugin: str
    trusted: bool
    item: Any


@runtime_checkable
class Follower(Tagger, Protocol):
    """A tagger that judges better when it knows what the others propose: it is asked ``follow`` in the place of ``tag``."""

    def follow(self, article: Article, text: Text, proposed: Mapping[str, Tag]) -> Proposal:
        """Return the tags worth a look; ``proposed`` are those of the taggers before it by concept id, not to be changed."""
        ...


@runtime_checkable
class Terse(Tagger, Protocol):
    """A tagger that is quicker when nobody asks why: ``tag_tersely`` is asked in the place of ``tag`` where tags are only suggested."""

    def tag_tersely(self, article: Article, text: Text) -> Proposal:
        """Return what ``tag`` would, the same scores and decisions, without evidence."""
        ...


@dataclass(frozen=True, slots=True)
class House:
    """Everything that saves share. ``state`` is None where none is kept; ``problems`` go into every answer; ``terse``: nobody asks why.

    ``successor`` gives the id that replaced a retired one, ``heirs`` all for which a decision about one holds too. ``gone`` tells
    whether a concept was deleted from the newsroom's own vocabulary, ``renamed`` (None: not needed) what the newsroom calls a
    tagger's concept.
    """

    settings: Settings
    plugins: Plugins
    guard: Guard
    bundle: LoadedBundle | None
    taggers: tuple[Brought, ...]
    detectors: tuple[Brought, ...]
    find: Callable[[str], Concept | None]
    state: State | None
    rules_digest: str
    successor: Callable[[str], str | None] = lambda _: None
    heirs: Callable[[str], tuple[str, ...]] = lambda _: ()
    gone: Callable[[str], bool] = lambda _: False
    renamed: Callable[[Concept], Concept] | None = None
    terse: bool = False
    problems: tuple[Problem, ...] = ()
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def rehearse(self, article: Article, text: Text) -> None:
        """Ask the built-in taggers and detectors once, for the sake of what they load at their first time."""
        for brought in (*self.taggers, *self.detectors):
            work = getattr(brought.item, "tag", None) or brought.item.check
            if brought.trusted:
                self.guard.call("warm", brought.plugin, partial(work, article, text), trusted=True, budget=Budget(None))


@dataclass(slots=True)
class Save:
    """One save on its way: the time that is left, and what was noted so far. ``failed``: a step did not answer as promised.

    ``deleted`` are the concepts on the article that are no more in the newsroom's own vocabulary.
    """

    article: Article
    house: House
    budget: Budget
    problems: list[Problem] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)
    failed: bool = False
    deleted: tuple[str, ...] = ()

    def run(self, stage: str, plugin: str, trusted: bool, work: Callable[[], Any]) -> Any:
        """Run one guarded step; note its time and its problem; return its value or None."""
        outcome = self.house.guard.call(stage, plugin, work, trusted=trusted, budget=self.budget)
        self.timings[stage] = self.timings.get(stage, 0.0) + outcome.ms
        if outcome.problem is not None:
            self.failed = True
            self.problems.append(outcome.problem)
        return outcome.value

    def named(self, tag: Tag) -> Tag:
        """Return the tag under the name that the newsroom gave its concept."""
        renamed = self.house.renamed
        return tag if renamed is None or (own := renamed(tag.concept)) is tag.concept else replace(tag, concept=own)

    def wrong(self, stage: str, plugin: str, message: str) -> None:
        """Note that something did not work as promised; raise it when the settings are strict."""
        if self.house.settings.strict:
            raise PluginContractError(message, where=f"plugin {plugin}, {stage}", next_step="mend or block it")
        self.failed = True
        self.problems.append(Problem(stage, plugin, message))

    def answer(self, kind: type, stage: str, plugin: str, trusted: bool, work: Callable[[], Any]) -> Any:
        """Run one guarded step; return its answer if it is of the promised type, sound inside and about this article, else None."""
        given = self.run(stage, plugin, trusted, work)
        if given is None:
            return None
        if not isinstance(given, kind):
            wrong: str | None = f"answered with {type(given).__name__} instead of {kind.__name__}"
        else:
            wrong = None if trusted else unsound(given)
        if wrong is None and isinstance(given, Tagging) and given.ref != self.article.ref:
            wrong = "answered with the tagging of another article"
        if wrong is None:
            return given
        self.wrong(stage, plugin, wrong)
        return None

    def ask(self, brought: Brought, stage: str, kind: type, work: Callable[[], Any]) -> Any:
        """Let a registered object do its work; return its answer, or None."""
        return self.answer(kind, stage, brought.plugin, brought.trusted, work)

    def first(self, hook: str, kind: type) -> Any:
        """Return the first answer to a hook, or None."""
        for plugin, trusted, call in self.house.plugins.calls(hook):
            if (given := self.answer(kind, hook, plugin, trusted, partial(call, article=self.article))) is not None:
                return given
        return None

    def adjust(self, tagging: Tagging) -> Tagging:
        """Let each house rule have its say on the last good tagging."""
        for plugin, trusted, call in self.house.plugins.calls("adjust_tagging"):
            work = partial(call, article=self.article, tagging=tagging)
            tagging = self.answer(Tagging, "adjust_tagging", plugin, trusted, work) or tagging
        return tagging

    def tell(self, hook: str, **arguments: Any) -> None:
        """Tell the observers; what they return is nobody's business, what they raise is noted."""
        for plugin, trusted, call in self.house.plugins.calls(hook):
            self.run(hook, plugin, trusted, partial(call, **arguments))

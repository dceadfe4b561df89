"""What one save needs (``House``, built once by the host) and the guarded calls that it makes (``Save``, one a save)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from newstagger.contracts import Ledger, LoadedBundle
from newstagger.domain import Article, Concept, Problem, Tagging
from newstagger.errors import PluginContractError
from newstagger.guard import Budget, Guard
from newstagger.newsroom.audit import SqliteAudit
from newstagger.plugins import Plugins
from newstagger.settings import Settings
from newstagger.soundness import unsound


@dataclass(frozen=True, slots=True)
class Brought:
    """An object that a plugin registered: whose it is, whether that plugin is built in, and the object."""

    plugin: str
    trusted: bool
    item: Any


@dataclass(frozen=True, slots=True)
class House:
    """Everything that saves share. ``ledger`` and ``audit`` are None where no state is kept; ``problems`` go into every answer."""

    settings: Settings
    plugins: Plugins
    guard: Guard
    bundle: LoadedBundle | None
    taggers: tuple[Brought, ...]
    detectors: tuple[Brought, ...]
    find: Callable[[str], Concept | None]
    ledger: Ledger | None
    audit: SqliteAudit | None
    rules_digest: str
    problems: tuple[Problem, ...] = ()
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass(slots=True)
class Save:
    """One save on its way: the time that is left, and what was noted so far. ``failed``: a step did not answer as promised."""

    article: Article
    house: House
    budget: Budget
    problems: list[Problem] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)
    failed: bool = False

    def run(self, stage: str, plugin: str, trusted: bool, work: Callable[[], Any]) -> Any:
        """Run one guarded step; note its time and its problem; return its value or None."""
        outcome = self.house.guard.call(stage, plugin, work, trusted=trusted, budget=self.budget)
        self.timings[stage] = self.timings.get(stage, 0.0) + outcome.ms
        if outcome.problem is not None:
            self.failed = True
            self.problems.append(outcome.problem)
        return outcome.value

    def wrong(self, stage: str, plugin: str, message: str) -> None:
        """Note that something did not work as promised; raise it when the settings are strict."""
        if self.house.settings.strict:
            raise PluginContractError(message, where=f"plugin {plugin}, {stage}", next_step="mend or block it")
        self.failed = True
        self.problems.append(Problem(stage, plugin, message))

    def expect(self, kind: type, answer: Any, stage: str, plugin: str, trusted: bool) -> Any:
        """Return the answer if it is of the promised type and sound inside, else None with a note."""
        if answer is None or (trusted and isinstance(answer, kind)):
            return answer
        if not isinstance(answer, kind):
            self.wrong(stage, plugin, f"answered with {type(answer).__name__} instead of {kind.__name__}")
            return None
        if (what := unsound(answer)) is not None:
            self.wrong(stage, plugin, what)
            return None
        return answer

    def ask(self, brought: Brought, stage: str, kind: type, work: Callable[[], Any]) -> Any:
        """Let a registered object do its work; return its answer if it is of the promised type, else None."""
        return self.expect(kind, self.run(stage, brought.plugin, brought.trusted, work), stage, brought.plugin, brought.trusted)

    def first(self, hook: str, kind: type) -> Any:
        """Return the first answer of the promised type to a hook, and about this article, or None."""
        for plugin, trusted, work in self.house.plugins.calls(hook, {"article": self.article}):
            answer = self.expect(kind, self.run(hook, plugin, trusted, work), hook, plugin, trusted)
            if isinstance(answer, Tagging) and answer.ref != self.article.ref:
                self.wrong(hook, plugin, "answered with the tagging of another article")
            elif answer is not None:
                return answer
        return None

    def adjust(self, tagging: Tagging) -> Tagging:
        """Let each house rule have its say on the last good tagging."""
        rules = len(list(self.house.plugins.calls("adjust_tagging", {"article": self.article, "tagging": tagging})))
        for index in range(rules):
            arguments = {"article": self.article, "tagging": tagging}
            plugin, trusted, work = list(self.house.plugins.calls("adjust_tagging", arguments))[index]
            answer = self.expect(Tagging, self.run("adjust_tagging", plugin, trusted, work), "adjust_tagging", plugin, trusted)
            if answer is not None and answer.ref != tagging.ref:
                self.wrong("adjust_tagging", plugin, "answered with the tagging of another article")
            elif answer is not None:
                tagging = answer
        return tagging

    def tell(self, hook: str, **arguments: Any) -> None:
        """Tell the observers; what they return is nobody's business, what they raise is noted."""
        for plugin, trusted, work in self.house.plugins.calls(hook, arguments):
            self.run(hook, plugin, trusted, work)

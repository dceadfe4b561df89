"""Finds plugins, loads each alone, and calls their hooks one implementation at a time.

One broken plugin never stops another: what could not be loaded, configured or understood becomes a Problem that every later
tagging carries. Order of calls is pluggy's: the plugin registered last is asked first, the built-in ones last.
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pluggy

from newstagger import hookspecs
from newstagger.domain import Problem
from newstagger.errors import PluginLoadError
from newstagger.guard import Budget, Guard, Outcome
from newstagger.settings import Settings

IMPORT_MS = 5_000
"""A plugin whose import takes longer is left out: a CMS must start whatever is installed beside it."""
BUILTIN = ("html_text", "topic", "region", "actor", "own_terms", "wire_reuse", "formats")


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """A plugin that is loaded, or that failed to: its name, version and origin, its hooks, and what went wrong."""

    name: str
    version: str
    where: str
    hooks: tuple[str, ...]
    problems: tuple[str, ...] = ()


class Plugins:
    """The loaded plugins of one host."""

    def __init__(self, settings: Settings, guard: Guard, *, extra: Iterable[tuple[str, object]] = (), discover: bool = True) -> None:
        self._settings, self._guard = settings, guard
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._builtin: set[str] = set()
        self._infos: dict[str, PluginInfo] = {}
        for name in (name for name in BUILTIN if name not in settings.block):
            self._builtin.add(name)
            self._add(name, importlib.import_module(f"newstagger.builtin.{name}"), "", "newstagger")
        for point in sorted(entry_points(group=hookspecs.PROJECT), key=lambda p: p.name) if discover else ():
            self._load(point)
        for name, plugin in extra:
            self.add(name, plugin)

    @property
    def infos(self) -> tuple[PluginInfo, ...]:
        """Every plugin that was found, in the order of loading; blocked ones are left out."""
        return tuple(self._infos.values())

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What went wrong while loading, one problem each."""
        return tuple(Problem("load", info.name, message) for info in self.infos for message in info.problems)

    def add(self, name: str, plugin: object) -> None:
        """Register and configure one more plugin; what is wrong with it is recorded (``strict``: raised)."""
        if name not in self._settings.block:
            self._add(name, plugin, getattr(plugin, "__version__", ""), getattr(plugin, "__name__", type(plugin).__name__))

    def _load(self, point: EntryPoint) -> None:
        if point.name in self._settings.block:
            return
        version = point.dist.version if point.dist else ""
        outcome = self._guard.call("load", point.name, point.load, trusted=False, budget=Budget(IMPORT_MS))
        if outcome.problem is not None:
            self._record(point.name, version, point.value, (), (f"cannot be imported: {outcome.problem.message}",))
        else:
            self._add(point.name, outcome.value, version, point.value)

    def _add(self, name: str, plugin: object, version: str, where: str) -> None:
        try:
            self._manager.register(plugin, name)
        except Exception as error:  # pluggy raises several kinds, and looking at a plugin's attributes may raise any
            taken = "the name or the plugin is registered already" if self._manager.has_plugin(name) else " ".join(str(error).split())
            self._record(name, version, where, (), (f"cannot be registered: {taken[:300]}",))
            return
        callers = self._manager.get_hookcallers(plugin) or []
        unknown = [caller.name for caller in callers if not caller.has_spec()]
        hooks = tuple(sorted(caller.name for caller in callers if caller.has_spec()))
        problems = [f"has no effect: {_unknown(hook)}" for hook in unknown]
        if (failure := self._configure(name)) is not None:
            self._manager.unregister(name=name)
            problems.append(f"unregistered, its configure failed: {failure.message}")
            hooks = ()
        self._record(name, version, where, hooks, tuple(problems))

    def _configure(self, name: str) -> Problem | None:
        mine = [impl for impl in self._manager.hook.configure.get_hookimpls() if impl.plugin_name == name]
        for impl in mine:
            work = partial(_call, impl, settings=self._settings)
            outcome = self._guard.call("configure", name, work, trusted=name in self._builtin, budget=Budget(self._settings.budget_ms * 10))
            if outcome.problem is not None:
                return outcome.problem
        return None

    def _record(self, name: str, version: str, where: str, hooks: tuple[str, ...], problems: tuple[str, ...]) -> None:
        self._infos[name if name not in self._infos else f"{name}#{len(self._infos)}"] = PluginInfo(name, version, where, hooks, problems)
        if problems and self._settings.strict:
            raise PluginLoadError(problems[0], where=f"plugin {name}", next_step="mend the plugin or block it in newstagger.toml")

    def calls(self, hook: str, *, taking: str = "", not_taking: str = "") -> Iterator[tuple[str, bool, Callable[..., Any]]]:
        """Yield (plugin, built-in?, a call that takes the hook's arguments by name) for each implementation, in the order of calling.

        ``taking`` leaves out those that lack an argument of that name, ``not_taking`` those that have it.
        """
        for impl in reversed(getattr(self._manager.hook, hook).get_hookimpls()):
            if (not taking or taking in impl.argnames) and not_taking not in impl.argnames:
                yield impl.plugin_name, impl.plugin_name in self._builtin, partial(_call, impl)

    def each(
        self, hook: str, budget: Budget, *, taking: str = "", not_taking: str = "", **arguments: Any
    ) -> Iterator[tuple[str, Outcome[Any]]]:
        """Call every implementation (``calls``) alone, guarded and timed; yield (plugin, outcome)."""
        for name, builtin, call in self.calls(hook, taking=taking, not_taking=not_taking):
            yield name, self._guard.call(hook, name, partial(call, **arguments), trusted=builtin, budget=budget)

    def collect(self, hook: str, kind: type, **arguments: Any) -> tuple[tuple[tuple[str, bool, Any], ...], tuple[Problem, ...]]:
        """Return the objects that fit ``kind``, each with (plugin, built-in?), and the problems on the way, misfits among them."""
        found: list[tuple[str, bool, Any]] = []
        problems: list[Problem] = []
        for name, outcome in self.each(hook, Budget(self._settings.budget_ms * 10), **arguments):
            items = [] if outcome.value is None else outcome.value if isinstance(outcome.value, list | tuple) else [outcome.value]
            fitting = [item for item in items if isinstance(item, kind)]
            found += [(name, name in self._builtin, item) for item in fitting]
            misfits = [] if len(fitting) == len(items) else [Problem(hook, name, f"registered something that is no {kind.__name__}")]
            problems += misfits if outcome.problem is None else [outcome.problem]
        return tuple(found), tuple(problems)

    def add_commands(self, cli: Any) -> None:
        """Let plugins add their commands to a click group; what goes wrong is theirs to mend and harms no other verb."""
        for _ in self.each("register_commands", Budget(self._settings.budget_ms * 10), cli=cli):
            pass


def _call(impl: Any, **arguments: Any) -> Any:
    """Call one implementation with those of the hook's arguments that it takes."""
    return impl.function(*(arguments[name] for name in impl.argnames))


def _unknown(hook: str) -> str:
    known = [name for name in vars(hookspecs) if hasattr(getattr(hookspecs, name), f"{hookspecs.PROJECT}_spec")]
    near = difflib.get_close_matches(hook, known, 1)
    return f"there is no hook {hook}" + (f", did you mean {near[0]}?" if near else "")

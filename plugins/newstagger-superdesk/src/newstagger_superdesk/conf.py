"""Superdesk's ``NEWSTAGGER_...`` settings become one frozen ``Options``; nothing here needs Superdesk.

NEWSTAGGER_CONFIG      path of a newstagger.toml with everything else (policy, wire, privacy, vocabulary)
NEWSTAGGER_HOME, _MODELS, _BUNDLE, _SITE, _BUDGET_MS   as the keys of newstagger.toml, and stronger than these
NEWSTAGGER_MODE        "auto" or "suggest": the most that may happen with a tag by itself
NEWSTAGGER_WAIT_MS     the longest that a save waits for its tags (default: the budget and 200 ms)
NEWSTAGGER_AI_SERVICE  the name that the editor's widget asks for ("newstagger"; the stock widget asks for "imatrics")
NEWSTAGGER_FIELDS      {facet: field of the item}; default subject, place, organisation
NEWSTAGGER_SCHEMES     {facet: vocabulary of the entries}; default mediatopics, newstagger_region, newstagger_actor
NEWSTAGGER_TYPES       types of items that are tagged; default text and preformatted
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from newstagger.domain import Facet
from newstagger.errors import ConfigError
from newstagger.settings import Mode, Settings, read_settings

PREFIX = "NEWSTAGGER_"
WHERE = "Superdesk's settings"
GRACE_MS, LONGEST_WAIT_MS = 200, 60_000
FIELDS = {Facet.TOPIC: "subject", Facet.REGION: "place", Facet.ACTOR: "organisation"}
PLACES = ("subject", "place", "organisation", "person", "event", "object")
"""Fields of an item that take entries with name, qcode and scheme."""
SCHEMES = {Facet.TOPIC: "mediatopics", Facet.REGION: "newstagger_region", Facet.ACTOR: "newstagger_actor"}
KEYS = ("CONFIG", "HOME", "MODELS", "BUNDLE", "SITE", "BUDGET_MS", "MODE", "WAIT_MS", "AI_SERVICE", "FIELDS", "SCHEMES", "TYPES")


@dataclass(frozen=True, slots=True)
class Options:
    """What Superdesk's settings say; ``wait_ms`` is the longest that a save waits."""

    settings: Settings
    wait_ms: int
    service: str = "newstagger"
    fields: Mapping[Facet, str] = field(default_factory=lambda: dict(FIELDS))
    schemes: Mapping[Facet, str] = field(default_factory=lambda: dict(SCHEMES))
    types: tuple[str, ...] = ("text", "preformatted")

    @property
    def places(self) -> tuple[str, ...]:
        """The fields of an item that may hold our entries, once each."""
        return tuple(dict.fromkeys(self.fields.values()))


def read_options(config: Mapping[str, Any]) -> Options:
    """Return the options in a Superdesk app's configuration; raise ConfigError naming the setting that is wrong."""
    told = {key.removeprefix(PREFIX): value for key, value in config.items() if key.startswith(PREFIX) and value is not None}
    for key in told:
        _expect_known(key)
    settings = _settings(told)
    return Options(
        settings,
        _whole(told, "WAIT_MS", settings.budget_ms + GRACE_MS),
        _word(told, "AI_SERVICE", "newstagger"),
        _by_facet(told, "FIELDS", FIELDS, PLACES),
        _by_facet(told, "SCHEMES", SCHEMES),
        _words(told, "TYPES", ("text", "preformatted")),
    )


def _expect_known(key: str) -> None:
    if key not in KEYS:
        near = difflib.get_close_matches(key, KEYS, 1, 0.5)
        step = f"did you mean {PREFIX}{near[0]}?" if near else f"known: {', '.join(PREFIX + known for known in KEYS)}"
        raise ConfigError(f"unknown setting {PREFIX}{key}", where=WHERE, next_step=step)


def _settings(told: Mapping[str, Any]) -> Settings:
    config = _path(told, "CONFIG")
    budget = _whole(told, "BUDGET_MS", 0) or None
    names = {"bundle": _word(told, "BUNDLE", "") or None, "site": _word(told, "SITE", "") or None}
    settings = read_settings(config, home=_path(told, "HOME"), models=_path(told, "MODELS"), budget_ms=budget, **names)
    mode = _word(told, "MODE", settings.policy.mode)
    if mode not in list(Mode):
        raise _wrong("MODE", f"one of {', '.join(Mode)}")
    return replace(settings, policy=replace(settings.policy, mode=Mode(mode)))


def _wrong(key: str, wanted: str) -> ConfigError:
    return ConfigError(f"{PREFIX}{key} must be {wanted}", where=WHERE, next_step="correct settings.py")


def _path(told: Mapping[str, Any], key: str) -> Path | None:
    value = told.get(key)
    if value is None or (isinstance(value, str | Path) and str(value)):
        return None if value is None else Path(value)
    raise _wrong(key, "a path")


def _word(told: Mapping[str, Any], key: str, default: str) -> str:
    value = told.get(key, default)
    if not isinstance(value, str) or (key in told and not value.strip()):
        raise _wrong(key, "a text")
    return value


def _whole(told: Mapping[str, Any], key: str, default: int) -> int:
    value = told.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LONGEST_WAIT_MS:
        raise _wrong(key, f"a whole number of milliseconds up to {LONGEST_WAIT_MS}")
    return value


def _words(told: Mapping[str, Any], key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    value = told.get(key, default)
    if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
        raise _wrong(key, "a list of texts")
    return tuple(value)


def _by_facet(told: Mapping[str, Any], key: str, default: Mapping[Facet, str], known: tuple[str, ...] = ()) -> Mapping[Facet, str]:
    value = told.get(key, {})
    wanted = f"a mapping of {', '.join(Facet)} to {', '.join(known) or 'the id of a vocabulary'}"
    if not isinstance(value, Mapping) or not set(value) <= set(Facet):
        raise _wrong(key, wanted)
    if not all(isinstance(name, str) and name and (not known or name in known) for name in value.values()):
        raise _wrong(key, wanted)
    return {facet: str(value.get(facet, default[facet])) for facet in Facet}

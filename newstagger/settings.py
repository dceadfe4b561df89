"""One ``newstagger.toml`` becomes one frozen ``Settings``; an unknown key is refused with the nearest known one.

Nothing here opens a bundle or a database. The command line and adapters build Settings and hand them to the host.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from newstagger.errors import ConfigError
from newstagger.policysettings import Mode, PolicySettings
from newstagger.servicesettings import BOUNDS, ServiceSettings, SiteSettings

__all__ = [
    "KeepText", "Mode", "PolicySettings", "PrivacySettings", "ServiceSettings", "Settings", "SiteSettings", "VocabularySettings",
    "WireSettings", "default_home", "read_settings", "settings_from",
]  # fmt: skip

S = TypeVar("S")
MOST, MOST_DAYS = 1_000_000_000, 36_500


def _expect_within(key: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise ConfigError(f"{key} must be a whole number from {least} to {most}", next_step="correct the settings")


def default_home() -> Path:
    """Return the folder of this user's newsroom: ``$NEWSTAGGER_HOME``, or the platform's place for user data."""
    if told := os.environ.get("NEWSTAGGER_HOME"):
        return Path(told)
    from platformdirs import user_data_path  # slow to import, rarely needed

    return user_data_path("newstagger", appauthor=False)


@dataclass(frozen=True, slots=True)
class WireSettings:
    """Wire reuse: ``max_age`` is in seconds since the last successful ingest of any feed; past it the answer is *not checked*."""

    max_age: int = 86_400
    window_days: int = 30

    def __post_init__(self) -> None:
        """Raise ConfigError for figures that no clock can count."""
        _expect_within("wire.max_age", self.max_age, 0, MOST)
        _expect_within("wire.window_days", self.window_days, 1, MOST_DAYS)


class KeepText(StrEnum):
    """Whose text is kept in the newsroom: articles with a decision, published ones too, or none."""

    DECIDED = "decided"
    PUBLISHED = "published"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PrivacySettings:
    """What is kept of the copy itself, for recomputing an answer and for training, and for how many days."""

    keep_text: KeepText = KeepText.DECIDED
    keep_days: int = 365

    def __post_init__(self) -> None:
        """Raise ConfigError for a number of days that no calendar holds."""
        _expect_within("privacy.keep_days", self.keep_days, 1, MOST_DAYS)


@dataclass(frozen=True, slots=True)
class VocabularySettings:
    """``language`` in which topics are named in tags, such as ``de`` or ``pt-BR`` (empty: English); their ids stay the same."""

    language: str = ""

    def __post_init__(self) -> None:
        """Raise ConfigError for a language that Media Topics have no names in."""
        if not self.language:
            return
        from newstagger.topicnames import codes_of, known_codes, topic_names  # read only where a language is set

        if known_codes().isdisjoint(codes_of(self.language)):
            step = f"languages are {', '.join(topic_names().languages)}"
            raise ConfigError(f"vocabulary.language: topics have no names in {self.language[:20]!r}", next_step=step)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a newsroom can set. ``budget_ms`` is the whole time that plugins may take of one save.

    With ``reload`` a running host takes over a bundle that was promoted or rolled back; a ``bundle`` of one version never moves.
    """

    home: Path = field(default_factory=default_home)
    models: Path | None = None
    bundle: str = "starter"
    site: str = "default"
    budget_ms: int = 300
    strict: bool = False
    reload: bool = True
    block: tuple[str, ...] = ()
    wire: WireSettings = field(default_factory=WireSettings)
    policy: PolicySettings = field(default_factory=PolicySettings)
    privacy: PrivacySettings = field(default_factory=PrivacySettings)
    vocabulary: VocabularySettings = field(default_factory=VocabularySettings)
    service: ServiceSettings = field(default_factory=ServiceSettings)
    plugins: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def state_file(self) -> Path:
        """The SQLite file with the newsroom's ledger, audit log and wire index."""
        return self.home / "newsroom.sqlite3"


def read_settings(path: Path | None, **overrides: Any) -> Settings:
    """Return the settings in ``path`` (None: ``newstagger.toml`` here, if there is one); overrides that are not None win."""
    chosen = path or Path("newstagger.toml")
    settings = Settings() if path is None and not chosen.is_file() else settings_from(_parse(chosen), str(chosen))
    return replace(settings, **{key: value for key, value in overrides.items() if value is not None})


def _parse(path: Path) -> Mapping[str, Any]:
    try:
        if path.exists() and not path.is_file():
            raise ConfigError("not a regular file", where=str(path), next_step="name another file with --config")
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise ConfigError(error.strerror or "cannot be read", where=str(path), next_step="name another file with --config") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"not valid TOML: {error}", where=str(path), next_step="correct the file") from None


def settings_from(table: Mapping[str, Any], where: str) -> Settings:
    """Return Settings from a parsed TOML table; ``where`` names it in errors."""
    return _build(Settings, table, where, "")


def _build(kind: type[S], table: Mapping[str, Any], where: str, prefix: str) -> S:
    hints = get_type_hints(kind)
    known = [f.name for f in fields(kind)]  # type: ignore[arg-type]
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1, 0.5)
            step = f"did you mean {prefix}{near[0]}?" if near else f"known keys: {', '.join(known)}"
            raise ConfigError(f"unknown key {prefix}{key}", where=where, next_step=step)
    values = {key: _value(hints[key], value, where, f"{prefix}{key}") for key, value in table.items()}
    try:
        return kind(**values)
    except ConfigError as error:
        raise ConfigError(error.what, where=where, next_step=error.next_step) from None


def _value(hint: Any, value: Any, where: str, key: str) -> Any:
    if (section := _section(hint)) is not None:
        return _build(section, _expect(dict, value, where, key), where, f"{key}.")
    if hint in (Mode, KeepText):
        return _word(hint, _expect(str, value, where, key), where, key)
    if get_origin(hint) is Mapping and get_args(hint)[1] is Mode:
        return _modes(get_args(hint)[0], _expect(dict, value, where, key), where, key)
    if get_origin(hint) is Mapping and get_args(hint)[1] is SiteSettings:
        return {name: _site(told, where, f"{key}.{name}") for name, told in _expect(dict, value, where, key).items()}
    if hint in (Path, Path | None):
        return _path(_expect(str, value, where, key), where, key)
    if hint == tuple[str, ...]:
        return tuple(_expect(str, item, where, key) for item in _expect(list, value, where, key))
    if hint in (int, bool, str):
        return _expect(hint, value, where, key)
    tables = _expect(dict, value, where, key)
    return {name: _expect(dict, inner, where, f"{key}.{name}") for name, inner in tables.items()}


def _section(hint: Any) -> Any:
    """Return the kind of settings that a table holds, which may be left out; None for a value of another kind."""
    kinds = () if get_origin(hint) is Mapping else (hint, *get_args(hint))
    return next((kind for kind in kinds if isinstance(kind, type) and is_dataclass(kind)), None)


def _site(told: Any, where: str, key: str) -> SiteSettings:
    """Return one site of the service; what is wrong with it is told with its name."""
    table = _expect(dict, told, where, key)
    try:
        return _build(SiteSettings, table, where, f"{key}.")
    except ConfigError as error:
        what = error.what if key in error.what else f"{key}: {error.what}"
        raise ConfigError(what, where=where, next_step=error.next_step) from None


def _modes(kind: Any, table: Mapping[str, Any], where: str, key: str) -> Mapping[Any, Mode]:
    modes = {}
    for name, word in table.items():
        modes[_word(kind, name, where, key)] = _word(Mode, _expect(str, word, where, f"{key}.{name}"), where, f"{key}.{name}")
    return modes


def _word(kind: Any, told: str, where: str, key: str) -> Any:
    """Return one of an enumeration's words; any text where the kind is text."""
    try:
        return kind(told)
    except ValueError:
        known = ", ".join(str(word) for word in kind)
        raise ConfigError(f"{key} cannot be {told[:40]!r}", where=where, next_step=f"known: {known}") from None


def _path(told: str, where: str, key: str) -> Path:
    if not told or "\0" in told:
        raise ConfigError(f"{key} is not a path", where=where, next_step="correct the file")
    return Path(told).expanduser()


def _expect(kind: Any, value: Any, where: str, key: str) -> Any:
    least, most = BOUNDS.get(key.removeprefix("service."), (0, MOST)) if key.startswith("service.") else (0, MOST)
    if not isinstance(value, kind) or (kind is int and (isinstance(value, bool) or not least <= value <= most)):
        names = {dict: "a table", str: "a text", list: "a list", int: f"a whole number from {least} to {most}", bool: "true or false"}
        raise ConfigError(f"{key} must be {names[kind]}", where=where, next_step="correct the file")
    return value

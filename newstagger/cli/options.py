"""Options that every verb takes, and how they become Settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from newstagger.contracts import Json
from newstagger.domain import ArticleRef
from newstagger.formats.charset import checked_id
from newstagger.jsontext import line_of
from newstagger.settings import Settings, read_settings

F = TypeVar("F", bound=Callable[..., Any])


def common(function: F) -> F:
    """Add ``--home``, ``--models``, ``--config`` and ``--json``; the verb gets ``settings`` and ``as_json``."""

    def with_settings(
        *, home: Path | None, models: Path | None, config: Path | None, as_json: bool, **rest: Any
    ) -> Any:  # fmt: skip
        return function(settings=_settings(config, home, models), as_json=as_json, **rest)

    with_settings.__name__, with_settings.__doc__ = function.__name__, function.__doc__
    with_settings.__click_params__ = list(getattr(function, "__click_params__", []))  # type: ignore[attr-defined]
    path = _FilePath(path_type=Path)
    for decorate in (
        click.option("--json", "as_json", is_flag=True, help="Print JSON for machines."),
        click.option("--config", type=path, help="Settings file (default: newstagger.toml here, if there is one)."),
        click.option("--models", type=path, help="Folder of model bundles; looked at first, written to."),
        click.option("--home", type=path, help="Folder of the newsroom's own state (default: $NEWSTAGGER_HOME or the user's data folder)."),
    ):
        decorate(with_settings)
    return with_settings  # type: ignore[return-value]


def given(what: str) -> Any:
    """Return what the program that runs this command line passed to ``run`` (``state`` or ``settings``), or None."""
    context = click.get_current_context(silent=True)
    return None if context is None or context.obj is None else context.obj[what]


def _settings(config: Path | None, home: Path | None, models: Path | None) -> Settings:
    told: Settings | None = given("settings")
    if told is None or config is not None:
        return read_settings(config, home=home, models=models)
    return replace(told, home=home or told.home, models=models or told.models)


def told_ref(site: str, article: str, verb: str) -> ArticleRef:
    """Return the article that a command line names; raise InputError for a site or an id that cannot be one."""
    return ArticleRef(checked_id(site, "site", verb), checked_id(article, "id", verb))


class _FilePath(click.Path):
    """A path on the command line; an empty one is refused, which else would mean the folder that one stands in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "" or "\0" in str(value):
            self.fail("an empty path", param, ctx)
        return super().convert(value, param, ctx)


def echo_json(value: Json) -> None:
    """Print one JSON value as one line."""
    click.echo(line_of(value))


__all__ = ["Settings", "common", "echo_json", "given", "told_ref"]

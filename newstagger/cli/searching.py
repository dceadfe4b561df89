"""``train --search``: its options, the table of what was tried, and the recipe that it writes. The search itself is ``training.search``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import click

from newstagger.cli.show import plain
from newstagger.contracts import Json
from newstagger.domain import Facet
from newstagger.errors import ConfigError
from newstagger.files import write_whole
from newstagger.recipe import Recipe, recipe_toml
from newstagger.training import Search
from newstagger.training.search import OBJECTIVES

F = TypeVar("F", bound=Callable[..., Any])
HEAD = "Written by newstagger train --search; train with it by --recipe. What was tried:"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says of a search: how (None: none), and where to write the recipe (None: nowhere)."""

    search: Search | None = None
    out: Path | None = None


def search_options(function: F) -> F:
    """Add ``--search --objective --search-folds --search-seed --out``; the verb gets ``asked``."""

    def with_options(
        *, search: bool, objective: str | None, search_folds: int | None, search_seed: int | None, out: Path | None, **rest: Any
    ) -> Any:  # fmt: skip
        told: dict[str, Any] = {"objective": objective, "folds": search_folds, "seed": search_seed}
        given = {name: value for name, value in told.items() if value is not None}
        if not search and (given or out):
            name = "--out" if out else "--objective" if objective else "--search-folds or --search-seed"
            raise ConfigError(f"{name} without a search", next_step="add --search")
        if out is not None:
            _expect_writable(out)
        return function(asked=Asked(Search(**given) if search else None, out), **rest)

    with_options.__name__, with_options.__doc__ = function.__name__, function.__doc__
    with_options.__click_params__ = list(getattr(function, "__click_params__", []))  # type: ignore[attr-defined]
    for decorate in (
        click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Recipe to write, with the constants found."),
        click.option("--search-seed", type=click.IntRange(0, 2**32 - 1), help="Seed of the folds (default: 0)."),
        click.option("--search-folds", type=click.IntRange(2), help="Folds that each trial is measured in (default: 5)."),
        click.option("--objective", type=click.Choice([*OBJECTIVES]), help="F1 to maximise; mean is that of micro and macro (default)."),
        click.option("--search", is_flag=True, help="Find the constants first, by cross-validation on the rows to learn from."),
    ):
        decorate(with_options)
    return with_options  # type: ignore[return-value]


def _expect_writable(out: Path) -> None:
    """Raise ConfigError, before any work, where no recipe can be written."""
    if out.suffix != ".toml":
        raise ConfigError("a recipe is a TOML file", where=plain(str(out)), next_step="write --out NAME.toml")
    if out.is_dir() or not out.parent.is_dir():
        raise ConfigError("cannot be written there", where=plain(str(out)), next_step="name a file in a folder that exists")


def searched_in(recorded: Mapping[str, Json]) -> dict[Facet, Mapping[str, Json]]:
    """Return what the searches of a training saw, by facet, out of the recipe in a manifest."""
    tables = recorded.get("facets", {})
    return {facet: tables[facet]["searched"] for facet in Facet if "searched" in tables.get(facet, {})}


def write_recipe(recipe: Recipe, recorded: Mapping[str, Json], out: Path) -> None:
    """Write the recipe of a training with the constants found, whole or not at all; raise ConfigError where that cannot be."""
    facets = dict(recipe.facets)
    for facet, told in searched_in(recorded).items():
        facets[facet] = replace(recipe.facet(facet), constants=recorded["facets"][facet]["constants"], searched=told)
    head = "\n".join(f"# {line}".rstrip() for line in (HEAD, "", *search_lines(recorded)))
    try:
        write_whole(out, f"{head}\n\n{recipe_toml(replace(recipe, facets=facets))}".encode())
    except OSError as error:
        what = f"the recipe cannot be written: {error.strerror or error}"
        raise ConfigError(what, where=plain(str(out)), next_step="see 'newstagger models show NAME --json' for what was found") from None


def search_to_json(recorded: Mapping[str, Json]) -> dict[str, Json]:
    """Return what was searched by facet, for ``--json``; nothing where no search was asked for."""
    found = {str(facet): dict(told) for facet, told in searched_in(recorded).items()}
    return {"search": found} if found else {}


def search_lines(recorded: Mapping[str, Json]) -> Iterator[str]:
    """Yield a table of what was tried, for people, and what follows from it."""
    for facet, told in searched_in(recorded).items():
        yield f"{facet}: searched by {told['folds']}-fold cross-validation of {told['rows']} rows, {_maximised(told['objective'])}"
        yield f"  {'constant':<20}{'value':<14}{'micro F1':>10}{'macro F1':>10}{'difference (95 % interval)':>32}"
        yield f"  {'as the recipe says':<34}{told['before']['micro_f1']:>10.3f}{told['before']['macro_f1']:>10.3f}"
        for one in told["candidates"]:
            gap = f"{one['difference']:+.3f} ({one['low']:+.3f} to {one['high']:+.3f})"
            figures = f"{one['micro_f1']:>10.3f}{one['macro_f1']:>10.3f}{gap:>32}{'  taken' if one['taken'] else ''}"
            yield f"  {plain(str(one['constant'])):<20}{plain(str(one['value']))[:13]:<14}{figures}"
        yield from _found(facet, told)


def _maximised(objective: str) -> str:
    return "mean of micro and macro F1" if objective == "mean" else f"{objective} F1"


def _found(facet: Facet, told: Mapping[str, Json]) -> Iterator[str]:
    if not told["found"]:
        yield "  nothing was better beyond noise: the constants stay"
        return
    yield f"  found: {', '.join(f'{name} = {plain(str(value))}' for name, value in told['found'].items())}"
    for name in told["at_the_edge"]:
        yield f"  {name} is the outermost value of its list: list more beyond it in [facets.{facet}.search]"


__all__ = ["Asked", "search_lines", "search_options", "search_to_json", "searched_in", "write_recipe"]

"""Training recipes: a TOML file of constants and sources by facet, so that a bundle can be made again from the same data.

Constants are checked by the trainer that takes them. Unknown keys are refused with the nearest known one.
"""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

from newstagger.contracts import Json
from newstagger.domain import Facet
from newstagger.errors import ConfigError

KINDS = ("linear", "places", "actors")
VOCABULARIES = ("medtop",)
"""Vocabularies whose names may stand for ids in a source's labels."""


@dataclass(frozen=True, slots=True)
class Source:
    """One corpus of a recipe: ``id`` is its path under ``--data DIR`` without the suffix, or ``recipe:NAME`` beside the recipe.

    ``labels``: field of the labels, or several as ``A+B``; ``where``: conditions FIELD or FIELD=VALUE; ``label_map``: FILE#SET
    under the data folder; ``vocabulary``: ``medtop`` where topics are told by the names of Media Topics, in any of its languages;
    ``prefix``: put before every label; ``group``: field that ties rows of one story; ``weight``: of
    each of its rows; ``max_rows``: at most so many, drawn by a stable hash; ``terms``: its licence, for the card; ``note``:
    what else to know.
    """

    id: str
    labels: str = "labels"
    where: tuple[str, ...] = ()
    label_map: str = ""
    vocabulary: str = ""
    prefix: str = ""
    group: str = "group"
    weight: float = 1.0
    max_rows: int = 0
    terms: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FacetRecipe:
    """How one facet is trained. ``kind`` "" lets the labels decide; ``held_out`` is the share kept for measuring.

    ``feedback_weight``: of each row that editors reviewed, beside the sources' weights (linear parts only; where the archive was
    another outlet's, weights up to 8 raised F1 on the own one and cost the archive little).
    ``build``: make the gazetteer anew from the data folder instead of taking the base's. ``refit``: after measuring, learn
    from the held-out rows too, except those that the corpus itself marks as test rows. ``measure`` false holds nothing out:
    for labels that we made ourselves, on which figures would say nothing. ``search``: values to try by constant, for ``train
    --search``; ``searched``: what a search tried and found, for whoever reads the recipe or a bundle made with it. ``tests``: sets
    that are never learned from, on which the new part is measured for its model card.
    """

    kind: str = ""
    held_out: float = 0.1
    refit: bool = True
    measure: bool = True
    build: bool = False
    feedback_weight: float = 4.0
    constants: Mapping[str, Json] = field(default_factory=dict)
    search: Mapping[str, Json] = field(default_factory=dict)
    searched: Mapping[str, Json] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    tests: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipe:
    """A whole recipe; ``description``, ``notes`` and ``limits`` are for the model card."""

    name: str = "default"
    date: str | None = None
    description: str = ""
    notes: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    facets: Mapping[Facet, FacetRecipe] = field(default_factory=dict)

    def facet(self, facet: Facet) -> FacetRecipe:
        """Return what the recipe says of a facet, the defaults where it says nothing."""
        return self.facets.get(facet, FacetRecipe())

    def source_named(self, facet: Facet, file_name: str) -> Source | None:
        """Return the facet's source that has this file's name, so that its fields are known when the file is named directly."""
        stem = file_name.split(".", maxsplit=1)[0]
        return next((source for source in self.facet(facet).sources if source.id.rpartition("/")[2] == stem), None)


def read_recipe(path: Path) -> Recipe:
    """Return the recipe in a TOML file; raise ConfigError naming the file and the key that is wrong."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(error.strerror or "cannot be read", where=str(path), next_step="name a recipe with --recipe FILE.toml") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"not valid TOML: {error}", where=str(path), next_step="correct the recipe") from None
    return recipe_from(table, str(path))


def recipe_from(table: Mapping[str, Any], where: str) -> Recipe:
    """Return the recipe in a parsed table; ``where`` names it in errors."""
    facets = _typed(table.get("facets", {}), dict, where, "facets")
    read = {_facet(name, where): _facet_recipe(value, where, f"facets.{name}") for name, value in facets.items()}
    return Recipe(**_plain(Recipe, {**table, "facets": {}}, where, "") | {"facets": read})


def recipe_toml(recipe: Recipe) -> str:
    """Return a recipe as TOML that ``read_recipe`` takes; what has its default value is left out."""
    import tomli_w

    table = _changed(recipe) | {"facets": {str(facet): _facet_table(told) for facet, told in recipe.facets.items()}}
    return tomli_w.dumps(table)


def _facet_table(told: FacetRecipe) -> dict[str, Any]:
    table = _changed(told)
    lists = {"sources": told.sources, "tests": told.tests}
    listed = {name: [_changed(source) for source in sources] for name, sources in lists.items() if sources}
    return {**{name: value for name, value in table.items() if name not in lists}, **listed}


def _changed(part: Any) -> dict[str, Any]:
    """Return the fields of a part of a recipe that differ from their defaults, tuples as lists."""
    found = {f.name: getattr(part, f.name) for f in fields(part) if _default(f) != getattr(part, f.name)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def _default(told: Any) -> Any:
    return told.default if told.default_factory is MISSING else told.default_factory()


def _facet(name: str, where: str) -> Facet:
    if name in set(Facet):
        return Facet(name)
    raise ConfigError(f"unknown facet {name!r}", where=where, next_step=f"facets are {', '.join(Facet)}")


def _facet_recipe(value: Any, where: str, key: str) -> FacetRecipe:
    table = _typed(value, dict, where, key)
    lists = {name: _sources(table.get(name, []), where, f"{key}.{name}") for name in ("sources", "tests")}
    told = FacetRecipe(**_plain(FacetRecipe, {**table, "sources": [], "tests": []}, where, f"{key}.") | lists)
    if told.kind not in ("", *KINDS):
        raise ConfigError(f"{key}.kind is {told.kind!r}", where=where, next_step=f"kinds are {', '.join(KINDS)}")
    if not 0 < told.held_out < 1:
        raise ConfigError(f"{key}.held_out must lie between 0 and 1", where=where, next_step="correct the recipe")
    if not 0 < told.feedback_weight < math.inf:
        raise ConfigError(f"{key}.feedback_weight must be above 0", where=where, next_step="correct the recipe")
    _expect_experts(told, where, key)
    return told


def _expect_experts(told: FacetRecipe, where: str, key: str) -> None:
    """Raise ConfigError for an expert that names no source of the recipe; what else an expert may be is the trainer's to say."""
    known = {source.id for source in told.sources}
    experts = told.constants.get("experts", ())
    named = [source for expert in experts if isinstance(expert, dict) for source in expert.get("sources", ())] if known else []
    if unknown := next((source for source in named if source not in known), None):
        near = difflib.get_close_matches(str(unknown), sorted(known), 1, 0.5)
        step = f"did you mean {near[0]}?" if near else "name its id as under sources"
        raise ConfigError(f"{key}.constants.experts names {str(unknown)!r}, which is no source of the recipe", where=where, next_step=step)


def _sources(value: Any, where: str, key: str) -> tuple[Source, ...]:
    listed = _typed(value, list, where, key)
    found = tuple(Source(**_plain(Source, _typed(source, dict, where, key), where, f"{key}.")) for source in listed)
    if told := next((source.vocabulary for source in found if source.vocabulary not in ("", *VOCABULARIES)), ""):
        raise ConfigError(f"{key}.vocabulary is {told!r}", where=where, next_step=f"vocabularies are {', '.join(VOCABULARIES)}")
    if not all(0 < source.weight < math.inf for source in found):
        raise ConfigError(f"{key}.weight must be above 0", where=where, next_step="correct the recipe, or take the source out")
    if any(source.max_rows < 0 for source in found):
        raise ConfigError(f"{key}.max_rows must be 0 (all) or more", where=where, next_step="correct the recipe")
    return found


def _plain(kind: Any, table: Mapping[str, Any], where: str, prefix: str) -> dict[str, Any]:
    """Return a table's values in the types of the fields of ``kind``; sub-tables are read by the callers."""
    known = {f.name: f for f in fields(kind)}
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, list(known), 1, 0.5)
            step = f"did you mean {prefix}{near[0]}?" if near else f"known keys: {', '.join(known)}"
            raise ConfigError(f"unknown key {prefix}{key}", where=where, next_step=step)
    if kind is Source and "id" not in table:
        raise ConfigError(f"{prefix}id is missing", where=where, next_step="name the source's path under the data folder")
    return {key: _value(str(known[key].type), value, where, f"{prefix}{key}") for key, value in table.items()}


def _value(kind: str, value: Any, where: str, key: str) -> Any:
    """Return a value as the annotation ``kind`` asks; a single text stands for a list of one."""
    if kind == "float":
        return float(_typed(value, (int, float), where, key))
    if kind.startswith("tuple"):
        listed = [value] if isinstance(value, str) else _typed(value, list, where, key)
        return tuple(_typed(item, str, where, key) for item in listed)
    return _typed(value, {"str": str, "str | None": str, "int": int, "bool": bool}.get(kind, dict), where, key)


def _typed(value: Any, kind: Any, where: str, key: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        names = {dict: "a table", str: "a text", list: "a list", int: "a whole number", bool: "true or false"}
        raise ConfigError(f"{key} must be {names.get(kind, 'a number')}", where=where, next_step="correct the recipe")
    return value

"""What a search for constants may try: the recipe's own lists, or a small grid that fits a newsroom's archive. ``search`` tries it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from newstagger.contracts import Json
from newstagger.domain import Facet
from newstagger.errors import ConfigError
from newstagger.learning.constants import LinearConstants
from newstagger.recipe import FacetRecipe

ZONES = ["headline", "lead", "body"]
BLOCKS: Mapping[str, Sequence[Mapping[str, Json]]] = {
    "whole": [{"zones": ZONES}],
    "headline": [{"zones": ZONES}, {"zones": ["headline"], "weight": 0.5}],
    "lead": [{"zones": ZONES}, {"zones": ["headline", "lead"], "weight": 0.5}],
    "phrases": [{"zones": ZONES, "phrases": True}, {"zones": ["headline"], "weight": 0.5}],
}
"""Choices of blocks that a recipe may name."""
GRID: Mapping[str, Json] = {
    "blocks": ["headline", "lead", "whole"],
    "relevance": [0.0, 1.0],
    "c": [0.3, 1.0, 3.0],
    "balance": [0.1, 0.3, 0.5],
    "name_weight": [0.0, 0.3],
}
"""Tried where the recipe lists nothing: what moved F1 most on archives of 300 to 55,000 articles."""
SEARCHED = (
    *GRID, "min_documents", "phrase_documents", "vectors", "translations", "equal_sources", "own_negatives", "calibration_prior",
    "threshold_prior", "at_least_one", "floor",
)  # fmt: skip
FEWEST_DOCUMENTS = 3
"""A term of fewer documents may be one article's own words; they have no place in a bundle."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a constant: as it is shown, and as a trainer takes it."""

    name: str
    shown: Json
    value: Json


def choices_of(told: FacetRecipe, facet: Facet) -> dict[str, list[Choice]]:
    """Return what to try by constant, in the recipe's order; raise ConfigError for what cannot be tried."""
    if told.kind not in ("", "linear"):
        _nothing_to_search(facet, told.kind)
    grid = told.search or GRID
    read = {name: [*_choices(name, values, f"facets.{facet}.search.{name}")] for name, values in grid.items()}
    for choice in (choice for choices in read.values() for choice in choices):
        _expect_usable(LinearConstants.read({**told.constants, choice.name: choice.value}), choice)
    return read


def expect_linear(kind: str, facet: Facet) -> None:
    """Raise ConfigError unless a part of this kind has constants to search."""
    if kind != "linear":
        _nothing_to_search(facet, kind)


def _nothing_to_search(facet: Facet, kind: str) -> None:
    what = f"--search finds nothing for the facet {facet}: a part of the kind {kind} fits its weights itself"
    raise ConfigError(what, next_step="search with --facet topic, or another facet with labels of your own")


def _choices(name: str, values: Json, key: str) -> Iterator[Choice]:
    if name not in {field.name for field in fields(LinearConstants)}:
        LinearConstants.read({name: None})  # says which known name is near
    if name not in SEARCHED:
        raise ConfigError(f"{key} is not searched: F1 does not tell its best value", next_step=f"searched are {', '.join(SEARCHED)}")
    if name == "blocks":
        yield from _block_choices(values, key)
        return
    if not isinstance(values, list) or not values:
        raise ConfigError(f"{key} must be a list of values to try", next_step=f"write {name} = {json.dumps(GRID.get(name, [1, 2]))}")
    yield from (Choice(name, value, value) for value in values)


def _block_choices(values: Json, key: str) -> Iterator[Choice]:
    """Yield named choices of blocks: a list of names out of ``BLOCKS``, or a table of names and their blocks."""
    own = values if isinstance(values, dict) else {}
    names = [*own] if own else values
    if not isinstance(names, list) or not names:
        raise ConfigError(f"{key} must be a list of names, or a table of them", next_step=f"names are {', '.join(BLOCKS)}")
    for name in names:
        if name not in own and (not isinstance(name, str) or name not in BLOCKS):
            raise ConfigError(f"{key} has no choice {str(name)[:40]!r}", next_step=f"names are {', '.join(BLOCKS)}")
        yield Choice("blocks", name, own.get(name) or BLOCKS[name])


def _expect_usable(constants: LinearConstants, choice: Choice) -> None:
    """Raise ConfigError for a value of the right type with which nothing can be learned."""
    if choice.name in ("min_documents", "phrase_documents") and getattr(constants, choice.name) < FEWEST_DOCUMENTS:
        what = f"the constant {choice.name} cannot be {choice.shown}"
        raise ConfigError(what, next_step=f"list whole numbers, {FEWEST_DOCUMENTS} or more")

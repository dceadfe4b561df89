"""Constants for one archive: ``train --search`` tries values one constant at a time and keeps what is better beyond noise.

Coordinate-wise, because its cost is the sum of the lists' lengths where a full grid's is their product, and because each step is one
paired comparison: the recipe's own value stays unless the whole 95 % interval of the difference lies above 0. Halving on samples of
the rows (Jamieson and Talwalkar 2016) would save fits, but judges rare labels on the few rows that a sample leaves them.
What was tried and how it fared stands in the recipe of what is trained. ``choices`` says what is tried, ``learning.trial`` fits
and measures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from newstagger.contracts import Example, Json
from newstagger.domain import Concept, Facet
from newstagger.errors import CorpusError
from newstagger.learning.bootstrap import LEVEL
from newstagger.learning.constants import LinearConstants
from newstagger.learning.trial import Bench, Result
from newstagger.progress import Steps
from newstagger.recipe import FacetRecipe
from newstagger.training.choices import Choice, choices_of
from newstagger.training.examples import Tools

OBJECTIVES: Mapping[str, tuple[float, float]] = {"mean": (0.5, 0.5), "micro": (1.0, 0.0), "macro": (0.0, 1.0)}
"""Shares of micro and macro F1 in what is to be as high as possible."""
PASSES = 2
FEWEST_ROWS = 50
"""Fewer rows cannot tell constants apart: the interval of a difference would itself be a guess."""


@dataclass(frozen=True, slots=True)
class Search:
    """How to search: what to maximise (see ``OBJECTIVES``), in how many folds, shuffled with which seed."""

    objective: str = "mean"
    folds: int = 5
    seed: int = 0


def search(
    facet: Facet, concepts: Sequence[Concept], examples: Sequence[Example], told: FacetRecipe, constants: Mapping[str, Json],
    how: Search, tools: Tools,
) -> FacetRecipe:  # fmt: skip
    """Return the recipe of a facet with the constants found and, in ``searched``, every value tried and how it fared.

    ``examples`` are those that training may learn from. ``constants`` are all that the trainer will take, the recipe's among them.
    """
    choices = choices_of(told, facet)
    if len(examples) < FEWEST_ROWS:
        what = f"{len(examples)} rows to learn from are too few for a search"
        raise CorpusError(what, next_step=f"train without --search, or give at least {FEWEST_ROWS}, better some hundreds")
    if not 2 <= how.folds <= len(examples):
        raise CorpusError(f"{len(examples)} rows cannot be cut into {how.folds} folds", next_step="choose fewer with --search-folds")
    start = LinearConstants.read(constants)
    tried = [start, *(LinearConstants.read({**constants, one.name: one.value}) for values in choices.values() for one in values)]
    counting = Steps(tools.progress, f"{facet}: counting terms for the search", len(examples), "examples")
    bench = Bench.of(facet, concepts, examples, tried, how.folds, how.seed, counting)
    walk = _Walk(bench, constants, how, tools)
    for number in range(1, PASSES + 1):
        if not walk.through(choices, f"{facet}: searching constants" + (" once more" if number > 1 else "")):
            break
    found = {name: choice.value for name, choice in walk.changes.items()}
    return replace(told, constants={**told.constants, **found}, searched=walk.told(choices))


class _Walk:
    """Where the search stands: the constants so far with their result, and what was tried on the way."""

    def __init__(self, bench: Bench, constants: Mapping[str, Json], how: Search, tools: Tools) -> None:
        self.changes: dict[str, Choice] = {}
        self._bench, self._constants, self._how, self._tools = bench, constants, how, tools
        self._results: dict[str, Result] = {}
        self._first: Result | None = None
        self._candidates: list[dict[str, Json]] = []

    def through(self, choices: Mapping[str, Sequence[Choice]], what: str) -> bool:
        """Try every value that was not tried from here yet, constant after constant; tell whether any was taken."""
        count = sum(len(values) for values in choices.values()) + (self._first is None)
        steps = Steps(self._tools.progress, f"{what} in at most {count} trials", count * self._bench.fits(), "fits")
        best = self._result(self._with(), steps)
        self._first = self._first or best
        before = dict(self.changes)
        for values in choices.values():
            best = self._turn(values, best, steps)
        return self.changes != before

    def _turn(self, values: Sequence[Choice], best: Result, steps: Steps) -> Result:
        """Try the values of one constant and take the best of those that beat the present one beyond noise."""
        stands, taken, start = best, None, len(self._candidates)
        for choice in values:
            constants = self._with(choice)
            if repr(constants) in self._results:
                steps(self._bench.fits())
                continue
            result = self._result(constants, steps)
            told = self._compared(choice, result, stands)
            self._candidates.append(told)
            if told["low"] > 0 and self._objective(result) > self._objective(best):
                best, taken = result, choice
        if taken is not None:
            self.changes[taken.name] = taken
            at = next(n for n, one in enumerate(self._candidates[start:], start) if one["value"] == taken.shown)
            self._candidates[at]["taken"] = True
        return best

    def _with(self, choice: Choice | None = None) -> LinearConstants:
        changes = {**self.changes, **({choice.name: choice} if choice else {})}
        return LinearConstants.read({**self._constants, **{name: one.value for name, one in changes.items()}})

    def _result(self, constants: LinearConstants, steps: Steps) -> Result:
        key = repr(constants)  # tables of weights among them have no hash
        if key not in self._results:
            self._results[key] = self._bench.try_out(constants, self._tools.jobs, steps)
        return self._results[key]

    def _objective(self, result: Result) -> float:
        micro, macro = OBJECTIVES[self._how.objective]
        return micro * result.micro + macro * result.macro

    def _compared(self, choice: Choice, result: Result, stands: Result) -> dict[str, Json]:
        shares = np.array(OBJECTIVES[self._how.objective])
        tail = (100.0 - LEVEL) / 2
        low, high = np.percentile(shares @ (result.drawn - stands.drawn), [tail, 100.0 - tail])
        gap = self._objective(result) - self._objective(stands)
        figures = {**_figures(result), "difference": gap, "low": float(low), "high": float(high)}
        return {"constant": choice.name, "value": choice.shown, **{k: round(v, 6) for k, v in figures.items()}, "taken": False}

    def told(self, choices: Mapping[str, Sequence[Choice]]) -> dict[str, Json]:
        """Return what the search saw, as a recipe and a manifest keep it."""
        assert self._first is not None
        how, bench = self._how, self._bench
        last = [name for name, one in self.changes.items() if len(choices[name]) > 1 and _at_the_edge(one, choices[name])]
        return {
            "objective": how.objective,
            "folds": len(bench.parts),
            "seed": how.seed,
            "rows": len(bench.given),
            "found": {name: choice.shown for name, choice in self.changes.items()},
            "at_the_edge": last,
            "before": {k: round(v, 6) for k, v in _figures(self._first).items()},
            "after": {k: round(v, 6) for k, v in _figures(self._results[repr(self._with())]).items()},
            "candidates": self._candidates,
        }


def _figures(result: Result) -> dict[str, float]:
    return {"micro_f1": result.micro, "macro_f1": result.macro}


def _at_the_edge(taken: Choice, values: Sequence[Choice]) -> bool:
    """Tell whether a number was taken that is the highest or lowest listed: a better one may lie beyond."""
    numbers: list[Any] = [one.value for one in values]
    if not all(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers):
        return False
    return taken.value in (min(numbers), max(numbers)) and taken.value != 0

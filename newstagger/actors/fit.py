"""Learns the shared actor model from labelled articles; the gazetteer comes along from the base part untouched.

Weights start from the base's and move as far as the labels say (``logistic``); probabilities are Platt's on out-of-fold margins;
the bounds are chosen on the same margins. NumPy only, one process: describing 1,000 articles takes seconds, fitting less.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from newstagger.actors.features import FEATURES
from newstagger.actors.gazetteer import PREFIX, ActorGazetteer
from newstagger.actors.model import ActorModel
from newstagger.actors.tagger import ActorTagger, year_of
from newstagger.contracts import OPEN, Example, FacetPart, Json, Progress
from newstagger.domain import Facet, Role
from newstagger.errors import CorpusError
from newstagger.logistic import Bools, Doubles, fit_map, sigmoid

_QUOTED = FEATURES.index("quoted")
_SOURCE = FEATURES.index("kind:source")
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class FitConstants:
    """Constants of the recipe.

    ``pull`` is the prior's precision, ``frozen`` names features that keep the base's weight, ``mask_headline`` learns from the
    body alone (labels made from headlines), ``leave_sources`` leaves out sources, ``beta`` weighs recall in the choice of the
    threshold, ``auto_precision`` is asked of tags that nobody looks at.
    """

    folds: int = 5
    pull: float = 2.0
    frozen: tuple[str, ...] = ()
    beta: float = 1.0
    mask_headline: bool = False
    leave_sources: bool = False
    auto_precision: float = 0.9
    least_threshold: float = 0.05

    @classmethod
    def read(cls, table: Mapping[str, Json]) -> FitConstants:
        """Return the constants in a recipe's table; raise CorpusError for an unknown one."""
        for key in table:
            if key not in cls.__dataclass_fields__:
                raise CorpusError(f"unknown constant {key} for actors", next_step=f"known: {', '.join(cls.__dataclass_fields__)}")
        return cls(**{**table, "frozen": tuple(table.get("frozen", ()))})


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Candidates of all examples: features (rows x FEATURES), wanted or not, the fold of each, labels that no candidate met, by fold."""

    values: Doubles
    wanted: Bools
    fold: NDArray[np.int64]
    missed: int


def fit_actors(
    examples: Sequence[Example], constants: Mapping[str, Json], base: FacetPart | None, *, jobs: int, progress: Progress
) -> FacetPart:
    """Return the base part with weights, calibration and bounds learnt from the examples; the same bytes whatever ``jobs`` is.

    Labels are actor ids (or names that only one actor bears); an actor that nobody judged on an article teaches nothing. Raises
    CorpusError without a base or without any label met.
    """
    if base is None:
        raise CorpusError("actors are learnt on top of a gazetteer", next_step="name a bundle that has one with --base")
    chosen = FitConstants.read(constants)
    tagger = ActorTagger(base, None)
    progress(f"actor: describing {len(examples)} articles")
    table = _describe(examples, chosen, tagger)
    if not table.wanted.any() or table.wanted.all():
        raise CorpusError("no candidate tells wanted actors from others", next_step="check the labels: they must be ids of the gazetteer")
    progress(f"actor: fitting on {len(table.wanted)} candidates, {int(table.wanted.sum())} wanted, {table.missed} labels without one")
    return replace(base, settings={**base.settings, **_fit(table, chosen, tagger.model).settings()})


def _describe(examples: Sequence[Example], chosen: FitConstants, tagger: ActorTagger) -> _Table:
    rows: list[Doubles] = []
    wanted: list[bool] = []
    folds: list[int] = []
    missed = 0
    for example in examples:
        labels = {row for label in example.labels if (row := _row(tagger.gazetteer, label)) is not None}
        told = tagger.describe(example.text, year_of(example.article), with_headline=not chosen.mask_headline)
        fold, judged = _fold(example, chosen.folds), _judged(example, tagger.gazetteer)
        missed += len(labels - {one.row for one in told})
        for one in told:
            if judged(one.row) and not (chosen.leave_sources and tagger.gazetteer.role(one.row) is Role.SOURCE):
                rows.append(one.values)
                wanted.append(one.row in labels)
                folds.append(fold)
    values = np.array(rows, dtype=np.float64).reshape(-1, len(FEATURES))
    return _Table(values, np.array(wanted, dtype=np.bool_), np.array(folds, dtype=np.int64), missed)


def _judged(example: Example, gazetteer: ActorGazetteer) -> Callable[[int], bool]:
    """Return what tells whether somebody judged an actor on an article, under its id or a name that only it bears."""
    if not example.unknown:
        return lambda _: True
    unknown, said = ({_row(gazetteer, label) for label in labels} for labels in (example.unknown, (*example.labels, *example.rejected)))
    if OPEN in example.unknown:
        return said.__contains__
    return lambda row: row in said or row not in unknown


def _row(gazetteer: ActorGazetteer, label: str) -> int | None:
    if label.startswith(PREFIX):
        return gazetteer.row(label)
    rows = {row for table in (gazetteer.exact, gazetteer.folded) for row, _ in table.rows_of(label)}
    return rows.pop() if len(rows) == 1 else None


def _fold(example: Example, folds: int) -> int:
    """Return the fold of an example: by its group, else its id, the same in every order."""
    name = example.group or str(example.article.ref)
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "little") % folds


def _fit(table: _Table, chosen: FitConstants, model: ActorModel) -> ActorModel:
    margins = np.zeros(len(table.wanted))
    for fold in range(chosen.folds):
        held = table.fold == fold
        if held.any() and table.wanted[~held].any():
            weights = _weights(table.values[~held], table.wanted[~held], chosen, model)
            margins[held] = table.values[held] @ weights[1:] + weights[0]
    slope, offset = _platt(margins, table.wanted)
    scores = sigmoid(slope * margins + offset)
    threshold, auto = _bounds(scores, table.wanted, table.missed, chosen)
    final = np.round(_weights(table.values, table.wanted, chosen, model), _DIGITS)
    if chosen.leave_sources:  # where sources start must not follow what was learnt of actors
        final[1 + _SOURCE] = round(float(model.bias + model.weights[_SOURCE] - final[0]), _DIGITS)
    return replace(model, bias=float(final[0]), weights=final[1:], slope=slope, offset=offset, threshold=threshold, auto=auto)


def _weights(values: Doubles, wanted: Bools, chosen: FitConstants, model: ActorModel) -> Doubles:
    """Return bias and weights; being quoted never counts against an actor."""
    design = np.column_stack([np.ones(len(values)), values])
    prior = np.concatenate([[model.bias], model.weights])
    pull = np.array([0.01, *(1e9 if name in chosen.frozen else chosen.pull for name in FEATURES)])
    found = fit_map(design, wanted, prior, pull)
    if found[1 + _QUOTED] < 0.0:
        pull[1 + _QUOTED], prior[1 + _QUOTED] = 1e9, 0.0
        found = fit_map(design, wanted, prior, pull)
        found[1 + _QUOTED] = 0.0
    return found


def _platt(margins: Doubles, wanted: Bools) -> tuple[float, float]:
    """Return slope (at least .05) and offset of Platt's curve, with his smoothed counts as a weak pull to (1, 0)."""
    design = np.column_stack([margins, np.ones(len(margins))])
    slope, offset = fit_map(design, wanted, np.array([1.0, 0.0]), np.array([1.0, 1.0])).tolist()
    return round(max(0.05, slope), _DIGITS), round(offset, _DIGITS)


def _bounds(scores: Doubles, wanted: Bools, missed: int, chosen: FitConstants) -> tuple[float, float]:
    """Return the score of the best micro F-beta, and the least one from which on precision is as asked (above 1: none)."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(wanted[order])
    given = np.arange(1, len(order) + 1)
    share = chosen.beta**2
    f_beta = (1.0 + share) * hits / (given + share * (int(wanted.sum()) + missed))
    threshold = max(chosen.least_threshold, float(scores[order][int(np.argmax(f_beta))]))
    good = np.flatnonzero((hits / given >= chosen.auto_precision) & (given >= 20))
    auto = float(scores[order][good[-1]]) if len(good) else 1.01
    return round(threshold, _DIGITS), round(max(auto, threshold), _DIGITS)


def starting_part(arrays: Mapping[str, NDArray[np.generic]]) -> FacetPart:
    """Return a part of these gazetteer arrays with the weights by judgement: what the starter's training builds on."""
    return FacetPart(Facet.ACTOR, "actors", ActorModel.starting().settings(), dict(arrays))

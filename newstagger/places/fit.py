"""Learns what a story is about: one logistic model over (article, place), trained on articles labelled with places.

The gazetteer is not learned; it comes from the part that the new one builds on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Example, FacetPart, Json, Progress
from newstagger.domain import Concept, Facet
from newstagger.errors import CorpusError
from newstagger.logistic import fit_map
from newstagger.places.focus import COUNTRY_LEVELS, FEATURES, Candidate, candidates
from newstagger.places.gazetteer import Gazetteer, Level
from newstagger.places.labels import LabelMap, read_labels
from newstagger.places.resolution import mentions

GAZETTEER_PREFIXES = ("place_", "folded_", "exact_", "pattern_", "given_")
LEVEL_NAMES = ("country", "local")
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Candidates of many articles: feature values by row, whether each is a label, the fold, and labels no candidate covers."""

    features: Matrix
    labels: NDArray[np.bool_]
    folds: NDArray[np.int64]
    missed: int
    articles: int


@dataclass(frozen=True, slots=True)
class Fitted:
    """What ``fit_level`` learned: weights with the bias last, Platt's slope and offset, the three bounds."""

    weights: tuple[float, ...]
    platt: tuple[float, float]
    bounds: Mapping[str, float]


def fit_places(
    examples: Sequence[Example], constants: Mapping[str, Json], base: FacetPart | None, *, jobs: int, progress: Progress
) -> FacetPart:
    """Return a places part trained on the examples, with the gazetteer of ``base`` (contracts.FacetTrainer).

    Labels are place ids (``iso:``, ``geonames:``, ``m49:``) or names of the archive's own, which are matched with places. The
    levels that the labels use are the levels that will be proposed, with those of ``base`` where editors reviewed what that had
    proposed; a model without examples keeps the weights of ``base``. A place that nobody judged on an article teaches nothing.
    Constants: ``folds``; ``penalty``, how far the articles may move a weight from what is expected; ``rules``, ``country_rules``
    and ``local_rules``, the weights expected (without rules: those of the base); ``precision`` wanted of automatic tags; ``beta``
    by model, above 1 where suggestions favour recall; ``levels`` to propose beside those of the labels; ``complete``, sources
    whose labels name every level; ``thinned``, so that one in so many of their articles is taken for that.
    """
    if base is None or base.kind != "places":
        step = "train with --base NAME@VERSION of a bundle that has regions, such as starter"
        raise CorpusError("a region model needs a gazetteer, and there is no bundle to take it from", next_step=step)
    gazetteer = Gazetteer.read(base)
    read = [(example, candidates(example.text, mentions(example.text, gazetteer), gazetteer)) for example in examples]
    labels = read_labels([(example.labels, found) for example, found in read], gazetteer)
    progress(f"regions: {len(read)} articles, {len(labels.rows)} labels, {len(labels.unknown)} of them without a place")
    fitted = {
        name: _fit_name(name, read, labels, gazetteer, {**constants, "expected": expected}, progress)
        for name, expected in zip(LEVEL_NAMES, _expected(base, constants), strict=True)
    }
    if not any(fitted.values()):
        raise CorpusError("no article names a place that it is labelled with", next_step="label articles with ids such as iso:SY")
    reviewed = any(example.rejected or example.unknown for example in examples)
    levels = [*constants.get("levels", []), *(base.settings.get("levels", []) if reviewed else [])]
    return assemble(base, fitted, labels, gazetteer, {**constants, "levels": levels})


def _expected(base: FacetPart, constants: Mapping[str, Json]) -> list[list[float]]:
    """Return the weights that learning starts from, model by model: the recipe's rules, or what the base had learned."""
    if "rules" not in constants and "focus_weights" in base.arrays:
        return [_weights(base, index, None) for index in range(len(LEVEL_NAMES))]
    rules = [{**constants.get("rules", {}), **constants.get(f"{name}_rules", {})} for name in LEVEL_NAMES]
    return [[float(told.get(feature, 0.0)) for feature in (*FEATURES, "bias")] for told in rules]


def _fit_name(
    name: str, read: Sequence[tuple[Example, list[Candidate]]], labels: LabelMap, gazetteer: Gazetteer,
    constants: Mapping[str, Json], progress: Progress,
) -> Fitted | None:  # fmt: skip
    sample = _sample(name, read, labels, gazetteer, constants)
    if sample is None or sample.labels.all() or not sample.labels.any():
        return None
    progress(f"regions: {name} model from {len(sample.labels)} candidates of {sample.articles} articles")
    return fit_level(sample, constants, name)


def _sample(
    name: str, read: Sequence[tuple[Example, list[Candidate]]], labels: LabelMap, gazetteer: Gazetteer, constants: Mapping[str, Json]
) -> Sample | None:
    """Collect the candidates of the levels in question, article by article."""
    refusals = [_refused(example, labels, gazetteer) for example, _ in read]
    used = labels.levels | {Level(gazetteer.levels[row]) for refused in refusals for row in refused}
    levels = used & (set(COUNTRY_LEVELS) if name == "country" else {Level.ADMIN1, Level.CITY})
    complete, thinned, folds = set(constants.get("complete", [])), int(constants.get("thinned", 1)), int(constants.get("folds", 5))
    rows: list[list[float]] = []
    wanted: list[bool] = []
    parts: list[int] = []
    missed = articles = 0
    for (example, found), refused in zip(read, refusals, strict=True):
        own = {row for row in labels.of(example.labels) if gazetteer.levels[row] in levels}
        whole = example.source in complete and fold_of(example, thinned) == 0
        taught = _taught(name, example, {Level(gazetteer.levels[row]) for row in own}, levels, whole)
        said = {c.row for c in found if c.level in taught and _judged(example, c.row, labels, gazetteer)} | refused
        competing = [candidate for candidate in found if candidate.level in levels and candidate.row in said]
        rows += [candidate.vector() for candidate in competing]
        wanted += [candidate.row in own for candidate in competing]
        parts += [fold_of(example, folds)] * len(competing)
        missed += len(own - {candidate.row for candidate in competing})
        articles += bool(taught)
    if not rows:
        return None
    return Sample(np.array(rows), np.array(wanted, dtype=np.bool_), np.array(parts), missed, articles)


def _refused(example: Example, labels: LabelMap, gazetteer: Gazetteer) -> set[int]:
    """Return the rows of the places that a person took off an article."""
    rows = (labels.rows.get(label, gazetteer.row(label)) for label in example.rejected)
    return {row for row in rows if row is not None}


def _judged(example: Example, row: int, labels: LabelMap, gazetteer: Gazetteer) -> bool:
    """Tell whether somebody judged a place on an article, under the archive's name for it or its id."""
    return not example.unknown or example.judges(labels.own.get(row) or gazetteer.id(row))


def _taught(name: str, example: Example, own: set[Level], levels: Set[Level], whole: bool) -> Set[Level]:
    """Return the levels that an article teaches: all those of countries; of places inside, those that it is labelled with.

    An article without labels is a negative throughout, and so is one that names all it is about, for levels it has no label of.
    """
    if name == "country" or not example.labels or (whole and not own):
        return levels
    return own


def fold_of(example: Example, folds: int) -> int:
    """Return the fold of an article by its group or id, the same on every machine."""
    name = example.group or str(example.article.ref)
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "little") % folds


def _drawn(features: NDArray[np.float64], labels: NDArray[Any], penalty: float, expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return weights, the bias last, drawn towards the expected ones; the bias weakly, so that one class alone has a finite answer."""
    design = np.hstack([features, np.ones((len(features), 1))])
    return fit_map(design, labels, expected, np.append(np.full(features.shape[1], 1.0 / penalty), 1e-2))


def fit_level(sample: Sample, constants: Mapping[str, Json], name: str) -> Fitted:
    """Return the logistic model of a sample, calibrated (Platt 1999) and given bounds on margins that it had not seen."""
    penalty = float(constants.get("penalty", 1.0))
    expected = np.array(constants.get("expected", [0.0] * (len(FEATURES) + 1)))
    margins = np.zeros(len(sample.labels))
    for fold in sorted(set(sample.folds.tolist())):
        inside, outside = sample.folds != fold, sample.folds == fold
        weights = _drawn(sample.features[inside], sample.labels[inside], penalty, expected)
        margins[outside] = sample.features[outside] @ weights[:-1] + weights[-1]
    slope, offset = _drawn(margins[:, None], sample.labels, 10.0, np.array([1.0, 0.0])).tolist()
    weights = _drawn(sample.features, sample.labels, penalty, expected)
    scores = 1.0 / (1.0 + np.exp(-(slope * margins + offset)))
    beta = float(constants.get("beta", {}).get(name, 1.0))
    bounds = _bounds(scores, sample, beta, float(constants.get("precision", 0.95)))
    return Fitted(tuple(round(w, 6) for w in weights.tolist()), (round(slope, 6), round(offset, 6)), bounds)


def _bounds(scores: Matrix, sample: Sample, beta: float, precision: float) -> dict[str, float]:
    """Choose the bound of the best micro F-beta for suggestions, and the lowest that keeps the wanted precision for automatic tags."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(sample.labels[order])
    shown = np.arange(1, len(order) + 1)
    f_beta = (1 + beta**2) * hits / (shown + beta**2 * (sample.labels.sum() + sample.missed))
    suggest = float(scores[order][int(np.argmax(f_beta))])
    precise = np.flatnonzero(hits / shown >= precision)
    auto = float(scores[order][precise[-1]]) if len(precise) and precise[-1] >= 20 else 1.0
    focus = max(0.5, suggest)
    return {"suggest": _down(suggest), "focus": _down(focus), "auto": _down(max(auto, focus))}


def _down(bound: float) -> float:
    return float(np.floor(min(max(bound, 0.0), 1.0) * 1e4) / 1e4)


def assemble(
    base: FacetPart, fitted: Mapping[str, Fitted | None], labels: LabelMap, gazetteer: Gazetteer, constants: Mapping[str, Json]
) -> FacetPart:
    """Return the part: the base's gazetteer, the new models, and the base's where nothing was learned."""
    arrays: dict[str, NDArray[Any]] = {key: array for key, array in base.arrays.items() if key.startswith(GAZETTEER_PREFIXES)}
    arrays["focus_weights"] = np.array([_weights(base, index, fitted[name]) for index, name in enumerate(LEVEL_NAMES)])
    arrays["focus_platt"] = np.array([_platt(base, index, fitted[name]) for index, name in enumerate(LEVEL_NAMES)])
    old = base.settings.get("bounds", {})
    default = {"suggest": 0.5, "focus": 0.5, "auto": 1.0}
    settings = {
        "pattern_languages": base.settings.get("pattern_languages", []),
        "bounds": {name: dict(found.bounds) if (found := fitted[name]) else old.get(name, default) for name in LEVEL_NAMES},
        "levels": sorted({level.name for level in labels.levels} | set(constants.get("levels", []))),
        "own_labels": {gazetteer.id(row): label for row, label in sorted(labels.own.items())},
    }
    own = tuple(Concept(label, label, Facet.REGION, exact_match=(gazetteer.id(row),)) for row, label in sorted(labels.own.items()))
    return FacetPart(Facet.REGION, "places", settings, arrays, own)


def _weights(base: FacetPart, index: int, found: Fitted | None) -> list[float]:
    if found:
        return list(found.weights)
    old = base.arrays.get("focus_weights")
    return [0.0] * (len(FEATURES) + 1) if old is None else old[index].tolist()


def _platt(base: FacetPart, index: int, found: Fitted | None) -> list[float]:
    if found:
        return list(found.platt)
    old = base.arrays.get("focus_platt")
    return [1.0, 0.0] if old is None else old[index].tolist()

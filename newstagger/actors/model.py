"""The shared logistic model over (article, candidate): weights, calibration and bounds, as they travel in a bundle's settings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from newstagger.actors.features import FEATURES
from newstagger.actors.statecraft import PRIOR
from newstagger.contracts import Json
from newstagger.domain import Decision
from newstagger.errors import BundleDamagedError

Doubles = NDArray[np.float64]

STARTING_BIAS = -4.2
STARTING_WEIGHTS: Mapping[str, float] = {
    "headline": 2.4,
    "lead": 1.4,
    "count": 2.8,
    "share": 1.5,
    "full-name": 1.0,
    "early": 0.4,
    "tf-idf": 0.3,
    "subject": 0.5,
    "spread": 0.6,
    "only": 0.5,
    "ambiguous": -0.6,
    "weak-form": -1.2,
    "country-told": 0.2,
    "out-of-years": -1.5,
    "quoted": 0.0,
    "cited": 1.5,
    "kind:source": 1.5,
}
"""Weights by judgement, where learning starts: named in the headline, or twice, or by full name (Reuters PEOPLE: .795 micro F1)."""


@dataclass(frozen=True, slots=True, eq=False)
class ActorModel:
    """Margin = bias + weights . features; score = 1 / (1 + exp(-(slope * margin + offset))); scores from the bounds up are shown."""

    bias: float
    weights: Doubles
    slope: float = 1.0
    offset: float = 0.0
    threshold: float = 0.4
    auto: float = 0.8
    context: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def starting(cls) -> ActorModel:
        """Return the model before any label has spoken."""
        weights = np.array([STARTING_WEIGHTS.get(name, 0.0) for name in FEATURES])
        return cls(STARTING_BIAS, weights, context=dict(PRIOR))

    @classmethod
    def read(cls, settings: Mapping[str, Json]) -> ActorModel:
        """Return the model in a part's settings; raise BundleDamagedError when a number is missing or not finite."""
        try:
            weights = np.array([float(settings["weights"].get(name, 0.0)) for name in FEATURES])
            numbers = [float(settings[name]) for name in ("bias", "slope", "offset", "threshold", "auto")]
            context = {str(name): float(weight) for name, weight in settings["context"].items()}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _damaged(str(error)) from None
        if not all(map(math.isfinite, [*numbers, *weights.tolist(), *context.values()])) or numbers[1] <= 0.0:
            raise _damaged("a weight is not finite")
        bias, slope, offset, threshold, auto = numbers
        return cls(bias, weights, slope, offset, threshold, auto, context)

    def settings(self) -> dict[str, Json]:
        """Return what ``read`` reads."""
        return {
            "bias": self.bias,
            "weights": {name: float(weight) for name, weight in zip(FEATURES, self.weights, strict=True)},
            "slope": self.slope,
            "offset": self.offset,
            "threshold": self.threshold,
            "auto": self.auto,
            "context": dict(self.context),
        }

    def score(self, margin: float) -> float:
        """Return the calibrated probability of a margin."""
        return 0.5 * (1.0 + math.tanh(0.5 * (self.slope * margin + self.offset)))

    def decide(self, score: float) -> Decision:
        """Return what is to happen with a tag of that score."""
        if score >= self.auto:
            return Decision.AUTO
        return Decision.SUGGEST if score >= self.threshold else Decision.SILENT


def _damaged(what: str) -> BundleDamagedError:
    return BundleDamagedError(f"settings of the actor model: {what}", where="actors", next_step="take another version of the bundle")

"""The shared model over (article, place): weights that a bundle carries, checked at load; margin, score and evidence of a candidate."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from newstagger.contracts import FacetPart, Json
from newstagger.domain import Decision, Evidence, ParagraphKind, Quote, Role, Text
from newstagger.errors import BundleDamagedError
from newstagger.places.focus import COUNTRY_LEVELS, FEATURES, Candidate
from newstagger.places.gazetteer import Level
from newstagger.places.resolution import Mention

LOWEST_SCORE, MOST_TAGS, MOST_QUOTES = 0.02, 30, 8


@dataclass(frozen=True, slots=True)
class Bounds:
    """Scores from which a place is what the story is about (``focus``), shown (``suggest``) and written by itself (``auto``)."""

    suggest: float = 0.5
    focus: float = 0.5
    auto: float = 0.95

    def decide(self, score: float, candidate: Candidate) -> tuple[Decision, Role]:
        """Return what becomes of a place of that score, and its role; one mention in passing is never written by itself."""
        role = Role.FOCUS if score >= self.focus else Role.MENTIONED
        sound = len(candidate.mentions) > 1 or candidate.values["headline"] > 0
        if role is Role.FOCUS and score >= self.auto and sound:
            return Decision.AUTO, role
        return (Decision.SUGGEST if score >= self.suggest else Decision.SILENT), role


@dataclass(frozen=True, slots=True)
class LevelModel:
    """A logistic model over ``FEATURES`` with its Platt calibration: score = sigmoid(slope * margin + offset)."""

    weights: tuple[float, ...]
    bias: float
    slope: float = 1.0
    offset: float = 0.0
    bounds: Bounds = Bounds()

    def margin(self, candidate: Candidate) -> float:
        """Return bias + sum of weight x value."""
        return self.bias + sum(w * x for w, x in zip(self.weights, candidate.vector(), strict=True))

    def scored(self, candidate: Candidate) -> float:
        """Return the calibrated probability of a candidate, in [0, 1], to 6 decimals."""
        return self.score_of(self.margin(candidate))

    def score_of(self, margin: float) -> float:
        """Return the calibrated probability of a margin, in [0, 1], to 6 decimals."""
        return round(1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, self.slope * margin + self.offset)))), 6)

    def margin_for(self, score: float) -> float:
        """Return the margin that has this score, a hair above it."""
        odds = math.log(score / (1.0 - score)) if 0.0 < score < 1.0 else math.copysign(60.0, score - 0.5)
        return round((odds - self.offset) / self.slope, 6) + 1e-3

    def evidence(self, candidate: Candidate, text: Text) -> tuple[Evidence, ...]:
        """Return what each feature adds to the margin, rounded to 6 decimals, heaviest first."""
        parts = zip(FEATURES.items(), self.weights, candidate.vector(), strict=True)
        heard = ((name, told, round(weight * value, 6)) for (name, told), weight, value in parts if value and weight)
        reasons = [Evidence(told, added, _quotes(name, candidate, text)) for name, told, added in heard if added]
        return tuple(sorted(reasons, key=lambda reason: (-abs(reason.contribution), reason.term)))


_ABOUT = {"headline": ParagraphKind.HEADLINE, "dateline": ParagraphKind.DATELINE, "quoted": ParagraphKind.QUOTE}


def _quotes(name: str, candidate: Candidate, text: Text) -> tuple[Quote, ...]:
    """Return the words that a feature speaks of, the first few; properties of the whole article have none."""
    speaking: tuple[Mention, ...] = ()
    if name in _ABOUT:
        speaking = tuple(m for m in candidate.mentions if m.kind is _ABOUT[name])
    elif name == "lead":
        speaking = candidate.lead
    elif name == "first":
        speaking = candidate.mentions[:1]
    elif name == "count":
        speaking = candidate.mentions
    return tuple(text.quote(m.start, m.end) for m in speaking[:MOST_QUOTES])


@dataclass(frozen=True, slots=True)
class FocusModel:
    """One model for countries and groups of countries, one for divisions and cities; ``levels`` are those that are proposed.

    ``own_labels`` renames places to the labels of the archive that the model was trained on; only those are proposed then.
    """

    country: LevelModel
    local: LevelModel
    levels: frozenset[Level]
    own_labels: Mapping[str, str]

    def of(self, level: Level) -> LevelModel:
        """Return the model of a level."""
        return self.country if level in COUNTRY_LEVELS else self.local

    @classmethod
    def read(cls, part: FacetPart) -> FocusModel:
        """Return the model of a part; raise BundleDamagedError when its arrays or settings do not fit."""
        settings = part.settings
        try:
            weights, platt = part.arrays["focus_weights"], part.arrays["focus_platt"]
            if (
                weights.shape != (2, len(FEATURES) + 1)
                or platt.shape != (2, 2)
                or not np.isfinite(weights).all()
                or not np.isfinite(platt).all()
            ):
                raise ValueError("wrong shape or not finite")
            country, local = (
                LevelModel(tuple(row[:-1]), row[-1], slope, offset, _bounds(settings["bounds"][name]))
                for row, (slope, offset), name in zip(weights.tolist(), platt.tolist(), ("country", "local"), strict=True)
            )
            return cls(country, local, frozenset(Level[name] for name in settings["levels"]), dict(settings.get("own_labels", {})))
        except (KeyError, TypeError, ValueError) as error:
            what = f"the model of places cannot be used: {error}"
            raise BundleDamagedError(what, next_step="roll back to another version or train again") from None


def _bounds(table: Json) -> Bounds:
    bounds = Bounds(float(table["suggest"]), float(table["focus"]), float(table["auto"]))
    if not all(0.0 <= bound <= 1.0 for bound in (bounds.suggest, bounds.focus, bounds.auto)):
        raise ValueError("a bound is outside 0 to 1")
    return bounds

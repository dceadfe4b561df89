"""The constants of a linear part: what a recipe may set, with defaults that do well on news."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from newstagger.errors import ConfigError
from newstagger.learning.features import Block

CALIBRATIONS = ("folds", "sources")
POSITIVE = ("c", "tolerance")
"""Constants that are above 0; all others are at least 0."""
LEAST = {"folds": 2, "min_documents": 1, "phrase_documents": 1}
MOST = {"precision": 1, "precisions": 1}
"""Shares. ``auto`` has no upper bound: nothing is written unasked from a score above 1 on."""


@dataclass(frozen=True, slots=True)
class Expert:
    """A model that learns some sources apart: its vote beside that of the rest, which is 1, and its own ``c``."""

    sources: tuple[str, ...]
    weight: float = 1.0
    c: float = 1.0

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> Expert:
        """Return the expert that a recipe describes; raise KeyError, TypeError or ValueError for anything else."""
        unknown = sorted(set(table) - {"sources", "weight", "c"})
        if unknown:
            raise ValueError(f"an expert has no {unknown[0]}: it has sources, weight and c")
        if isinstance(table["sources"], str) or not table["sources"]:
            raise ValueError("the sources of an expert are a list of ids")
        read = cls(tuple(str(source) for source in table["sources"]), float(table.get("weight", 1.0)), float(table.get("c", 1.0)))
        if not (0 < read.weight < math.inf and 0 < read.c < math.inf):
            raise ValueError("weight and c of an expert are above 0")
        return read


@dataclass(frozen=True, slots=True)
class LinearConstants:
    """How a linear part is trained and decides.

    ``blocks``: zones weighed together. ``min_documents``: a term in fewer documents is not learned (``phrase_documents``: a phrase).
    ``c``: inverse regularisation of the SVM. ``balance``: exponent of (negatives / positives) by which positives weigh more, 0 = not
    at all, 1 = scikit-learn's "balanced". ``tolerance``: where the solver stops. ``relevance``: exponent of a term's relevance
    frequency for a label, by which its values are scaled while that label is learned, 0 = not at all. ``name_weight``: weight of a
    made-up example a label that consists of the label's name, 0 = none. ``folds``: for out-of-fold margins. ``calibration_prior`` and
    ``threshold_prior``: how many positives' worth of trust a label's own calibration and threshold must beat before they part from
    the common ones. ``at_least_one``: the best label is suggested where none reaches its threshold, if its score is at least
    ``floor``. ``auto``: least score of a tag that is written unasked, ``auto_words``: fewest narrative words of a text that one is
    written on, ``auto_languages``: those in which any is (none named: in all). ``prune``: weights below are cut. ``source_weights``:
    weight of an example by its source (default 1). ``equal_sources``: exponent, 0 = examples weigh the same, 1 = sources do.
    ``experts``: sources that are learned apart, by models that vote with the one of the rest. ``own_negatives``: a source is no
    evidence against a label that it never gives. ``vectors``: weight of word vectors beside the words (English; 0 = none).
    ``translations``: weight of English counterparts beside the words of other languages (0 = none). ``calibrate``: "folds" (a curve a
    label, on shuffled folds) or "sources" (one curve for all, on sources left out: for what must carry to other outlets).
    ``precision``: the share of tags written unasked that must have been right on held-out texts (0 = ``auto`` alone decides), and
    ``precisions`` the same by label. ``hierarchy``: broader Media Topics are learned beside the narrower ones that the rows give, and
    derived in tags. ``min_words``: fewest narrative words worth a judgement. ``min_known``: least share of them in the vocabulary.
    ``min_language``: fewest examples of a language before it is spoken.
    """

    blocks: tuple[Block, ...] = (Block(("headline", "lead", "body")), Block(("headline",), 0.5))
    min_documents: int = 3
    phrase_documents: int = 5
    c: float = 1.0
    balance: float = 0.3
    tolerance: float = 0.0001
    relevance: float = 0.0
    name_weight: float = 0.0
    folds: int = 5
    seed: int = 0
    calibration_prior: float = 10.0
    threshold_prior: float = 2.0
    at_least_one: bool = True
    floor: float = 0.1
    auto: float = 0.5
    auto_words: int = 0
    auto_languages: tuple[str, ...] = ()
    prune: float = 0.01
    source_weights: Mapping[str, float] = field(default_factory=dict)
    equal_sources: float = 0.0
    own_negatives: bool = False
    experts: tuple[Expert, ...] = ()
    vectors: float = 0.0
    translations: float = 0.0
    calibrate: str = "folds"
    precision: float = 0.95
    precisions: Mapping[str, float] = field(default_factory=dict)
    hierarchy: bool = True
    min_words: int = 8
    min_known: float = 0.3
    min_language: int = 200

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> LinearConstants:
        """Return the constants that a recipe sets; raise ConfigError naming one that is unknown or of the wrong type."""
        defaults = cls()
        known = [f.name for f in fields(cls)]
        for name in table:
            if name not in known:
                near = difflib.get_close_matches(name, known, 1, 0.5)
                raise ConfigError(
                    f"unknown constant {name}", next_step=f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
                )
        return cls(**{name: _value(name, value, getattr(defaults, name)) for name, value in table.items()})


def _value(name: str, value: Any, default: Any) -> Any:
    try:
        if name == "blocks":
            return _blocks(value)
        if name == "auto_languages" and isinstance(value, str):
            raise ValueError("it is a list of codes")
        if name == "experts":
            return tuple(Expert.read(expert) for expert in value)
        if name == "calibrate" and value not in CALIBRATIONS:
            raise ValueError(f"it is one of {', '.join(CALIBRATIONS)}")
        if name in ("source_weights", "precisions"):
            return {str(key): _within_reason(name, float(number)) for key, number in value.items()}
        if isinstance(value, bool) != isinstance(default, bool):
            raise TypeError("true or false is not a number")
        found = _within_reason(name, type(default)(value))
        if isinstance(default, float | int) and found != value:
            raise TypeError("it is a whole number" if isinstance(default, int) else "it is a number")
        return found
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise ConfigError(f"constant {name} cannot be used: {error}", next_step="correct the recipe") from None


def _blocks(value: Any) -> tuple[Block, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise ValueError("it is a list of tables")
    return tuple(Block.read(block) for block in value)


def _within_reason(name: str, value: Any) -> Any:
    """Return a constant if training can take it; raise ValueError otherwise."""
    if isinstance(value, bool | str | tuple):
        return value
    if not math.isfinite(value):
        raise ValueError("it is a finite number")
    least = LEAST.get(name, 0)
    if value < least or (name in POSITIVE and value <= 0):
        raise ValueError(f"it is {'above 0' if name in POSITIVE else f'at least {least}'}")
    if value > MOST.get(name, math.inf):
        raise ValueError(f"it is at most {MOST[name]}")
    return value

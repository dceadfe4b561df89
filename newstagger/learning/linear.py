"""A linear part in memory: scores texts with NumPy alone. Whatever is wrong with a part's arrays is found when it is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import FacetPart
from newstagger.domain import Text
from newstagger.errors import BundleDamagedError
from newstagger.learning.calibration import STRAIGHT, probability
from newstagger.learning.carry import FEATURES, carried_scores, rises
from newstagger.learning.features import Block, Terms, terms_of
from newstagger.learning.vocabulary import Vector, Vocabulary

Doubles = NDArray[np.float64]
PER_LABEL = ("bias", "slope", "offset", "thresholds", "auto")
"""Arrays of float32 with one entry a label; ``auto`` is the score from which a tag is written unasked."""


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Weights by term: those of term i are ``values[indptr[i]:indptr[i + 1]]``, of the labels in ``labels`` at the same places."""

    indptr: NDArray[np.uint32]
    labels: NDArray[np.uint16]
    values: NDArray[np.float16]

    @classmethod
    def pack(cls, terms: int, columns: Sequence[tuple[NDArray[np.int64], NDArray[np.float16]]]) -> Weights:
        """Return the weights of ``columns``, one (rows of the vocabulary, values) a label, turned to lie by term."""
        term = np.concatenate([np.zeros(0, dtype=np.int64), *(rows for rows, _ in columns)])
        label = np.repeat(np.arange(len(columns)), [len(rows) for rows, _ in columns])
        value = np.concatenate([np.zeros(0, dtype=np.float16), *(values for _, values in columns)])
        order = np.lexsort((label, term))
        indptr = np.zeros(terms + 1, dtype=np.uint32)
        np.cumsum(np.bincount(term, minlength=terms), out=indptr[1:])
        return cls(indptr, label[order].astype(np.uint16), value[order])

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[Any]]) -> Weights:
        """Return the weights that ``arrays`` stored."""
        return cls(arrays["indptr"], arrays["columns"], arrays["weights"])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays under the names that ``read`` expects."""
        return {"indptr": self.indptr, "columns": self.labels, "weights": self.values}

    def problem(self, terms: int, labels: int) -> str | None:
        """Return what is wrong with the arrays for that many terms and labels, or None."""
        if [self.indptr.dtype, self.labels.dtype, self.values.dtype] != [np.dtype(t) for t in (np.uint32, np.uint16, np.float16)]:
            return "wrong array types in the weights"
        if self.indptr.shape != (terms + 1,) or self.labels.ndim != 1 or self.labels.shape != self.values.shape:
            return "the weights' arrays differ in length"
        if int(self.indptr[0]) or int(self.indptr[-1]) != len(self.labels) or bool(np.any(self.indptr[1:] < self.indptr[:-1])):
            return "the weights' offsets are out of range"
        if len(self.labels) and int(self.labels.max()) >= labels:
            return "a weight of an unknown label"
        return None if bool(np.isfinite(self.values).all()) else "a weight is not a finite number"

    def of(self, columns: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.uint16], NDArray[np.float16]]:
        """Return all weights of some terms: which of ``columns`` (by place) each belongs to, its label, its value."""
        starts = self.indptr[columns].astype(np.int64)
        lengths = self.indptr[columns + 1].astype(np.int64) - starts
        places = np.repeat(np.arange(len(columns)), lengths)
        ends = np.cumsum(lengths)
        at = np.arange(len(places)) + np.repeat(starts - ends + lengths, lengths)
        return places, self.labels[at], self.values[at]


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """One text scored: its terms, its vector, every weight that fired (place in the vector, label, contribution), and the margins."""

    terms: Terms
    vector: Vector
    places: NDArray[np.int64]
    labels: NDArray[np.uint16]
    contributions: Doubles
    margins: Doubles


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """One-vs-rest linear model: margin = bias + weights . TF-IDF vector; ``per_label`` holds the arrays of ``PER_LABEL``.

    A ``bend`` changes all labels' curves in the same way (see ``calibration``). With a ``curve`` (see ``carry``) all labels share
    one calibration, and ``thresholds`` are scores instead of margins.
    """

    vocabulary: Vocabulary
    weights: Weights
    per_label: Mapping[str, Doubles]
    curve: Doubles | None = None
    bend: Doubles | None = None

    @classmethod
    def read(cls, part: FacetPart) -> LinearModel:
        """Return the model of a part of kind "linear"; raise BundleDamagedError naming what does not fit."""
        where = f"{part.facet} part"
        try:
            blocks = tuple(Block.read(block) for block in part.settings["blocks"])
            per_label = {name: _column(part.arrays[name]) for name in PER_LABEL}
            curve = _column(part.arrays["curve"]) if "curve" in part.arrays else None
            bend = _column(part.arrays["bend"]) if "bend" in part.arrays else None
            model = cls(Vocabulary.read(part.arrays, blocks), Weights.read(part.arrays), per_label, curve, bend)
        except (KeyError, TypeError, ValueError) as error:
            raise BundleDamagedError(f"a setting or array is missing or malformed: {error}", where=where) from None
        if problem := model.problem(len(part.concepts)):
            raise BundleDamagedError(problem, where=where, next_step="train it again, or copy the bundle again")
        return model

    def problem(self, labels: int) -> str | None:
        """Return what is wrong with the arrays for that many labels, or None."""
        for name, column in self.per_label.items():
            if column.shape != (labels,) or not bool(np.isfinite(column).all()):
                return f"{name} is not one finite number a label"
        if self.curve is not None and (self.curve.shape != (FEATURES,) or not bool(np.isfinite(self.curve).all())):
            return f"the calibration is not {FEATURES} finite numbers"
        if self.bend is not None and (self.bend.shape != (len(STRAIGHT),) or not bool(np.isfinite(self.bend).all())):
            return f"the bend of the calibration is not {len(STRAIGHT)} finite numbers"
        if self.bend is not None and bool((self.bend[:-1] <= 0).any()):
            return "a calibration does not rise"
        if bool((self.per_label["slope"] <= 0).any()) or (self.curve is not None and not rises(self.curve)):
            return "a calibration does not rise"
        return self.vocabulary.problem() or self.weights.problem(len(self.vocabulary), labels)

    @property
    def labels(self) -> int:
        """How many labels there are."""
        return len(self.per_label["bias"])

    def score(self, text: Text) -> Scored:
        """Score one text, keeping what its evidence is made of."""
        terms = terms_of(text, self.vocabulary.blocks)
        vector = self.vocabulary.vector(terms)
        places, labels, values = self.weights.of(vector.columns)
        contributions = values.astype(np.float64) * vector.values[places].astype(np.float64)
        sums = np.bincount(labels, weights=contributions, minlength=self.labels)
        return Scored(terms, vector, places, labels, contributions, self.per_label["bias"] + sums)

    def margins(self, texts: Iterable[Text]) -> Doubles:
        """Return texts x labels margins."""
        rows = [self.score(text).margins for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.labels))

    def probabilities(self, margins: Doubles, terms: Doubles | float = 0.0) -> Doubles:
        """Return calibrated probabilities of margins (labels last) in texts of that many known terms each."""
        if self.curve is None:
            return probability(margins, self.per_label["slope"], self.per_label["offset"], self.bend)
        rows = np.atleast_2d(margins)
        return carried_scores(rows, np.broadcast_to(np.asarray(terms, dtype=np.float64), rows.shape[:1]), self.curve).reshape(margins.shape)

    def worth_showing(self, margins: Doubles, scores: Doubles) -> NDArray[np.bool_]:
        """Return which labels reach their threshold."""
        return (margins if self.curve is None else scores) >= self.per_label["thresholds"]


def _column(array: NDArray[Any]) -> Doubles:
    if array.dtype != np.float32:
        raise TypeError("expected float32")
    return array.astype(np.float64)

"""How far scores and decisions keep what they promise, on answers that a tagger gave to labelled examples. NumPy only.

Expected calibration error over bins of equal mass (Naeini et al. 2015); of the tags written unasked, how many are right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Example, Tagger
from newstagger.domain import Decision, FacetScore, Proposal, Role
from newstagger.learning.evaluation import fallbacks
from newstagger.learning.hierarchy import broader_ids

BINS = 15
LEAST = 0.1
"""Scores below say "no" and would drown the rest."""


def expected_error(scores: NDArray[np.float64], right: NDArray[np.bool_], bins: int = BINS, least: float = LEAST) -> float:
    """Return the mean distance of score and share of right pairs over bins of equal mass; pairs of a lower score do not count."""
    counted = scores >= least
    ranked = np.flatnonzero(counted)[np.argsort(scores[counted], kind="stable")]
    if not len(ranked):
        return 0.0
    cut = np.array_split(ranked, min(bins, len(ranked)))
    return float(sum(abs(float(scores[p].sum()) - float(right[p].sum())) for p in cut) / len(ranked))


class Tally:
    """What a tagger's scores and its decision ``auto`` came to, example by example; tags that are derived or unjudged do not count.

    Nor do broader concepts of wanted ones that no example wants itself: no row could say them, and F1 passes them over, too.
    """

    def __init__(self) -> None:
        self._wanted: set[str] = set()
        self._pairs: list[tuple[str, float, bool]] = []
        self._auto: list[list[tuple[str, bool]]] = []

    def beside(self, watch: Callable[[Tagger, Example, Proposal], None]) -> Callable[[Tagger, Example, Proposal], None]:
        """Return a watch that counts here and tells the other as well."""

        def both(tagger: Tagger, example: Example, proposal: Proposal) -> None:
            self.count(example, proposal)
            watch(tagger, example, proposal)

        return both

    def count(self, example: Example, proposal: Proposal) -> None:
        """Count one answer."""
        judged = [tag for tag in proposal.tags if tag.role is not Role.DERIVED and example.judges(tag.concept.id)]
        self._wanted.update(example.labels)
        self._pairs += [(tag.concept.id, tag.score, tag.concept.id in example.labels) for tag in judged]
        self._auto.append([(tag.concept.id, tag.concept.id in example.labels) for tag in judged if tag.decision is Decision.AUTO])

    def told(self, score: FacetScore) -> FacetScore:
        """Return the figures with those counted here; None where there was nothing to count."""
        aside = fallbacks([self._wanted], broader_ids(self._wanted))
        pairs = [(points, hit) for name, points, hit in self._pairs if name not in aside]
        scores = np.array([points for points, _ in pairs])
        right = np.array([hit for _, hit in pairs], dtype=np.bool_)
        auto = [[hit for name, hit in hits if name not in aside] for hits in self._auto]
        hits = [hit for listed in auto for hit in listed]
        return replace(
            score,
            auto_precision=sum(hits) / len(hits) if hits else None,
            with_auto=sum(map(bool, auto)) / len(auto) if auto else None,
            calibration_error=expected_error(scores, right) if bool((scores >= LEAST).any()) else None,
        )

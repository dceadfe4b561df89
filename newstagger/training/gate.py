"""May a candidate take the place of the bundle that is current? No tag that the newsroom marked important may get worse beyond noise.

``compare`` brings the figures, the settings the important tags; whether the newsroom promotes it anyway is its own business.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from newstagger.bundles.bundle import Bundle
from newstagger.domain import Concept, Facet
from newstagger.learning.bootstrap import Contrast, Verdict
from newstagger.taxonomy import media_topics, prefix_of
from newstagger.training.compare import Comparison, FacetContrast
from newstagger.training.trainers import vocabulary_of


class Reason(StrEnum):
    """What is to be said of an important tag; all but ``FEW`` and ``NEITHER`` stand against the candidate."""

    WORSE = "worse"
    LOST = "lost"
    UNCOMPARED = "not compared"
    FEW = "too few rows"
    NEITHER = "in neither"


@dataclass(frozen=True, slots=True)
class Finding:
    """An important tag of which something is to be said; ``contrast`` has its figures where there are some."""

    id: str
    name: str
    facet: Facet | None
    reason: Reason
    contrast: Contrast | None = None

    @property
    def refuses(self) -> bool:
        """Whether it keeps the candidate from being promoted."""
        return self.reason not in (Reason.FEW, Reason.NEITHER)


def judge(important: Sequence[str], first: Bundle, second: Bundle, comparison: Comparison) -> tuple[Finding, ...]:
    """Return what is to be said of the important tags before ``second`` takes the place of ``first``; nothing where all is well.

    A tag that got worse beyond noise refuses, one that the candidate cannot give any more, and one of a facet of which no row
    could be compared. One that too few rows speak of is told only. A retired Media Topic stands for its successor.
    """
    told = {contrast.facet: contrast for contrast in comparison.facets}
    return tuple(found for tag in dict.fromkeys(_live(tag) for tag in important) for found in _judged(tag, first, second, told))


def _judged(tag: str, first: Bundle, second: Bundle, told: dict[Facet, FacetContrast]) -> Iterator[Finding]:
    facet, concept = next(_giving(first, tag), (None, None))
    if facet is None or concept is None:
        if next(_giving(second, tag), None) is None:
            yield Finding(tag, _name(tag), None, Reason.NEITHER)
    elif facet not in second.parts or not any(other is facet for other, _ in _giving(second, tag)):
        yield Finding(tag, concept.pref_label, facet, Reason.LOST)
    elif reason := _reason(tag, told.get(facet)):
        contrast = next((one.contrast for one in told[facet].labels if one.id == tag), None) if facet in told else None
        yield Finding(tag, concept.pref_label, facet, reason, contrast)


def _reason(tag: str, told: FacetContrast | None) -> Reason | None:
    """Return what is to be said of a tag that both bundles give, or None."""
    if told is not None and told.same:
        return None
    if told is None or not told.rows:
        return Reason.UNCOMPARED
    verdict = next((one.contrast.verdict for one in told.labels if one.id == tag), Verdict.FEW)
    return {Verdict.WORSE: Reason.WORSE, Verdict.FEW: Reason.FEW}.get(verdict)


def _giving(bundle: Bundle, tag: str) -> Iterator[tuple[Facet, Concept]]:
    """Yield the facets of a bundle that can give a tag, each with its concept."""
    for facet, part in bundle.parts.items():
        listed = (concept for concept in part.concepts if concept.id == tag)
        asked = (concept for vocabulary in vocabulary_of(part) if (concept := vocabulary.concept(tag)))
        if concept := next(listed, None) or next(asked, None):
            yield facet, concept


def _live(tag: str) -> str:
    concept = media_topics().concept(tag) if prefix_of(tag) == "medtop" else None
    return tag if concept is None else concept.id


def _name(tag: str) -> str:
    concept = media_topics().concept(tag)
    return tag if concept is None else concept.pref_label

"""The region tagger: places named in an article, each with the probability that the story is about it."""

from __future__ import annotations

from dataclasses import replace

from newstagger.contracts import FacetPart
from newstagger.domain import Abstention, Article, BundleRef, Concept, Facet, Proposal, Tag, Text, in_order
from newstagger.places.focus import Candidate, candidates
from newstagger.places.gazetteer import Gazetteer
from newstagger.places.model import LOWEST_SCORE, MOST_TAGS, FocusModel
from newstagger.places.resolution import Mention, mentions


class RegionTagger:
    """Proposes regions of a ``places`` part (contracts.Tagger): ``focus`` where the story is about a place, else ``mentioned``.

    Raises BundleDamagedError on a part that does not fit together. Holds no state of an article; safe in several threads.
    """

    name = "region"
    facet = Facet.REGION

    def __init__(self, part: FacetPart, ref: BundleRef | None = None) -> None:
        self.gazetteer = Gazetteer.read(part)
        self.model = FocusModel.read(part)
        self.ref = ref

    def mentions(self, text: Text) -> list[Mention]:
        """Return the places that the text names, in order."""
        return mentions(text, self.gazetteer)

    def tag(self, article: Article, text: Text) -> Proposal:
        """Return the places worth a look, the likeliest first; abstain where no place is named."""
        found = self.mentions(text)
        if not found:
            return Proposal((), (Abstention(Facet.REGION, "no place named"),))
        offered = (candidate for candidate in candidates(text, found, self.gazetteer) if self._offered(candidate))
        scored = [(self.model.of(candidate.level).scored(candidate), candidate) for candidate in offered]
        likely = sorted((one for one in scored if one[0] >= LOWEST_SCORE), key=lambda one: (-one[0], one[1].row))
        return Proposal(in_order(self._tag(candidate, text) for _, candidate in likely[:MOST_TAGS]))

    def _offered(self, candidate: Candidate) -> bool:
        if candidate.level not in self.model.levels:
            return False
        return not self.model.own_labels or self.gazetteer.id(candidate.row) in self.model.own_labels

    def _tag(self, candidate: Candidate, text: Text) -> Tag:
        model = self.model.of(candidate.level)
        evidence = model.evidence(candidate, text)
        margin, bias = round(model.margin(candidate), 6), round(model.bias, 6)
        rest = round(margin - bias - sum(reason.contribution for reason in evidence), 6)
        score = model.scored(candidate)
        decision, role = model.bounds.decide(score, candidate)
        return Tag(self._concept(candidate.row), score, decision, role, margin, bias, rest, evidence, self.name, self.ref)

    def _concept(self, row: int) -> Concept:
        concept = self.gazetteer.concept_at(row)
        own = self.model.own_labels.get(concept.id)
        return concept if own is None else replace(concept, id=own, exact_match=(concept.id, *concept.exact_match), broader=())

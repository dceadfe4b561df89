"""Finds the newsroom's own concepts by their names: no model, no training, known from the next save on.

The margin is a sum that an editor can follow: named in the headline, named in the lead, how often it is named. A concept is
suggested from a margin of 0 on: one mention in the headline or in the lead is enough, or three anywhere in the story. It is
never written by itself: a name is no proof of what a story is about.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from newstagger.contracts import OwnConcept
from newstagger.domain import Article, Decision, Evidence, Facet, Proposal, Role, Tag, Text, in_order
from newstagger.newsroom.mentions import Found, NameFinder

NAME = "own-terms"
BIAS, HEADLINE, LEAD, DOUBLED = -1.5, 2.0, 1.5, 1.0
"""Weights, in margin units: a mention in the headline, one in the lead, and each doubling of the number of mentions."""
MOST_QUOTES = 100


class OwnTermTagger:
    """Suggests concepts of one facet where their names stand in the story. Holds no state of an article; safe in several threads."""

    name = NAME

    def __init__(self, facet: Facet, own: Sequence[OwnConcept]) -> None:
        self.facet = facet
        self._own = tuple(own)
        self._finder = NameFinder(self._own)

    def tag(self, article: Article, text: Text) -> Proposal:
        """Return the concepts that the story names, each mention a reason; nothing else."""
        return Proposal(in_order(self._tag(row, places) for row, places in self._finder.find(text).items()))

    def _tag(self, row: int, places: Found) -> Tag:
        concept, times = self._own[row].concept, len(places.all)
        evidence = (
            *([Evidence("named in the headline", HEADLINE, tuple(places.headline))] if places.headline else []),
            *([Evidence("named in the lead", LEAD, tuple(places.lead))] if places.lead else []),
            Evidence("how often it is named", round(DOUBLED * math.log2(times), 6), tuple(places.all[:MOST_QUOTES])),
        )
        margin = round(BIAS + sum(reason.contribution for reason in evidence), 6)
        score = round(1.0 / (1.0 + math.exp(-margin)), 6)
        decision = Decision.SUGGEST if margin >= 0 else Decision.SILENT
        return Tag(concept, score, decision, _role(concept.facet, decision), margin, BIAS, 0.0, evidence, NAME)


def own_term_taggers(own: Sequence[OwnConcept]) -> tuple[OwnTermTagger, ...]:
    """Return one tagger for each facet that has own concepts."""
    by_facet: Mapping[Facet, list[OwnConcept]] = {facet: [one for one in own if one.concept.facet is facet] for facet in Facet}
    return tuple(OwnTermTagger(facet, some) for facet, some in by_facet.items() if some)


def _role(facet: Facet, decision: Decision) -> Role:
    if facet is Facet.REGION:
        return Role.FOCUS if decision is Decision.SUGGEST else Role.MENTIONED
    return Role.MAIN if facet is Facet.TOPIC else Role.ACTOR

"""The region tagger: places named in an article, each with the probability that the story is about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from newstagger.contracts import FacetPart
from newstagger.domain import Abstention, Article, BundleRef, Concept, Evidence, Facet, Proposal, Role, Tag, Text, in_order
from newstagger.places.focus import Candidate, candidates
from newstagger.places.gazetteer import Gazetteer, Level, Mark
from newstagger.places.model import LOWEST_SCORE, MOST_TAGS, FocusModel
from newstagger.places.resolution import Mention, mentions

NO_NAME = Mark.ADJECTIVE | Mark.ABBREVIATION | Mark.SEAT
MOST_NAMED = 20
"""So many places of one name are told at most."""


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
        self._places = {label: place for place, label in self.model.own_labels.items()}

    def concept(self, concept_id: str) -> Concept | None:
        """Return a place by its id in the gazetteer or by the archive's own label (contracts.Vocabulary)."""
        row = self.gazetteer.row(self._places.get(concept_id, concept_id))
        if row is None:
            return None
        return self._concept(row) if concept_id in self._places else self.gazetteer.concept_at(row)

    def named(self, label: str) -> tuple[Concept, ...]:
        """Return the places of that name, countries first, then by inhabitants (contracts.NameIndex); peoples and seats are no names."""
        places = self.gazetteer
        pairs = (*places.folded.rows_of(label), *places.exact.rows_of(label), *places.exact.rows_of(label.upper()))
        bearers = {row for row, mark in pairs if not mark & NO_NAME}
        ordered = sorted(bearers, key=lambda row: (places.levels[row] != Level.COUNTRY, -places.populations[row], row))
        return tuple(self._concept(row) for row in ordered[:MOST_NAMED])

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield the places' main names with their ids, countries first, then by inhabitants (nameprefix.NameList)."""
        places = self.gazetteer
        for row in np.lexsort((-places.columns["population"], places.columns["level"] != Level.COUNTRY)).tolist():
            concept_id, name = places.id(row), places.strings["names"][row]
            if not self.model.own_labels:
                yield name, concept_id
            elif (own := self.model.own_labels.get(concept_id)) is not None:
                yield from ((name, own), (own, own))

    def bars(self, concept_id: str) -> tuple[float, float] | None:
        """Return the scores from which a place is suggested and written unasked; None for one it lacks."""
        row = self.gazetteer.row(self._places.get(concept_id, concept_id))
        if row is None:
            return None
        bounds = self.model.of(Level(self.gazetteer.levels[row])).bounds
        return bounds.suggest, bounds.auto

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
        around = {self._country(c) for score, c in scored if score >= self.model.of(c.level).bounds.focus}
        worth = (one for one in scored if one[0] >= LOWEST_SCORE or one[1].row in around)
        likely = sorted(worth, key=lambda one: (one[1].row not in around, -one[0], one[1].row))
        return Proposal(in_order(self._inclusive([(candidate, self._tag(candidate, text)) for _, candidate in likely[:MOST_TAGS]])))

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

    def _inclusive(self, tags: list[tuple[Candidate, Tag]]) -> list[Tag]:
        """Make a country at least as sure as its surest part that the story is about: who tells of Aleppo tells of Syria."""
        parts: dict[int, Tag] = {}
        for candidate, tag in tags:
            country = self._country(candidate)
            if country != candidate.row and tag.role is Role.FOCUS and (country not in parts or parts[country].score < tag.score):
                parts[country] = tag
        return [self._lifted(candidate, tag, parts.get(candidate.row)) for candidate, tag in tags]

    def _country(self, candidate: Candidate) -> int:
        return int(self.gazetteer.columns["country"][candidate.row])

    def _lifted(self, candidate: Candidate, tag: Tag, part: Tag | None) -> Tag:
        if part is None or part.score < tag.score:
            return tag if part is None else replace(tag, role=Role.FOCUS)
        model = self.model.of(candidate.level)
        margin = round(model.margin_for(part.score), 6)
        added = round(margin - tag.margin, 6)
        quotes = next((reason.quotes for reason in part.evidence if reason.quotes), ())
        reason = Evidence(f"the story is about {part.concept.pref_label}, which lies in it", added, quotes)
        score = model.score_of(margin)
        decision, _ = model.bounds.decide(score, candidate)
        return replace(tag, score=score, decision=decision, role=Role.FOCUS, margin=margin, evidence=(reason, *tag.evidence))

    def _concept(self, row: int) -> Concept:
        concept = self.gazetteer.concept_at(row)
        own = self.model.own_labels.get(concept.id)
        return concept if own is None else replace(concept, id=own, exact_match=(concept.id, *concept.exact_match), broader=())

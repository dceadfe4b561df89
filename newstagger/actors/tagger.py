"""The actor tagger: dictionary candidates, one shared model, evidence that adds up to the margin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from newstagger.actors.features import FEATURES, Described, Quotes, describe
from newstagger.actors.gazetteer import ActorGazetteer
from newstagger.actors.mentions import MentionFinder
from newstagger.actors.model import ActorModel
from newstagger.actors.records import FormType
from newstagger.actors.roles import role_of
from newstagger.contracts import FacetPart
from newstagger.domain import Article, BundleRef, Concept, Evidence, Facet, Proposal, Tag, Text, in_order

MOST_TAGS = 30
LEAST_SCORE = 0.02
_DIGITS = 6
_KEPT = 1024
"""So many concepts are kept ready: a newsroom's stories name the same actors."""
TOLD = {
    "headline": "named in the headline",
    "lead": "named in the lead",
    "count": "how often it is named",
    "share": "share of all actors named",
    "full-name": "named in full",
    "early": "named early",
    "tf-idf": "named here, rarely elsewhere",
    "subject": "does or says something",
    "spread": "named throughout the text",
    "only": "the only actor named",
    "ambiguous": "a name that others bear too",
    "weak-form": "a name that is a common word",
    "country-told": "the text names its country",
    "out-of-years": "not in office at the time",
    "quoted": "is quoted",
    "cited": "is cited as a source",
}
"""Features in words; what a kind of actor adds is told by the kind's own name."""
_HEADLINE, _LEAD, _COUNT, _QUOTED = map(FEATURES.index, ("headline", "lead", "count", "quoted"))


def _told(feature: str) -> str:
    return TOLD.get(feature) or f"is a {feature.removeprefix('kind:')}"


@dataclass(frozen=True, slots=True)
class _Scored:
    """A candidate with what each feature adds to its margin."""

    told: Described
    parts: list[float]
    margin: float


class ActorTagger:
    """Tags an article with the actors that it is about, and the sources that it cites; safe to share between threads."""

    name = "actor"
    facet = Facet.ACTOR

    def __init__(self, part: FacetPart, ref: BundleRef | None) -> None:
        """Read a bundle's part; raise BundleDamagedError when it does not hold together."""
        self.gazetteer = ActorGazetteer.read(part)
        self.model = ActorModel.read(part.settings)
        self._ref = ref
        self._bias, self._weights = float(self.model.bias), self.model.weights.tolist()
        self._concept = lru_cache(_KEPT)(self.gazetteer.concept_at)
        self._finder = MentionFinder(self.gazetteer, self.model.context)

    def describe(self, text: Text, year: int = 0, *, with_headline: bool = True) -> list[Described]:
        """Return the candidates of a text with their features, by row."""
        return describe(self.gazetteer, self._finder.find(text, year), year, with_headline=with_headline)

    def concept(self, concept_id: str) -> Concept | None:
        """Return an actor of the dictionary by its id (contracts.Vocabulary)."""
        return self.gazetteer.concept(concept_id)

    def named(self, label: str) -> tuple[Concept, ...]:
        """Return the actors of that name or alias (contracts.NameIndex), in the order of the dictionary; "nato" is NATO."""
        folded, exact = self.gazetteer.folded, self.gazetteer.exact
        pairs = (*folded.rows_of(label), *exact.rows_of(label), *exact.rows_of(label.upper()))
        bearers = {row for row, form in pairs if form in (FormType.NAME, FormType.ALIAS)}
        return tuple(self._concept(row) for row in sorted(bearers)[:MOST_TAGS])

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield the actors' names and aliases with their ids, those first that texts speak of most (nameprefix.NameList)."""
        actors = self.gazetteer
        for row in np.argsort(actors.idf, kind="stable").tolist():
            concept_id = actors.id(row)
            yield actors.names[row], concept_id
            yield from ((alias, concept_id) for alias in actors.aliases[row].split("\n"))

    def bars(self, concept_id: str) -> tuple[float, float] | None:
        """Return the scores from which an actor is suggested and written unasked; None for one it lacks."""
        return None if self.concept(concept_id) is None else (self.model.threshold, self.model.auto)

    def tag(self, article: Article, text: Text) -> Proposal:
        """Return at most 30 tags with a score of .02 or more, from auto to silent."""
        year = year_of(article)
        named = self._finder.find(text, year)
        scored = [self._scored(told) for told in describe(self.gazetteer, named, year)]
        scored.sort(key=lambda one: (-one.margin, one.told.row))
        quotes = Quotes(text, named.words)
        return Proposal(in_order(self._tag(quotes, one) for one in scored[:MOST_TAGS] if self.model.score(one.margin) >= LEAST_SCORE))

    def _scored(self, told: Described) -> _Scored:
        parts = [weight * value for weight, value in zip(self._weights, told.values.tolist(), strict=True)]
        return _Scored(told, parts, self._bias + sum(parts))

    def _tag(self, quotes: Quotes, scored: _Scored) -> Tag:
        told, margin = scored.told, scored.margin
        evidence = self._evidence(quotes, scored)
        score = self.model.score(margin)
        rounded, bias = round(margin, _DIGITS), round(self._bias, _DIGITS)
        rest = round(rounded - bias - sum([e.contribution for e in evidence]), _DIGITS)
        return Tag(
            concept=self._concept(told.row),
            score=round(score, _DIGITS),
            decision=self.model.decide(score),
            role=role_of(self.gazetteer, told.row),
            margin=rounded,
            bias=bias,
            rest=rest + 0.0,
            evidence=evidence,
            tagger=self.name,
            bundle=self._ref,
        )

    def _evidence(self, quotes: Quotes, scored: _Scored) -> tuple[Evidence, ...]:
        """Return one reason for each feature that moves the margin or says "quoted", the strongest first."""
        told, parts = scored.told, scored.parts
        shown = [i for i, part in enumerate(parts) if part or (i == _QUOTED and told.values[i])]
        shown.sort(key=lambda i: (-abs(parts[i]), i))
        where = {_HEADLINE: told.in_headline, _LEAD: told.in_lead, _COUNT: told.mentions}
        return tuple([Evidence(_told(FEATURES[i]), round(parts[i], _DIGITS), quotes.of(where[i]) if i in where else ()) for i in shown])


def year_of(article: Article) -> int:
    """Return the year in which an article was made, 0 when it does not say."""
    made = article.version_created or ""
    return int(made[:4]) if made[:4].isdigit() else 0

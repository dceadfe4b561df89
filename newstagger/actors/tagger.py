"""The actor tagger: dictionary candidates, one shared model, evidence that adds up to the margin."""

from __future__ import annotations

from functools import lru_cache

from newstagger.actors.features import FEATURES, Described, Quotes, describe
from newstagger.actors.gazetteer import ActorGazetteer
from newstagger.actors.mentions import MentionFinder
from newstagger.actors.model import ActorModel
from newstagger.actors.roles import role_of
from newstagger.contracts import FacetPart
from newstagger.domain import Article, BundleRef, Evidence, Facet, Proposal, Tag, Text, in_order

MOST_TAGS = 30
LEAST_SCORE = 0.02
_DIGITS = 6
_KEPT = 1024
"""So many concepts are kept ready: a newsroom's stories name the same actors."""
_HEADLINE, _LEAD, _COUNT, _QUOTED = map(FEATURES.index, ("headline", "lead", "count", "quoted"))


class ActorTagger:
    """Tags an article with the actors that it is about, and the sources that it cites; safe to share between threads."""

    name = "actor"
    facet = Facet.ACTOR

    def __init__(self, part: FacetPart, ref: BundleRef | None) -> None:
        """Read a bundle's part; raise BundleDamagedError when it does not hold together."""
        self.gazetteer = ActorGazetteer.read(part)
        self.model = ActorModel.read(part.settings)
        self._ref = ref
        self._concept = lru_cache(_KEPT)(self.gazetteer.concept_at)
        self._finder = MentionFinder(self.gazetteer, self.model.context)

    def describe(self, text: Text, year: int = 0, *, with_headline: bool = True) -> list[Described]:
        """Return the candidates of a text with their features, by row."""
        return describe(self.gazetteer, self._finder.find(text, year), year, with_headline=with_headline)

    def tag(self, article: Article, text: Text) -> Proposal:
        """Return at most 30 tags with a score of .02 or more, from auto to silent."""
        year = year_of(article)
        named = self._finder.find(text, year)
        scored = [(float(self.model.bias + told.values @ self.model.weights), told) for told in describe(self.gazetteer, named, year)]
        scored.sort(key=lambda pair: (-pair[0], pair[1].row))
        quotes = Quotes(text, named.words)
        tags = [self._tag(quotes, told, margin) for margin, told in scored[:MOST_TAGS] if self.model.score(margin) >= LEAST_SCORE]
        return Proposal(in_order(tags))

    def _tag(self, quotes: Quotes, told: Described, margin: float) -> Tag:
        evidence = self._evidence(quotes, told)
        score = self.model.score(margin)
        rounded, bias = round(margin, _DIGITS), round(float(self.model.bias), _DIGITS)
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

    def _evidence(self, quotes: Quotes, told: Described) -> tuple[Evidence, ...]:
        """Return one reason for each feature that moves the margin or says "quoted", the strongest first."""
        contributions = (self.model.weights * told.values).tolist()
        shown = [i for i, value in enumerate(told.values.tolist()) if value and (contributions[i] or i == _QUOTED)]
        shown.sort(key=lambda i: (-abs(contributions[i]), i))
        where = {_HEADLINE: told.in_headline, _LEAD: told.in_lead, _COUNT: told.mentions}
        return tuple([Evidence(FEATURES[i], round(contributions[i], _DIGITS), quotes.of(where.get(i, ()))) for i in shown])


def year_of(article: Article) -> int:
    """Return the year in which an article was made, 0 when it does not say."""
    made = article.version_created or ""
    return int(made[:4]) if made[:4].isdigit() else 0

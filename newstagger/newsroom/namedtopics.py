"""Suggests Media Topics that the bundle was not trained on, where their names stand in the story. No training of the newsroom's own.

A name that is an ordinary word of news proves little by itself: it counts more in the headline, the more often it stands, when it
has several words, and when the model finds a broader topic. The weights are a logistic regression (``newstagger.logistic``, priors
at 0) on 145 names in news of 2022 and in articles written for training, judged by one reader (``recipes/fit_topic_names.py``).
Cross-validated, suggestions were right in 74 % of the news (written articles: 55 %), where any name in headline or lead, or three,
gave 58 % (37 %); half of what was right is left out. How common a name is and whether it stands in the lead added nothing.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Mapping, Sequence

from newstagger.contracts import OwnConcept
from newstagger.domain import BY_NAME, Article, Decision, Evidence, Facet, Proposal, Quote, Role, Tag, Text, in_order
from newstagger.newsroom.mentions import Found, NameFinder
from newstagger.taxonomy import media_topics
from newstagger.tokens import split_words

SUGGESTED = 0.6
"""The score from which a topic is suggested; below it is kept silently."""
BIAS, HEADLINE, DOUBLED, WORDS, BROADER = -0.509, 0.801, 1.264, 0.874, 0.226
"""Weights where the model knows a broader topic: named in the headline, each doubling of mentions, several words, logit of its score."""
ALONE_BIAS, ALONE_HEADLINE, ALONE_DOUBLED, ALONE_WORDS = -0.619, 0.561, 1.455, 1.058
"""The same where no model speaks of a broader topic."""
LEAST, MOST = 0.02, 0.995
"""The broader topic's score is taken to be within these."""
MOST_QUOTES = 100


class NamedTopicTagger:
    """Looks for Media Topics by their names in the text's language; in an unknown one for none. Safe in several threads."""

    name = BY_NAME
    facet = Facet.TOPIC

    def __init__(self, own: Sequence[OwnConcept], trained: Container[str] = ()) -> None:
        self._own, self._trained = tuple(own), trained
        self._finders: dict[str | None, tuple[tuple[OwnConcept, ...], NameFinder]] = {}

    def tag(self, article: Article, text: Text) -> Proposal:
        """Return the topics that the story names, judged without a model's answer."""
        return self.follow(article, text, {})

    def follow(self, article: Article, text: Text, proposed: Mapping[str, Tag]) -> Proposal:
        """Return the topics that the story names; ``proposed`` are the other taggers' tags by concept id."""
        own, finder = self._finder(text.language)
        spoken = any(told in self._trained for told in proposed)
        return Proposal(in_order(self._tag(own[row], found, proposed, spoken=spoken) for row, found in finder.find(text).items()))

    def _finder(self, language: str | None) -> tuple[tuple[OwnConcept, ...], NameFinder]:
        """Return the concepts that have names in a language with what finds them, made when a text of that language first comes."""
        if language not in self._finders:
            own = tuple(one for told in self._own for one in _in_language(told, language))
            self._finders[language] = (own, NameFinder(own))
        return self._finders[language]

    def _tag(self, one: OwnConcept, found: Found, proposed: Mapping[str, Tag], *, spoken: bool) -> Tag:
        above = [up for up in media_topics().lineage(one.concept.id)[1:] if up in self._trained] if spoken else []
        bias = BIAS if above else ALONE_BIAS
        reasons = tuple(_reasons(found, above, proposed))
        margin = round(bias + sum(reason.contribution for reason in reasons), 6)
        score = round(1.0 / (1.0 + math.exp(-margin)), 6)
        decision = Decision.SUGGEST if score >= SUGGESTED else Decision.SILENT
        return Tag(one.concept, score, decision, Role.MAIN, margin, bias, 0.0, reasons, BY_NAME)


def _in_language(told: OwnConcept, language: str | None) -> Iterator[OwnConcept]:
    if names := told.languages.get(language or "", ()):
        yield OwnConcept(told.concept, names)


def _reasons(found: Found, above: Sequence[str], proposed: Mapping[str, Tag]) -> Iterator[Evidence]:
    headline, doubled, words = (HEADLINE, DOUBLED, WORDS) if above else (ALONE_HEADLINE, ALONE_DOUBLED, ALONE_WORDS)
    if found.headline:
        yield Evidence("named in the headline", headline, tuple(found.headline))
    yield Evidence("how often it is named", round(doubled * math.log2(len(found.all)), 6), tuple(found.all[:MOST_QUOTES]))
    if long := _long(found.all):
        yield Evidence("by a name of several words", words, (long,))
    if above:
        score = max(proposed[up].score if up in proposed else 0.0 for up in above)
        share = min(max(score, LEAST), MOST)
        yield Evidence("how sure its broader topic is", round(BROADER * math.log(share / (1.0 - share)), 6))


def _long(quotes: Sequence[Quote]) -> Quote | None:
    return next((quote for quote in quotes if len(split_words(quote.quote)) > 1), None)


def named_topic_taggers(own: Sequence[OwnConcept], trained: Container[str]) -> tuple[NamedTopicTagger, ...]:
    """Return the tagger of those concepts that are looked for by the vocabulary's names, if there are any."""
    some = [one for one in own if one.languages]
    return (NamedTopicTagger(some, trained),) if some else ()

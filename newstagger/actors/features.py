"""What speaks for an actor in one article: the features of the shared model over (article, candidate), all in [0, 1] or nearly.

The same few features serve every actor, so the model works for actors that no training article ever named.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from newstagger.actors.candidates import NARRATIVE_KINDS, Candidate, Mention, Named
from newstagger.actors.gazetteer import ActorGazetteer
from newstagger.actors.lexicon import AUXILIARIES, SPEECH, VERBS
from newstagger.actors.records import COUNTRY_TYPES, FormType
from newstagger.actors.words import Words
from newstagger.domain import ParagraphKind, Quote, Text
from newstagger.tokens import KINDS

_SURE = 0.7
LEAD_WORDS = 60
"""The lead is this many first words of the body."""

_KIND_GROUPS = {
    "person": "kind:person",
    "government": "kind:state",
    "military": "kind:military",
    "police": "kind:military",
    "armed-group": "kind:group",
    "party": "kind:body",
    "igo": "kind:body",
    "ngo": "kind:body",
    "institution": "kind:body",
    "company": "kind:company",
}
_KIND_FEATURES = (*sorted(set(_KIND_GROUPS.values())), "kind:source")
_SAID = ("headline", "lead", "count", "share", "full-name", "early", "tf-idf", "subject", "spread", "only", "ambiguous", "weak-form")
FEATURES = (*_SAID, "country-told", "out-of-years", "quoted", "cited", *_KIND_FEATURES)
"""Names of the features in the order of the weights."""

_OF_KIND = {kind: tuple(float(kind == other) for other in _KIND_FEATURES) for kind in _KIND_FEATURES}
_HEADLINE = KINDS.index(ParagraphKind.HEADLINE)
_IN_BODY = np.array([number in NARRATIVE_KINDS and number != _HEADLINE for number in range(len(KINDS))])


@dataclass(frozen=True, slots=True)
class Described:
    """One candidate with its feature values (in the order of FEATURES) and the mentions behind some of them."""

    row: int
    values: np.ndarray[tuple[int], np.dtype[np.float64]]
    mentions: tuple[Mention, ...]
    in_headline: tuple[Mention, ...]
    in_lead: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the parts of an article lie, in word numbers, and how much is named in all."""

    lead: frozenset[int]
    narrative: int
    paragraphs: int
    total: float


def describe(gazetteer: ActorGazetteer, named: Named, year: int = 0, *, with_headline: bool = True) -> list[Described]:
    """Return every candidate with its features, by row; without the headline where labels were made from it."""
    kept = {row: _kept(named, candidate, with_headline) for row, candidate in sorted(named.candidates.items())}
    frame = _frame(named, sum(m.weight for mentions in kept.values() for m in mentions))
    return [_describe(gazetteer, named, named.candidates[row], mentions, frame, year) for row, mentions in kept.items() if mentions]


def _kept(named: Named, candidate: Candidate, with_headline: bool) -> list[Mention]:
    kinds = named.words.kind
    told = [m for m in candidate.mentions if with_headline or kinds(m.first) != _HEADLINE]
    return sorted(told, key=lambda m: m.first)


def _frame(named: Named, total: float) -> _Frame:
    body = np.flatnonzero(_IN_BODY[named.tokens.kind])
    paragraphs = 1 + int(np.count_nonzero(np.diff(named.tokens.paragraph[body])))
    return _Frame(frozenset(body[:LEAD_WORDS].tolist()), max(1, len(body)), paragraphs, max(total, 1.0))


def _describe(
    gazetteer: ActorGazetteer, named: Named, candidate: Candidate, mentions: list[Mention], frame: _Frame, year: int
) -> Described:
    row = candidate.row
    strength = sum([m.weight for m in mentions])
    words = named.words
    group = _KIND_GROUPS.get(gazetteer.kind(row), "kind:source")
    in_headline = tuple([m for m in mentions if words.kind(m.first) == _HEADLINE])
    in_lead = tuple([m for m in mentions if m.first in frame.lead])
    spread = len({words.paragraph(m.first) for m in mentions}) / frame.paragraphs
    said = any(map(partial(_quoted, words), mentions))
    values = [
        _most(in_headline),
        _most(in_lead),
        min(math.log2(1.0 + strength), 4.0) / 2.0,
        strength / frame.total,
        _most([m for m in mentions if _in_full(m)]),
        1.0 - min(mentions[0].first / frame.narrative, 1.0),
        math.log1p(strength) * float(gazetteer.idf[row]) / 20.0,
        _most([m for m in mentions if subject(named, m)]),
        min(spread, 1.0),
        float(frame.total <= strength),
        float(candidate.rivals > 0),
        float(mentions[0].type is FormType.WEAK and all(m.type is FormType.WEAK for m in mentions)),
        float(int(gazetteer.countries[row]) in named.countries),
        float(_outside(gazetteer, row, year)),
        float(said and group != "kind:source"),
        float(said and group == "kind:source"),
        *_OF_KIND[group],
    ]
    return Described(row, np.array(values), tuple(mentions), in_headline, in_lead)


def _most(mentions: Sequence[Mention]) -> float:
    """Return the weight of the surest mention, 0 for none."""
    return max([m.weight for m in mentions]) if mentions else 0.0


def _in_full(mention: Mention) -> bool:
    """Tell whether the words leave no doubt by themselves: several words of a name, or a country's in a context in which it acts."""
    if mention.type in COUNTRY_TYPES:
        return mention.weight >= _SURE
    return mention.type in (FormType.NAME, FormType.ALIAS) and mention.last - mention.first > 1


def _outside(gazetteer: ActorGazetteer, row: int, year: int) -> bool:
    start, end = int(gazetteer.starts[row]), int(gazetteer.ends[row])
    return bool(year) and ((bool(start) and year < start - 1) or (bool(end) and year > end + 1))


def subject(named: Named, mention: Mention) -> bool:
    """Tell whether the words look like the subject of a sentence: a verb of doing or saying follows."""
    word = named.words.low(mention.last, mention.first)
    return word in VERBS or word in AUXILIARIES


def _quoted(words: Words, mention: Mention) -> bool:
    low, first, last = words.low, mention.first, mention.last
    return low(last, first) in SPEECH or low(last + 1, first) in SPEECH or low(first - 1, first) in SPEECH


class Quotes:
    """Makes the quotes of a text, each once: the same naming speaks for several features, and for several actors."""

    def __init__(self, text: Text, words: Words) -> None:
        self._text, self._words = text, words
        self._made: dict[tuple[int, int], Quote] = {}

    def of(self, mentions: tuple[Mention, ...], most: int = 5) -> tuple[Quote, ...]:
        """Return where an actor is named, with the words, at most ``most`` places."""
        return tuple([self._quote(mention.first, mention.last) for mention in mentions[:most]])

    def _quote(self, first: int, last: int) -> Quote:
        quote = self._made.get((first, last))
        if quote is None:
            quote = self._made[first, last] = self._text.quote(*self._words.span(first, last))
        return quote

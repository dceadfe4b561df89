"""What speaks for an actor in one article: the features of the shared model over (article, candidate), all in [0, 1] or nearly.

The same few features serve every actor, so the model works for actors that no training article ever named.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

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
    strength = sum(m.weight for m in mentions)
    words = named.words
    group = _KIND_GROUPS.get(gazetteer.kind(row), "kind:source")
    in_headline = tuple(m for m in mentions if words.kind(m.first) == _HEADLINE)
    in_lead = tuple(m for m in mentions if m.first in frame.lead)
    spread = len({words.paragraph(m.first) for m in mentions}) / frame.paragraphs
    values = {
        "headline": max((m.weight for m in in_headline), default=0.0),
        "lead": max((m.weight for m in in_lead), default=0.0),
        "count": min(math.log2(1.0 + strength), 4.0) / 2.0,
        "share": strength / frame.total,
        "full-name": max((m.weight for m in mentions if _in_full(m)), default=0.0),
        "early": 1.0 - min(mentions[0].first / frame.narrative, 1.0),
        "tf-idf": math.log1p(strength) * float(gazetteer.idf[row]) / 20.0,
        "subject": max((m.weight for m in mentions if subject(named, m)), default=0.0),
        "spread": min(spread, 1.0),
        "only": float(frame.total <= strength),
        "ambiguous": float(candidate.rivals > 0),
        "weak-form": float(all(m.type is FormType.WEAK for m in mentions)),
        "country-told": float(int(gazetteer.countries[row]) in named.countries),
        "out-of-years": float(_outside(gazetteer, row, year)),
        "cited" if group == "kind:source" else "quoted": float(any(_quoted(words, m) for m in mentions)),
        group: 1.0,
    }
    return Described(row, np.array([values.get(name, 0.0) for name in FEATURES]), tuple(mentions), in_headline, in_lead)


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
    after = mention.last
    if named.words.low(after, mention.first) == "s" and named.words.joined(after):
        return False
    word = named.words.low(after, mention.first)
    return word in VERBS or word in AUXILIARIES


def _quoted(words: Words, mention: Mention) -> bool:
    low = words.low
    beside = (mention.last, mention.last + 1, mention.first - 1)
    return any(low(number, mention.first) in SPEECH for number in beside)


def quotes_of(text: Text, named: Named, mentions: tuple[Mention, ...], most: int = 5) -> tuple[Quote, ...]:
    """Return where the actor is named, with the words, at most ``most`` places."""
    return tuple(text.quote(*named.words.span(m.first, m.last)) for m in mentions[:most])

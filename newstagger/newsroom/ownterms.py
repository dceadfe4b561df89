"""Finds the newsroom's own concepts by their names: no model, no training, known from the next save on.

The margin is a sum that an editor can follow: named in the headline, named in the lead, how often it is named. A concept is
suggested from a margin of 0 on: one mention in the headline or in the lead is enough, or three anywhere in the story. It is
never written by itself: a name is no proof of what a story is about.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from newstagger.contracts import OwnConcept
from newstagger.domain import NARRATIVE, Article, Decision, Evidence, Facet, ParagraphKind, Proposal, Quote, Role, Tag, Text, in_order
from newstagger.matcher import Form, PhraseTable, longest_first
from newstagger.tokens import KINDS, Tokens, fold, split_words, tokens_of

NAME = "own-terms"
BIAS, HEADLINE, LEAD, DOUBLED = -1.5, 2.0, 1.5, 1.0
"""Weights, in margin units: a mention in the headline, one in the lead, and each doubling of the number of mentions."""
LEAD_WORDS = 50
"""So many words of the story, after its headline, are its lead."""
MOST_QUOTES = 100
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f]"
)
"""Scripts whose names stand within a run of letters: Korean, Thai, Lao, Burmese, Khmer, Japanese, Chinese."""
SHORTEST, SHORTEST_NAME = 5, 9
"""Letters from which on a word takes an ending, and a single word with a capital, since "Williams" is not "William"."""
_NARRATIVE = np.array([kind in NARRATIVE for kind in KINDS])
_HEADLINE = KINDS.index(ParagraphKind.HEADLINE)


@dataclass(slots=True)
class _Found:
    """Where one concept is named."""

    headline: list[Quote]
    lead: list[Quote]
    all: list[Quote]


class OwnTermTagger:
    """Suggests concepts of one facet where their names stand in the story. Holds no state of an article; safe in several threads."""

    name = NAME

    def __init__(self, facet: Facet, own: Sequence[OwnConcept]) -> None:
        self.facet = facet
        self._own = tuple(own)
        forms = tuple(_forms(self._own))
        self._tables = tuple(table for exact in (True, False) if len((table := PhraseTable.build(forms, exact=exact)).hashes))
        self._unspaced = [(name, row) for row, one in enumerate(self._own) for name in one.names if len(name) > 1 and UNSPACED.search(name)]

    def tag(self, article: Article, text: Text) -> Proposal:
        """Return the concepts that the story names, each mention a reason; nothing else."""
        found: dict[int, _Found] = {}
        tokens = tokens_of(text)
        for start, end, headline, lead, row in self._mentions(text, tokens):
            quote = text.quote(start, end)
            places = found.setdefault(row, _Found([], [], []))
            places.all.append(quote)
            if headline:
                places.headline.append(quote)
            elif lead:
                places.lead.append(quote)
        return Proposal(in_order(self._tag(row, places) for row, places in found.items()))

    def _mentions(self, text: Text, tokens: Tokens) -> Iterator[tuple[int, int, bool, bool, int]]:
        """Yield (start, end, in the headline?, in the lead?, row) of every mention in the story's own words."""
        matches = longest_first(match for table in self._tables for match in table.hits(tokens) if _NARRATIVE[tokens.kind[match.first]])
        lead = _lead_end(tokens) if matches else 0
        for match in matches:
            headline, start = tokens.kind[match.first] == _HEADLINE, int(tokens.starts[match.first])
            for row, _ in match.rows:
                yield start, int(tokens.ends[match.last - 1]), bool(headline), start < lead, row
        for name, row in self._unspaced:
            if name in text.string:
                yield from ((*place, row) for place in _places(text, name))

    def _tag(self, row: int, places: _Found) -> Tag:
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


def _lead_end(tokens: Tokens) -> int:
    """Return the offset at which the story's lead ends."""
    story = np.flatnonzero(_NARRATIVE[tokens.kind] & (tokens.kind != _HEADLINE))
    return int(tokens.ends[story[min(LEAD_WORDS, len(story)) - 1]]) if len(story) else 0


def _places(text: Text, name: str) -> Iterator[tuple[int, int, bool, bool]]:
    """Yield where a name of a script without blanks stands, as ``_mentions`` does; the lead is the first such paragraph."""
    lead = next((p for p in text.paragraphs if p.kind in NARRATIVE and p.kind is not ParagraphKind.HEADLINE), None)
    for paragraph in (p for p in text.paragraphs if p.kind in NARRATIVE):
        at = text.string.find(name, paragraph.start, paragraph.end)
        while at >= 0:
            yield at, at + len(name), paragraph.kind is ParagraphKind.HEADLINE, paragraph is lead
            at = text.string.find(name, at + len(name), paragraph.end)


def _forms(own: Sequence[OwnConcept]) -> Iterator[Form]:
    """Yield the names as they stand, then the endings that they take, except where that makes another concept's name."""
    told = [(name, row) for row, one in enumerate(own) for name in one.names if not UNSPACED.search(name)]
    taken = {_key(name) for name, _ in told}
    for name, row in told:
        yield Form(name, row, exact=is_acronym(name))
        if own[row].concept.facet is Facet.TOPIC and not is_acronym(name):
            yield from (Form(form, row) for form in inflected(name) if _key(form) not in taken)


def _key(name: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in split_words(name))


def is_acronym(name: str) -> bool:
    """Tell whether a name counts only as it stands: one word in capitals, such as "UAV" or "5G"; "who" is not "WHO"."""
    return len(split_words(name)) == 1 and name.isupper()


def inflected(name: str) -> Iterable[str]:
    """Return a name with the endings -s and -es: plurals of many languages, the German genitive ("Drohnenkrieges").

    Short words and short single names take none, since "Wales" is not "Wale" and "Williams" is not "William".
    """
    words = split_words(name)
    last = words[-1] if words else ""
    least = SHORTEST_NAME if len(words) == 1 and last[:1].isupper() else SHORTEST
    if len(last) < least or not fold(last).isascii() or not last.isalpha() or not last[1:].islower() or not name.endswith(last):
        return ()
    if last.endswith("y") and last[-2] not in "aeiou":
        return (f"{name[:-1]}ies",) if name.endswith("y") else ()
    return (f"{name}es",) if last[-1] in "sxz" or last.endswith(("ch", "sh")) else (f"{name}s", f"{name}es")

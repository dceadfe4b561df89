"""Finds names of concepts in a text's own words: which forms count, where they stand, and what capitals prove. No model.

The taggers of the newsroom's own terms and of Media Topics by name make tags of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from newstagger.contracts import OwnConcept
from newstagger.domain import NARRATIVE, Facet, ParagraphKind, Quote, Text
from newstagger.matcher import Form, PhraseTable, longest_first
from newstagger.newsroom.spelling import MARKED, Capitals, composed, literal, needs_capital
from newstagger.tokens import KINDS, Tokens, fold, split_words, tokens_of

LEAD_WORDS = 50
"""So many words of the story, after its headline, are its lead."""
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f]"
)
"""Scripts whose names stand within a run of letters: Korean, Thai, Lao, Burmese, Khmer, Japanese, Chinese."""
ANYHOW, LONG, CAPITAL, ACRONYM = range(4)
"""How a name must be written to be meant: in any case, with its capital (a long one is no everyday word), all in capitals."""
SHORTEST, SHORTEST_NAME = 5, 9
"""Letters from which on a word takes an ending, and a single word with a capital, since "Williams" is not "William"."""
_NARRATIVE = np.array([kind in NARRATIVE for kind in KINDS])
_HEADLINE = KINDS.index(ParagraphKind.HEADLINE)


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name in a text; not ``sure``: its capitals, by which it differs from an everyday word, say nothing where it stands."""

    start: int
    end: int
    headline: bool
    lead: bool
    row: int
    sure: bool = True
    acronym: bool = False


@dataclass(slots=True)
class Found:
    """Where one concept is named: in the headline, in the lead, and in the whole story, these among them."""

    headline: list[Quote]
    lead: list[Quote]
    all: list[Quote]


class NameFinder:
    """Finds the names of some concepts. Holds no state of an article; safe in several threads."""

    def __init__(self, own: Sequence[OwnConcept]) -> None:
        forms = tuple(_forms(own))
        self._tables = tuple(table for exact in (True, False) if len((table := PhraseTable.build(forms, exact=exact)).hashes))
        self._literal = tuple((found, row) for row, one in enumerate(own) for name in one.names if (found := _as_it_stands(name)))

    def find(self, text: Text) -> Mapping[int, Found]:
        """Return where the story names each of the concepts, by their number; those that it does not name are left out."""
        whole, origin = composed(text) if MARKED.search(text.string) else (text, None)
        mentions = list(self._mentions(whole, tokens_of(whole)))
        meant = {mention.row for mention in mentions if mention.sure}
        found: dict[int, Found] = {}
        for mention in mentions:
            if mention.acronym and mention.row not in meant:
                continue
            start, end = (mention.start, mention.end) if origin is None else (origin[mention.start], origin[mention.end])
            quote = text.quote(start, end)
            places = found.setdefault(mention.row, Found([], [], []))
            places.all.append(quote)
            if mention.row in meant and mention.headline:
                places.headline.append(quote)
            elif mention.row in meant and mention.lead:
                places.lead.append(quote)
        return found

    def _mentions(self, text: Text, tokens: Tokens) -> Iterator[_Mention]:
        """Yield every mention in the story's own words."""
        matches = longest_first(match for table in self._tables for match in table.hits(tokens) if _NARRATIVE[tokens.kind[match.first]])
        lead, capitals = _lead_end(tokens) if matches else 0, Capitals(text)
        for match in matches:
            headline, start = tokens.kind[match.first] == _HEADLINE, int(tokens.starts[match.first])
            number = int(tokens.paragraph[match.first])
            rows, end = dict(sorted(match.rows, reverse=True)), int(tokens.ends[match.last - 1])  # the laxest way to write it counts
            for row, kind in rows.items():
                if kind in (ANYHOW, ACRONYM) or text.string[start].isupper():
                    sure = kind in (ANYHOW, LONG) or not capitals.say_nothing(number, start, acronym=kind == ACRONYM)
                    yield _Mention(start, end, bool(headline), start < lead, row, sure, kind == ACRONYM)
        for pattern, row in self._literal:
            yield from _places(text, pattern, row)


def _lead_end(tokens: Tokens) -> int:
    """Return the offset at which the story's lead ends."""
    story = np.flatnonzero(_NARRATIVE[tokens.kind] & (tokens.kind != _HEADLINE))
    return int(tokens.ends[story[min(LEAD_WORDS, len(story)) - 1]]) if len(story) else 0


def _as_it_stands(name: str) -> re.Pattern[str] | None:
    """Return what finds a name that is no row of words: of a script without blanks, or a letter with signs."""
    if UNSPACED.search(name):
        return re.compile(re.escape(name)) if len(name) > 1 else None
    return literal(name)


def _places(text: Text, pattern: re.Pattern[str], row: int) -> Iterator[_Mention]:
    """Yield where a name stands that is no row of words; the lead is the first paragraph after the headline."""
    if pattern.search(text.string) is None:
        return
    lead = next((p for p in text.paragraphs if p.kind in NARRATIVE and p.kind is not ParagraphKind.HEADLINE), None)
    for paragraph in (p for p in text.paragraphs if p.kind in NARRATIVE):
        for match in pattern.finditer(text.string, paragraph.start, paragraph.end):
            yield _Mention(*match.span(), paragraph.kind is ParagraphKind.HEADLINE, paragraph is lead, row)


def _forms(own: Sequence[OwnConcept]) -> Iterator[Form]:
    """Yield the names as they stand, then the endings that they take, except where that makes another concept's name."""
    names = ((unicodedata.normalize("NFC", name), row) for row, one in enumerate(own) for name in one.names)
    told = [(name, row) for name, row in names if not UNSPACED.search(name) and literal(name) is None]
    taken = {_key(name) for name, _ in told}
    for name, row in told:
        acronym, subject = is_acronym(name), own[row].concept.facet is Facet.TOPIC
        proper = needs_capital(name) and not subject  # a subject is a common noun, however its label is written
        kind = (ACRONYM if name.isalpha() else ANYHOW) if acronym else CAPITAL if proper else ANYHOW
        kind = LONG if kind == CAPITAL and len(name) >= SHORTEST_NAME else kind
        yield Form(name, row, exact=acronym, tag=kind)
        if subject and not acronym:
            yield from (Form(form, row, tag=kind) for form in inflected(name) if _key(form) not in taken)


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

"""Finds the words of a text that may name a place: dictionary hits that pass the rules of capitals and of neighbours.

Which place is meant is the business of ``resolution``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from newstagger.domain import NARRATIVE, ParagraphKind, Text
from newstagger.matcher import Match, longest_first
from newstagger.places import words as vocabulary
from newstagger.places.gazetteer import Gazetteer, Level, Mark
from newstagger.places.patterns import pattern_hits
from newstagger.tokens import KINDS, Tokens, fold, tokens_of, word_hash

_OPENERS = frozenset({"al", "el", "ar", "as", "at", "ad", "an", "ash", "az", "deir", "the", "la", "le", "los", "las", "den", "de"})
_READ = frozenset(KINDS.index(kind) for kind in (*NARRATIVE, ParagraphKind.DATELINE))
_GAPS = frozenset({" ", "\u00a0", "\n", "-", "\u2010", "\u2011"})


OPENING, LONGEST_ACRONYM, LARGE_DIVISION = 160, 4, 500_000
"""Characters of a paragraph that tell how it uses capitals; letters of what may be an acronym; inhabitants."""


class Case(IntEnum):
    """What capitals say in a paragraph: SENTENCE, they mark names; TITLE, every word has one; CAPS or SMALL, nothing."""

    SENTENCE = 0
    TITLE = 1
    CAPS = 2
    SMALL = 3


@dataclass(frozen=True, slots=True)
class Toponym:
    """Words that may name a place: offsets, the rows that bear the form with their marks, and what the neighbours say.

    ``located``: a word like "in" or "near" stands before; ``division``: a word like "province" follows; ``bare``: capitals
    speak and no longer name surrounds it; ``personal``: it is part of a person's name,
    speaks, or is an acronym;
    ``appended``: a capitalised word and a comma stand before.
    """

    start: int
    end: int
    kind: ParagraphKind
    paragraph: int
    rows: tuple[tuple[int, int], ...]
    key: str
    located: bool = False
    division: bool = False
    bare: bool = True
    personal: bool = False
    appended: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Reading:
    text: Text
    tokens: Tokens
    gazetteer: Gazetteer
    starts: list[int]
    ends: list[int]
    kinds: list[int]
    paragraphs: list[int]
    cases: list[Case]

    def word(self, index: int) -> str:
        return self.text.string[self.starts[index] : self.ends[index]]


def toponyms(text: Text, gazetteer: Gazetteer) -> list[Toponym]:
    """Return what may be places in the narrative and the datelines of a text, in order, none overlapping."""
    tokens = tokens_of(text)
    cases = [
        _case(text.string[p.start : min(p.end, p.start + OPENING)]) if KINDS.index(p.kind) in _READ else Case.SMALL for p in text.paragraphs
    ]
    starts, ends, kinds, numbers = (column.tolist() for column in (tokens.starts, tokens.ends, tokens.kind, tokens.paragraph))
    reading = _Reading(text, tokens, gazetteer, starts, ends, kinds, numbers, cases)
    hits = [hit for hit in gazetteer.folded.hits(tokens) + gazetteer.exact.hits(tokens) if _may_name(reading, hit)]
    kept = longest_first(hits)
    covered = {index for hit in kept for index in range(hit.first, hit.last)}
    found = [toponym for hit in kept for toponym in _judged(reading, hit, covered)]
    taken = {toponym.start for toponym in found}
    found += [Toponym(*hit) for hit in pattern_hits(text, tokens, gazetteer.patterns) if hit[0] not in taken]
    return sorted(found, key=lambda toponym: (toponym.start, -toponym.end))


def _case(paragraph: str) -> Case:
    """Judge a paragraph by its opening."""
    words = [word for word in paragraph.split() if len(word) > 3 and word[:1].isalpha()]
    if not words:
        return Case.CAPS if paragraph.isupper() and len(paragraph) > 3 else Case.SENTENCE
    if paragraph.isupper() and len(words) > 1:
        return Case.CAPS
    capitals = sum(word[0].isupper() for word in words)
    if capitals == 0 and paragraph.islower():
        return Case.SMALL
    return Case.TITLE if len(words) >= 3 and capitals >= 0.75 * len(words) else Case.SENTENCE


def _may_name(reading: _Reading, hit: Match) -> bool:
    """Tell whether the capitals allow a name: folded hits want them, exact ones carry them and mean nothing in all capitals."""
    if reading.kinds[hit.first] not in _READ:
        return False
    case = reading.cases[reading.paragraphs[hit.first]]
    if hit.exact:
        in_dateline = KINDS[reading.kinds[hit.first]] is ParagraphKind.DATELINE
        if reading.text.string.startswith("$", reading.ends[hit.last - 1]):  # a currency
            return False
        return (
            case is not Case.CAPS
            or in_dateline
            or reading.ends[hit.last - 1] - reading.starts[hit.first] > 2
            or "." in _between(reading, hit)
        )
    if case is Case.SMALL:
        return _famous(reading.gazetteer, hit)
    first, last = reading.word(hit.first), reading.word(hit.last - 1)
    return not last[0].islower() and (not first[0].islower() or (hit.last - hit.first > 1 and fold(first) in _OPENERS))


def _between(reading: _Reading, hit: Match) -> str:
    return reading.text.string[reading.starts[hit.first] : reading.ends[hit.last - 1]]


def _famous(gazetteer: Gazetteer, hit: Match) -> bool:
    """Tell whether a name is safe without its capital: a country, a people or a city of a million that is no common word."""
    return any(
        not tag & (Mark.WEAK | Mark.OTHER | Mark.ABBREVIATION)
        and (gazetteer.levels[row] in (Level.COUNTRY, Level.REGION) or gazetteer.populations[row] >= 1_000_000)
        for row, tag in hit.rows
    )


def _judged(reading: _Reading, hit: Match, covered: set[int]) -> Iterator[Toponym]:
    number = reading.paragraphs[hit.first]
    before, after = _neighbour(reading, hit.first - 1, hit.first), _neighbour(reading, hit.last, hit.last)
    small_before, small_after = fold(before), fold(after)
    personal = _personal(reading, hit, before, after) or _acronym(reading, hit)
    inside = _inside(reading, hit, before, after, covered) and not _national(reading.gazetteer, hit)
    if inside and not personal and reading.cases[number] is Case.SENTENCE:
        return
    yield Toponym(
        reading.starts[hit.first], reading.ends[hit.last - 1], KINDS[reading.kinds[hit.first]], number, hit.rows,
        " ".join(fold(reading.word(index)) for index in range(hit.first, hit.last)),
        small_before in vocabulary.LOCATIVES or _begins_dateline(reading, hit), small_after in vocabulary.DIVISIONS,
        reading.cases[number] is Case.SENTENCE and not inside, personal,
        _appended(reading, hit),
    )  # fmt: skip


def _acronym(reading: _Reading, hit: Match) -> bool:
    """Tell whether a folded hit stands in short capitals among small letters: "GAO" is an office, not a town in Mali."""
    words = reading.word(hit.first)
    plain = reading.cases[reading.paragraphs[hit.first]] in (Case.SENTENCE, Case.TITLE)
    in_body = KINDS[reading.kinds[hit.first]] is not ParagraphKind.DATELINE
    return plain and in_body and not hit.exact and hit.last - hit.first == 1 and len(words) <= LONGEST_ACRONYM and words.isupper()


def _begins_dateline(reading: _Reading, hit: Match) -> bool:
    paragraph = reading.text.paragraphs[reading.paragraphs[hit.first]]
    return paragraph.kind is ParagraphKind.DATELINE and reading.starts[hit.first] == paragraph.start


def _appended(reading: _Reading, hit: Match) -> bool:
    if not hit.first or reading.paragraphs[hit.first] != reading.paragraphs[hit.first - 1]:
        return False
    gap = reading.text.string[reading.ends[hit.first - 1] : reading.starts[hit.first]]
    return gap in (", ", ",") and reading.word(hit.first - 1)[0].isupper()


def _neighbour(reading: _Reading, index: int, boundary: int) -> str:
    """Return the word at ``index`` where only a blank or a hyphen parts it from the hit, else nothing."""
    if not 0 <= index < len(reading.starts):
        return ""
    gap = reading.text.string[reading.ends[boundary - 1] : reading.starts[boundary]]
    return reading.word(index) if gap in _GAPS and gap != "\n" else ""


def _national(gazetteer: Gazetteer, hit: Match) -> bool:
    """Tell whether a hit is a country or first of all a large division, whose name stays a place inside longer names."""
    if any(gazetteer.levels[row] in (Level.COUNTRY, Level.REGION) for row, _ in hit.rows):
        return True
    largest = max((row for row, _ in hit.rows), key=lambda row: (gazetteer.populations[row], row))
    large = gazetteer.levels[largest] == Level.ADMIN1 and gazetteer.populations[largest] >= LARGE_DIVISION
    return large and not any(gazetteer.capitals[row] for row, _ in hit.rows)


def _personal(reading: _Reading, hit: Match, before: str, after: str) -> bool:
    """Tell whether the hit is part of a person's name: "Jack London", "Paris Hilton", "Senator Houston", "Duke of York"."""
    small = fold(before)
    if before[:1].isupper() and word_hash(small) in reading.gazetteer.given and small not in vocabulary.PARTS:
        return hit.last - hit.first == 1 and not any(tag & Mark.ADJECTIVE for _, tag in hit.rows)
    if before and small in vocabulary.TITLES and before[0].isupper():
        return not _national(reading.gazetteer, hit)
    if small == "of" and hit.first >= 2 and fold(reading.word(hit.first - 2)) in vocabulary.CROWN:
        return not _national(reading.gazetteer, hit)
    if after in vocabulary.SPEAKING and small not in vocabulary.LOCATIVES:
        return not _governing(reading.gazetteer, hit)
    is_given = hit.last - hit.first == 1 and word_hash(fold(reading.word(hit.first))) in reading.gazetteer.given
    return is_given and _proper(after) and fold(after) not in vocabulary.HEADS | vocabulary.CALENDAR


def _governing(gazetteer: Gazetteer, hit: Match) -> bool:
    """Tell whether a hit may speak as a government: a country or a capital."""
    return any(gazetteer.capitals[row] or gazetteer.levels[row] in (Level.COUNTRY, Level.REGION) for row, _ in hit.rows)


def _proper(word: str) -> bool:
    return (word[:1].isupper() and not word.isupper()) or (len(word) > 3 and word.isupper())


def _inside(reading: _Reading, hit: Match, before: str, after: str, covered: set[int]) -> bool:
    """Tell whether capitals on either side make the hit part of a longer name: "Washington Post", "Hotel Geneva"."""
    if _sainted(reading, hit):
        return True
    if _proper(after) and hit.last not in covered and fold(after) not in vocabulary.HEADS | vocabulary.CALENDAR:
        return True
    return _proper(before) and hit.first - 1 not in covered and fold(before) not in vocabulary.PARTS and not _opens(reading, hit.first - 1)


def _sainted(reading: _Reading, hit: Match) -> bool:
    """Tell whether "St." or the like stands before, so that "St. Paris" is not Paris."""
    if not hit.first or not reading.tokens.joined[hit.first]:
        return False
    return fold(reading.word(hit.first - 1)) in vocabulary.SAINTS


def _opens(reading: _Reading, index: int) -> bool:
    """Tell whether a word stands at the start of a sentence, where its capital says nothing."""
    before = reading.text.string[max(0, reading.starts[index] - 2) : reading.starts[index]].strip()
    return not before or before[-1] in ".!?:;\"“”'‘’(—–-"

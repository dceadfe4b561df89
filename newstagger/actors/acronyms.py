"""What an acronym stands for in this text: the text's own full name beats the dictionary, "Rapid Support Forces (RSF)".

Brackets are read with the algorithm of Schwartz and Hearst (2003, "A simple algorithm for identifying abbreviation definitions in
biomedical text"), for names that the dictionary knows. Elsewhere, where chance would spell a short acronym too often, every word of
weight must give its initial. A name that only the text knows takes its acronym away from everybody else. Called by ``mentions``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from newstagger.actors.candidates import NARRATIVE_KINDS, Mention, Named
from newstagger.actors.gazetteer import ActorGazetteer
from newstagger.actors.lexicon import word_set
from newstagger.actors.records import COUNTRY_TYPES, FormType
from newstagger.actors.words import Words, one_of
from newstagger.matcher import Match
from newstagger.tokens import fold, split_words, word_hash

_ENGLISH = word_set("of the and for in on to a an")
_FOREIGN = word_set("de del la el los las le les des du d l et y e di da do dos das der die dem und für von zur zum al")
SMALL = _ENGLISH | _FOREIGN
"""Words that a name has without the acronym showing them, lower-cased."""

_BRACKETED = re.compile(r"\(\s?([^\W_]{2,10})\s?\)")
_LEAST_UNTOLD = 3
"""Outside of brackets shorter acronyms are spelt by chance."""
_AKIN = 0.75
_STEM = 3


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an acronym stands for: an actor's row, or None for a name that the dictionary lacks; ``number`` is the word told in brackets."""

    row: int | None
    number: int = 0


def acronym_of(words: Words, form: Match) -> str:
    """Return the acronym that a form is, "" if it is none: one word in capitals."""
    raw = words.raw(form.first, form.first) or "" if form.last - form.first == 1 else ""
    return raw if is_acronym(raw) else ""


def is_acronym(word: str) -> bool:
    """Tell whether a word has two to ten letters and digits, a letter first and most letters in capitals ("UdSSR", "G7")."""
    return 2 <= len(word) <= 10 and word[0].isalpha() and 2 * sum(map(str.isupper, word)) > sum(map(str.isalpha, word))


def meanings(named: Named, forms: Iterable[tuple[str, Match]], gazetteer: ActorGazetteer) -> dict[str, Meaning]:
    """Return what acronyms mean where the text says so; ``forms`` are the acronyms that the dictionary knows, with their bearers."""
    bearers: dict[str, list[tuple[int, int]]] = {}
    for acronym, form in forms:
        bearers.setdefault(acronym, list(form.rows))
    told: dict[str, Meaning] = {}
    owners = _owners(named, gazetteer)
    spelt = _initials(named.words, owners.values())
    for acronym, number in _brackets(named.words):
        if acronym not in told and (meaning := _bracketed(named.words, acronym, number, owners, bearers, gazetteer)):
            told[acronym] = meaning
    for acronym, rows in bearers.items():
        if acronym not in told and (meaning := _untold(named, acronym, rows, spelt, gazetteer)):
            told[acronym] = meaning
    for acronym, spellers in spelt.items():
        if acronym not in told and acronym not in bearers and len(spellers) == 1:
            told[acronym] = Meaning(min(spellers))
    return told


def _brackets(words: Words) -> Iterator[tuple[str, int]]:
    for match in _BRACKETED.finditer(words.string):
        number = words.at(match.start(1))
        if is_acronym(match[1]) and number and words.raw(number - 1, number) and words.kind(number) in NARRATIVE_KINDS:
            yield match[1], number


def _owners(named: Named, gazetteer: ActorGazetteer) -> dict[int, tuple[int, Mention]]:
    """Return the organisations named in several words by the word number at which the name ends."""
    return {
        mention.last: (row, mention)
        for row, candidate in sorted(named.candidates.items())
        if gazetteer.kind(row) != "person"
        for mention in candidate.mentions
        if mention.last - mention.first > 1
    }


def _bracketed(
    words: Words,
    acronym: str,
    number: int,
    owners: Mapping[int, tuple[int, Mention]],
    bearers: Mapping[str, list[tuple[int, int]]],
    gazetteer: ActorGazetteer,
) -> Meaning | None:
    rows = [row for row, _ in bearers.get(acronym, ())]
    if number in owners:
        row, mention = owners[number]
        start, end = words.span(mention.first, mention.last)
        if not rows or row in rows or long_form(acronym, words.string[start:end]) is not None:
            return Meaning(row, number)
    full = _full_name(words, acronym, number)
    return Meaning(None, number) if full is not None and _takes_away(acronym, full, rows, gazetteer) else None


def long_form(acronym: str, before: str) -> str | None:
    """Return the shortest end of ``before`` that spells the acronym (Schwartz and Hearst's algorithm), or None."""
    at = len(before)
    for place in range(len(acronym) - 1, -1, -1):
        letter = fold(acronym[place])
        at -= 1
        while at >= 0 and (fold(before[at]) != letter or (place == 0 and at > 0 and before[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
    return before[at:]


def _full_name(words: Words, acronym: str, number: int) -> list[str] | None:
    """Return the words right before a bracket whose initials spell the acronym, None where chance may have done it."""
    told: list[str] = []
    for place in range(number - 1, max(-1, number - 1 - min(len(acronym) + 5, 2 * len(acronym))), -1):
        word = words.raw(place, number)
        if word is None:
            break
        told.insert(0, word)
        if spells(acronym, told) and _capitalised(told):
            return told
    return None


def spells(acronym: str, told: Iterable[str]) -> bool:
    """Tell whether each letter is the initial of a word, in order, and only small words give none."""
    letters = fold(acronym)
    places = {0}
    for word in told:
        low = fold(word)
        given = {place + 1 for place in places if place < len(letters) and low[:1] == letters[place]}
        places = given | places if low in SMALL else given
    return len(letters) in places


def _capitalised(told: list[str]) -> bool:
    return told[0].lower() not in SMALL and all(word[0].isupper() for word in told if word.lower() not in SMALL)


def _takes_away(acronym: str, full: list[str], rows: Iterable[int], gazetteer: ActorGazetteer) -> bool:
    """Tell whether a full name that spells the acronym is none of its bearers: not a spelling of a name of theirs, nor its translation."""
    foreign = any(word.lower() in _FOREIGN for word in full)
    return all(_another(acronym, full, foreign, row, gazetteer) for row in rows)


def _another(acronym: str, full: list[str], foreign: bool, row: int, gazetteer: ActorGazetteer) -> bool:
    names = [split_words(name) for name in (gazetteer.names[row], *gazetteer.aliases[row].split("\n"))]
    names = [name for name in names if len(name) > 1 and acronym not in name]
    spelling = any(spells(acronym, name) for name in names)
    stems = _stems(full)
    known = _stems(word for name in names for word in name)
    return bool(spelling or (names and not foreign)) and len(stems & known) < _AKIN * len(stems)


def _stems(words: Iterable[str]) -> set[str]:
    return {fold(word)[:_STEM] for word in words if word.lower() not in SMALL}


def _untold(
    named: Named, acronym: str, rows: list[tuple[int, int]], spelt: Mapping[str, set[int]], gazetteer: ActorGazetteer
) -> Meaning | None:
    """Return the meaning of an acronym without brackets: a full name elsewhere in the text spells it and its bearers go unnamed."""
    if len(acronym) < _LEAST_UNTOLD or any(row in named.candidates or kind in COUNTRY_TYPES for row, kind in rows):
        return None
    if acronym in spelt:
        return Meaning(min(spelt[acronym]))
    full = _spelt_in(named.words, acronym)
    return Meaning(None) if full is not None and _takes_away(acronym, full, [row for row, _ in rows], gazetteer) else None


def _spelt_in(words: Words, acronym: str) -> list[str] | None:
    """Return the first run of capitalised words in the text whose initials spell the acronym, or None."""
    pattern = _run(acronym)
    found = pattern.search(words.string) if pattern else None
    return split_words(found.group()) if found else None


@lru_cache(maxsize=1024)
def _run(acronym: str) -> re.Pattern[str] | None:
    if not acronym.isalpha():
        return None
    gap = r"[ \u00a0'\u2019-]{1,2}(?:(?:" + "|".join(sorted(SMALL)) + r")[ \u00a0'\u2019]){0,3}"
    first, *others = list(acronym.upper())  # a literal in front, not a boundary: a search looks for its letter fast
    return re.compile(gap.join([rf"{first}(?<!\w{first})[^\W\d_]+", *(rf"{letter}[^\W\d_]+" for letter in others)]))


def _initials(words: Words, owners: Iterable[tuple[int, Mention]]) -> dict[str, set[int]]:
    """Return rows by the acronyms that full names in this text spell: with and without their small words."""
    spelt: dict[str, set[int]] = {}
    for row, mention in owners:
        if mention.last - mention.first >= _LEAST_UNTOLD and mention.type in (FormType.NAME, FormType.ALIAS):
            told = [words.plain(number) for number in range(mention.first, mention.last)]
            for kept in (told, [word for word in told if word.lower() not in SMALL]):
                if len(kept) >= _LEAST_UNTOLD:
                    spelt.setdefault("".join(word[0] for word in kept).upper(), set()).add(row)
    return spelt


def add_acronyms(named: Named, told: Mapping[str, Meaning], gazetteer: ActorGazetteer, taken: NDArray[np.bool_]) -> None:
    """Add a mention for each acronym, on words not yet taken, that the text gives to an actor; take the words of all that are told."""
    if not told:
        return
    owners = _owners(named, gazetteer)
    meant = {word_hash(acronym): _row(meaning, owners) for acronym, meaning in told.items()}
    for number in np.flatnonzero(one_of(named.tokens.exact, meant) & ~taken).tolist():
        row = meant[int(named.tokens.exact[number])]
        taken[number] = True
        if row is not None and named.words.kind(number) in NARRATIVE_KINDS:
            named.add(row, Mention(number, number + 1, FormType.SHORT))


def _row(meaning: Meaning, owners: Mapping[int, tuple[int, Mention]]) -> int | None:
    """Return an acronym's actor, by now perhaps found by a weak name in front of the bracket."""
    return owners[meaning.number][0] if meaning.row is None and meaning.number in owners else meaning.row

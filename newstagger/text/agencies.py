"""Telling the name of a news agency from other words, and a list of such names from a sentence.

Used by datelines, credits and captions. What a found credit means for reuse is the business of ``wire``.
"""

from __future__ import annotations

import re

from newstagger.text.phrases import AGENCIES, PICTURE_WORDS, words_of

_EXACT = frozenset(name for name in AGENCIES if len(name) <= 4)
_FOLDED = frozenset(name.casefold() for name in AGENCIES if len(name) > 4)
_ACRONYM = re.compile(r"[A-ZÀ-Þ]{2,5}|d[ap]pa?d?|epd|dpa-AFX")
_SEPARATORS = re.compile(
    r"\s*(?:[/,;+&|]|\s-\s|\band\b|\bund\b|\bet\b|\by\b|\be\b|\ben\b|\bwith\b|\bmit\b|\bavec\b|\bcon\b|\bcom\b|\bmet\b)\s*"
)
_INITIALS = re.compile(r"[a-zäöü]{2,4}")
_COVER = frozenset(words_of("staff writer writers and news agency agencies wire service services correspondent the staff reporters"))


def is_agency(words: str) -> bool:
    """Tell whether these words, and no others, name a news agency."""
    words = words.strip(" .")
    return words in _EXACT or words.casefold() in _FOLDED


def is_agency_list(words: str, *, acronyms: bool = False, names: bool = False) -> bool:
    """Tell whether these words are agencies between commas, slashes or conjunctions, one of them known.

    An editor's initials may stand among them ("dpa/sb"); with ``acronyms``, unknown names in capitals too, with ``names`` any name.
    """
    if not 2 <= len(words) <= 100:
        return False
    parts = [part for part in _SEPARATORS.split(words.strip()) if part]
    known = [is_agency(part) for part in parts]
    return any(known) and all(
        yes or _INITIALS.fullmatch(part) or (acronyms and _ACRONYM.fullmatch(part)) or (names and part[0].isupper())
        for part, yes in zip(parts, known, strict=True)
    )


def is_agency_byline(words: str) -> bool:
    """Tell whether these words are an agency with nothing but the words of a by-line around it ("Reuters Staff")."""
    if len(words) > 80:
        return False
    if is_agency_list(words):
        return True
    rest = " ".join(word for word in words.split() if word.casefold() not in _COVER or word == "The")
    return bool(rest) and rest != words and is_agency_list(rest)


def names_picture(words: str) -> bool:
    """Tell whether a word for pictures stands among these."""
    return any(word.casefold() in PICTURE_WORDS for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", words[:200]))

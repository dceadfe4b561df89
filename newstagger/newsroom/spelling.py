"""How a name of the newsroom's own must stand in a text to be meant: its accents, its capital, its signs."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import replace

from newstagger.domain import ParagraphKind, Text
from newstagger.tokens import split_words

MARKED = re.compile("[^\\W_][\u0300-\u036f\u3099\u309a]+")
"""A letter with accents of their own, as some systems write all accents."""
SIGNS = re.compile(r"[^\w\s.,'\u2019\u2010\u2011-]")
OPENING = " \t\u00a0\"'\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019([{-\u2013\u2014\u2022"
"""What may stand between the end of a sentence and the first word of the next."""
LONG_WORD = 4
ARTICLES = frozenset(split_words("a an das der die el en et i la las le les los the un und una une y"))
COMMON = ARTICLES | frozenset(
    split_words("am and are as at be but by de do du ein eine for from he if il in is ist it no not of on or que she so that they this")
    + split_words("to us was we were who will with you")
)
"""Words that stand in nearly every text of a large language; of the articles those with a capital too."""


def is_common(name: str) -> bool:
    """Tell whether a name is one everyday word: it would be found in nearly every text."""
    word = name.strip()
    return word.casefold() in COMMON and (word.islower() or (word.casefold() in ARTICLES and (len(word) == 1 or not word.isupper())))


def needs_capital(name: str) -> bool:
    """Tell whether a name is a single word with a capital, such as "March", that counts only with one."""
    words = split_words(name)
    return len(words) == 1 and words[0][:1].isupper() and not words[0].isupper()


def literal(name: str) -> re.Pattern[str] | None:
    """Return what finds a name that is a letter or two with signs, such as "C++", only as it stands; None for all others."""
    words = split_words(name)
    if len(words) != 1 or len(words[0]) > 2 or not SIGNS.search(name):
        return None
    return re.compile(rf"(?<!\w){re.escape(name)}(?![\w+#*])")


class Capitals:
    """What the capitals of a text say, looked at line by line and once only."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._lines: dict[int, tuple[bool, bool]] = {}

    def say_nothing(self, number: int, start: int, *, acronym: bool) -> bool:
        """Tell whether the capital of the word at ``start`` proves nothing; ``number`` is its paragraph's.

        In a line in capitals none does; that of a name does not at the start of a sentence, nor in a headline where all words
        have one.
        """
        paragraph = self._text.paragraphs[number]
        if number not in self._lines:
            words = self._text.words(paragraph)
            self._lines[number] = (words.isupper(), paragraph.kind is ParagraphKind.HEADLINE and _is_title(words))
        capitals, title = self._lines[number]
        if capitals or acronym:
            return capitals
        before = self._text.string[max(paragraph.start, start - 12) : start].rstrip(OPENING)
        return title or (not before and start - paragraph.start <= 12) or before[-1:] in tuple(".!?:\u2026")


def _is_title(words: str) -> bool:
    """Tell whether every word of some length has a capital."""
    long = [word for word in split_words(words) if len(word) >= LONG_WORD]
    return len(long) > 2 and all(word[0].isupper() for word in long)


def composed(text: Text) -> tuple[Text, list[int]]:
    """Return the text with letters and accents in one, and the offset in the text of each of its characters, and of its end."""
    pieces, origin, at = [], list[int](), 0
    for match in MARKED.finditer(text.string):
        one = unicodedata.normalize("NFC", match.group())
        pieces += [text.string[at : match.start()], one]
        origin += [*range(at, match.start()), match.start(), *range(match.end() - len(one) + 1, match.end())]
        at = match.end()
    origin += range(at, len(text.string) + 1)
    paragraphs = (replace(p, start=bisect_left(origin, p.start), end=bisect_left(origin, p.end)) for p in text.paragraphs)
    return replace(text, string="".join(pieces) + text.string[at:], paragraphs=tuple(paragraphs)), origin

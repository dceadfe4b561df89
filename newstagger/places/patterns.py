"""Finds names of countries by language: whole words and stems ("Сири-", "syrisch-"), and any stretch of Chinese or Japanese.

The patterns are those of newsmap (Watanabe 2018, MIT); they name a country by itself, its people and its capital.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from newstagger.domain import NARRATIVE, ParagraphKind, Text
from newstagger.places.gazetteer import Mark, Patterns
from newstagger.tokens import KINDS, Tokens, fold

Hit = tuple[int, int, ParagraphKind, int, tuple[tuple[int, int], ...], str]
UNSPACED = frozenset({"zh", "ja"})
_READ = frozenset(KINDS.index(kind) for kind in (*NARRATIVE, ParagraphKind.DATELINE))
_PREFIXES = {"ar": ("ال", "وال", "بال", "لل", "فال", "كال", "و", "ب", "ل"), "he": ("ה", "ב", "ל", "מ", "ו", "ש", "וה", "שה", "מה")}


@lru_cache(maxsize=16)
def _forms(patterns: Patterns, language: str) -> tuple[dict[str, tuple[int, bool]], int]:
    """Return the forms of a language with row and openness, and the length of the longest."""
    code = patterns.codes.index(language)
    found: dict[str, tuple[int, bool]] = {}
    for index in (patterns.languages == code).nonzero()[0].tolist():
        found.setdefault(patterns.texts[index], (int(patterns.rows[index]), bool(patterns.open[index])))
    return found, max(map(len, found), default=0)


def pattern_hits(text: Text, tokens: Tokens, patterns: Patterns) -> Iterator[Hit]:
    """Yield what the patterns of the text's language find in its narrative, as the first fields of a toponym."""
    language = text.language or ""
    if language not in patterns.codes:
        return
    forms, longest = _forms(patterns, language)
    for index, kind in enumerate(tokens.kind.tolist()):
        if kind not in _READ:
            continue
        start, end = int(tokens.starts[index]), int(tokens.ends[index])
        word = fold(text.string[start:end])
        found = _spread(word, forms, longest) if language in UNSPACED else _single(word, forms, longest, language)
        for first, last, row in found:
            rows = ((row, Mark.NAME),)
            yield start + first, start + last if language in UNSPACED else end, KINDS[kind], int(tokens.paragraph[index]), rows, word


def _single(word: str, forms: dict[str, tuple[int, bool]], longest: int, language: str) -> Iterator[tuple[int, int, int]]:
    for candidate in (word, *(word[len(p) :] for p in _PREFIXES.get(language, ()) if word.startswith(p))):
        for length in range(min(len(candidate), longest), 2, -1):
            hit = forms.get(candidate[:length])
            if hit and (hit[1] or length == len(candidate)):
                yield 0, len(word), hit[0]
                return


def _spread(word: str, forms: dict[str, tuple[int, bool]], longest: int) -> Iterator[tuple[int, int, int]]:
    at = 0
    while at < len(word):
        for length in range(min(len(word) - at, longest), 1, -1):
            if hit := forms.get(word[at : at + length]):
                yield at, at + length, hit[0]
                at += length - 1
                break
        at += 1

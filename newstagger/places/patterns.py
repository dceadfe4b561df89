"""Finds names of countries by language: words and stems ("Сири-", "syrisch-"), phrases, and any stretch of Chinese or Japanese.

The patterns are those of newsmap (Watanabe 2018, MIT); they name a country by itself, its people and its capital. A star
ends a stem, a caret opens a name that wants its capital.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from newstagger.domain import NARRATIVE, ParagraphKind, Text
from newstagger.places.gazetteer import Mark, Patterns
from newstagger.tokens import KINDS, Tokens, fold

Hit = tuple[int, int, ParagraphKind, int, tuple[tuple[int, int], ...], str]
UNSPACED = frozenset({"zh", "ja"})
_READ = frozenset(KINDS.index(kind) for kind in (*NARRATIVE, ParagraphKind.DATELINE))
_PREFIXES = {"ar": ("ال", "وال", "بال", "لل", "فال", "كال", "و", "ب", "ل"), "he": ("ה", "ב", "ל", "מ", "ו", "ש", "וה", "שה", "מה")}


@dataclass(frozen=True, slots=True)
class _Forms:
    """The patterns of one language: words by stem with row and kind, phrases by the first two letters, the longest word."""

    words: dict[str, tuple[int, str]]
    phrases: dict[str, list[tuple[tuple[str, ...], int]]]
    longest: int


@lru_cache(maxsize=16)
def _forms(patterns: Patterns, language: str) -> _Forms:
    words: dict[str, tuple[int, str]] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], int]]] = defaultdict(list)
    for index in (patterns.languages == patterns.codes.index(language)).nonzero()[0].tolist():
        text, row = patterns.texts[index], int(patterns.rows[index])
        kind = "*" if text.endswith("*") else text[:1] if text.startswith("^") else ""
        text = text.removeprefix("^")
        parts = tuple(text.split())
        if len(parts) > 1:
            phrases[text[:2]].append((parts, row))
        else:
            words.setdefault(text.rstrip("*"), (row, kind))
    for known in phrases.values():
        known.sort(key=lambda phrase: (-len(phrase[0]), phrase))
    return _Forms(words, dict(phrases), max(map(len, words), default=0))


def pattern_hits(text: Text, tokens: Tokens, patterns: Patterns) -> Iterator[Hit]:
    """Yield what the patterns of the text's language find in its narrative, as the first fields of a toponym."""
    language = text.language or ""
    if language not in patterns.codes:
        return
    forms = _forms(patterns, language)
    starts, ends = tokens.starts.tolist(), tokens.ends.tolist()
    words = [fold(text.string[start:end]) for start, end in zip(starts, ends, strict=True)]
    past = 0
    for index, kind in enumerate(tokens.kind.tolist()):
        if kind not in _READ or index < past:
            continue
        found: list[tuple[int, int, int]] = []
        if language in UNSPACED:
            found = [(starts[index] + first, starts[index] + last, row) for first, last, row in _spread(words[index], forms)]
        elif (phrase := _phrase(words, index, forms)) is not None:
            past = index + phrase[0]
            found = [(starts[index], ends[past - 1], phrase[1])]
        elif (row := _single(words[index], text.string[starts[index]], forms, language)) is not None:
            found = [(starts[index], ends[index], row)]
        for start, end, row in found:
            yield start, end, KINDS[kind], int(tokens.paragraph[index]), ((row, Mark.NAME),), f"{language}:{row}"


def _phrase(words: Sequence[str], index: int, forms: _Forms) -> tuple[int, int] | None:
    """Return how many words a phrase has that stands at ``index``, and its row."""
    for parts, row in forms.phrases.get(words[index][:2], ()):
        following = words[index : index + len(parts)]
        if len(following) == len(parts) and all(_fits(word, part) for word, part in zip(following, parts, strict=True)):
            return len(parts), row
    return None


def _fits(word: str, part: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("*") else word == part


def _single(word: str, initial: str, forms: _Forms, language: str) -> int | None:
    for candidate in (word, *(word[len(p) :] for p in _PREFIXES.get(language, ()) if word.startswith(p))):
        for length in range(min(len(candidate), forms.longest), 2, -1):
            row, kind = forms.words.get(candidate[:length], (None, ""))
            if row is not None and _agrees(kind, len(candidate) - length, length, initial):
                return row
    return None


def _agrees(kind: str, rest: int, length: int, initial: str) -> bool:
    """Tell whether a word fits the kind of its pattern; a short stem takes a short ending only."""
    if kind == "*":
        return length > 4 or rest <= 5
    return rest == 0 and (kind != "^" or not initial.islower())


def _spread(word: str, forms: _Forms) -> Iterator[tuple[int, int, int]]:
    at = 0
    while at < len(word):
        for length in range(min(len(word) - at, forms.longest), 1, -1):
            if hit := forms.words.get(word[at : at + length]):
                yield at, at + length, hit[0]
                at += length - 1
                break
        at += 1

"""Which surface forms of a place are worth looking for: build-time rules, decided by counting how words are written in running text.

``Usage`` holds the counts; ``forms_of`` applies them to one place. Nothing here runs while tagging.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newstagger.contracts import Json
from newstagger.errors import CorpusError
from newstagger.matcher import Form
from newstagger.places.gazetteer import Mark
from newstagger.places.words import HEADS, PARTS
from newstagger.tokens import fold, split_words

BIG, TOWN, VILLAGE = 500_000, 100_000, 20_000
_SENTENCE_START = re.compile(r"(?:^|[.!?:\"“”'‘’(\]\n]\s*)$")
_PLACING = re.compile(r"\b(?:in|near|at|from|outside|around|en|nach|aus|dans) $")
_ASSIMILATED = frozenset(f"{vowel}{sound}" for vowel in "ae" for sound in ("l", "r", "s", "t", "d", "n", "z", "sh"))


@dataclass(frozen=True, slots=True)
class Usage:
    """How words are written: ``lower`` and ``upper`` count folded words with a small or (within a sentence) a capital letter.

    ``placed`` counts the capitals that follow a preposition of place; ``given`` and ``family`` people by first and last name.
    """

    lower: Mapping[str, int]
    upper: Mapping[str, int]
    placed: Mapping[str, int]
    given: Mapping[str, int]
    family: Mapping[str, int]

    def ordinary(self, word: str) -> float:
        """Return the share of a folded word's uses that are written small, in [0, 1]; 0 for a word never or once seen so."""
        small = self.lower.get(word, 0)
        return 0.0 if small < 2 else small / (small + self.upper.get(word, 0))

    def placeless(self, word: str) -> bool:
        """Tell whether a folded word is well known with a capital and hardly ever follows "in", "near" or the like."""
        seen = self.upper.get(word, 0)
        return seen >= 20 and self.placed.get(word, 0) < 0.05 * seen

    def personal(self, word: str) -> bool:
        """Tell whether a folded word is a person's last name or the first name of several people."""
        return self.given.get(word, 0) >= 2 or self.family.get(word, 0) >= 1


def rows_of(path: Path) -> Iterator[Json]:
    """Yield the rows of a gzipped JSON-lines file; raise CorpusError when it is missing or broken."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines)
    except (OSError, EOFError, ValueError) as error:
        raise CorpusError(f"cannot be read: {error}", where=str(path), next_step="name the folder with --data") from None


def count_usage(texts: Iterable[str], people: Iterable[str]) -> Usage:
    """Count words of running texts and of people's names. Capitals at the start of a sentence say nothing and are left out."""
    lower: Counter[str] = Counter()
    upper: Counter[str] = Counter()
    placed: Counter[str] = Counter()
    for text in texts:
        for match in re.finditer(r"[^\W_\d]+", text):
            word = match.group()
            if word.islower():
                lower[fold(word)] += 1
            elif word[0].isupper() and not _SENTENCE_START.search(text, max(0, match.start() - 3), match.start()):
                upper[fold(word)] += 1
                placed[fold(word)] += _PLACING.search(text, max(0, match.start() - 9), match.start()) is not None
    names = [split_words(fold(name)) for name in people]
    given = Counter(words[0] for words in names if len(words) > 1)
    family = Counter(words[-1] for words in names if len(words) > 1)
    return Usage(lower, upper, placed, given, family)


def city_forms(row: int, names: Sequence[tuple[str, str]], population: int, usage: Usage) -> Iterator[Form]:
    """Yield the forms of a city: junk dropped, ordinary words and people's names kept as weak ones where the city is worth it."""
    written = {" ".join(fold(word) for word in split_words(surface)) for surface, kind in names if kind == "name"}
    for surface, kind in names:
        main = kind == "name" or " ".join(fold(word) for word in [*split_words(surface), "city"]) in written
        mark = Mark.NAME if main else Mark.OTHER
        if mark and population < VILLAGE:
            continue
        if (weak := _weak(surface, mark, population, usage)) is None:
            continue
        for spelling in _spellings(surface):
            yield Form(spelling, row, tag=mark | weak)


def _spellings(surface: str) -> Iterator[str]:
    """Yield a name; where it holds an Arabic article, with the other ways to write that, and bare where the article opens it."""
    yield surface
    words = split_words(surface)
    at = next((index for index, word in enumerate(words[:-1]) if fold(word) in _ASSIMILATED), None)
    if at is None or len(words) > 4:
        return
    article = fold(words[at])
    for written in sorted({"al", "el", "a" + article[1:], "e" + article[1:]} - {article}):
        yield " ".join([*words[:at], written, *words[at + 1 :]])
    if at == 0 and len(words) == 2 and len(words[1]) >= 5:
        yield words[1]


def _weak(surface: str, mark: int, population: int, usage: Usage) -> int | None:
    words = [fold(word) for word in split_words(surface)]
    letters = sum(map(len, words))
    if not words or any(word.isdigit() for word in words) or letters <= (3 if mark and population < BIG else 2):
        return None
    if len(words) > 1:
        return Mark.NAME
    share, placeless = usage.ordinary(words[0]), usage.placeless(words[0])
    if (share >= 0.3 and population < TOWN) or (mark and (share >= 0.3 or placeless)) or words[0] in PARTS | HEADS:
        return None
    if share >= 0.02 or placeless or (usage.personal(words[0]) and (mark or population < BIG)):
        return Mark.WEAK
    return Mark.WEAK if mark and len(words[0]) <= 4 and population < TOWN else Mark.NAME


def division_forms(row: int, names: Iterable[tuple[str, str]], population: int, usage: Usage) -> Iterator[Form]:
    """Yield the forms of a first-level division; demonyms of the source are left out (their licence differs)."""
    for surface, kind in names:
        words = [fold(word) for word in split_words(surface)]
        if kind == "demonym" or not words or sum(map(len, words)) <= 3 or any(word.isdigit() for word in words):
            continue
        mark = Mark.NAME if kind == "name" else Mark.OTHER
        if len(words) == 1 and (usage.ordinary(words[0]) >= 0.3 or words[0] in PARTS | HEADS):
            continue
        if len(words) == 1 and _doubtful_division(words[0], population, usage):
            mark |= Mark.WEAK
        for spelling in _spellings(surface):
            yield Form(spelling, row, tag=mark)


def _doubtful_division(word: str, population: int, usage: Usage) -> bool:
    return usage.ordinary(word) >= 0.02 or usage.placeless(word) or (population < BIG and usage.personal(word))


def country_forms(row: int, names: Iterable[tuple[str, str]]) -> Iterator[Form]:
    """Yield the forms of a country: official and common names; short upper-case ones match only as written."""
    for surface, kind in names:
        if kind == "demonym" or "(" in surface or "," in surface:
            continue
        letters = "".join(split_words(surface))
        if len(letters) <= 4 and letters.isupper():
            yield Form(surface, row, exact=True)
        elif len(letters) > 3 or kind == "name":
            yield Form(surface, row, tag=Mark.NAME if kind == "name" else Mark.OTHER)

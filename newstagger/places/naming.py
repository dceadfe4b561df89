"""Build-time choices of words: what a place is called in a tag, and the patterns of names by language as arrays.

Called by ``build`` only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Json
from newstagger.matcher import Form
from newstagger.places.gazetteer import Mark
from newstagger.places.surfaces import Usage
from newstagger.strings import StringColumn
from newstagger.tokens import fold, split_words

LANGUAGES = {
    "arabic": "ar", "chinese_simplified": "zh", "chinese_traditional": "zh", "french": "fr", "german": "de", "hebrew": "he",
    "italian": "it", "japanese": "ja", "portuguese": "pt", "russian": "ru", "spanish": "es", "turkish": "tr",
}  # fmt: skip


LATIN = frozenset({"de", "es", "fr", "it", "pt", "tr"})


def pattern_languages() -> list[str]:
    """Return the language codes that ``pattern_languages`` of a part's settings lists."""
    return sorted(set(LANGUAGES.values()))


def labels(places: Sequence[Json], columns: Mapping[str, NDArray[Any]], forms: Iterable[Form], usage: Usage) -> list[str]:
    """Name each place as news copy does: the name, unless another form is far more common and means this place, or a city in it."""
    chosen = [str(place["name"]) for place in places]
    leader: dict[str, tuple[int, int]] = {}
    spelt: dict[tuple[str, int], str] = {}
    for form in forms:
        words = split_words(form.surface)
        if form.exact or form.tag & (Mark.ADJECTIVE | Mark.SEAT | Mark.WEAK) or len(words) != 1 or not form.surface.isascii():
            continue
        word, claim = fold(words[0]), (int(columns["population"][form.row]), form.row)
        spelt[word, form.row] = form.surface
        leader[word] = max(leader.get(word, claim), claim)
    common: dict[int, tuple[int, str]] = {}
    for (word, row), surface in sorted(spelt.items()):
        meant = leader[word][1]
        if places[row]["type"] in ("city", "admin1") and row in (meant, int(columns["admin1"][meant])):
            common[row] = max(common.get(row, (0, "")), (usage.upper.get(word, 0), surface))
    for row, (count, surface) in common.items():
        words = split_words(chosen[row])
        own = usage.upper.get(fold(words[0]), 0) if len(words) == 1 else 0
        if count >= 5 and count > 3 * own:
            chosen[row] = surface
    return chosen


def pattern_arrays(patterns: Iterable[Json], rows: Mapping[str, int]) -> dict[str, NDArray[Any]]:
    """Return the patterns of names by language as arrays."""
    codes, kept = pattern_languages(), set()
    for pattern in patterns:
        language, row = LANGUAGES.get(str(pattern["lang"])), rows.get(f"iso:{pattern['iso']}")
        if language is not None and row is not None and (text := _pattern_text(str(pattern["pattern"]), language)):
            kept.add((codes.index(language), text, row))
    ordered = sorted(kept)
    return {
        **StringColumn.pack(entry[1] for entry in ordered).arrays("pattern_texts"),
        "pattern_languages": np.array([entry[0] for entry in ordered], dtype=np.uint8),
        "pattern_rows": np.array([entry[2] for entry in ordered], dtype=np.int32),
    }


def _pattern_text(pattern: str, language: str) -> str:
    """Return a pattern word by word, folded; nothing where it is too short to be safe.

    A star ends a stem. A caret opens a name that wants its capital: "Irán" is a country, "irán" a verb; adjectives, which are
    stems, are written small.
    """
    words: list[str] = []
    for part in pattern.split():
        *before, last = split_words(part) or [""]
        words += [fold(word) for word in before] + [fold(last) + ("*" if part.endswith("*") else "")]
    text = " ".join(words)
    if not all(words) or "*" in words or len(text) < _shortest(language, words):
        return ""
    return f"^{text}" if language in LATIN and pattern[0].isupper() and not pattern.endswith("*") else text


def _shortest(language: str, words: Sequence[str]) -> int:
    if language in ("zh", "ja") or len(words) > 1:
        return 2
    if words[0].endswith("*"):
        return 6 if language in LATIN else 5
    return 3

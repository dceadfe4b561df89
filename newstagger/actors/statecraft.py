"""Does a country's name mean the state that acts, or a place? A logistic rule over the words on either side.

Kövecses and Radden's place-for-government metonymy, as scored by Markert and Nissim's readings ("literal" or not). The arms of
the state are read off the noun that follows: government, military or police.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from newstagger.actors.lexicon import (
    ADVERBS,
    AUXILIARIES,
    HEADS,
    MOVE_BEFORE,
    PARTY_BEFORE,
    PLACE_BEFORE,
    TARGET_BEFORE,
    TITLE_HEADS,
    VERBS,
    word_set,
)
from newstagger.actors.records import FormType
from newstagger.domain import Text
from newstagger.tokens import Tokens

PRIOR: Mapping[str, float] = {
    "bias": -1.6,
    "head": 5.0,
    "head:title": 3.0,
    "of-head": 4.0,
    "verb": 3.2,
    "auxiliary": 1.6,
    "possessive": 0.4,
    "hyphen": -3.0,
    "before:place": -3.5,
    "before:move": -1.2,
    "before:party": 1.3,
    "before:target": 2.4,
    "comma-place": -2.5,
    "sentence-start": 0.8,
    "type:capital": -1.0,
    "type:demonym": -0.4,
    "type:people": -1.5,
    "the-before": -0.3,
    "and-country": 0.3,
}
"""What the weights are before any data has spoken; learning moves away from them only as far as the data demand."""

_BEFORE = (
    ("before:place", PLACE_BEFORE),
    ("before:move", MOVE_BEFORE),
    ("before:party", PARTY_BEFORE),
    ("before:target", TARGET_BEFORE),
)
_REACH = 4
_SKIPPED_END = word_set("is was are were has have had will would of in on at to by with from for that who which as")


@dataclass(frozen=True, slots=True)
class Reading:
    """How one naming of a country reads: the features that are true, and which arm of the state is meant."""

    features: tuple[str, ...]
    arm: str


class Words:
    """The words of a text by number, lower-cased and with what stands between them; None beyond the paragraph."""

    def __init__(self, text: Text, tokens: Tokens) -> None:
        self._string = text.string
        self._starts, self._ends = tokens.starts.tolist(), tokens.ends.tolist()
        self._paragraph = tokens.paragraph.tolist()
        self._joined = tokens.joined.tolist()

    def __len__(self) -> int:
        return len(self._starts)

    def raw(self, number: int, beside: int) -> str | None:
        """Return word ``number`` as it stands, or None when it is not in the paragraph of word ``beside``."""
        if not 0 <= number < len(self._starts) or self._paragraph[number] != self._paragraph[beside]:
            return None
        return self._string[self._starts[number] : self._ends[number]]

    def low(self, number: int, beside: int) -> str:
        """Return word ``number`` lower-cased, or "" when it is not in the paragraph of word ``beside``."""
        raw = self.raw(number, beside)
        return raw.lower() if raw else ""

    def gap(self, number: int) -> str:
        """Return what stands between word ``number`` and the one before it."""
        return self._string[self._ends[number - 1] : self._starts[number]] if number else ""

    def joined(self, number: int) -> bool:
        """Tell whether a name may run from the word before into word ``number``."""
        return 0 <= number < len(self._joined) and self._joined[number]

    def starts_sentence(self, number: int) -> bool:
        """Tell whether word ``number`` opens a paragraph or follows the end of a sentence or a quotation mark."""
        if self.raw(number - 1, number) is None:
            return True
        return any(mark in self.gap(number) for mark in '.!?:;"“”„«»‘–—')


def reading(words: Words, first: int, last: int, kind: FormType, countries: frozenset[int]) -> Reading:
    """Return how the country named by words ``first`` to ``last`` reads; ``countries`` are the word numbers where countries are named."""
    features = [f"type:{kind.name.lower()}"] if kind in (FormType.CAPITAL, FormType.DEMONYM, FormType.PEOPLE) else []
    arm = ""
    after = last
    if words.raw(after, first) == "s" and words.joined(after):
        features.append("possessive")
        after += 1
    elif words.raw(after, first) is not None and words.gap(after).strip() in ("-", "‐", "‑"):
        features.append("hyphen")
    if "hyphen" not in features:
        arm, told = _head_after(words, first, after, countries, adjective=kind is not FormType.CAPITAL or "possessive" in features)
        features += told or _verb_after(words, first, after)
    features += _before(words, first)
    if not arm and (behind := _head_before(words, first)):
        arm = behind
        features.append("of-head")
    if words.low(last, first) in ("and", "or") and last + 1 in countries:
        features.append("and-country")
    return Reading(tuple(features), arm or "government")


def _head_after(words: Words, first: int, after: int, countries: frozenset[int], adjective: bool) -> tuple[str, list[str]]:
    """Return the arm that a head noun after the country names, with the feature; the last of several adjoining heads counts."""
    arm, features = "", [""]
    number = after
    while number < after + _REACH + 2 and adjective:
        word = words.low(number, first)
        if not word or word in _SKIPPED_END or (number > after and not words.joined(number)):
            break
        led = number + 1 < len(words) and words.gap(number + 1) == "-"
        if word in HEADS and not led:
            arm, features = HEADS[word], ["head:title" if word in TITLE_HEADS else "head"]
            if word in TITLE_HEADS:
                break
        elif arm or not _skippable(word, number, after, countries, words, first):
            break
        number += 1
    return arm, features if arm else []


def _skippable(word: str, number: int, after: int, countries: frozenset[int], words: Words, first: int) -> bool:
    """Tell whether a word may stand between a country and the noun that it belongs to."""
    if number >= after + _REACH:
        return False
    if word in ("and", "or"):
        return number + 1 in countries
    if word in VERBS or word in AUXILIARIES:
        return False
    raw = words.raw(number, first) or ""
    return raw[0].isupper() or not word.endswith("s") or word.endswith("ss") or number in countries


def _verb_after(words: Words, first: int, after: int) -> list[str]:
    number = after
    while words.low(number, first) in ADVERBS and number < after + 2 and words.low(number, first) not in AUXILIARIES:
        number += 1
    word = words.low(number, first)
    if word in VERBS:
        return ["verb"]
    if word not in AUXILIARIES:
        return []
    following = words.low(number + 1, first)
    if following in ("not", "also", "been", "now", "already"):
        following = words.low(number + 2, first)
    return ["verb"] if following in VERBS or following.endswith("ing") else ["auxiliary"]


def _before(words: Words, first: int) -> list[str]:
    number = first - 1
    features = []
    if words.low(number, first) in ("the", "der", "die", "das", "el", "la", "le", "l"):
        features.append("the-before")
        number -= 1
    word = words.low(number, first)
    if words.starts_sentence(first) and "the-before" not in features:
        return ["sentence-start"]
    raw = words.raw(number, first) or ""
    if words.gap(first).strip() == "," and raw[:1].isupper():
        return ["comma-place"]
    for name, lexicon in _BEFORE:
        if word in lexicon:
            return [*features, name]
    return features


def _head_before(words: Words, first: int) -> str:
    """Return the arm in phrases such as "the government of X"; persons of the state do not count."""
    number = first - 1
    if words.low(number, first) == "the":
        number -= 1
    if words.low(number, first) not in ("of", "de", "von", "del", "du"):
        return ""
    head = words.low(number - 1, first)
    return HEADS.get(head, "") if head not in TITLE_HEADS else ""


def probability(told: Reading, weights: Mapping[str, float]) -> float:
    """Return the probability in [0, 1] that the state acts."""
    margin = weights.get("bias", 0.0) + sum(weights.get(feature, 0.0) for feature in told.features)
    return 0.5 * (1.0 + math.tanh(0.5 * margin))

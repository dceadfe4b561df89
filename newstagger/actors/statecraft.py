"""Does a country's name mean the state that acts, or a place? A logistic rule over the words on either side.

Kövecses and Radden's place-for-government metonymy, as scored by Markert and Nissim's readings ("literal" or not). The arms of
the state are read off the noun that follows: government, military or police.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from newstagger.actors.lexicon import (
    ACTS,
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
from newstagger.actors.words import Words

PRIOR: Mapping[str, float] = {
    "bias": -1.6,
    "head": 5.0,
    "head:title": 3.0,
    "of-head": 4.0,
    "verb": 3.2,
    "auxiliary": 1.6,
    "verb-like": 1.8,
    "act": 2.2,
    "possessive": 0.4,
    "hyphen": -3.0,
    "before:place": -3.5,
    "before:move": -1.2,
    "before:party": 1.3,
    "before:target": 2.4,
    "comma-place": -2.5,
    "sentence-start": 0.8,
    "type:capital": -1.0,
    "type:demonym": -1.0,
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
_TYPES = {
    FormType.CAPITAL: "capital",
    FormType.DEMONYM: "demonym",
    FormType.PEOPLE: "people",
    FormType.ADJECTIVE: "demonym",
}
_ADJECTIVES = (FormType.DEMONYM, FormType.ADJECTIVE)
_REACH = 4
_SKIPPED_END = word_set("is was are were has have had will would of in on at to by with from for that who which as")


@dataclass(frozen=True, slots=True)
class Reading:
    """How one naming of a country reads: the features that are true, and which arm of the state is meant."""

    features: tuple[str, ...]
    arm: str


def reading(words: Words, first: int, last: int, kind: FormType, countries: frozenset[int]) -> Reading:
    """Return how the country named by words ``first`` to ``last`` reads; ``countries`` are the word numbers where countries are named."""
    features = [f"type:{_TYPES[kind]}"] if kind in _TYPES else []
    arm = ""
    after = last
    if words.raw(after, first) == "s" and words.joined(after):
        features.append("possessive")
        after += 1
    elif words.raw(after, first) is not None and words.gap(after).strip() in ("-", "‐", "‑"):
        features.append("hyphen")
    if "hyphen" not in features:
        arm, told = _head_after(words, first, after, countries)
        features += told or ([] if kind in _ADJECTIVES else _verb_after(words, first, after))
    features += _before(words, first)
    if not arm and (behind := _noun_before(words, first) if kind is FormType.ADJECTIVE else _head_before(words, first)):
        arm = behind
        features.append("of-head")
    if words.low(last, first) in ("and", "or") and last + 1 in countries:
        features.append("and-country")
    return Reading(tuple(features), arm or "government")


def _head_after(words: Words, first: int, after: int, countries: frozenset[int]) -> tuple[str, list[str]]:
    """Return the arm that a head noun after the country names, with the feature; the last of several adjoining heads counts."""
    arm, features = "", [""]
    number = after
    while number < after + _REACH + 2:
        word = words.low(number, first)
        if not word or word in _SKIPPED_END or not words.joined(number):
            break
        led = number + 1 < len(words) and words.gap(number + 1) == "-"
        if word in HEADS and not led:
            arm, features = HEADS[word], ["head:title" if word in TITLE_HEADS else "head"]
            if word in TITLE_HEADS:
                break
        elif arm or not _skippable(word, number, after, countries, words, first):
            break
        number += 1
    if not arm and words.low(after, first) in ACTS and words.joined(after):
        return "", ["act"]
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
        return ["verb-like"] if _verb_like(words, number, first) else []
    following = words.low(number + 1, first)
    if following in ("not", "also", "been", "now", "already"):
        following = words.low(number + 2, first)
    return ["verb"] if following in VERBS or following.endswith(("ing", "ed")) else ["auxiliary"]


def _verb_like(words: Words, number: int, first: int) -> bool:
    """Tell whether a small word right behind a name has the ending of an English verb."""
    raw = words.raw(number, first) or ""
    return raw.islower() and words.joined(number) and len(raw) > 3 and raw.endswith(("ed", "es", "s")) and not raw.endswith("ss")


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


def _noun_before(words: Words, first: int) -> str:
    """Return the arm in phrases such as "gobierno sirio" and "fuerzas armadas sirias"."""
    near = (words.low(number, first) for number in (first - 1, first - 2) if words.joined(number + 1))
    return next((HEADS[word] for word in near if word in HEADS), "")


def probability(told: Reading, weights: Mapping[str, float]) -> float:
    """Return the probability in [0, 1] that the state acts."""
    margin = weights.get("bias", 0.0) + sum(weights.get(feature, 0.0) for feature in told.features)
    return 0.5 * (1.0 + math.tanh(0.5 * margin))

"""The arms of a state behind words that do not name the country: "Assad's forces", "the regime" in a story about one country.

Called by ``mentions`` once the names are found. An act of the armed forces also speaks, by half, for their government.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np

from newstagger.actors.lexicon import TITLES, word_set
from newstagger.actors.records import COUNTRY_TYPES
from newstagger.actors.surfaces import Found
from newstagger.actors.words import Words
from newstagger.tokens import fold, word_hash

Arms = Mapping[int, Mapping[str, int]]
"""By country number, the rows of its government, military and police."""

_POSSESSED = {
    "government": "government", "regime": "government", "administration": "government", "cabinet": "government", "forces": "military",
    "troops": "military", "army": "military", "soldiers": "military", "military": "military",
}  # fmt: skip
_BARE = {
    "government": "government", "regime": "government", "authorities": "government", "army": "military", "military": "military",
    "troops": "military", "soldiers": "military", "police": "police",
}  # fmt: skip
_BARE_BEFORE = word_set("the government regime pro-government and while but as when after because by with between against from against")
_LEAST_NAMINGS = 3
_LEAST_SHARE = 0.5


def led_by(words: Words, first: int, last: int) -> str:
    """Return the arm that belongs to the person named by words ``first`` to ``last``: "X's forces", "X regime", "troops loyal to X"."""
    after = last + 1 if words.low(last, first) == "s" and words.joined(last) else last
    if words.joined(after) and (arm := _POSSESSED.get(words.low(after, first))):
        return arm
    before = first - 1
    while words.low(before, first) in TITLES:
        before -= 1
    if words.low(before, first) == "to" and words.low(before - 1, first) == "loyal":
        return _POSSESSED.get(words.low(before - 2, first), "")
    return ""


def main_country(found: list[Found], countries: Mapping[int, int]) -> int:
    """Return the number of the country that half of all namings of countries mean, 0 if none does; ``countries`` by row."""
    counts = Counter(countries[form.rows[0][0]] for form in found if form.rows[0][1] in COUNTRY_TYPES or form.rows[0][0] in countries)
    counts.pop(0, None)
    if not counts:
        return 0
    top, count = max(counts.items(), key=lambda pair: (pair[1], -pair[0]))
    return top if count >= _LEAST_NAMINGS and count >= _LEAST_SHARE * sum(counts.values()) else 0


BARE_HASHES = np.array(sorted(word_hash(fold(word)) for word in _BARE), dtype=np.uint64)
"""Hashes of the bare nouns, sorted: where to look."""


def bare_arms(words: Words, free: list[int]) -> Iterator[tuple[int, str]]:
    """Yield (word number, arm) for nouns such as "the regime" among the words of ``free``; the last noun of a chain counts."""
    for number in free:
        arm = _BARE.get(words.low(number, number))
        if not arm or words.low(number + 1, number) in _BARE or words.gap(number + 1 if number + 1 < len(words) else number) == "-":
            continue
        if words.low(number - 1, number) in _BARE_BEFORE or words.starts_sentence(number):
            yield number, arm

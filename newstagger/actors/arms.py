"""The arms of a state behind words that do not name the country: "Assad's forces", "the regime" in a story about one country.

Called by ``mentions`` once the names are found. An act of the armed forces also speaks, by half, for their government.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

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
    "forces": "military",
}  # fmt: skip
_BARE_BEFORE = word_set("the government regime pro-government and while but as when after because by with between against from against")
_LEAST_NAMINGS = 3
_STATE_BEFORE = word_set("government regime pro-government")
_LEAST_SHARE = 0.4


def led_by(words: Words, first: int, last: int) -> tuple[str, int, int]:
    """Return the arm, "" for none, and the words of phrases such as "X's forces", "X regime" or "troops loyal to X"."""
    after = last + 1 if words.low(last, first) == "s" and words.joined(last) else last
    if words.joined(after) and (arm := _POSSESSED.get(words.low(after, first))):
        return arm, first, after + 1
    before = first - 1
    while words.low(before, first) in TITLES:
        before -= 1
    if words.low(before, first) == "to" and words.low(before - 1, first) == "loyal":
        return _POSSESSED.get(words.low(before - 2, first), ""), before - 2, last
    return "", first, last


def main_country(found: list[Found], country: Callable[[int], int]) -> int:
    """Return the number of the country that most of what is named belongs to, 0 if none stands out; ``country`` is a row's."""
    rows = [form.rows[0][0] for form in found if form.rows[0][1] in COUNTRY_TYPES or len(form.rows) == 1]
    counts = Counter(map(country, rows))
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
        before = words.low(number - 1, number)
        if before in _STATE_BEFORE or (words.low(number, number) != "forces" and (before in _BARE_BEFORE or words.starts_sentence(number))):
            yield number, arm

"""What stands for an actor once its full name has stood: a family name, "the Observatory"."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from newstagger.actors.candidates import NARRATIVE_KINDS, Candidate, Named
from newstagger.actors.gazetteer import ActorGazetteer, country_code
from newstagger.actors.lexicon import FUNCTION_WORDS, ORGANISATION_HEADS, TITLES, VERBS
from newstagger.actors.records import FormType
from newstagger.actors.words import Words, one_of
from newstagger.tokens import fold, word_hash

_FAMILY_FIRST = frozenset(map(country_code, ("CN", "KP", "KR", "TW", "HK", "VN")))
_FULL = (FormType.NAME, FormType.ALIAS)


def echoes(named: Named, gazetteer: ActorGazetteer, taken: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield (row, word number) for every echo on words not yet taken, and take them."""
    bearers: dict[int, list[int]] = {}
    for row, candidate in sorted(named.candidates.items()):
        person = gazetteer.kind(row) == "person"
        word = _family(named, candidate, gazetteer) if person else _head(named, candidate)
        if word:
            bearers.setdefault(word_hash(fold(word)), []).append(row)
    if not bearers:
        return
    wanted = one_of(named.tokens.folded, bearers)
    for number in np.flatnonzero(wanted & ~taken).tolist():
        if named.words.kind(number) in NARRATIVE_KINDS and _bears(named.words, number):
            taken[number] = True
            yield _latest(named, bearers[int(named.tokens.folded[number])], number), number


def _family(named: Named, candidate: Candidate, gazetteer: ActorGazetteer) -> str | None:
    full = next((m for m in candidate.mentions if m.type in _FULL and m.last - m.first > 1), None)
    if full is None:
        return None
    first = int(gazetteer.countries[candidate.row]) in _FAMILY_FIRST
    number = full.first if first else full.last - 1
    word = named.words.low(number, number)
    if word in ("jr", "sr", "i", "ii", "iii", "iv", "vi"):
        word = named.words.low(number - 1, number)
    return word if len(word) > (1 if first else 2) else None


def _head(named: Named, candidate: Candidate) -> str | None:
    """Return the head noun of an organisation's full name."""
    for mention in candidate.mentions:
        if mention.last - mention.first >= 3 and mention.type in _FULL:
            told = [named.words.low(number, mention.first) for number in range(mention.first, mention.last)]
            return next((word for word in told if word in ORGANISATION_HEADS), None)
    return None


def _bears(words: Words, number: int) -> bool:
    """Tell whether a word, capitalised, can be a name by itself here and not part of somebody else's."""
    raw = words.raw(number, number) or ""
    if not raw[:1].isupper():
        return False
    if raw.lower() in ORGANISATION_HEADS and words.low(number - 1, number) != "the" and words.raw(number - 1, number) is not None:
        return False
    return _free_before(words, number) and _free_after(words, number)


def _free_before(words: Words, number: int) -> bool:
    before = words.raw(number - 1, number)
    if before is None or not before[0].isupper() or not words.joined(number) or words.gap(number).strip():
        return True
    low = before.lower()
    return low in TITLES or low in FUNCTION_WORDS or (words.starts_sentence(number - 1) and (low in VERBS or low.endswith("ly")))


def _free_after(words: Words, number: int) -> bool:
    after = words.raw(number + 1, number)
    if after is None or not after[0].isupper() or not words.joined(number + 1) or words.gap(number + 1).strip():
        return True
    low = after.lower()
    return low in VERBS or low in FUNCTION_WORDS or low == "s"


def _latest(named: Named, rows: list[int], number: int) -> int:
    """Return, of several bearers, the one named last before a word, or else first of all."""
    firsts = {row: [m.first for m in named.candidates[row].mentions if m.type is not FormType.SHORT] for row in rows}
    before = [(max(f for f in spots if f < number), row) for row, spots in firsts.items() if any(f < number for f in spots)]
    return max(before)[1] if before else min((min(spots, default=number), row) for row, spots in firsts.items())[1]

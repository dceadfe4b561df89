"""Who is named where: dictionary forms, states behind country names, and what stands for them afterwards.

Only narrative paragraphs count: a caption, a credit or a dateline is never evidence. Positions are word numbers of ``tokens_of``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from newstagger.actors.acronyms import Meaning, acronym_of, add_acronyms, meanings
from newstagger.actors.arms import BARE_HASHES, bare_arms, led_by, main_country
from newstagger.actors.candidates import NARRATIVE_KINDS, Mention, Named
from newstagger.actors.echoes import echoes
from newstagger.actors.gazetteer import ActorGazetteer
from newstagger.actors.records import COUNTRY_TYPES, FormType
from newstagger.actors.statecraft import probability, reading
from newstagger.actors.surfaces import Found, found_forms
from newstagger.actors.words import Words, one_of
from newstagger.domain import Text
from newstagger.tokens import tokens_of

_LEAST = 0.4
"""A naming of a country that is a state with less probability than this names a place."""
_LED, _BARE, _BY_ARM = 0.9, 0.5, 0.5
"""Weights of "Assad's forces", of "the regime", and of a government in what its armed forces do."""

_NAMING = (FormType.NAME, FormType.ALIAS)
_TYPES = tuple(FormType)
"""By number: looking one up is faster than making it."""

Taken = NDArray[np.bool_]


class MentionFinder:
    """Finds candidates with a gazetteer and the weights of the state-or-place rule."""

    def __init__(self, gazetteer: ActorGazetteer, weights: Mapping[str, float]) -> None:
        self._gazetteer = gazetteer
        self._weights = weights
        self._arms = gazetteer.arms()

    def find(self, text: Text, year: int = 0) -> Named:
        """Return who is named; ``year`` is the article's (0 = unknown) and settles between namesakes."""
        tokens = tokens_of(text)
        words = Words(text, tokens)
        found = found_forms(text, self._gazetteer.folded, self._gazetteer.exact, words)
        named = Named({}, self._countries(found), words, tokens)
        taken = np.zeros(len(tokens), dtype=np.bool_)
        found, told = self._told(named, found, taken, year)
        self._states(named, found, taken)
        self._backed(named, found, taken)
        add_acronyms(named, told, self._gazetteer, taken)
        for row, number in echoes(named, self._gazetteer, taken):
            named.add(row, Mention(number, number + 1, FormType.SHORT))
        self._led(named)
        self._bare(named, found, taken)
        self._governments(named)
        return named

    def _told(self, named: Named, found: list[Found], taken: Taken, year: int) -> tuple[list[Found], dict[str, Meaning]]:
        """Add full names, then the acronyms that the text does not give to another; return what is left of the forms, and the rest."""
        short = [(acronym, form) for form in found if (acronym := acronym_of(named.words, form))]
        spots = {form.first for _, form in short}
        self._names(named, [form for form in found if form.first not in spots], taken, year)
        told = meanings(named, short, self._gazetteer)
        lost = {form.first for acronym, form in short if acronym in told}
        kept = [form for form in found if form.first not in lost]
        if lost:
            named.countries = self._countries(kept)
        self._names(named, [form for form in kept if form.first in spots], taken, year)
        return kept, told

    def _countries(self, found: list[Found]) -> frozenset[int]:
        sure = (FormType.NAME, FormType.ALIAS)
        rows = [row for form in found for row, kind in form.rows if kind in COUNTRY_TYPES or (kind in sure and len(form.rows) == 1)]
        return frozenset(int(self._gazetteer.countries[row]) for row in rows) - {0}

    def _names(self, named: Named, found: list[Found], taken: Taken, year: int) -> None:
        """Add forms that name an actor by themselves; of namesakes, the one whose country and years fit."""
        for form in found:
            rows = form.rows if form.rows[0][1] in _NAMING and len(form.rows) == 1 else [pair for pair in form.rows if pair[1] in _NAMING]
            if rows:
                best, kind = rows[0] if len(rows) == 1 else self._fitting(named, rows, year)
                named.add(best, Mention(form.first, form.last, _TYPES[kind]), len({row for row, _ in rows}) - 1)
                taken[form.first : form.last] = True

    def _fitting(self, named: Named, rows: Sequence[tuple[int, int]], year: int) -> tuple[int, int]:
        return min(rows, key=lambda pair: (not self._near(named, pair[0]), not self._current(pair[0], year), *pair))

    def _near(self, named: Named, row: int) -> bool:
        return int(self._gazetteer.countries[row]) in named.countries

    def _current(self, row: int, year: int) -> bool:
        start, end = int(self._gazetteer.starts[row]), int(self._gazetteer.ends[row])
        return not end and bool(start) if not year else (not start or start <= year) and (not end or year <= end)

    def _states(self, named: Named, found: list[Found], taken: Taken) -> None:
        """Add the arm of the state for every naming of a country that reads as a state."""
        spots = [form for form in found if not taken[form.first] and form.rows[0][1] in COUNTRY_TYPES]
        numbers = frozenset(number for form in spots for number in range(form.first, form.last))
        for form in spots:
            row, kind = form.rows[0][0], _kind(form, named.words)
            taken[form.first : form.last] = True
            told = reading(named.words, form.first, form.last, kind, numbers)
            likely = probability(told, self._weights)
            if likely >= _LEAST:
                named.add(self._arm(row, told.arm), Mention(form.first, form.last, kind, likely))

    def _arm(self, row: int, arm: str) -> int:
        return self._arms.get(int(self._gazetteer.countries[row]), {}).get(arm, row)

    def _backed(self, named: Named, found: list[Found], taken: Taken) -> None:
        """Add short and weak forms where a fuller name, or for weak ones the country, stands in the text."""
        for form in found:
            if not taken[form.first] and (row := self._backer(named, form)) is not None:
                named.add(row, Mention(form.first, form.last, _TYPES[form.rows[0][1]]), len({row for row, _ in form.rows}) - 1)
                taken[form.first : form.last] = True

    def _backer(self, named: Named, form: Found) -> int | None:
        told = [row for row, kind in form.rows if kind in (FormType.SHORT, FormType.WEAK) and row in named.candidates]
        weak = [row for row, kind in form.rows if kind == FormType.WEAK and self._near(named, row)]
        return told[0] if told else weak[0] if len(weak) == 1 else None

    def _led(self, named: Named) -> None:
        people = [c for row, c in sorted(named.candidates.items()) if self._gazetteer.kind(row) == "person"]
        for person in people:
            for mention in person.mentions:
                arm, first, last = led_by(named.words, mention.first, mention.last)
                row = self._arm(person.row, arm) if arm else person.row
                if row != person.row:
                    named.add(row, Mention(first, last, FormType.ALIAS, _LED))

    def _bare(self, named: Named, found: list[Found], taken: Taken) -> None:
        arms = self._arms.get(main_country(found, lambda row: int(self._gazetteer.countries[row])))
        if arms:
            free = np.flatnonzero(~taken & one_of(named.tokens.folded, BARE_HASHES)).tolist()
            for number, arm in bare_arms(named.words, free):
                if arm in arms and named.words.kind(number) in NARRATIVE_KINDS:
                    named.add(arms[arm], Mention(number, number + 1, FormType.SHORT, _BARE))

    def _governments(self, named: Named) -> None:
        """Let each government answer for its armed forces, by half."""
        for row, candidate in sorted(named.candidates.items()):
            government = self._arm(row, "government") if self._gazetteer.kind(row) == "military" else row
            if government != row:
                for mention in candidate.mentions:
                    named.add(government, Mention(mention.first, mention.last, mention.type, mention.weight * _BY_ARM))


def _kind(form: Found, words: Words) -> FormType:
    """Return how a form names its country: a small word is an adjective, whatever else is spelt like it."""
    raw = words.raw(form.first, form.first) or ""
    return FormType.ADJECTIVE if raw.islower() else FormType(form.rows[0][1])

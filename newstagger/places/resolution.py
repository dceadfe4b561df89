"""Decides which place a toponym means: population, what else the article names, "City, State", and provinces beside their cities.

The method is that of Leidner (2007) and CLIFF (D'Ignazio et al. 2014): a population prior, then coherence with the countries
and first-level divisions that the rest of the article speaks of; one sense a form and article.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newstagger.domain import ParagraphKind, Text
from newstagger.places.addresses import Addresses, Sense, addresses
from newstagger.places.gazetteer import NOWHERE, Gazetteer, Level, Mark
from newstagger.places.prior import prior
from newstagger.places.toponyms import Toponym, toponyms
from newstagger.places.words import SAINTS

OTHER_NAME_MALUS, SAME_COUNTRY, SAME_DIVISION = 1.2, 2.5, 1.5
KNOWN_TOWN = 100_000


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a text: offsets, its row, the mark of the form (``Mark``), and the paragraph's kind and number.

    ``located``: a preposition of place stands before, or it opens a dateline.
    """

    start: int
    end: int
    row: int
    mark: int
    kind: ParagraphKind
    paragraph: int
    located: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rest of an article speaks of: weight by country and by division, in mentions, and what each form adds to them."""

    countries: Mapping[int, float]
    divisions: Mapping[int, float]
    own: Mapping[str, tuple[int, int, float]]

    def share(self, key: str, country: int) -> float:
        """Return the part of the article's mentions, other than those of this form, that lie in a country, in [0, 1).

        Half a mention elsewhere is assumed, so that a single companion decides little.
        """
        own_country, _, weight = self.own.get(key, (NOWHERE, NOWHERE, 0.0))
        total = sum(self.countries.values()) - weight
        mine = self.countries.get(country, 0.0) - (weight if own_country == country else 0.0)
        return mine / (total + 0.5)

    def names_division(self, key: str, division: int) -> bool:
        """Tell whether another form of the article speaks of a division or a place in it."""
        _, own_division, weight = self.own.get(key, (NOWHERE, NOWHERE, 0.0))
        return self.divisions.get(division, 0.0) - (weight if own_division == division else 0.0) > 0.0


def mentions(text: Text, gazetteer: Gazetteer) -> list[Mention]:
    """Return the places that a text names, in order, each with the place that is meant."""
    found = toponyms(text, gazetteer)
    if not found:
        return []
    known = addresses(text, found, gazetteer)
    groups: dict[str, list[int]] = defaultdict(list)
    for index, toponym in enumerate(found):
        groups[toponym.key].append(index)
    pinned = _pinned(groups, known.settled)
    first = {key: _best(found, members, gazetteer, pinned.get(key), None) for key, members in groups.items()}
    around = _surroundings(groups, first, gazetteer)
    meant = {key: _best(found, members, gazetteer, pinned.get(key), around) for key, members in groups.items()}
    around = _surroundings(groups, meant, gazetteer)
    kept = {key for key, members in groups.items() if _credible(found, members, gazetteer, meant[key], around, key in pinned)}
    chosen = sorted((index, meant[key]) for key in kept for index in groups[key] if _counts(index, found, known))
    return [_mention(text, found[index], choice, gazetteer) for index, choice in chosen if choice is not None]


def _counts(index: int, found: Sequence[Toponym], known: Addresses) -> bool:
    return not found[index].personal and index not in known.foreign


Choice = Sense | None
"""The row that is meant and the mark of its form."""


def _division(toponym: Toponym, choice: Choice, gazetteer: Gazetteer) -> Choice:
    """Return the division of that name where "province" or the like follows, in the country that is meant."""
    if choice is None or not toponym.division or gazetteer.levels[choice[0]] != Level.CITY:
        return choice
    country = gazetteer.countries[choice[0]]
    same = [pair for pair in toponym.rows if gazetteer.levels[pair[0]] == Level.ADMIN1 and gazetteer.countries[pair[0]] == country]
    return same[0] if same else choice


def _pinned(groups: Mapping[str, Sequence[int]], settled: Mapping[int, Sense]) -> dict[str, Sense]:
    """Return the sense of each form that an address settles somewhere; the most frequent one, and the first of equals."""
    pinned: dict[str, Sense] = {}
    for key, members in groups.items():
        senses = Counter(settled[index] for index in members if index in settled)
        if senses:
            pinned[key] = senses.most_common(1)[0][0]
    return pinned


def _best(found: Sequence[Toponym], members: Sequence[int], gazetteer: Gazetteer, pinned: Choice, around: Surroundings | None) -> Choice:
    if pinned:
        return pinned
    toponym = found[members[0]]
    rows = [(row, mark) for row, mark in toponym.rows if not mark & Mark.ABBREVIATION]
    return max(rows, key=lambda pair: (_fit(pair, toponym.key, gazetteer, around), -pair[0]), default=None)


def _fit(pair: tuple[int, int], key: str, gazetteer: Gazetteer, around: Surroundings | None) -> float:
    """Return how well a sense fits: a prior in powers of ten of inhabitants, plus coherence with the rest of the article."""
    row, mark = pair
    fit = prior(row, gazetteer) - (OTHER_NAME_MALUS if mark & Mark.OTHER else 0.0) - (0.5 if mark & Mark.WEAK else 0.0)
    if around is None:
        return fit
    fit += SAME_COUNTRY * around.share(key, gazetteer.countries[row])
    division = gazetteer.admin1s[row]
    return fit + (SAME_DIVISION if division not in (NOWHERE, row) and around.names_division(key, division) else 0.0)


def _surroundings(groups: Mapping[str, Sequence[int]], meant: Mapping[str, Choice], gazetteer: Gazetteer) -> Surroundings:
    """Weigh countries and divisions by how often they are named; weak forms and small towns say little, long lists no more than 3."""
    countries: dict[int, float] = defaultdict(float)
    divisions: dict[int, float] = defaultdict(float)
    own: dict[str, tuple[int, int, float]] = {}
    for key, members in groups.items():
        choice = meant[key]
        if choice is None or gazetteer.levels[choice[0]] == Level.REGION:
            continue
        row, mark = choice
        weight = min(len(members), 3) * _weight(row, mark, gazetteer)
        own[key] = (gazetteer.countries[row], gazetteer.admin1s[row], weight)
        countries[gazetteer.countries[row]] += weight
        if gazetteer.admin1s[row] != NOWHERE:
            divisions[gazetteer.admin1s[row]] += weight
    return Surroundings(countries, divisions, own)


def _weight(row: int, mark: int, gazetteer: Gazetteer) -> float:
    if gazetteer.levels[row] == Level.COUNTRY:
        return 1.0
    if mark & Mark.WEAK:
        return 0.1
    if gazetteer.capitals[row]:
        return 0.5  # a capital often stands for its government, far from where the story is
    return 0.8 if gazetteer.populations[row] >= KNOWN_TOWN or gazetteer.levels[row] == Level.ADMIN1 else 0.3


def _credible(
    found: Sequence[Toponym], members: Sequence[int], gazetteer: Gazetteer, choice: Choice, around: Surroundings, pinned: bool
) -> bool:
    """Tell whether a form is a place at all here: names in doubt want an address, a preposition or company from their country."""
    if choice is None or pinned:
        return choice is not None
    row, mark = choice
    key = found[members[0]].key
    located = any(found[index].located for index in members if not found[index].personal)
    if any(found[index].personal for index in members) and not mark & Mark.ADJECTIVE:
        return located
    if gazetteer.levels[row] in (Level.COUNTRY, Level.REGION):
        return True
    company = around.share(key, gazetteer.countries[row])
    large = gazetteer.populations[row] >= KNOWN_TOWN and not any(_other_division(found[index], choice, gazetteer) for index in members)
    if mark & Mark.WEAK:
        near = gazetteer.admin1s[row] not in (NOWHERE, row) and around.names_division(key, gazetteer.admin1s[row])
        return located and (company >= 0.2 or large or near)
    if large or company >= 0.2 or not any(found[index].bare for index in members):
        return large or company >= 0.2
    return located or gazetteer.levels[row] == Level.ADMIN1 or (" " in key and key.split()[0] not in SAINTS)


def _other_division(toponym: Toponym, choice: tuple[int, int], gazetteer: Gazetteer) -> bool:
    """Tell whether "county" or the like follows and no division of that name is known: some other place is meant."""
    return toponym.division and gazetteer.levels[(_division(toponym, choice, gazetteer) or choice)[0]] != Level.ADMIN1


def _mention(text: Text, toponym: Toponym, choice: tuple[int, int], gazetteer: Gazetteer) -> Mention:
    row, mark = _division(toponym, choice, gazetteer) or choice
    dotted = text.string[toponym.end : toponym.end + 1] == "." and text.string[toponym.end - 2 : toponym.end - 1] == "."
    return Mention(toponym.start, toponym.end + dotted, row, mark, toponym.kind, toponym.paragraph, toponym.located)

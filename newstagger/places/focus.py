"""What the story is about: for every place that an article names or implies, the properties that one shared model weighs.

A country is named by itself, its people, its seats of power and every place inside it; divisions and cities by themselves
and what lies in them. Countries and M49 regions compete with each other, divisions with divisions, cities with cities.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newstagger.domain import ParagraphKind, Text
from newstagger.places.gazetteer import NOWHERE, Gazetteer, Level, Mark
from newstagger.places.resolution import Mention

FEATURES: Mapping[str, str] = {
    "headline": "named in the headline",
    "lead": "named in the lead",
    "dateline": "named in the dateline",
    "count": "how often it is named",
    "share": "share of all places named",
    "most": "named most often",
    "first": "named first",
    "only": "the only one named",
    "adjective_only": "named by its people only",
    "adjectives": "share of mentions that are its people or an adjective",
    "located": "how often it follows a preposition of place",
    "inside_only": "named by places inside it only",
    "capital_only": "named by its capital or seat of government only",
    "quoted": "named in quotes",
    "spread": "named throughout the text",
    "region": "a group of countries",
    "country_share": "share of its country among all places named",
}
"""Names of the model's features, in the order of its weights, and how evidence words them."""

LEAD_PARAGRAPHS, LEAD_CHARACTERS = 2, 400
COUNTRY_LEVELS = (Level.COUNTRY, Level.REGION)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that an article may be about: its row, level, feature values by name, and the mentions that speak for it."""

    row: int
    level: Level
    values: Mapping[str, float]
    mentions: tuple[Mention, ...]
    lead: tuple[Mention, ...]

    def vector(self) -> list[float]:
        """Return the feature values in the order of ``FEATURES``."""
        return [self.values.get(name, 0.0) for name in FEATURES]


def candidates(text: Text, found: Sequence[Mention], gazetteer: Gazetteer) -> list[Candidate]:
    """Return the places named or implied by the mentions, by row."""
    by_row: dict[int, list[Mention]] = defaultdict(list)
    for mention in found:
        for row in _implied(mention.row, gazetteer):
            by_row[row].append(mention)
    lead = _lead_end(text)
    pools: dict[Level, list[int]] = defaultdict(list)
    for row in sorted(by_row):
        pools[_pool(gazetteer.levels[row])].append(row)
    totals = {row: len(by_row[row]) / len(found) for row in by_row}
    made: list[Candidate] = []
    for rows in pools.values():
        ranking = _Ranking.of([by_row[row] for row in rows])
        made += [_candidate(text, row, by_row[row], ranking, lead, totals, gazetteer) for row in rows]
    return sorted(made, key=lambda candidate: candidate.row)


def _implied(row: int, gazetteer: Gazetteer) -> list[int]:
    """Return a place with its division and country; groups of countries are never implied."""
    found = {row, gazetteer.admin1s[row], gazetteer.countries[row]} - {NOWHERE}
    return sorted(found)


def _pool(level: int) -> Level:
    return Level.COUNTRY if level == Level.REGION else Level(level)


@dataclass(frozen=True, slots=True)
class _Ranking:
    """What is common to the places that compete: mentions in all, the highest count, the first start, how many they are."""

    total: int
    highest: int
    first: int
    places: int

    @classmethod
    def of(cls, groups: Sequence[Sequence[Mention]]) -> _Ranking:
        distinct = {mention.start for group in groups for mention in group}
        return cls(len(distinct), max(map(len, groups)), min(distinct), len(groups))


def _lead_end(text: Text) -> int:
    """Return where the lead ends: after the first paragraphs of the body, or so many characters of it."""
    bodies = [paragraph for paragraph in text.paragraphs if paragraph.kind in (ParagraphKind.BODY, ParagraphKind.QUOTE)]
    if not bodies:
        return 0
    return min(bodies[:LEAD_PARAGRAPHS][-1].end, bodies[0].start + LEAD_CHARACTERS)


def _candidate(
    text: Text, row: int, group: Sequence[Mention], rank: _Ranking, lead_end: int, totals: Mapping[int, float], gazetteer: Gazetteer
) -> Candidate:
    level = Level(gazetteer.levels[row])
    headline = [m for m in group if m.kind is ParagraphKind.HEADLINE]
    lead = tuple(m for m in group if m.kind not in (ParagraphKind.HEADLINE, ParagraphKind.DATELINE) and m.start < lead_end)
    own = [m for m in group if m.row == row]
    country = gazetteer.countries[row]
    values = {
        "headline": 1.0 if headline else 0.0,
        "lead": min(len(lead), 3) / 3 + (0.5 if lead else 0.0),
        "dateline": 1.0 if any(m.kind is ParagraphKind.DATELINE for m in group) else 0.0,
        "count": math.log1p(len(group)),
        "share": len(group) / rank.total,
        "most": 1.0 if len(group) == rank.highest else 0.0,
        "first": 1.0 if group[0].start == rank.first else 0.0,
        "only": 1.0 if rank.places == 1 else 0.0,
        "adjective_only": 1.0 if all(m.mark & Mark.ADJECTIVE for m in group) else 0.0,
        "adjectives": sum(bool(m.mark & Mark.ADJECTIVE) for m in group) / len(group),
        "located": math.log1p(sum(m.located for m in group)),
        "inside_only": 0.0 if own else 1.0,
        "capital_only": 1.0 if level != Level.REGION and all(_governs(m, gazetteer) for m in group) else 0.0,
        "quoted": sum(m.kind is ParagraphKind.QUOTE for m in group) / len(group),
        "spread": len({m.paragraph for m in group}) / max(len(text.paragraphs), 3),
        "region": 1.0 if level == Level.REGION else 0.0,
        "country_share": totals.get(country, 0.0) if level in (Level.ADMIN1, Level.CITY) else 0.0,
    }
    return Candidate(row, level, values, tuple(group), lead)


def _governs(mention: Mention, gazetteer: Gazetteer) -> bool:
    return bool(mention.mark & Mark.SEAT or gazetteer.capitals[mention.row])

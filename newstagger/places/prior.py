"""How likely a place is meant before anything is read: powers of ten of its inhabitants, more for countries and capitals."""

from __future__ import annotations

import math

from newstagger.places.gazetteer import Gazetteer, Level

COUNTRY, COUNTRY_SLOPE, SMALL_COUNTRY, REGION, CAPITAL_BONUS, DIVISION_MALUS = 5.6, 0.3, 6.8, 7.5, 1.0, 0.6


def prior(row: int, gazetteer: Gazetteer) -> float:
    """Return the prior of a row; a difference of 1 means ten times as many inhabitants."""
    level = gazetteer.levels[row]
    if level == Level.COUNTRY:
        return max(SMALL_COUNTRY, COUNTRY + COUNTRY_SLOPE * math.log10(gazetteer.populations[row] + 1))
    if level == Level.REGION:
        return REGION
    size = math.log10(gazetteer.populations[row] + 1000)
    return size + CAPITAL_BONUS * gazetteer.capitals[row] if level == Level.CITY else size - DIVISION_MALUS

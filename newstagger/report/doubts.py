"""Rows whose label is perhaps wrong: confident learning (Northcutt, Jiang and Chuang 2021), a label at a time.

A row without the label is doubtful from the mean score of those that have it; a row with the label is doubtful where its score
is no higher than the mean score of those that lack it. The scores must come from a model that has not seen the rows.
"""

from __future__ import annotations

import numpy as np

from newstagger.report.data import Doubt, Doubts
from newstagger.report.seen import Bools, Seen

FEWEST = 5
"""A label of fewer rows has no mean score worth the name."""
MOST_SHOWN = 15


def doubts(seen: Seen, pairs: Bools, label: int, judged: int) -> Doubts:
    """Return the doubtful rows of one label; ``pairs`` are its pairs in the ``judged`` rows, those where the tagger did not abstain.

    A pair that was not told has the score 0.
    """
    carrying, lacking = pairs & seen.wanted, pairs & ~seen.wanted
    if int(carrying.sum()) < FEWEST:
        return Doubts()
    bar = float(seen.score[carrying].mean())
    floor = float(seen.score[lacking].sum()) / max(1, judged - int(carrying.sum()))
    found = [
        *(_doubt(seen, at, label, False, float(seen.score[at]) - bar) for at in np.flatnonzero(lacking & (seen.score >= bar))),
        *(_doubt(seen, at, label, True, floor - float(seen.score[at])) for at in np.flatnonzero(carrying & (seen.score <= floor))),
    ]
    ranked = sorted(found, key=lambda one: (-one.surplus, one.row))
    lacks, carries = ([one for one in ranked if one.carries is kind] for kind in (False, True))
    return Doubts(len(lacks), len(carries), (*lacks[:MOST_SHOWN], *carries[:MOST_SHOWN]))


def _doubt(seen: Seen, at: np.int64, label: int, carries: bool, surplus: float) -> Doubt:
    row = int(seen.row[at])
    return Doubt(row, seen.ids[row], label, carries, float(seen.score[at]), surplus)

"""What scores are worth: precision-recall, thresholds, reliability. Pure NumPy on parallel arrays of scores and right or wrong."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from newstagger.learning.reliability import BINS, LEAST, expected_error
from newstagger.report.data import Bin, Curves, Cut, Reach
from newstagger.report.seen import Bools, Doubles

CUTS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
MOST_POINTS = 80
PAIRS_A_BIN = 10
"""A bin of fewer pairs says nothing."""
FEWEST_TAGS = 10
"""A precision reached on fewer tags is luck."""


def curves(scores: Doubles, wanted: Bools, positives: int) -> Curves:
    """Return the curves of one label or of all pairs; ``positives`` counts the wanted pairs, those without a score included."""
    precision, recall = precision_recall(scores, wanted, positives)
    return Curves(precision, recall, reliability(scores, wanted), expected_error(scores, wanted), int((scores >= LEAST).sum()))


def _ranked(scores: Doubles, wanted: Bools) -> tuple[Doubles, Doubles, Doubles]:
    """Return distinct scores above 0 from high to low, with how many tags and how many right ones lie at or above each."""
    scored = scores > 0.0
    order = np.argsort(-scores[scored], kind="stable")
    ranked, hits = scores[scored][order], np.cumsum(wanted[scored][order])
    last = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True)) if len(ranked) else np.zeros(0, dtype=np.int64)
    return ranked[last], (last + 1).astype(np.float64), hits[last].astype(np.float64)


def precision_recall(scores: Doubles, wanted: Bools, positives: int) -> tuple[Doubles, Doubles]:
    """Return precision and recall at falling thresholds: at most 80 points, spread evenly over recall, each the best of its recall."""
    _, tags, hits = _ranked(scores, wanted)
    levels = np.unique(np.linspace(1, hits[-1], MOST_POINTS).round()) if len(hits) and hits[-1] else np.zeros(0)
    at = np.searchsorted(hits, levels)
    return hits[at] / tags[at], hits[at] / max(1, positives)


def cuts(scores: Doubles, wanted: Bools, positives: int, bars: tuple[float, float] | None) -> tuple[Cut, ...]:
    """Return what tagging from each of some scores on would give, the present bars among them, from low to high."""
    notes = dict.fromkeys(CUTS, "")
    for score, note in zip(bars or (), ("suggested from here", "written unasked from here"), strict=False):
        at = round(score, 6)  # as scores are told; a bundle's float32 is a hair off
        if 0.0 <= at <= 1.0:
            notes[at] = f"{notes[at]}, {note}" if notes.get(at) else note
    return tuple(cut_at(scores, wanted, positives, score, note) for score, note in sorted(notes.items()))


def cut_at(scores: Doubles, wanted: Bools, positives: int, score: float, note: str = "") -> Cut:
    """Return what tagging from one score on would give."""
    chosen = (scores >= score) & (scores > 0.0)
    tags, right = int(chosen.sum()), int((chosen & wanted).sum())
    f1 = 2 * right / (tags + positives) if tags + positives else 0.0
    return Cut(score, tags, right / tags if tags else 0.0, right / positives if positives else 0.0, f1, note)


def reaches(scores: Doubles, wanted: Bools, positives: int, targets: Iterable[float]) -> tuple[Reach, ...]:
    """Return for each target the lowest score from which on that share of at least 10 tags is right."""
    ranked, tags, hits = _ranked(scores, wanted)
    found = []
    for target in targets:
        met = np.flatnonzero((hits / np.maximum(tags, 1.0) >= target) & (tags >= FEWEST_TAGS))
        found.append(Reach(target, cut_at(scores, wanted, positives, float(ranked[met[-1]])) if len(met) else None))
    return tuple(found)


def reliability(scores: Doubles, wanted: Bools) -> tuple[Bin, ...]:
    """Return bins of equal mass over pairs of score .1 or more: at most 15, of at least 10 pairs each."""
    counted = np.flatnonzero(scores >= LEAST)
    if len(counted) < PAIRS_A_BIN:
        return ()
    ranked = counted[np.argsort(scores[counted], kind="stable")]
    return tuple(
        Bin(float(scores[part].mean()), float(wanted[part].mean()), len(part))
        for part in np.array_split(ranked, min(BINS, len(ranked) // PAIRS_A_BIN))
    )

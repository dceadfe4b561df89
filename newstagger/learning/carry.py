"""Calibration that carries to outlets never seen: one curve for all labels, which looks at the text too. NumPy only.

score = 1 / (1 + exp(-curve . (margin, gap, words, margin x words, gap x words, 1))), where gap is the margin less the best other
label's, and words is ln(1 + known terms) / 4. Labels share it: what a label's own curve learns from one source does not hold in
the next. It is fitted on margins of sources left out and of shortened texts, since that is what a new outlet is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from newstagger.learning.thresholds import best_cut
from newstagger.logistic import fit_map, sigmoid

Doubles = NDArray[np.float64]
Bools = NDArray[np.bool_]
FEATURES = 6
NEVER = 2.0
"""A score that no tag reaches."""
_START = np.array([2.0, 1.0, 0.0, 0.0, 0.0, -1.0])
_PULL = 1.0
_WORDS = 4.0
_LONGEST = 3.0
_FLATTEST = 0.05
_MOST_GAP = 1.5


def described(margins: Doubles, terms: Doubles) -> Doubles:
    """Return texts x labels x features from texts x labels margins and the number of known terms of each text."""
    words = np.broadcast_to((np.log1p(terms) / _WORDS)[:, None], margins.shape)
    gap = np.clip(margins - _best_other(margins), -_MOST_GAP, _MOST_GAP)
    return np.stack([margins, gap, words, margins * words, gap * words, np.ones_like(margins)], axis=-1)


def carried_scores(margins: Doubles, terms: Doubles, curve: Doubles) -> Doubles:
    """Return texts x labels probabilities in [0, 1]."""
    return np.asarray(sigmoid(described(margins, terms) @ curve))


def rises(curve: Doubles) -> bool:
    """Tell whether a higher margin means a higher score in texts of any length."""
    alone, closest = curve[0] + _LONGEST * np.array([0.0, curve[3]]), curve[1] + _LONGEST * np.array([0.0, curve[4]])
    return bool((alone > 0).all() and (alone + closest > 0).all())


def fit_carried(margins: Doubles, terms: Doubles, wanted: Bools, mask: Bools) -> Doubles:
    """Return the curve of held-out margins; entries outside ``mask`` do not count. Without interactions if it would not rise with them."""
    design = described(margins, terms)[mask]
    curve = fit_map(design, wanted[mask], _START, np.full(FEATURES, _PULL))
    if not rises(curve):
        firm = np.array([_PULL, _PULL, _PULL, 1e9, 1e9, _PULL])
        curve = fit_map(design, wanted[mask], _START, firm)
    curve[0] = max(_FLATTEST, curve[0])
    return curve if rises(curve) else _START.copy()


def suggestion_bar(scores: Doubles, wanted: Bools, mask: Bools) -> float:
    """Return the score from which tags are worth showing: that of best pooled F1 seen."""
    return best_cut(scores[mask], wanted[mask]) if bool(wanted[mask].any()) else 0.5


def precision_bars(scores: Doubles, wanted: Bools, mask: Bools, targets: Sequence[float], prior: float) -> Doubles:
    """Return by label the score from which its held-out tags were right as often as its target asks.

    All labels share the bar at which they met the target together; a label's own tags can only raise its bar, and count beside
    ``prior`` tags that met the target: three that happened to be right earn nothing. A bar that nothing reached is ``NEVER``.
    """
    common = {target: common_bar(scores, wanted, mask, target) for target in set(targets)}
    return np.array([_own_bar(scores, wanted, mask, label, common[t], t, prior) for label, t in enumerate(targets)])


def earned_bars(scores: Doubles, wanted: Bools, mask: Bools, targets: Sequence[float], prior: float) -> Doubles:
    """Return ``precision_bars``, but lower where a label's own tags met the target beyond doubt.

    Beyond doubt: with the lower bound of their precision one standard error down (Wilson 1927), which needs 18 right tags for .95.
    """
    bars = precision_bars(scores, wanted, mask, targets, prior)
    return np.array(
        [min(bar, _sure_bar(scores[mask[:, at], at], wanted[mask[:, at], at], targets[at])) for at, bar in enumerate(bars.tolist())]
    )


def _sure_bar(scores: Doubles, wanted: Bools, target: float) -> float:
    """Return the lowest score from which on the lower bound of the share of wanted ones is at least the target; NEVER if none is."""
    order = np.argsort(-scores, kind="stable")
    count = np.arange(1, len(order) + 1)
    share = np.cumsum(wanted[order]) / count
    bound = (share + 0.5 / count - np.sqrt(share * (1.0 - share) / count + 0.25 / count**2)) / (1.0 + 1.0 / count)
    whole = np.append(scores[order][1:] < scores[order][:-1], True)[: len(order)]
    met = np.flatnonzero((bound >= target) & whole)
    return float(scores[order][met[-1]]) if len(met) else NEVER


def common_bar(scores: Doubles, wanted: Bools, mask: Bools, target: float) -> float:
    """Return the score from which the held-out tags of all labels together were right as often as the target asks."""
    return _bar(scores[mask], wanted[mask], target, 0.0)


def _own_bar(scores: Doubles, wanted: Bools, mask: Bools, label: int, common: float, target: float, prior: float) -> float:
    rows = mask[:, label] & (scores[:, label] >= common)
    if not bool(rows.any()):
        return common
    return max(common, _bar(scores[rows, label], wanted[rows, label], target, prior))


def _bar(scores: Doubles, wanted: Bools, target: float, prior: float) -> float:
    """Return the lowest score from which on the share of wanted ones is at least the target; NEVER if there is none."""
    order = np.argsort(-scores, kind="stable")
    share = (np.cumsum(wanted[order]) + prior * target) / (np.arange(1, len(order) + 1) + prior)
    whole = np.append(scores[order][1:] < scores[order][:-1], True)
    met = np.flatnonzero((share >= target) & whole)
    return float(scores[order][met[-1]]) if len(met) else NEVER


def _best_other(margins: Doubles) -> Doubles:
    if margins.shape[1] < 2:
        return np.zeros_like(margins)
    ranked = np.sort(margins, axis=1)
    best, second = ranked[:, -1:], ranked[:, -2:-1]
    return np.where(np.arange(margins.shape[1]) == margins.argmax(axis=1)[:, None], second, best)

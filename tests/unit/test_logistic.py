"""Logistic regression with expected weights: right where there are data, at the expectation where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from newstagger.logistic import fit_map


def logistic(features, labels, penalty, expected):
    """Fit with a free bias, the weights drawn towards the expected ones by 1 / penalty."""
    design = np.hstack([features, np.ones((len(features), 1))])
    return fit_map(design, labels, expected, np.array([*[1 / penalty] * features.shape[1], 1e-2]))


def _sample(rows: int = 4000) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    chance = np.random.default_rng(0)
    features = chance.normal(size=(rows, 3))
    features[:, 2] = 0.0
    return features, chance.random(rows) < 1 / (1 + np.exp(-(2 * features[:, 0] - features[:, 1] + 0.5)))


def test_finds_the_weights_and_keeps_what_no_row_shows() -> None:
    features, labels = _sample()
    weights = logistic(features, labels, 10.0, np.array([0.0, 0.0, 0.7, 0.0]))
    assert weights[:2] == pytest.approx([2.0, -1.0], abs=0.4)
    assert weights[2] == pytest.approx(0.7)


def test_agrees_with_scikit_learn_where_nothing_is_expected() -> None:
    from sklearn.linear_model import LogisticRegression

    features, labels = _sample()
    ours = logistic(features, labels, 1.0, np.zeros(4))
    theirs = LogisticRegression(C=1.0, tol=1e-8, max_iter=1000).fit(features, labels)
    assert ours[:3] == pytest.approx(theirs.coef_[0], abs=2e-3)


@pytest.mark.parametrize("value", [True, False])
def test_one_class_has_a_finite_answer(value: bool) -> None:
    features, _ = _sample(20)
    weights = logistic(features, np.full(20, value), 1.0, np.zeros(4))
    assert bool(np.isfinite(weights).all()) and bool(weights[-1] > 0) is value


def test_a_row_that_counts_thrice_is_three_rows() -> None:
    features, labels = _sample(60)
    design, counts = np.hstack([features, np.ones((60, 1))]), np.arange(60) % 4
    told = (np.zeros(4), np.full(4, 0.1))
    counted = fit_map(design, labels, *told, counts.astype(np.float64))
    assert counted == pytest.approx(fit_map(np.repeat(design, counts, axis=0), np.repeat(labels, counts), *told))

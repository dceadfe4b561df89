import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from newstagger.learning.carry import NEVER, carried_scores, described, earned_bars, fit_carried, precision_bars, rises, suggestion_bar
from newstagger.learning.reliability import expected_error

LABELS = 4


def sample(seed=0, count=3000, slope=3.0):
    rng = np.random.RandomState(seed)
    margins, terms = rng.normal(-0.7, 0.6, size=(count, LABELS)), rng.randint(3, 200, size=count).astype(float)
    design = described(margins, terms)
    likely = 1 / (1 + np.exp(-(slope * design[..., 0] + design[..., 1] - 0.5 * design[..., 2])))
    return margins, terms, rng.uniform(size=margins.shape) < likely


def everything(wanted):
    return np.ones_like(wanted)


def test_scores_come_true_in_long_and_in_short_texts():
    margins, terms, wanted = sample(count=20_000)
    scores = carried_scores(margins, terms, fit_carried(margins, terms, wanted, everything(wanted)))
    for rows in (terms < 40, terms > 120):
        assert expected_error(scores[rows].ravel(), wanted[rows].ravel()) < 0.04


def test_a_label_far_ahead_of_the_next_is_surer_than_one_beside_its_equal():
    margins, terms, wanted = sample()
    curve = fit_carried(margins, terms, wanted, everything(wanted))
    alone, crowded = np.array([[0.5, -1.0, -1.0, -1.0]]), np.array([[0.5, 0.5, -1.0, -1.0]])
    assert carried_scores(alone, np.array([30.0]), curve)[0, 0] > carried_scores(crowded, np.array([30.0]), curve)[0, 0]


def test_entries_outside_the_mask_say_nothing():
    margins, terms, wanted = sample()
    mask = everything(wanted)
    mask[:, 0] = False
    noisy = wanted.copy()
    noisy[:, 0] = ~noisy[:, 0]
    assert fit_carried(margins, terms, wanted, mask).tolist() == fit_carried(margins, terms, noisy, mask).tolist()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**20), st.integers(1, 40), st.floats(0, 1), st.floats(0.01, 100))
def test_every_curve_rises_with_the_margin_and_stays_finite(seed, rows, share, scale):
    rng = np.random.RandomState(seed)
    margins, terms = rng.normal(size=(rows, 3)) * scale, rng.randint(0, 5000, size=rows).astype(float)
    wanted = rng.uniform(size=(rows, 3)) < share
    curve = fit_carried(margins, terms, wanted, everything(wanted))
    assert rises(curve)
    higher = margins.copy()
    higher[:, 1] += 0.5
    assert (carried_scores(higher, terms, curve)[:, 1] >= carried_scores(margins, terms, curve)[:, 1]).all()


def test_tags_above_the_bar_were_right_as_often_as_asked():
    margins, terms, wanted = sample(count=6000)
    scores = carried_scores(margins, terms, fit_carried(margins, terms, wanted, everything(wanted)))
    bars = precision_bars(scores, wanted, everything(wanted), [0.9] * LABELS, 10.0)
    assert (wanted[scores >= bars].mean(), (scores >= bars).any(axis=1).mean()) >= (0.9, 0.01)


def test_a_label_that_is_often_wrong_has_a_high_bar():
    margins, terms, wanted = sample(count=6000)
    scores = carried_scores(margins, terms, fit_carried(margins, terms, wanted, everything(wanted)))
    before = precision_bars(scores, wanted, everything(wanted), [0.9] * LABELS, 10.0)
    wanted[:, 2] &= np.arange(len(wanted)) % 2 == 0
    after = precision_bars(scores, wanted, everything(wanted), [0.9] * LABELS, 10.0)
    assert after[2] > before[2]
    assert (scores[:, 2] >= after[2]).sum() < 0.3 * (scores[:, 2] >= before[2]).sum()


def test_a_target_that_nothing_meets_is_never_reached():
    scores, wanted = np.full((50, 2), 0.9), np.zeros((50, 2), dtype=bool)
    assert precision_bars(scores, wanted, everything(wanted), [0.95, 0.95], 10.0).tolist() == [NEVER, NEVER]


def test_suggestions_start_where_f1_is_best():
    scores, wanted = np.array([[0.9], [0.8], [0.4], [0.1]]), np.array([[True], [True], [False], [False]])
    assert 0.4 < suggestion_bar(scores, wanted, everything(wanted)) < 0.8
    assert suggestion_bar(scores, np.zeros_like(wanted), everything(wanted)) == 0.5


def test_expected_error_counts_how_far_scores_are_from_the_truth():
    scores = np.array([0.9] * 100 + [0.05] * 100)
    assert abs(expected_error(scores, np.arange(200) < 90, bins=1)) < 1e-9
    assert abs(expected_error(np.full(100, 0.9), np.zeros(100, dtype=bool)) - 0.9) < 1e-9
    assert expected_error(np.zeros(5), np.ones(5, dtype=bool)) == 0.0


def test_a_label_earns_a_lower_bar_by_many_right_tags_and_not_by_three():
    scores = np.tile(np.linspace(0.99, 0.4, 60)[:, None], (1, 3))
    wanted = np.zeros_like(scores, dtype=bool)
    wanted[:, 0] = wanted[:30, 1] = True
    wanted[:30, 2] = np.arange(30) % 3 > 0
    mask = everything(wanted)
    common, earned = (bars_of(scores, wanted, mask, [0.95] * 3, 10.0) for bars_of in (precision_bars, earned_bars))
    assert common[0] == common[1] > 0.9
    assert earned[0] == scores[-1, 0]
    assert 0.69 < earned[1] < 0.71
    assert earned[2] == common[2]
    mask[3:57, 0] = False
    assert earned_bars(scores, wanted, mask, [0.95] * 3, 10.0)[0] == precision_bars(scores, wanted, mask, [0.95] * 3, 10.0)[0]

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from newstagger.learning import calibration
from newstagger.learning.calibration import FLATTEST, STRAIGHT, fit_bend, fit_curves, probability
from newstagger.learning.reliability import expected_error


def sample(slope, offset, count=4000, seed=0):
    rng = np.random.RandomState(seed)
    margins = rng.normal(-1, 1, size=(count, 1))
    return margins, rng.uniform(size=(count, 1)) < 1 / (1 + np.exp(-(slope * margins + offset)))


def test_finds_the_curve_that_made_the_data():
    margins, wanted = sample(3.0, 1.0)
    (curve,) = fit_curves(margins, wanted, np.ones_like(wanted), 10.0)
    assert abs(curve.slope - 3.0) < 0.3
    assert abs(curve.offset - 1.0) < 0.3


def test_scores_of_a_calibrated_label_come_true():
    margins, wanted = sample(2.0, 0.5, seed=3)
    (curve,) = fit_curves(margins, wanted, np.ones_like(wanted), 10.0)
    likely = probability(margins, np.array([curve.slope]), np.array([curve.offset]))
    sure = likely > 0.7
    assert abs(wanted[sure].mean() - likely[sure].mean()) < 0.05


def test_a_rare_label_keeps_near_the_common_curve():
    margins, wanted = sample(3.0, 1.0)
    few = np.zeros_like(wanted)
    few[np.argsort(margins[:, 0])[:4]] = True
    both, labels = np.hstack([margins, margins]), np.hstack([wanted, few])
    own = fit_curves(both, labels, np.ones_like(labels), 0.0)[1]
    drawn = fit_curves(both, labels, np.ones_like(labels), 50.0)[1]
    assert drawn.slope > own.slope


def test_labels_without_enough_positives_share_one_curve():
    margins, wanted = sample(3.0, 1.0)
    both, labels = np.hstack([margins, margins]), np.hstack([wanted, np.zeros_like(wanted)])
    first, second = fit_curves(both, labels, np.ones_like(labels), 0.0)
    assert first != second
    assert second.slope > 0


def test_binned_margins_give_the_curve_of_all_of_them(monkeypatch):
    margins, wanted = sample(3.0, 1.0, count=40_000)
    (quick,) = fit_curves(margins, wanted, np.ones_like(wanted), 10.0)
    monkeypatch.setattr(calibration, "BIN", len(margins))
    (slow,) = fit_curves(margins, wanted, np.ones_like(wanted), 10.0)
    told = [probability(margins, np.array([curve.slope]), np.array([curve.offset])) for curve in (quick, slow)]
    assert 0 < np.abs(told[0] - told[1]).max() < 2e-4


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**20), st.integers(1, 30), st.floats(0, 1), st.floats(0.001, 1000))
def test_every_curve_rises_and_stays_finite(seed, rows, share, scale):
    rng = np.random.RandomState(seed)
    margins = rng.normal(size=(rows, 3)) * scale
    wanted = rng.uniform(size=(rows, 3)) < share
    for curve in fit_curves(margins, wanted, np.ones_like(wanted), 5.0):
        assert curve.slope >= FLATTEST
        assert np.isfinite(curve.offset)
        assert 0.0 <= probability(np.array([1e6]), np.array([curve.slope]), np.array([curve.offset]))[0] <= 1.0


def heavy_tailed(count=40_000, seed=5):
    """Margins of which the sure ones are wrong more often than a sigmoid can say, beside many clear negatives."""
    rng = np.random.RandomState(seed)
    margins = np.concatenate([rng.normal(-3, 0.7, size=count), rng.normal(0.5, 1.5, size=count // 8)])[:, None]
    likely = 1 / (1 + np.exp(-np.where(margins > -1, margins - 0.5, 4 * margins + 2.5)))
    return margins, rng.uniform(size=margins.shape) < likely


def test_a_bend_makes_scores_true_where_a_sigmoid_alone_is_not():
    margins, wanted = heavy_tailed()
    mask = np.ones_like(wanted)
    (curve,) = fit_curves(margins, wanted, mask, 10.0)
    straight = probability(margins, np.array([curve.slope]), np.array([curve.offset]))
    bent = probability(margins, np.array([curve.slope]), np.array([curve.offset]), fit_bend(margins, wanted, mask, [curve]))
    before, after = (expected_error(scores.ravel(), wanted.ravel()) for scores in (straight, bent))
    assert after < 0.6 * before


def test_a_straight_bend_changes_nothing():
    margins = np.linspace(-9, 9, 50)
    one, two = np.array([1.5]), np.array([0.2])
    assert np.allclose(probability(margins, one, two, np.array(STRAIGHT)), probability(margins, one, two))


def test_entries_outside_the_mask_do_not_bend():
    margins, wanted = heavy_tailed(4000)
    two, said = np.hstack([margins, margins]), np.hstack([wanted, wanted])
    mask = np.ones_like(said)
    mask[:, 1] = False
    lies = said.copy()
    lies[:, 1] = ~lies[:, 1]
    curves = fit_curves(two, said, mask, 10.0)
    assert fit_bend(two, said, mask, curves).tolist() == fit_bend(two, lies, mask, curves).tolist()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**20), st.integers(1, 30), st.floats(0, 1), st.floats(0.001, 1000))
def test_every_bend_keeps_the_order_of_scores(seed, rows, share, scale):
    rng = np.random.RandomState(seed)
    margins, wanted = rng.normal(size=(rows, 3)) * scale, rng.uniform(size=(rows, 3)) < share
    curves = fit_curves(margins, wanted, np.ones_like(wanted), 5.0)
    bend = fit_bend(margins, wanted, np.ones_like(wanted), curves)
    assert bool((bend[:-1] > 0).all())
    assert bool(np.isfinite(bend).all())
    ranked = np.sort(margins[:, 0])
    scores = probability(ranked, np.float64(curves[0].slope), np.float64(curves[0].offset), bend)
    assert bool((np.diff(scores) >= 0).all())

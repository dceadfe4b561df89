import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from newstagger.learning.calibration import Curve, fit_curves, probability
from newstagger.learning.thresholds import best_cut, expected_cut, fit_thresholds


def f1_at(margins, wanted, cut):
    given_ = margins >= cut
    return 2 * (given_ & wanted).sum() / max(1, given_.sum() + wanted.sum())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=1, max_size=20))
def test_no_other_cut_does_better(pairs):
    margins = np.array([float(m) for m, _ in pairs])
    wanted = np.array([w for _, w in pairs])
    best = f1_at(margins, wanted, best_cut(margins, wanted))
    assert all(f1_at(margins, wanted, cut) <= best + 1e-12 for cut in np.arange(-6, 7, 0.5))


def fit(margins, wanted, mask, prior):
    return fit_thresholds(margins, wanted, mask, fit_curves(margins, wanted, mask, 5.0), prior)


def test_expected_cut_is_where_expected_f1_peaks():
    margins = np.random.RandomState(0).normal(-1, 1, size=500)
    curve = Curve(2.0, 0.3)
    likely = probability(margins, np.float64(curve.slope), np.float64(curve.offset))

    def expected(cut):
        chosen = margins >= cut
        return 2 * likely[chosen].sum() / max(1.0, chosen.sum() + likely.sum())

    best = expected(expected_cut(margins, curve))
    assert all(expected(cut) <= best + 1e-9 for cut in np.linspace(-3, 3, 200))


def test_a_common_label_goes_its_own_way_and_a_rare_one_with_the_crowd():
    rng = np.random.RandomState(0)
    wanted = np.zeros((400, 3), dtype=bool)
    wanted[:150, 0] = wanted[:150, 1] = True
    wanted[:2, 2] = True
    margins = rng.normal(-1, 0.2, size=(400, 3)) + wanted * 2.0
    margins[:, 1] -= 1.0
    cuts = fit(margins, wanted, np.ones_like(wanted), 5.0)
    assert cuts[2] == best_cut(margins.ravel(), wanted.ravel())
    assert cuts[1] < cuts[0]


def test_entries_outside_the_mask_do_not_count():
    rng = np.random.RandomState(1)
    wanted = np.arange(200)[:, None] < 60
    margins = rng.normal(-1, 0.3, size=(200, 1)) + wanted * 2.0
    more = np.vstack([margins, np.full((50, 1), 9.0)])
    mask = np.arange(250)[:, None] < 200
    unknown = np.vstack([wanted, np.zeros((50, 1), dtype=bool)])
    assert fit(more, unknown, mask, 2.0) == fit(margins, wanted, np.ones_like(wanted), 2.0)


def test_rare_labels_share_a_threshold_that_suits_rare_labels():
    rng = np.random.RandomState(2)
    wanted = np.zeros((400, 5), dtype=bool)
    wanted[:200, 0] = True
    for label in range(1, 5):
        wanted[label * 2 : label * 2 + 2, label] = True
    margins = rng.normal(-1.5, 0.1, size=(400, 5)) + wanted * np.array([3.0, 0.9, 0.9, 0.9, 0.9])
    cuts = fit(margins, wanted, np.ones_like(wanted), 2.0)
    assert len(set(cuts[1:].tolist())) == 1
    assert cuts[1] < cuts[0] - 0.3
    assert all((margins[wanted[:, label], label] > cuts[label]).all() for label in range(5))


def test_no_positive_at_all_gives_a_finite_threshold():
    empty = np.zeros((4, 2), dtype=bool)
    assert np.isfinite(fit(np.zeros((4, 2)), empty, ~empty, 5.0)).all()

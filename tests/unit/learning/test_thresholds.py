import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from newstagger.learning.thresholds import best_cut, fit_thresholds


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


def test_a_common_label_goes_its_own_way_and_a_rare_one_with_the_crowd():
    rng = np.random.RandomState(0)
    wanted = np.zeros((400, 3), dtype=bool)
    wanted[:150, 0] = wanted[:150, 1] = True
    wanted[:2, 2] = True
    margins = rng.normal(-1, 0.2, size=(400, 3)) + wanted * 2.0
    margins[:, 1] -= 1.0
    cuts = fit_thresholds(margins, wanted, np.ones_like(wanted), 5.0)
    pooled = best_cut(margins.ravel(), wanted.ravel())
    assert cuts[2] == pooled
    assert cuts[1] < cuts[0]


def test_entries_outside_the_mask_do_not_count():
    margins = np.array([[1.0], [0.0], [9.0], [1.2], [1.1]])
    wanted = np.array([[True], [False], [False], [True], [True]])
    mask = np.array([[True], [True], [False], [True], [True]])
    assert fit_thresholds(margins, wanted, mask, 0.0)[0] == 0.5


def test_no_positive_at_all_gives_a_finite_threshold():
    empty = np.zeros((4, 2), dtype=bool)
    assert np.isfinite(fit_thresholds(np.zeros((4, 2)), empty, ~empty, 5.0)).all()

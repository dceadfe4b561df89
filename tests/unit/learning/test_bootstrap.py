"""The paired bootstrap: figures by hand, intervals that mean what they say, and no verdict where there is too little to judge."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newstagger.learning.bootstrap import FEWEST, Judged, Verdict, contrast_f1

LABELS = st.frozensets(st.sampled_from("abcd"))


def judged(wanted, first, second, times=1):
    return [Judged(frozenset(wanted), frozenset(first), frozenset(second))] * times


def test_figures_of_both_sides_by_hand():
    told = contrast_f1([*judged("a", "a", "ab", 3), *judged("a", "", "a", 1), *judged("", "a", "", 1), *judged("b", "b", "", 2)])
    sea = told.labels["a"]
    assert (sea.support, sea.first.precision, sea.first.recall, sea.second.f1) == (4, 0.75, 0.75, 1.0)
    assert sea.difference == pytest.approx(0.25)
    assert (told.labels["b"].support, told.labels["b"].second.f1) == (2, 0.0)
    assert told.micro.first.f1 == pytest.approx(2 * 5 / (6 + 6))
    assert told.micro.second.f1 == pytest.approx(2 * 4 / (6 + 7))
    assert told.macro.first.f1 == pytest.approx((0.75 + 1.0) / 2)
    assert (told.micro.support, told.macro.support) == (7, 7)


def test_a_label_that_is_wanted_nowhere_counts_in_micro_and_not_in_macro():
    told = contrast_f1([*judged("a", "a", "ax", 8)])
    assert told.macro.second.f1 == 1.0
    assert told.micro.second.f1 == pytest.approx(2 * 8 / (8 + 16))
    assert told.labels["x"].verdict is Verdict.FEW


def test_a_label_that_is_lost_is_worse_and_one_that_is_found_is_better():
    rows = [*judged("a", "a", "", 6), *judged("b", "", "b", 6), *judged("", "", "", 30)]
    told = contrast_f1(rows)
    assert [told.labels[label].verdict for label in "ab"] == [Verdict.WORSE, Verdict.BETTER]
    assert told.micro.verdict is Verdict.SAME


def test_a_few_documents_either_way_are_noise():
    told = contrast_f1([*judged("a", "a", "a", 20), *judged("a", "a", "", 2), *judged("a", "", "a", 1)])
    assert told.labels["a"].verdict is Verdict.SAME
    assert told.labels["a"].low < 0 < told.labels["a"].high


@pytest.mark.parametrize(("support", "verdict"), [(FEWEST - 1, Verdict.FEW), (FEWEST, Verdict.WORSE)])
def test_no_verdict_on_a_handful(support, verdict):
    assert contrast_f1([*judged("a", "a", "", support), *judged("b", "b", "b", 20)]).labels["a"].verdict is verdict


def test_no_row_no_verdict():
    told = contrast_f1([])
    assert told.micro.verdict is told.macro.verdict is Verdict.FEW
    assert told.labels == {}


def test_the_interval_covers_the_true_difference_about_as_often_as_it_says():
    """Two taggers of known quality on fresh documents, many times: 95 % intervals miss the true difference in 1 to 12 of 100."""
    random_ = random.Random(4)
    missed = 0
    for trial in range(100):
        rows = []
        for _ in range(150):
            wanted = random_.random() < 0.4
            hits = [random_.random() < (0.8 if wanted else 0.1) for _ in range(2)]
            rows += judged("a" * wanted, "a" * hits[0], "a" * hits[1])
        one = contrast_f1(rows, draws=300, seed=trial).labels["a"]
        missed += not one.low <= 0 <= one.high
    assert 1 <= missed <= 12


@given(st.lists(st.tuples(LABELS, LABELS, LABELS), max_size=12), st.integers(0, 3))
def test_changing_sides_turns_every_figure_round(told, seed):
    rows = [Judged(*row) for row in told]
    back = contrast_f1([Judged(row.wanted, row.second, row.first) for row in rows], draws=60, seed=seed)
    there = contrast_f1(rows, draws=60, seed=seed)
    assert there == contrast_f1(rows, draws=60, seed=seed)
    for one, other in ((there.micro, back.micro), (there.macro, back.macro), *((there.labels[k], back.labels[k]) for k in there.labels)):
        assert one.first == other.second
        assert np.allclose([one.low, one.high], [-other.high, -other.low])


@given(st.lists(st.tuples(LABELS, LABELS), max_size=12))
def test_a_tagger_beside_itself_differs_nowhere(told):
    there = contrast_f1([Judged(wanted, given, given) for wanted, given in told], draws=50)
    assert {(one.low, one.high) for one in (there.micro, there.macro, *there.labels.values())} == {(0.0, 0.0)}

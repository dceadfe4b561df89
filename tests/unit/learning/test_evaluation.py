import pytest
from hypothesis import given
from hypothesis import strategies as st

from newstagger.domain import Facet
from newstagger.learning.evaluation import score

GOLD = [{"a"}, {"a", "b"}, set(), {"b"}]
GIVEN = [{"a"}, {"a"}, set(), {"a"}]


def test_figures_of_a_small_case_worked_by_hand():
    found = score(Facet.TOPIC, GOLD, GIVEN, ["a", "b", "c"])
    assert found.documents == 4
    assert (found.precision, found.recall) == (2 / 3, 2 / 4)
    assert found.micro_f1 == pytest.approx(4 / 7)
    assert found.macro_f1 == pytest.approx((0.8 + 0 + 0) / 3)
    assert found.document_f1 == pytest.approx((1 + 2 / 3 + 1 + 0) / 4)
    assert [(one.label, one.support, one.predicted) for one in found.per_label] == [("a", 2, 3), ("b", 2, 0), ("c", 0, 0)]


def test_labels_outside_the_set_do_not_count():
    assert score(Facet.TOPIC, [{"x"}], [{"y"}], ["a"]).document_f1 == 1.0


def test_nothing_at_all_is_no_division_by_zero():
    found = score(Facet.TOPIC, [], [], [])
    assert (found.micro_f1, found.macro_f1, found.document_f1) == (0.0, 0.0, 0.0)


LABELS = st.lists(st.frozensets(st.sampled_from("abcd")), min_size=6, max_size=6)


@given(LABELS, LABELS)
def test_agrees_with_scikit_learn(gold, predicted):
    metrics = pytest.importorskip("sklearn.metrics")
    rows = [[[label in labels for label in "abcd"] for labels in side] for side in (gold, predicted)]
    found = score(Facet.TOPIC, gold, predicted, "abcd")
    for name, value in (("micro", found.micro_f1), ("macro", found.macro_f1)):
        assert value == pytest.approx(metrics.f1_score(*rows, average=name, zero_division=0))
    assert found.document_f1 == pytest.approx(metrics.f1_score(*rows, average="samples", zero_division=1))

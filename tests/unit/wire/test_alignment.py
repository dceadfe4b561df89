import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newstagger.wire.alignment import SEED, Run, passages, runs


def ids(words):
    return np.array(list(words), dtype=np.uint32)


def test_one_text_in_itself_is_one_run():
    assert runs(ids(range(50)), ids(range(50))) == [Run(0, 0, 50)]


def test_paragraphs_in_another_order_are_all_found():
    first, second, third = range(20), range(100, 130), range(200, 240)
    found = runs(ids([*first, *second, *third]), ids([*third, *second, *first]))
    assert found == [Run(0, 70, 20), Run(20, 40, 30), Run(50, 0, 40)]


def test_runs_shorter_than_the_seed_do_not_count():
    assert runs(ids([1, 2, 3, 4, 50]), ids([1, 2, 3, 4, 60])) == []


def test_a_small_edit_leaves_one_passage_of_two_runs():
    found = runs(ids([*range(10), 99, *range(11, 25)]), ids(range(25)))
    assert [[run.length for run in group] for group in passages(found)] == [[10, 14]]


def test_distant_runs_are_passages_of_their_own():
    found = runs(ids([*range(10), *range(500, 520), *range(11, 25)]), ids(range(25)))
    assert len(passages(found)) == 2


def test_the_longest_of_rival_runs_wins():
    found = runs(ids(range(10)), ids([*range(6), 99, 98, 97, *range(10)]))
    assert found == [Run(0, 9, 10)]


@pytest.mark.parametrize("pattern", [[1], [1, 2], [1, 2, 3, 4, 5, 6]])
def test_a_refrain_is_aligned_and_stays_linear(pattern):
    words = ids(pattern * (120_000 // len(pattern)))
    assert sum(run.length for run in runs(words, words[:-7])) >= len(words) - 2_000


def test_nothing_in_common():
    assert runs(ids(range(30)), ids(range(100, 130))) == []
    assert runs(ids([]), ids(range(9))) == []


@given(st.lists(st.integers(0, 6), max_size=60), st.lists(st.integers(0, 6), max_size=60))
def test_runs_are_true_and_apart(left, right):
    found, last = runs(ids(left), ids(right)), 0
    for run in found:
        assert run.length >= SEED
        assert run.left >= last
        assert left[run.left : run.left + run.length] == right[run.right : run.right + run.length]
        last = run.left + run.length


@given(st.lists(st.integers(0, 1000), min_size=5, max_size=40, unique=True), st.integers(0, 20))
def test_a_copied_stretch_is_found_whole(words, before):
    found = runs(ids([*range(2000, 2000 + before), *words]), ids(words))
    assert found == [Run(before, 0, len(words))]

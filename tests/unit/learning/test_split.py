from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstagger.contracts import Example
from newstagger.domain import Article, ArticleRef, Text
from newstagger.learning.split import folds, held_out

EMPTY = Text("", ())


def example(number, day=None, group=None):
    return Example(Article(ArticleRef("paper", f"n{number}")), EMPTY, (), day, group)


def dated(count):
    return [example(n, (date(2020, 1, 1) + timedelta(days=n)).isoformat()) for n in range(count)]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([None, "a", "b", "c"]), min_size=1, max_size=40), st.integers(2, 6), st.integers(0, 9))
def test_folds_cover_every_row_once_and_never_split_a_group(groups, number, seed):
    parts = folds(len(groups), groups, number, seed)
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(groups)))
    where = {row: fold for fold, part in enumerate(parts) for row in part.tolist()}
    for name in {g for g in groups if g}:
        assert len({where[row] for row, g in enumerate(groups) if g == name}) == 1


def test_folds_without_groups_are_a_shuffled_k_fold():
    model_selection = pytest.importorskip("sklearn.model_selection")
    wanted = [test for _, test in model_selection.KFold(5, shuffle=True, random_state=3).split(np.zeros(23))]
    assert [part.tolist() for part in folds(23, [], 5, 3)] == [part.tolist() for part in wanted]


def test_the_newest_dated_rows_are_held_out():
    mask = held_out(dated(20), 0.25)
    assert np.flatnonzero(mask).tolist() == [15, 16, 17, 18, 19]


def test_a_story_is_held_out_whole_by_its_newest_row():
    rows = [*dated(20)[:18], example(18, "2020-01-01", "story"), example(19, "2020-12-31", "story")]
    mask = held_out(rows, 0.2)
    assert mask[18]
    assert mask[19]


def test_undated_rows_are_drawn_by_their_ids_whatever_their_order():
    rows = [example(n) for n in range(300)]
    mask = held_out(rows, 0.2)
    assert 30 < mask.sum() < 90
    assert held_out(rows[::-1], 0.2)[::-1].tolist() == mask.tolist()


def test_a_date_that_is_not_iso_is_no_date():
    rows = [example(n, f"{n:02}-FEB-1987") for n in range(1, 28)]
    assert held_out(rows, 0.2).tolist() == held_out([example(n) for n in range(1, 28)], 0.2).tolist()


def test_an_explicit_split_wins_where_it_holds_anything_out():
    rows = dated(4)
    assert held_out(rows, 0.25, ["test", "train", None, "train"]).tolist() == [True, False, False, False]
    assert held_out(rows, 0.25, ["train", "all", None, "train"]).tolist() == [False, False, False, True]

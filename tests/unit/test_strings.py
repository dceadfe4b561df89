import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from newstagger.strings import StringColumn


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]))))
def test_strings_come_back_by_row(strings):
    column = StringColumn.read(StringColumn.pack(strings).arrays("x"), "x")
    assert [column[row] for row in range(len(column))] == strings
    assert column.problem() is None


def test_offsets_that_reach_outside_are_told():
    column = StringColumn.pack(["ab", "c"])
    assert StringColumn(column.data, np.array([0, 2, 9], dtype=np.uint32)).problem()
    assert StringColumn(column.data, np.array([0, 3, 2, 3], dtype=np.uint32)).problem()
    assert StringColumn(column.data, np.array([], dtype=np.uint32)).problem()
    assert StringColumn(column.data.astype(np.uint16), column.offsets).problem()

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newstagger.errors import InputError
from newstagger.jsontext import canonical, loads

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(alphabet=st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet=st.characters(exclude_categories=["Cs"])), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(values)
def test_what_was_written_is_read(value):
    assert loads(canonical(value), "x") == value
    assert canonical(loads(canonical(value), "x")) == canonical(value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("{", "broken JSON"),
        ('{"a": NaN}', "NaN is not JSON"),
        ('{"a": 1e999}', "out of range"),
        ('{"a": 1, "a": 2}', "'a' stands twice"),
        ("[" * 100_000, "nested too deeply"),
        (b'{"a": "\xff"}', "not UTF-8 at byte 7"),
        ("1" * 5000, "broken JSON"),
    ],
)
def test_bad_json_is_one_clear_line(data, said):
    with pytest.raises(InputError, match=said) as error:
        loads(data, "story.json")
    assert str(error.value).startswith("story.json: ")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marks_of_byte_order_are_read_over(encoding):
    assert loads(json.dumps({"a": "ü"}, ensure_ascii=False).encode(encoding), "x") == {"a": "ü"}

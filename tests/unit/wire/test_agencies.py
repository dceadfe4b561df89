import pytest

from newstagger.wire.agencies import _forms, _pattern, canonical, named_in


@pytest.mark.parametrize(
    ("written", "name"),
    [("Agence France-Presse", "AFP"), ("the associated press", "AP"), ("REUTERS", "Reuters"), ("DPA", "dpa"), ("dpa", "dpa"),
     ("Press Trust of India", "PTI"), ("ČTK", "CTK"), ("Our Own Agency", "Our Own Agency"), ("", "")],
)  # fmt: skip
def test_every_way_to_write_an_agency(written, name):
    assert canonical(written) == name


def test_short_names_need_their_case_and_their_bounds():
    assert named_in("a pa, an ap, tt and the map", 0, 27) == []
    assert named_in("XAFPX APART AFPs", 0, 16) == []
    assert [(n.agency, n.start, n.end) for n in named_in("AFP/dpa and Reuters", 0, 19)] == [
        ("AFP", 0, 3),
        ("dpa", 4, 7),
        ("Reuters", 12, 19),
    ]


@pytest.mark.parametrize("write", [str, str.upper, str.casefold, str.swapcase, str.title, lambda form: form.replace(" ", "\n ")])
def test_whoever_is_looked_for_only_where_a_name_opens_is_found_all_the_same(write):
    for form in filter(str.isascii, _forms()):
        line = f"told the {write(form)}, on Monday"
        found = [(name.start, name.end) for name in named_in(line, 0, len(line))]
        whole = [match.span() for match in _pattern().finditer(line)]
        assert found == whole, form

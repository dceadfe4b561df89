import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from newstagger.domain import Paragraph, ParagraphKind, Text
from newstagger.matcher import Form, PhraseTable, longest_first
from newstagger.tokens import split_words, tokens_of

FORMS = [Form("Islamic State", 0), Form("IS", 0, exact=True), Form("New York", 1), Form("York", 2), Form("New York", 3, tag=7)]


def body(string):
    return Text(string, (Paragraph(ParagraphKind.BODY, 0, len(string)),))


def found(string, *, exact=False, forms=FORMS):
    return [(m.first, m.last, m.rows) for m in PhraseTable.build(forms, exact=exact).hits(tokens_of(body(string)))]


def test_folded_forms_match_in_any_case_and_accent():
    assert found("the ISLAMIC stâte fled") == [(1, 3, ((0, 0),))]


def test_exact_forms_match_only_as_they_stand():
    assert found("it is IS", exact=True) == [(2, 3, ((0, 0),))]


def test_a_form_of_several_rows_names_them_all_with_their_tags():
    assert found("in New York") == [(1, 3, ((1, 0), (3, 7))), (2, 3, ((2, 0),))]


def test_the_longest_of_overlapping_matches_is_kept():
    matches = PhraseTable.build(FORMS, exact=False).hits(tokens_of(body("New York and York")))
    assert [(m.first, m.last) for m in longest_first(matches)] == [(0, 2), (3, 4)]


def test_no_form_runs_across_a_sentence_or_a_comma():
    assert found("the old Islamic. State media", forms=[Form("Islamic State", 0)]) == []
    assert found("Islamic, State", forms=[Form("Islamic State", 0)]) == []


def test_an_empty_table_and_an_empty_text_match_nothing():
    assert found("New York", forms=[]) == []
    assert found("") == []


names = st.lists(st.text(alphabet="abc", min_size=1, max_size=2), min_size=1, max_size=3).map(" ".join)


@given(st.lists(names, max_size=8), st.lists(st.text(alphabet="abc", min_size=1, max_size=2), max_size=20).map(" ".join))
def test_hits_are_those_of_a_plain_search(surfaces, string):
    table = PhraseTable.build([Form(s, row) for row, s in enumerate(surfaces)], exact=False)
    words = split_words(string)
    expected = set()
    for row, surface in enumerate(surfaces):
        form = split_words(surface)
        expected |= {(i, i + len(form), row) for i in range(len(words)) if words[i : i + len(form)] == form}
    assert {(m.first, m.last, row) for m in table.hits(tokens_of(body(string))) for row, _ in m.rows} == expected


def test_a_table_survives_the_way_through_arrays():
    table = PhraseTable.build(FORMS, exact=False)
    back = PhraseTable.read(table.arrays("names"), "names", exact=False)
    assert back.rows_of("new york") == ((1, 0), (3, 7))
    assert back.problem(4) is None


def test_damaged_arrays_are_told():
    arrays = PhraseTable.build(FORMS, exact=False).arrays("n")
    assert PhraseTable.read(arrays, "n", exact=False).problem(2)
    assert PhraseTable.read({**arrays, "n_hashes": arrays["n_hashes"][::-1]}, "n", exact=False).problem(4)
    assert PhraseTable.read({**arrays, "n_rows": arrays["n_rows"].astype(np.int64)}, "n", exact=False).problem(4)
    assert PhraseTable.read({**arrays, "n_tags": arrays["n_tags"][:1]}, "n", exact=False).problem(4)

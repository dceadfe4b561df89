import pytest
from hypothesis import given
from hypothesis import strategies as st

from newstagger.domain import Paragraph, ParagraphKind, Text
from newstagger.wire.quotes import quote_spans


def quoted(text) -> list[str]:
    return [text.string[span.start : span.end] for span in quote_spans(text)]


@pytest.mark.parametrize(
    ("string", "inside"),
    [
        ('He said "we stay here" and left.', '"we stay here"'),
        ("He said “we stay here” and left.", "“we stay here”"),
        ("Er sagte: „Wir bleiben hier“, und ging.", "„Wir bleiben hier“"),
        ("Er sagte: »Wir bleiben hier«, und ging.", "»Wir bleiben hier«"),
        ("Il a dit : « nous restons ici » puis il est parti.", "« nous restons ici »"),
        ("Han sade ”vi stannar” och gick.", "”vi stannar”"),
        ("Rzekł: „zostajemy tu” i wyszedł.", "„zostajemy tu”"),
        ("彼は「ここに残る」と言った。", "「ここに残る」"),
        ("He said ‘‘we stay here’’ and left.", "‘‘we stay here’’"),
        ("He said ``we stay here'' and left.", "``we stay here''"),
        ("A 'Yes to peace' rally", "'Yes to peace'"),
        ("A ‘don’t go’ rally", "‘don’t go’"),
    ],
)
def test_every_style_of_quote(make_text, string, inside):
    assert quoted(make_text(string)) == [inside]


def test_a_nested_quote_belongs_to_the_outer_one(make_text):
    assert quoted(make_text("She said “he cried “stop” and ran” to the court."))[0].startswith("“he cried")


def test_a_quote_over_several_paragraphs(make_text):
    text = make_text('He said: "We stay.', '"We will not go.', '"This is home," he said.')
    assert quoted(text) == ['"We stay.', '"We will not go.', '"This is home,"']


def test_a_forgotten_mark_hides_one_sentence_only(make_text):
    assert quoted(make_text('He said "we stay. The ferries kept running. The tugs did not.')) == ['"we stay.']


def test_inches_and_apostrophes_open_nothing(make_text):
    assert quoted(make_text("A 12\" pipe of the pilots' union and the '90s weren't quoted at Smith's.")) == []


def test_a_quote_paragraph_is_quoted_whole(make_text):
    assert quoted(make_text("He wrote:", ">We stay here.")) == ["We stay here."]


@given(st.text(alphabet="a b.\"“”„«»'‘’`\n", max_size=120))
def test_any_marks_give_spans_inside_the_text(string):
    spans = quote_spans(Text(string, (Paragraph(ParagraphKind.BODY, 0, len(string)),)))
    assert all(0 <= span.start < span.end <= len(string) for span in spans)

from hypothesis import given
from hypothesis import strategies as st

from newstagger.domain import Paragraph, ParagraphKind, Text
from newstagger.wire.normalise import normalise, words_of


def ids(make_text, words: str) -> list[int]:
    return words_of(make_text(words)).ids.tolist()


def test_house_styles_give_the_same_words(make_text):
    for one, other in (
        ("The U.S. centre organised 85 percent of it", "the US center organized 85% of it"),
        ("neighbouring harbours’ defence", "neighboring harbors' defense"),
        ("the Islamic State (ISIS) group fled", "the IS group fled"),
        ("Daesh and the United Nations", "ISIL and the U.N."),
        ("travelled per cent", "traveled pct"),
        ("Café MÜNCHEN", "cafe Munchen"),
    ):
        assert ids(make_text, one) == ids(make_text, other), (one, other)


def test_different_words_stay_different():
    assert len({normalise(word) for word in ("house", "horse", "is", "IS", "17", "18", "meter", "matter")}) == 8


def test_offsets_cover_the_words_as_they_stand(make_text):
    typed = make_text("#Talks fail", "The U.S. and the Islamic State met; 5 per cent left.")
    words = words_of(typed)
    cut = [typed.string[s:e] for s, e in zip(words.starts.tolist(), words.ends.tolist(), strict=True)]
    assert cut == ["Talks", "fail", "The", "U.S", "and", "the", "Islamic State", "met", "5", "left"]


def test_only_the_narrative_counts(make_text):
    words = words_of(make_text("#Head line", "^Photo caption here", "=PARIS (AFP) -", "Body words", "~Comments are closed", "@AFP"))
    assert len(words) == 4


def test_quoted_words_are_marked(make_text):
    words = words_of(make_text('He said "we will stay" on Monday', ">a whole quoted paragraph"))
    assert words.quoted.tolist() == [False, False, True, True, True, False, False, True, True, True, True]


@given(st.text(max_size=200))
def test_any_text_gives_ordered_offsets_inside_it(string):
    words = words_of(Text(string, (Paragraph(ParagraphKind.BODY, 0, len(string)),)))
    starts, ends = words.starts.tolist(), words.ends.tolist()
    assert all(0 <= s < e <= len(string) for s, e in zip(starts, ends, strict=True))
    assert all(e <= s for e, s in zip(ends[:-1], starts[1:], strict=True))


def test_an_empty_text_has_no_words():
    assert len(words_of(Text("", ()))) == 0

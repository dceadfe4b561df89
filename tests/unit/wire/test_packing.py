import pytest
from hypothesis import given
from hypothesis import strategies as st

from newstagger.domain import Paragraph, ParagraphKind, Text
from newstagger.wire.normalise import words_of
from newstagger.wire.packing import pack_string, pack_words, unpack_string, unpack_words


@given(st.text(max_size=300))
def test_text_and_words_come_back(string):
    words = words_of(Text(string, (Paragraph(ParagraphKind.BODY, 0, len(string)),)))
    back = unpack_words(pack_words(words))
    assert unpack_string(pack_string(string)) == string
    for column in ("starts", "ends", "ids", "marks"):
        assert getattr(back, column).tolist() == getattr(words, column).tolist()
        assert getattr(back, column).dtype == getattr(words, column).dtype


@pytest.mark.parametrize("data", [b"", b"nonsense", pack_string("odd")])
def test_damage_is_told(data):
    with pytest.raises(ValueError, match="damaged"):
        unpack_words(data)


def test_damaged_text_is_told():
    with pytest.raises(ValueError, match="damaged"):
        unpack_string(b"x")

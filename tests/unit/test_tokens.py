import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newstagger.domain import Paragraph, ParagraphKind, Text
from newstagger.tokens import KINDS, _cut_by_class, _cut_by_pattern, extend, fold, phrase_hash, split_words, tokens_of, word_hash


def body(string):
    return Text(string, (Paragraph(ParagraphKind.BODY, 0, len(string)),))


def words(string):
    tokens = tokens_of(body(string))
    return [string[s:e] for s, e in zip(tokens.starts, tokens.ends, strict=True)]


def test_words_keep_their_offsets_whatever_folding_does_to_their_length():
    assert words("İstanbul’da 3 ﬁre-fighters") == ["İstanbul", "da", "3", "ﬁre", "fighters"]


@pytest.mark.parametrize(
    ("string", "expected"),
    [
        ("किताबें और पढ़ना", ["किताबें", "और", "पढ़ना"]),
        ("বাংলা ভাষা", ["বাংলা", "ভাষা"]),
        ("தமிழ்நாடு: தேர்தல்", ["தமிழ்நாடு", "தேர்தல்"]),
        ("مُحَمَّد، رسول", ["مُحَمَّد", "رسول"]),
        ("cafe\u0301s, nai\u0308ve", ["cafe\u0301s", "nai\u0308ve"]),
        ("❤\ufe0f love", ["love"]),
    ],
)
def test_a_word_keeps_the_marks_that_are_written_on_it(string, expected):
    assert words(string) == split_words(string) == expected


def test_accents_written_apart_make_the_same_word():
    apart, whole = (tokens_of(body(unicodedata.normalize(form, "Léa Gómez"))) for form in ("NFD", "NFC"))
    assert apart.folded.tolist() == whole.folded.tolist()


GLUE = ["", " ", ". ", ", ", "-", "’", " - ", "\n", "\n\n", "_"]
WILD = st.text(st.one_of(st.sampled_from("aB9 .-’'é是_,"), st.characters()), max_size=12)
PARTS = st.lists(st.tuples(WILD, st.sampled_from(GLUE), st.sampled_from(list(ParagraphKind))), max_size=6)


@given(PARTS)
def test_paragraphs_cut_at_once_are_cut_as_one_by_one(parts):
    string, paragraphs = "", []
    for words_, glue, kind in parts:
        paragraphs.append(Paragraph(kind, len(string), len(string) + len(words_)))
        string += words_ + glue
    text = Text(string, tuple(paragraphs))
    slow, fast = _cut_by_pattern(text), _cut_by_class(text)
    for column in ("starts", "ends", "paragraph", "joined") if fast else ():
        assert getattr(fast, column).tolist() == getattr(slow, column).tolist(), column


@pytest.mark.parametrize("string", ["Anna O’Neil-Smith, U.S. envoy; 3.5 %\u00a0€ – 是 naïve", "J. K. of St. Ives", "plain words only"])
def test_texts_without_marks_are_cut_at_once(string):
    assert _cut_by_class(body(string)) is not None


def test_every_character_is_of_one_class():
    string = " ".join(map(chr, range(0x20000)))
    assert _cut_by_class(body(string)) is None  # marks
    unmarked = "".join(c for c in string if unicodedata.category(c) not in ("Mn", "Mc"))
    fast, slow = (cut(body(unmarked)) for cut in (_cut_by_class, _cut_by_pattern))
    assert fast.starts.tolist() == slow.starts.tolist()
    assert fast.joined.tolist() == slow.joined.tolist()


def test_folding_forgets_case_and_accents_and_nothing_else():
    assert fold("Ḩalab") == fold("halab") == "halab"
    assert fold("Straße") == fold("STRASSE")
    assert fold("是") != fold("日")


def test_a_hash_is_the_same_in_every_release():
    assert word_hash("aleppo") == 15261284018902268928


@given(st.text())
def test_every_word_lies_where_it_says_and_words_never_overlap(string):
    tokens = tokens_of(body(string))
    last = 0
    for start, end, folded in zip(tokens.starts, tokens.ends, tokens.folded, strict=True):
        assert last <= start < end <= len(string)
        assert word_hash(fold(string[start:end])) == folded
        last = end
    assert not tokens.joined[:1].any()


@given(st.lists(st.text(alphabet="abcé", min_size=1, max_size=4), min_size=1, max_size=5))
def test_a_phrase_s_hash_is_rolled_from_its_words(phrase):
    tokens = tokens_of(body(" ".join(phrase)))
    rolled = tokens.exact[:1]
    for position in range(1, len(phrase)):
        rolled = extend(rolled, tokens.exact[position : position + 1])
    assert phrase_hash(phrase) == int(rolled[0])


def test_a_name_runs_across_hyphens_and_initials_but_not_across_sentences():
    def joins(string):
        return tokens_of(body(string)).joined.tolist()

    assert joins("Deir ez-Zor") == [False, True, True]
    assert joins("J. Smith") == [False, True]
    assert joins("U.S. troops") == [False, True, True]
    assert joins("the war. Paris") == [False, True, False]
    assert joins("Paris, Texas") == [False, False]
    assert joins("one\ntwo") == [False, False]


def test_words_know_the_paragraph_they_stand_in():
    text = Text("Head\n\nBody text", (Paragraph(ParagraphKind.HEADLINE, 0, 4), Paragraph(ParagraphKind.BODY, 6, 15)))
    tokens = tokens_of(text)
    assert [KINDS[k] for k in tokens.kind] == [ParagraphKind.HEADLINE, ParagraphKind.BODY, ParagraphKind.BODY]
    assert tokens.paragraph.tolist() == [0, 1, 1]
    assert tokens.joined.tolist() == [False, False, True]


@given(st.text(alphabet=st.characters(categories=["Mn", "Cf", "Cs", "Lo", "Nd"])))
def test_marks_and_surrogates_are_survived(string):
    found = split_words(string)
    assert all(unicodedata.category(c)[0] in "LNM" for word in found for c in word)
    assert all(unicodedata.category(word[0])[0] in "LN" for word in found)
    tokens_of(body(string))

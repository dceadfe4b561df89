import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from newstagger.wire.normalise import words_of
from newstagger.wire.shingles import MOST, SHINGLE, WINDOW, fingerprint, rolled, shingles, winnow


def test_a_text_shorter_than_a_shingle_has_none(make_text):
    assert len(shingles(words_of(make_text("only four words here")))) == 0
    assert [len(column) for column in fingerprint(words_of(make_text("")))] == [0, 0, 0]


def test_numbers_count_as_one_word(make_text):
    one, other = (shingles(words_of(make_text(f"at least {n} people were hurt"))) for n in (12, 15))
    assert one.tolist() == other.tolist()


def test_order_matters(make_text):
    one, other = (shingles(words_of(make_text(words))) for words in ("a cat saw the dog", "the dog saw a cat"))
    assert one.tolist() != other.tolist()


@given(
    st.lists(st.integers(0, 30), min_size=8, max_size=40),
    st.lists(st.integers(0, 30), max_size=40),
    st.lists(st.integers(0, 30), max_size=40),
)
def test_a_run_of_eight_words_always_shares_a_hash(run, before, after):
    found = []
    for words in (before + run, run + after):
        hashes = rolled(np.array(words, dtype=np.uint64), SHINGLE)
        found.append(set(hashes[winnow(hashes)].tolist()))
    assert SHINGLE + WINDOW - 1 == 8
    assert found[0] & found[1]


def test_a_long_text_gives_a_bounded_number_of_hashes():
    hashes = np.random.default_rng(0).integers(0, 1 << 63, 50_000, dtype=np.uint64)
    assert len(winnow(hashes)) <= MOST


def test_fingerprint_says_what_is_quoted(make_text):
    _, _, plain = fingerprint(words_of(make_text("we shall fight on the quays and the ferries will wait")))
    _, _, quoted = fingerprint(words_of(make_text("“we shall fight on the quays and the ferries will wait”")))
    assert not plain.any()
    assert quoted.all()

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstagger.domain import Paragraph, ParagraphKind, Text
from newstagger.learning.constants import LinearConstants
from newstagger.learning.features import LEAD_WORDS, Block, terms_of
from newstagger.learning.matrix import count_terms, learn_vocabulary, vectorise
from newstagger.tokens import phrase_hash, word_hash

ALL = Block(("headline", "lead", "body"))


def text_of(*pieces):
    string, paragraphs = "", []
    for kind, words in pieces:
        string += "\n" if string else ""
        paragraphs.append(Paragraph(ParagraphKind(kind), len(string), len(string) + len(words)))
        string += words
    return Text(string, tuple(paragraphs))


def covered(text, terms):
    return [text.string[s:e] for s, e in zip(terms.starts.tolist(), terms.ends.tolist(), strict=True)]


def test_only_the_storys_own_words_are_terms():
    text = text_of(("headline", "Fair opens"), ("credit", "By Somebody"), ("quote", "It is grand"), ("boilerplate", "Read more"))
    terms = terms_of(text, [ALL])
    assert covered(text, terms) == ["Fair", "opens", "It", "is", "grand"]
    assert terms.story_words == 5


def test_zones_part_headline_lead_and_body():
    text = text_of(("headline", "Top line"), ("body", " ".join(["lead"] * LEAD_WORDS + ["tail"] * 3)))
    assert covered(text, terms_of(text, [Block(("headline",))])) == ["Top", "line"]
    assert set(covered(text, terms_of(text, [Block(("lead",))]))) == {"lead"}
    assert covered(text, terms_of(text, [Block(("body",))])) == ["tail"] * 3


def test_blocks_have_vocabularies_of_their_own_but_the_word_is_known():
    text = text_of(("headline", "harbour"), ("body", "harbour"))
    terms = terms_of(text, [ALL, Block(("headline",))])
    assert len(set(terms.keys.tolist())) == 2
    assert set(terms.words.tolist()) == {word_hash("harbour")}


def test_phrases_cover_both_words_and_stop_at_a_comma():
    text = text_of(("body", "green harbour light, boat"))
    terms = terms_of(text, [Block(("lead",), phrases=True)])
    assert covered(text, terms)[4:] == ["green harbour", "harbour light"]
    assert terms.words[4] == phrase_hash(["green", "harbour"])
    assert terms.phrase.tolist() == [False] * 4 + [True] * 2


def test_scripts_without_blanks_are_cut_into_pairs():
    text = text_of(("body", "港口开放 radio"))
    assert covered(text, terms_of(text, [ALL])) == ["港口", "口开", "开放", "radio"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_offsets_lie_within_the_text(string):
    text = Text(string, (Paragraph(ParagraphKind.BODY, 0, len(string)),))
    terms = terms_of(text, [ALL, Block(("lead",), phrases=True)])
    assert (terms.starts < terms.ends).all()
    assert not len(terms.ends) or int(terms.ends.max()) <= len(string)


TEXTS = [text_of(("headline", "port news"), ("body", f"the port of town {n % 4} opened and the port grew")) for n in range(12)]


def test_serving_and_training_compute_the_same_vector():
    constants = LinearConstants(blocks=(ALL, Block(("headline",), 0.5, phrases=True)), phrase_documents=3)
    counts = count_terms(TEXTS, constants.blocks)
    vocabulary = learn_vocabulary(counts, constants)
    rows = vectorise(counts, vocabulary)
    assert vocabulary.problem() is None
    for number, text in enumerate(TEXTS):
        vector = vocabulary.vector(terms_of(text, constants.blocks))
        row = rows[[number]]
        assert row.indices.tolist() == vector.columns.tolist()
        assert np.allclose(row.data, vector.values)


def test_each_block_has_the_length_that_is_its_weight():
    constants = LinearConstants(blocks=(ALL, Block(("headline",), 0.5)))
    vocabulary = learn_vocabulary(count_terms(TEXTS, constants.blocks), constants)
    vector = vocabulary.vector(terms_of(TEXTS[0], constants.blocks))
    for number, block in enumerate(constants.blocks):
        mine = vector.values[vocabulary.block[vector.columns] == number]
        assert np.linalg.norm(mine) == pytest.approx(block.weight, abs=1e-6)


def test_terms_of_two_documents_are_not_learned():
    rare = [text_of(("body", "wombat port")), text_of(("body", "wombat port")), *TEXTS]
    vocabulary = learn_vocabulary(count_terms(rare, (ALL,)), LinearConstants(blocks=(ALL,)))
    known = vocabulary.look_up(np.sort(terms_of(rare[0], (ALL,)).keys))[1]
    assert int(known.sum()) == 1

"""Media Topics by name: which articles they are suggested on, what counts, and that the reasons add up to a probability."""

import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstagger.domain import (
    BY_NAME,
    Article,
    ArticleRef,
    Concept,
    Decision,
    Facet,
    Paragraph,
    ParagraphKind,
    Role,
    Tag,
    Text,
    in_order,
)  # fmt: skip
from newstagger.errors import InputError, TaxonomyError
from newstagger.house import Follower
from newstagger.newsroom import namedtopics
from newstagger.newsroom.namedtopics import NamedTopicTagger, named_topic_taggers
from newstagger.newsroom.soughttopics import SoughtTopic, expect_topic, names_in, own_concepts, topic_from, with_topic

ARTICLE = Article(ArticleRef("gazette", "1"))
SPORT, CRICKET, WOMEN = "medtop:15000000", "medtop:20000888", "medtop:20000799"
FILLER = "The council met again on Tuesday and nobody left the hall before the vote was over. " * 4


def text(headline, *body, language="en"):
    string, paragraphs = "", []
    for words, kind in ((headline, ParagraphKind.HEADLINE), *((words, ParagraphKind.BODY) for words in body)):
        paragraphs.append(Paragraph(kind, len(string), len(string) + len(words)))
        string += words + "\n"
    return Text(string, tuple(paragraphs), language=language)


def tagger(*topics, trained=()):
    return NamedTopicTagger(tuple(own_concepts(topics, trained)), trained)


def model(**scores):
    """Return the tags of a model by concept id; the ids are those of the names' last digits."""
    tags = [
        Tag(Concept(f"medtop:{told}", told, Facet.TOPIC), score, Decision.SUGGEST, Role.MAIN, tagger="topic")
        for told, score in scores.items()
    ]
    return {tag.concept.id: tag for tag in tags}


def only(proposal):
    (tag,) = proposal.tags
    return tag


def test_one_in_passing_is_not_enough_the_headline_or_several_are():
    cricket = tagger(SoughtTopic(CRICKET))
    assert only(cricket.tag(ARTICLE, text("Council meets", FILLER, "He plays cricket."))).decision is Decision.SILENT
    assert only(cricket.tag(ARTICLE, text("Cricket in the park", FILLER, "Cricket is back."))).decision is Decision.SUGGEST
    assert only(cricket.tag(ARTICLE, text("In the park", FILLER, "Cricket! Cricket, he said. Cricket."))).decision is Decision.SUGGEST


def test_a_model_that_is_sure_of_the_broader_topic_helps_and_one_that_sees_another_does_not():
    cricket = tagger(SoughtTopic(CRICKET), trained={SPORT, "medtop:11000000"})
    story = text("Cricket in the park", FILLER)
    sure, other = model(**{"15000000": 0.97}), model(**{"11000000": 0.97})
    assert only(cricket.follow(ARTICLE, story, sure)).decision is Decision.SUGGEST
    assert only(cricket.follow(ARTICLE, story, other)).decision is Decision.SILENT
    assert only(cricket.follow(ARTICLE, story, sure)).evidence[-1].term == "how sure its broader topic is"


def test_a_name_of_several_words_counts_more():
    scores = {
        name: only(tagger(SoughtTopic(told)).tag(ARTICLE, text("Council meets", f"He spoke of {name}.", FILLER))).score
        for name, told in (("cricket", CRICKET), ("table tennis", "medtop:20001083"))
    }
    assert scores["table tennis"] > scores["cricket"]


def test_nothing_is_written_by_itself_and_all_rank_after_the_model_s_own():
    story = text("Cricket", *["Cricket and cricket."] * 100)
    tag = only(tagger(SoughtTopic(CRICKET), trained={SPORT}).follow(ARTICLE, story, model(**{"15000000": 0.5})))
    assert (tag.decision, tag.tagger, tag.role) == (Decision.SUGGEST, BY_NAME, Role.MAIN)
    assert tag.score > 0.99
    assert [one.concept.id for one in in_order([tag, *model(**{"15000000": 0.5}).values()])] == [SPORT, CRICKET]


def test_texts_are_searched_for_the_names_of_their_own_language():
    every = tagger(SoughtTopic("medtop:20001065"))
    assert only(every.tag(ARTICLE, text("Fußball im Park", "Fußball!", language="de"))).concept.id == "medtop:20001065"
    assert every.tag(ARTICLE, text("Fußball im Park", "Fußball!", language="en")).tags == ()
    assert every.tag(ARTICLE, text("Fußball im Park", "Fußball!", language=None)).tags == ()
    assert tagger(SoughtTopic("medtop:20001065", languages=("en",))).tag(ARTICLE, text("Fußball", "Fußball!", language="de")).tags == ()
    assert only(every.tag(ARTICLE, text("足球比赛", "今天的足球比赛", language="zh"))).concept.id == "medtop:20001065"


def test_below_means_all_narrower_ones_and_what_the_bundle_knows_is_left_to_it():
    ids = [one.concept.id for one in own_concepts([SoughtTopic(SPORT, below=True)], {SPORT})]
    assert CRICKET in ids and SPORT not in ids and len(ids) == 208
    assert list(own_concepts([SoughtTopic(CRICKET)], {CRICKET})) == []
    assert [one.concept.id for one in own_concepts([SoughtTopic(CRICKET), SoughtTopic(SPORT, below=True)], ids)] == [SPORT]


def test_the_vocabulary_s_qualified_names_are_not_looked_for_and_its_short_forms_are():
    assert names_in("medtop:20000111", {"en"}) == {}  # trial (court)
    assert names_in("medtop:20001230", {"en"}) == {"en": ("environmental, social and governance policy", "ESG")}
    assert list(own_concepts([SoughtTopic("medtop:20000111", languages=("en",))])) == []


def test_a_retired_topic_gives_its_successor_and_says_so():
    assert [one.concept.id for one in own_concepts([SoughtTopic("medtop:20000905")])] == ["medtop:20001333"]
    assert "medtop:20001333 (road cycling)" in next(SoughtTopic("medtop:20000905").problems())
    assert "broader concept is" in next(SoughtTopic("medtop:20000030").problems())
    assert list(own_concepts([SoughtTopic("medtop:20000030"), SoughtTopic("medtop:99999999")])) == []
    assert "'tlh'" in next(SoughtTopic(CRICKET, languages=("tlh",)).problems())


def test_no_topic_no_tagger():
    assert named_topic_taggers((), ()) == ()
    assert isinstance(tagger(SoughtTopic(CRICKET)), Follower)


def test_a_topic_stands_once():
    with pytest.raises(TaxonomyError, match="already"):
        with_topic([SoughtTopic(CRICKET)], SoughtTopic(CRICKET, below=True))
    assert [one.id for one in with_topic([SoughtTopic(CRICKET)], SoughtTopic(SPORT))] == [SPORT, CRICKET]


@pytest.mark.parametrize(
    ("told", "step"), [("medtop:20000905", "it is now medtop:20001333"), ("medtop:2000088", "did you mean"), ("iso:SY", "no Media Topic")]
)
def test_what_is_no_topic_of_today_is_refused(told, step):
    with pytest.raises(TaxonomyError, match=step):
        expect_topic(told)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([CRICKET, "de"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "below", "languages", "x"]), inner, max_size=4),
    max_leaves=8,
)


@given(JSON)
def test_a_row_of_the_file_is_read_or_refused_and_comes_out_as_it_went_in(value):
    try:
        topic = topic_from(value, 1)
    except InputError:
        return
    assert topic_from(topic.to_json(), 1) == topic
    list(topic.problems()), topic.concepts()


WORDS = st.lists(
    st.sampled_from(["cricket", "Cricket", "CRICKET", "tennis.", "table", "tennis", "and", "élan", "\u0301", "", "小"]), max_size=30
)


@settings(max_examples=60, deadline=None)
@given(WORDS, st.lists(WORDS, max_size=3), st.floats(0, 1), st.sampled_from(["en", "de", None]))
def test_reasons_add_up_to_a_probability_whatever_the_text(headline, body, score, language):
    story = text(" ".join(headline), *(" ".join(words) for words in body), language=language)
    racket = tagger(SoughtTopic(SPORT, below=True), trained={SPORT})
    for tag in racket.follow(ARTICLE, story, model(**{"15000000": score})).tags:
        assert math.isclose(tag.bias + sum(reason.contribution for reason in tag.evidence) + tag.rest, tag.margin, abs_tol=1e-6)
        assert math.isclose(tag.score, 1 / (1 + math.exp(-tag.margin)), abs_tol=1e-6)
        assert tag.decision is not Decision.AUTO
        assert all(story.string[q.start : q.end] == q.quote for reason in tag.evidence for q in reason.quotes)


def test_the_weights_are_those_that_the_judgements_give():
    recipes = Path(__file__).resolve().parents[3] / "recipes"
    code = "from fit_topic_names import main; main()"
    out = subprocess.run([sys.executable, "-c", code], cwd=recipes, capture_output=True, text=True, check=True).stdout
    told = [[float(word) for word in line.split(",")] for line in out.splitlines()]
    assert told == [
        [namedtopics.BIAS, namedtopics.HEADLINE, namedtopics.DOUBLED, namedtopics.WORDS, namedtopics.BROADER],
        [namedtopics.ALONE_BIAS, namedtopics.ALONE_HEADLINE, namedtopics.ALONE_DOUBLED, namedtopics.ALONE_WORDS],
    ]

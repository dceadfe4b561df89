"""Broader concepts: an archive of soccer, cricket and basketball means sport, and so does the part that learns from it."""

import random

import pytest

from newstagger.contracts import Example
from newstagger.domain import Article, ArticleRef, Concept, Decision, Facet, Paragraph, ParagraphKind, Role, Text
from newstagger.learning.evaluation import score
from newstagger.learning.hierarchy import broader_ids, lineage, with_broader
from newstagger.learning.tagger import LinearTagger
from newstagger.learning.trainer import linear_trainer
from newstagger.taxonomy import media_topics

SOCCER, CRICKET, BASKETBALL = "medtop:20001065", "medtop:20000888", "medtop:20000851"
DISCIPLINE, SPORT, OPERA = "medtop:20000822", "medtop:15000000", "medtop:20000018"
WORDS = {
    SOCCER: ["goalkeeper", "penalty", "striker", "offside", "midfielder", "corner"],
    CRICKET: ["wicket", "innings", "bowler", "batsman", "over", "spinner"],
    BASKETBALL: ["rebound", "dunk", "guard", "basket", "dribble", "forward"],
    OPERA: ["soprano", "aria", "libretto", "tenor", "orchestra", "premiere"],
}
SHARED = ["match", "team", "coach", "season", "league", "win"]
COMMON = ["the", "a", "said", "people", "town", "year", "after", "new", "with", "that"]


def concept(concept_id):
    return media_topics().concepts[concept_id]


def text_of(words, language="en"):
    string = " ".join(words)
    return Text(string, (Paragraph(ParagraphKind.BODY, 0, len(string)),), language)


def example(number, label, rng, **more):
    shared = rng.sample(SHARED, 3) if label != OPERA else []
    words = [*rng.sample(WORDS[label], 4), *shared, *rng.choices(COMMON, k=8)]
    return Example(Article(ArticleRef("paper", str(number)), language="en"), text_of(words), (label,), **more)


@pytest.fixture(scope="module")
def archive():
    rng = random.Random(3)
    return [example(n, list(WORDS)[n % 4], rng) for n in range(120)]


@pytest.fixture(scope="module")
def part(archive):
    constants = {"min_words": 3, "folds": 3, "at_least_one": False}
    train = linear_trainer(Facet.TOPIC, [concept(one) for one in WORDS])
    return train(archive, constants, None, jobs=1, progress=lambda line: None)


def tags_of(part, words):
    proposal = LinearTagger(part, None).tag(Article(ArticleRef("paper", "x")), text_of(words))
    return {tag.concept.id: tag for tag in proposal.tags}


def test_broader_concepts_go_all_the_way_up_and_never_round(part):
    above = lineage(
        [concept(SOCCER), Concept("own:a", "A", Facet.TOPIC, broader=("own:b",)), Concept("own:b", "B", Facet.TOPIC, broader=("own:a",))]
    )
    assert [one.id for one in above[SOCCER]] == [DISCIPLINE, SPORT]
    assert [one.id for one in above["own:a"]] == ["own:b"]


def test_broader_concepts_are_learned_and_derived(part):
    assert {SPORT, DISCIPLINE, SOCCER} <= {one.id for one in part.concepts}
    tags = tags_of(part, [*WORDS[SOCCER], "match", "team", "said"])
    assert tags[SOCCER].decision is not Decision.SILENT
    assert tags[SOCCER].role is Role.MAIN
    for up in (DISCIPLINE, SPORT):
        assert tags[up].role is Role.DERIVED
        assert tags[up].decision is not Decision.SILENT
        assert tags[up].score >= tags[SOCCER].score


def test_where_no_narrower_one_is_sure_the_broader_one_may_be(part):
    tags = tags_of(part, [*SHARED, "said", "town"])
    assert all(tags[one].decision is Decision.SILENT for one in (SOCCER, CRICKET, BASKETBALL) if one in tags)
    assert tags[SPORT].decision is not Decision.SILENT
    assert tags[SPORT].role in (Role.MAIN, Role.DERIVED)


def test_an_archive_that_gives_broader_ones_itself_is_left_as_it_is(archive):
    concepts = [concept(SOCCER), concept(SPORT)]
    given = [Example(archive[0].article, archive[0].text, (SOCCER, SPORT)), Example(archive[1].article, archive[1].text, ())]
    assert not with_broader(given, concepts).derived
    assert with_broader(given, concepts).examples == given


def test_one_row_that_gives_a_broader_one_takes_nothing_from_the_others(archive):
    one = Example(archive[0].article, archive[0].text, (SOCCER, SPORT))
    wide = with_broader([one, *archive], [concept(x) for x in (*WORDS, SPORT)])
    assert wide.derived
    assert all(SPORT in e.labels for e in wide.examples if SOCCER in e.labels)


def test_what_a_person_refused_or_nobody_judged_says_nothing_of_the_broader_one(archive):
    one = Example(archive[0].article, archive[0].text, (OPERA,), rejected=(SOCCER,), unknown=(CRICKET,))
    wide = with_broader([one], [concept(x) for x in WORDS]).examples[0]
    assert not wide.judges(SPORT)
    assert not wide.judges(CRICKET)
    assert wide.judges(SOCCER)
    assert "medtop:01000000" in wide.labels


def test_a_broader_concept_that_a_person_refused_is_not_put_back(archive):
    one = Example(archive[0].article, archive[0].text, (SOCCER,), rejected=(SPORT,))
    wide = with_broader([one], [concept(x) for x in WORDS]).examples[0]
    assert SOCCER in wide.labels
    assert SPORT not in wide.labels
    assert wide.judges(SPORT)


def test_a_flat_vocabulary_has_no_hierarchy(archive):
    flat = [Concept("a", "A", Facet.TOPIC), Concept("b", "B", Facet.TOPIC)]
    assert not with_broader([Example(archive[0].article, archive[0].text, ("a",))], flat).derived


def test_a_near_miss_is_half_right():
    labels = [SOCCER, CRICKET, SPORT]
    found = score(Facet.TOPIC, [{SOCCER}], [{CRICKET}], labels)
    assert found.micro_f1 == 0.0
    assert found.hierarchical_f1 == pytest.approx(4 / 6)
    fallen_back = score(Facet.TOPIC, [{SOCCER}], [{SPORT}], labels)
    assert fallen_back.hierarchical_f1 == pytest.approx(2 / 4)
    assert SPORT not in {one.label for one in fallen_back.per_label}
    assert SPORT in {one.label for one in score(Facet.TOPIC, [{SOCCER}, {SPORT}], [{SPORT}, {SPORT}], labels).per_label}
    assert score(Facet.TOPIC, [{"a"}], [{"b"}], ["a", "b"]).hierarchical_f1 is None
    assert score(Facet.REGION, [{"iso:SY-HL"}], [{"iso:SY"}], ["iso:SY-HL", "iso:SY"]).hierarchical_f1 == pytest.approx(2 / 3)
    assert broader_ids(["geonames:1", "a"]) == {}

"""The newsroom's own names in texts: where they count, which forms are found, and that the reasons add up."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstagger.contracts import OwnConcept, Tagger
from newstagger.domain import Article, ArticleRef, Concept, Decision, Facet, Paragraph, ParagraphKind, Role, Text
from newstagger.newsroom.mentions import inflected, is_acronym
from newstagger.newsroom.ownterms import own_term_taggers

ARTICLE = Article(ArticleRef("gazette", "1"))
FILLER = "The council met again on Tuesday and nobody left the hall before the vote on the new school was over. " * 4


def own(*names, told="own:x", facet=Facet.TOPIC):
    return OwnConcept(Concept(told, names[0], facet, names[1:]), names)


def text(headline="", *body, kind=ParagraphKind.BODY):
    string, paragraphs = "", []
    for words, told in ((headline, ParagraphKind.HEADLINE), *((words, kind) for words in body)):
        if words:
            paragraphs.append(Paragraph(told, len(string), len(string) + len(words)))
            string += words + "\n"
    return Text(string, tuple(paragraphs))


def tags(concepts, story):
    return [tag for tagger in own_term_taggers(concepts) for tag in tagger.tag(ARTICLE, story).tags]


def decided(concepts, story):
    return {tag.concept.id: tag.decision for tag in tags(concepts, story)}


DRONES = own("drone warfare", "drone strikes", "Drohnenkrieg")


@pytest.mark.parametrize(
    ("story", "decision"),
    [
        (text("Drone warfare comes to the coast", FILLER), Decision.SUGGEST),
        (text("At the coast", "Officials spoke of drone strikes on the port.", FILLER), Decision.SUGGEST),
        (text("At the coast", FILLER, "Somebody mentioned drone warfare."), Decision.SILENT),
        (text("At the coast", FILLER, "Drone warfare? Drone strikes? A Drohnenkrieg, he said."), Decision.SUGGEST),
    ],
)
def test_a_name_in_headline_or_lead_or_three_anywhere_is_a_suggestion(story, decision):
    assert decided([DRONES], story) == {"own:x": decision}


def test_nothing_is_written_by_itself_however_often_it_is_named():
    assert decided([DRONES], text("Drone warfare", *["Drone warfare and drone strikes."] * 200)) == {"own:x": Decision.SUGGEST}


@pytest.mark.parametrize("kind", [ParagraphKind.CAPTION, ParagraphKind.CREDIT, ParagraphKind.BOILERPLATE, ParagraphKind.DATELINE])
def test_only_the_story_s_own_words_count(kind):
    assert tags([DRONES], text("", "Read more about drone warfare.", kind=kind)) == []


PROPER = {"March", "Apple", "William"}


@pytest.mark.parametrize(
    ("name", "words", "found"),
    [
        ("drone warfare", "DRONE WARFARE", True),
        ("drone warfare", "drone-warfare's", True),
        ("drone warfare", "drone. Warfare", False),
        ("drone strike", "two drone strikes", True),
        ("Drohnenkrieg", "des Drohnenkriegs", True),
        ("Drohnenkrieg", "des Drohnenkrieges", True),
        ("data breach", "data breaches", True),
        ("public inquiry", "public inquiries", True),
        ("élection partielle", "ELECTION PARTIELLE", True),
        ("Türkei-Wahl", "die Turkei Wahl", True),
        ("UAV", "a UAV", True),
        ("UAV", "a uav", False),
        ("WHO", "those who came", False),
        ("5G", "the 5g net", False),
        ("William", "the Williams sisters", False),
        ("gas", "gases", False),
        ("énergie nucléaire", "l'e\u0301nergie nucle\u0301aire", True),
        ("e\u0301nergie nucle\u0301aire", "l'énergie nucléaire", True),
        ("đường sắt", "đươ\u0300ng să\u0301t", True),
        ("C++", "a vitamin C pill", False),
        ("C++", "written in C++, mostly", True),
        ("C++", "written in c++", False),
        ("C#", "written in C", False),
        ("C#", "written in C# and C", True),
        ("C#", "written in C++", False),
        ("March", "they march on Rome", False),
        ("March", "early in March they", True),
        ("Apple", "an apple a day", False),
        ("IT", "it is raining", False),
        ("IT", "the IT staff", True),
        ("беспилотники", "Беспилотники над городом", True),
        ("无人机战争", "专家说无人机战争正在改变边境。", True),
        ("ドローン戦争", "最新のドローン戦争について", True),
        ("드론 전쟁", "그는 드론 전쟁이 시작됐다고 말했다.", True),
        ("战", "战争", False),
        ("สงครามโดรน", "ข่าวสงครามโดรนวันนี้", True),
        ("حرب الطائرات", "بدأت حرب الطائرات أمس", True),
    ],
)
def test_forms_of_a_name(name, words, found):
    facet = Facet.ACTOR if name in PROPER else Facet.TOPIC
    told = tags([own(name, facet=facet)], text("", f"{words} …"))
    assert bool(told) is found


def test_single_short_names_take_no_ending():
    assert list(inflected("William")) == list(inflected("Wale")) == list(inflected("UAV")) == list(inflected("U.S.")) == []
    assert is_acronym("UAV") and is_acronym("5G") and not is_acronym("drone") and not is_acronym("EU summit")


def test_people_and_places_take_no_endings():
    assert tags([own("harbour board", facet=Facet.ACTOR)], text("", "two harbour boards")) == []


def test_an_ending_never_takes_the_name_of_another_concept():
    concepts = [own("drone strike", told="own:one"), own("drone strikes", told="own:many")]
    assert [tag.concept.id for tag in tags(concepts, text("", "Drone strikes again."))] == ["own:many"]


def test_the_longest_name_counts():
    concepts = [own("drone", told="own:drone"), DRONES]
    assert [tag.concept.id for tag in tags(concepts, text("", "Drone warfare."))] == ["own:x"]


def test_one_name_of_two_concepts_proposes_both():
    assert {tag.concept.id for tag in tags([own("quay", told="own:a"), own("quay", told="own:b")], text("The quay", ""))} == {
        "own:a",
        "own:b",
    }


def test_each_facet_has_a_tagger_and_a_role():
    concepts = [own("quay", told="own:r", facet=Facet.REGION), own("pilots", told="own:a", facet=Facet.ACTOR), own("tide", told="own:t")]
    taggers = own_term_taggers(concepts)
    assert all(isinstance(tagger, Tagger) for tagger in taggers) and [tagger.facet for tagger in taggers] == list(Facet)
    roles = {tag.concept.id: tag.role for tag in tags(concepts, text("Tide, quay, pilots"))}
    assert roles == {"own:t": Role.MAIN, "own:r": Role.FOCUS, "own:a": Role.ACTOR}
    assert [tag.role for tag in tags(concepts, text("Nothing", FILLER, "At the quay."))] == [Role.MENTIONED]
    assert own_term_taggers([]) == ()


NAMES = ["tide", "drone warfare", "UAV", "无人机", "Café"]


@settings(deadline=None)
@given(st.lists(st.sampled_from([*NAMES, "and", "river.", "\u200f", "\ud800", "DRONE", "cafe\u0301"]), max_size=60), st.booleans())
def test_reasons_add_up_and_quote_what_stands_there(words, headline):
    story = text(" ".join(words) if headline else "", " ".join(words))
    for tag in tags([own(name, told=f"own:{n}") for n, name in enumerate(NAMES)], story):
        assert tag.bias + sum(reason.contribution for reason in tag.evidence) + tag.rest == pytest.approx(tag.margin, abs=1e-6)
        assert tag.score == pytest.approx(1 / (1 + math.exp(-tag.margin)), abs=1e-6)
        assert (tag.decision is Decision.SUGGEST) is (tag.margin >= 0)
        assert all(story.string[q.start : q.end] == q.quote != "" for reason in tag.evidence for q in reason.quotes)


def test_evidence_stays_small_on_a_flood_of_names():
    [tag] = tags([DRONES], text("", "drone warfare " * 20_000))
    assert sum(len(reason.quotes) for reason in tag.evidence) <= 300


@pytest.mark.parametrize(
    ("name", "headline", "body", "decision"),
    [
        ("IT", "IT IS RAINING AGAIN", FILLER, None),
        ("US", "LET US GO HOME", FILLER, None),
        ("NATO", "NATO MEETS IN OSLO", "The NATO chief spoke.", Decision.SUGGEST),
        ("Will", "Will the council vote?", FILLER, Decision.SILENT),
        ("March", "MARCH ON ROME", FILLER, Decision.SILENT),
        ("March", "They March Through the Town Again", FILLER, Decision.SILENT),
        ("Apple", "Apple opens a shop", "The shop of Apple is new.", Decision.SUGGEST),
        ("Drohnenkrieg", "DROHNENKRIEG TOBT", FILLER, Decision.SUGGEST),
        ("Drohnenkrieg", "Was der Drohnenkrieg bedeutet", FILLER, Decision.SUGGEST),
        ("drone warfare", "DRONE WARFARE SPREADS", FILLER, Decision.SUGGEST),
    ],
)
def test_a_capital_counts_where_it_says_something(name, headline, body, decision):
    assert decided([own(name, facet=Facet.ACTOR)], text(headline, body)).get("own:x") is decision


@pytest.mark.parametrize("headline", ["Inflation slows", "Why inflation slows", "INFLATION SLOWS"])
def test_a_subject_is_meant_in_any_case(headline):
    assert decided([own("Inflation")], text(headline, FILLER)) == {"own:x": Decision.SUGGEST}


def test_quotes_of_letters_with_accents_of_their_own_are_the_text_s():
    story = text("Le de\u0301bat", "L'e\u0301nergie nucle\u0301aire, l'e\u0301nergie, le cafe\u0301.")
    [tag] = tags([own("énergie nucléaire")], story)
    [quote] = tag.evidence[-1].quotes
    assert quote.quote == story.string[quote.start : quote.end] == "e\u0301nergie nucle\u0301aire"


def test_a_flood_of_names_in_capitals_takes_no_longer_than_one_in_small_letters():
    assert decided([own("March"), own("IT", told="own:it")], text("", "MARCH IT " * 40_000)) == {"own:x": Decision.SUGGEST}


@settings(deadline=None)
@given(st.text(st.sampled_from("ae\u0301\u0302 xC+#.z\u3099\u00e9"), max_size=40))
def test_every_quote_stands_in_the_text_whatever_its_accents(words):
    for tag in tags([own("é"), own("xé", told="own:y"), own("C+", told="own:z")], text("", words)):
        assert all(words[q.start : q.end] == q.quote for reason in tag.evidence for q in reason.quotes)

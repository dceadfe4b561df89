import math

import pytest

from newstagger.contracts import Tagger
from newstagger.domain import Article, ArticleRef, Decision, Facet, Paragraph, ParagraphKind, Role, Text

STORY = (
    "Russian warplanes bombed the town on Monday, the Syrian Observatory for Human Rights said.\n\n"
    "The Observatory said Islamic State (IS) fighters fled. An AFP photographer saw the IS convoy leave.\n\n"
    "US Secretary of State John Kerry met Sergei Lavrov. Kerry said the talks would go on. State agency SANA gave no figures."
)


def test_is_a_tagger(tagger):
    assert isinstance(tagger, Tagger)
    assert (tagger.name, tagger.facet) == ("actor", Facet.ACTOR)


def test_a_war_story_has_its_actors_and_its_sources(tags):
    found = tags("Islamic State retreats as Russia bombs town", STORY)
    assert {"actor:islamic-state", "actor:ru-mil", "actor:ru-gov", "actor:john-kerry", "actor:sergei-lavrov"} <= set(found)
    roles = {concept: tag.role for concept, tag in found.items()}
    assert [roles[f"actor:{s}"] for s in ("afp", "sana", "syrian-observatory")] == [Role.SOURCE] * 3
    assert roles["actor:islamic-state"] is Role.ACTOR
    assert found["actor:islamic-state"].decision is Decision.AUTO


def test_evidence_adds_up_and_quotes_the_text(tags):
    for tag in tags("Islamic State retreats as Russia bombs town", STORY).values():
        assert math.isclose(tag.bias + sum(e.contribution for e in tag.evidence) + tag.rest, tag.margin, abs_tol=5e-7)
        assert 0.02 <= tag.score <= 1.0
        assert tag.tagger == "actor"
    islamic = tags("Islamic State retreats as Russia bombs town", STORY)["actor:islamic-state"]
    quoted = {e.term: [q.quote for q in e.quotes] for e in islamic.evidence}
    assert quoted["named in the headline"] == ["Islamic State"]
    assert "IS" in quoted["how often it is named"]


def test_captions_credits_and_datelines_are_never_evidence(tagger):
    kinds = (ParagraphKind.CAPTION, ParagraphKind.CREDIT, ParagraphKind.DATELINE, ParagraphKind.BOILERPLATE)
    string = "Hamas and Boko Haram met Angela Merkel (AFP)"
    for kind in kinds:
        text = Text(string, (Paragraph(kind, 0, len(string)),), "en")
        assert tagger.tag(Article(ArticleRef("test", "1")), text).tags == ()


def test_nothing_named_nothing_tagged(tags):
    assert tags("Rain on Sunday", "It will be wet, then dry. Nobody is named here.") == {}


@pytest.mark.parametrize(
    ("body", "wanted", "unwanted"),
    [
        ("He said this is all; as it is, us and who.", (), ("islamic-state", "us-gov", "who")),
        ("WHO says the outbreak is over.", ("who",), ()),
        ("the who and the un of it", (), ("who", "un")),
        ("An islamic state is what they want, the taliban wrote.", (), ("islamic-state",)),
        ("The U.N. called for calm and the EU agreed.", ("un", "eu"), ()),
    ],
)
def test_case_decides_what_is_a_name(tags, body, wanted, unwanted):
    found = set(tags("Notes", body))
    assert {f"actor:{slug}" for slug in wanted} <= found
    assert not {f"actor:{slug}" for slug in unwanted} & found


def test_in_capitals_throughout_small_words_are_no_names(tags):
    found = tags("BREAKING NEWS FROM THE TOWN", "THIS IS WHAT HAMAS AND THE UNITED NATIONS SAID ABOUT THOSE WHO LIVE HERE.")
    assert "actor:hamas" in found
    assert not {"actor:islamic-state", "actor:who", "actor:us-gov"} & set(found)


def test_a_family_name_counts_once_the_full_name_stands(tags):
    assert "actor:john-kerry" not in tags("Kerry in Paris", "Kerry said so.")
    found = tags("Kerry in Paris", "John Kerry arrived. Kerry said so. Teresa Kerry and Kerry Washington stayed away.")
    quotes = [q.quote for e in found["actor:john-kerry"].evidence if e.term == "how often it is named" for q in e.quotes]
    assert quotes == ["Kerry", "John Kerry", "Kerry"]


def test_a_reporting_verb_marks_but_never_demotes(tags):
    said = tags("Talks", "Hamas said the talks were over.")["actor:hamas"]
    assert said.role is Role.ACTOR
    assert "is quoted" in [e.term for e in said.evidence]
    assert next(e.contribution for e in said.evidence if e.term == "is quoted") >= 0.0


def test_an_acronym_told_in_brackets_counts_from_then_on(tags):
    found = tags("Congress", "The Testers Liberation Front (TLF) won. Later the TLF celebrated and TLF leaders sang.")
    count = next(e for e in found["actor:testers-front"].evidence if e.term == "how often it is named")
    assert [q.quote for q in count.quotes][1:] == ["TLF", "TLF", "TLF"]


def test_namesakes_are_told_apart_by_country_and_years(tags):
    assert "actor:anna-testova-sk" in tags("Vote", "Slovakia votes. Anna Testova leads.")
    assert "actor:anna-testova" in tags("Vote", "The Czech Republic votes. Anna Testova leads.", year="1995")


def test_a_weak_form_needs_its_country(tags):
    assert "actor:darul-testa" not in tags("News", "DTI shares rose.")
    assert "actor:darul-testa" in tags("News", "Indonesian troops fought DTI rebels.")


def test_at_most_thirty_tags(tags):
    some = "Russia, France, Germany, Spain, Italy, Poland, Sweden, Norway, Finland, Denmark, Greece, Turkey, Egypt, Libya, Tunisia, Togo"
    more = "Brazil, Chile, Peru, Bolivia, Cuba, Mexico, Canada, Japan, China, India, Nepal, Iran, Iraq, Qatar, Oman, Kenya, Ghana, Mali"
    body = " ".join(f"{country} said no." for country in f"{some}, {more}".split(", "))
    assert len(tags("Vote", body)) == 30

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newstagger.actors.acronyms import is_acronym, long_form, spells

RELIEF = "Lorries reached the town on Monday. "


def counted(tag):
    return [quote.quote for reason in tag.evidence if reason.term == "how often it is named" for quote in reason.quotes]


@pytest.mark.parametrize(
    "body",
    [
        "Elders met the Rapid Support Forces. A commander of the RSF denied it.",
        "Elders met the Rapid Support Forces (RSF). A commander of the RSF denied it.",
        "A commander of the RSF denied it. Elders met the Rapid Support Forces later.",
    ],
)
def test_an_acronym_belongs_to_the_full_name_that_the_text_gives(tags, body):
    found = tags("Truce", RELIEF + body)
    assert "actor:rsf" not in found
    assert "RSF" in counted(found["actor:rsf-sudan"])


def test_without_a_full_name_the_dictionary_decides(tags):
    assert "actor:rsf" in tags("Press", "RSF said that two reporters were missing.")


def test_a_bearer_named_in_full_keeps_its_acronym(tags):
    found = tags("Press", "Reporters Without Borders (RSF) said that two reporters were missing. RSF asked for news.")
    assert counted(found["actor:rsf"])[-1] == "RSF"


@pytest.mark.parametrize(
    "body",
    [
        "The Regional Savings Fund (RSF) lends to farmers. The RSF has no debts.",
        "The Regional Savings Fund lends to farmers. The RSF has no debts.",
        "El Registro de Semillas y Frutos (RSF) abre el lunes. Luego la RSF cerró.",
    ],
)
def test_an_acronym_of_an_unknown_name_is_nobody_elses(tags, body):
    assert tags("Farms", body, language="es" if body.startswith("El") else "en") == {}


@pytest.mark.parametrize(
    "body",
    [
        "The Organization for Prohibition of Chemical Weapons (OPCW) sent a team. The OPCW found nothing.",
        "La Organización de las Naciones Unidas (ONU) pidió calma. La ONU insistió.",
        "The free press asked (AFP).",
    ],
)
def test_spellings_translations_and_chance_take_nothing_away(tags, body):
    found = tags("News", body)
    assert {"actor:opcw", "actor:un", "actor:afp"} & set(found)


def test_a_country_keeps_its_acronym_outside_of_brackets(tags):
    assert "actor:us-gov" in tags("Talks", "United Seafarers met. The US government said no. US officials left.")


def test_an_acronym_that_only_the_name_spells_counts_without_brackets(tags):
    found = tags("Congress", "The Testers Liberation Front won. TLF leaders sang.")
    assert counted(found["actor:testers-front"]) == ["Testers Liberation Front", "TLF"]


@pytest.mark.parametrize(
    ("acronym", "before", "wanted"),
    [
        ("UNIDO", "the United Nations Industrial Development Organization", "United Nations Industrial Development Organization"),
        ("WFP", "of the World Food Programme", "World Food Programme"),
        ("XYZ", "the World Food Programme", None),
        ("AB", "", None),
    ],
)
def test_the_algorithm_of_schwartz_and_hearst(acronym, before, wanted):
    assert long_form(acronym, before) == wanted


def test_only_small_words_may_stay_unsaid():
    assert spells("OPCW", ["Organisation", "for", "the", "Prohibition", "of", "Chemical", "Weapons"])
    assert spells("DoD", ["Department", "of", "Defense"])
    assert not spells("PCW", ["Organisation", "for", "the", "Prohibition", "of", "Chemical", "Weapons"])
    assert not spells("RSF", ["Rapid", "Support"])


@pytest.mark.parametrize(("word", "is_one"), [("RSF", True), ("UdSSR", True), ("G7", True), ("Is", False), ("A", False), ("2026", False)])
def test_acronyms_are_mostly_capitals(word, is_one):
    assert is_acronym(word) is is_one


@given(st.text(min_size=1, max_size=12), st.text(max_size=60))
def test_any_input_is_taken(acronym, before):
    found = long_form(acronym, before)
    assert found is None or before.endswith(found)
    assert spells(acronym, before.split()) in (True, False)


@given(st.lists(st.sampled_from(["(RSF)", "RSF", "Rapid", "Support", "Forces", "(", ")", "the", "UN", "\n\n", "of", "A1"]), max_size=30))
def test_any_text_is_tagged(tags, words):
    assert isinstance(tags("Notes", " ".join(words)), dict)

from newstagger.actors.commonplace import common_phrases, without_commonplaces
from newstagger.actors.merge import merged
from newstagger.actors.records import FormType, Record, Surface
from newstagger.actors.wordcheck import WordCheck

TEXTS = [
    "They drew a red line. Another red line was crossed, and one more red line was drawn.",
    "Il giorno dopo la liga empezó. Ganar la liga es difícil; la liga espera.",
    "The Zetas met. Los Zetas left. Free Harbour Union members sang.",
]


def record(name, kind, *forms, own=False):
    return Record(name.lower(), name, kind, "MX", surfaces=tuple(Surface(form, FormType.NAME) for form in (name, *forms)), own=own)


def cleaned(*records):
    found = without_commonplaces(list(records), WordCheck.count(TEXTS, frozenset()), TEXTS)
    return {one.name: {(form.text, form.type.name) for form in one.surfaces} for one in found}


def test_a_phrase_written_small_is_no_name():
    assert common_phrases(["red line", "free harbour union", "la liga", "line"], TEXTS) == {"red line", "la liga"}


def test_an_alias_that_is_a_phrase_goes_and_an_own_name_turns_weak():
    found = cleaned(
        record("Harbour Front", "armed-group", "La Liga"), record("Red Line", "party"), record("Red Line Co", "company", "Red Line")
    )
    assert found["Harbour Front"] == {("Harbour Front", "NAME")}
    assert found["Red Line"] == {("Red Line", "WEAK")}
    assert found["Red Line Co"] == {("Red Line Co", "NAME")}


def test_an_article_makes_no_name_of_an_ordinary_word():
    found = cleaned(record("Harbour Front", "armed-group", "La Mar", "Los Zetas", "The Nation of Sailors"))
    assert {text for text, _ in found["Harbour Front"]} == {"Harbour Front", "Los Zetas", "The Nation of Sailors"}


def test_our_own_records_and_people_are_left_alone():
    found = cleaned(record("Red Line", "party", own=True), record("La Liga", "person"))
    assert found == {"Red Line": {("Red Line", "NAME")}, "La Liga": {("La Liga", "NAME")}}


def test_an_actor_left_without_a_form_is_left_out():
    assert cleaned(Record("x", "Elsewhere Inc", "company", surfaces=(Surface("Red Line", FormType.NAME),))) == {}


def test_an_article_makes_no_second_actor():
    own = [Record("un", "United Nations", "igo", surfaces=(Surface("UN", FormType.ALIAS, True),), own=True)]
    found = merged(own, [[Record("", "The UN", "igo", surfaces=(Surface("The UN", FormType.NAME),), matches=("cameo:X",))]])
    assert [(one.slug, one.matches) for one in found] == [("un", ("cameo:X",))]

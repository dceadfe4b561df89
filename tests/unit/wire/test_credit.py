import pytest

from newstagger.domain import CreditForm, CreditState
from newstagger.wire.credit import credits_of, report, state_of

LONG = "The council of Estrel voted late on Monday to close the old bridge for a year, because rust had eaten into two of its pillars."
FILL = (LONG, LONG.replace("bridge", "tunnel"), LONG.replace("Monday", "Friday"))


def found(article, text):
    return [(credit.agency, str(credit.form)) for credit in credits_of(article, text)]


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        ("By Reuters", ("Reuters", "byline")),
        ("The Associated Press", ("AP", "byline")),
        ("By ANNA EXAMPLE Associated Press", ("AP", "byline")),
        ("Anna Example, Associated Press", ("AP", "byline")),
        ("Von Anna Beispiel, dpa", ("dpa", "byline")),
        ("Par AFP", ("AFP", "byline")),
        ("Agencia EFE", ("EFE", "byline")),
        ("ESTREL (AP) — The council voted late on Monday.", ("AP", "dateline")),
        ("ESTREL, May 3 (Xinhua) -- The council voted late on Monday.", ("Xinhua", "dateline")),
        ("(ANSA) - ESTREL, 3 MAG - Il consiglio ha votato lunedì sera.", ("ANSA", "dateline")),
        ("ESTREL, May 3. /TASS/. The council voted late on Monday.", ("TASS", "dateline")),
        ("New Delhi: (PTI): The council voted late on Monday.", ("PTI", "dateline")),
        ("Estrel, May 3 (PTI) The council voted late on Monday.", ("PTI", "dateline")),
        ("Estrel, SANA – The council voted late on Monday.", ("SANA", "dateline")),
    ],
)
def test_credits_at_the_head(make_article, make_text, line, credit):
    assert found(make_article(), make_text("#Bridge closed", line, *FILL)) == [credit]


@pytest.mark.parametrize(
    ("line", "agencies"),
    [
        ("ab/cde (AP, AFP, dpa)", ["AP", "AFP", "dpa"]),
        ("(AFP)", ["AFP"]),
        ("— Reuters", ["Reuters"]),
        ("(APA/dpa)", ["APA", "dpa"]),
        ("Quelle: dpa", ["dpa"]),
        ("Quelle: example.de, abc/dpa/AFP", ["dpa", "AFP"]),
        ("Com informações da Agência Brasil", ["Agência Brasil"]),
        ("Anna Example in Estrel and The Associated Press contributed to this report.", ["AP"]),
        ("Fonte: Agência Brasil", ["Agência Brasil"]),
        ("(With inputs from PTI)", ["PTI"]),
        ("The Associated Press contributed to this report.", ["AP"]),
        (f"{LONG} (STT)", ["STT"]),
        (f"{LONG} – AFP", ["AFP"]),
        ("TT", ["TT"]),
        ("Ritzau", ["Ritzau"]),
    ],
)
def test_sign_offs(make_article, make_text, line, agencies):
    assert found(make_article(), make_text("#Bridge closed", *FILL, line)) == [(agency, "sign-off") for agency in agencies]


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("Copyright (2031) AFP. All rights reserved.", "AFP"),
        ("© 2031 The Associated Press. All rights reserved.", "AP"),
        ("© dpa-infocom, dpa:310503-99-000000/2", "dpa"),
        ("Riproduzione riservata © Copyright ANSA", "ANSA"),
    ],
)
def test_copyright_lines(make_article, make_text, line, agency):
    assert found(make_article(), make_text("#Bridge closed", *FILL, line))[0] == (agency, "copyright")


@pytest.mark.parametrize(
    "line",
    [
        "An AFP correspondent at the bridge saw workers put up fences and turn away lorries before it was light enough to read.",
        "“We had no choice,” the mayor told the French news agency AFP on the steps of the town hall after the vote on Monday.",
        "The numbers were first reported by Reuters, which said that two engineers had warned the council three years ago.",
        "A European diplomat told AP.",
        "Heavy rain contributed to the damage, according to engineers whom Reuters had asked about the two pillars of the bridge.",
        "State news agency SANA said the bridge was sound.",
        "The pa was proud, and an efe is a letter.",
    ],
)
def test_a_name_in_the_story_is_no_credit(make_article, make_text, line):
    assert found(make_article(), make_text("#Bridge closed", line, *FILL)) == []
    assert found(make_article(), make_text("#Bridge closed", *FILL, line)) == []


@pytest.mark.parametrize(
    "line", ["^The bridge on Monday (AFP Photo/Anna Example)", "Photo: Anna Example, AP", "Anna Example/AFP", "REUTERS/Anna Example"]
)
def test_a_picture_credit_is_a_caption(make_article, make_text, line):
    (credit,) = credits_of(make_article(), make_text("#Bridge closed", line, *FILL))
    assert credit.form is CreditForm.CAPTION


def test_offsets_cover_the_name(make_article, make_text):
    text = make_text("#Bridge closed", *FILL, "Copyright (2031) AFP. All rights reserved.")
    (credit,) = credits_of(make_article(), text)
    assert text.string[credit.start : credit.end] == credit.quote == "AFP"


def test_fields_of_the_article(make_article, make_text):
    article = make_article(byline="Anna Example, Agence France-Presse", credit="AP", source="Associated Press")
    assert found(article, make_text(*FILL)) == [("AFP", "byline"), ("AP", "field")]


def test_a_caption_alone_credits_nobody(make_article, make_text):
    named = credits_of(make_article(), make_text("#Bridge", "^The bridge (AFP Photo)", *FILL))
    told = report(named, ["AFP"])
    assert (told.state, told.agencies) == (CreditState.UNCREDITED, ())
    assert len(told.found) == 1


def test_states():
    assert state_of(["AP"], "Associated Press") is CreditState.CREDITED
    assert state_of(["dpa", "AFP"], "AFP") is CreditState.CREDITED
    assert state_of(["dpa"], "AFP") is CreditState.CONFLICTING
    assert state_of([], "AFP") is CreditState.UNCREDITED
    assert state_of(["dpa"], "") is CreditState.CREDITED
    assert report((), None).state is CreditState.NONE_NEEDED
    assert report((), ["AFP"]).state is CreditState.UNCREDITED

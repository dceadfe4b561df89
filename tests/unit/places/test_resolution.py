"""Place names in running text: which words are places, and which place is meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newstagger.domain import Paragraph, ParagraphKind, Text
from newstagger.places.gazetteer import Gazetteer
from newstagger.places.resolution import mentions

TextMaker = Callable[..., Text]


def _ids(text: Text, gazetteer: Gazetteer) -> list[tuple[str, str]]:
    return [(text.string[m.start : m.end], gazetteer.id(m.row)) for m in mentions(text, gazetteer)]


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("Talks were held in Geneva on the war in Syria.", [("Geneva", "geonames:4"), ("Syria", "iso:SY")]),
        ("Troops entered Palmyra, a Syrian town.", [("Palmyra", "geonames:3"), ("Syrian", "iso:SY")]),
        ("A barn burnt down in Paris, Texas, on Monday.", [("Paris", "geonames:7"), ("Texas", "iso:US-TX")]),
        ("He flew to Paris.", [("Paris", "geonames:6")]),
        ("They left Homs province at night.", [("Homs", "iso:SY-HI")]),
        ("Voters in Atlanta, Georgia, queued for hours.", [("Atlanta", "geonames:10"), ("Georgia", "iso:US-GA")]),
        ("The Kremlin said nothing.", [("Kremlin", "iso:RU")]),
        ("The U.S. sent a ship.", [("U.S.", "iso:US")]),
        ("A US$ loan was signed.", []),
        ("Mayors wrote to us and we were reading it.", []),
        ("Paris Hilton wore a dress.", []),
        ("Chad Miller scored twice.", []),
        ("The Washington Post reported it.", []),
        ("The Geneva Conventions forbid it.", []),
        ("Senator Jackson said no.", []),
        ("He studied at the University of Paris.", []),
        ("The HOMS office audits it.", []),
        ("Andrew Jackson came. Later Jackson left again.", []),
        ("Alepo is a spelling of the province's name.", [("Alepo", "iso:SY-HL")]),
    ],
)
def test_names_in_sentences(text: TextMaker, gazetteer: Gazetteer, sentence: str, wanted: list[tuple[str, str]]) -> None:
    assert _ids(text("", "A first paragraph without names.", sentence), gazetteer) == wanted


def test_washington_is_the_capital_by_default_and_georgia_the_country(text: TextMaker, gazetteer: Gazetteer) -> None:
    assert _ids(text("", "The envoy left Washington for Georgia."), gazetteer) == [("Washington", "geonames:9"), ("Georgia", "iso:GE")]


def test_company_decides_between_namesakes(text: TextMaker, gazetteer: Gazetteer) -> None:
    local = text("", "The mayor of Palmyra spoke to voters from Ohio.", "Ohio will vote on Tuesday.")
    assert ("Palmyra", "geonames:11") in _ids(local, gazetteer)


def test_captions_do_not_count_and_datelines_do(text: TextMaker, gazetteer: Gazetteer) -> None:
    found = _ids(text("", "CAPTION A street in Moscow", "The market was empty.", dateline="ALEPPO, Syria"), gazetteer)
    assert found == [("ALEPPO", "geonames:1"), ("Syria", "iso:SY")]


def test_capitals_throughout(text: TextMaker, gazetteer: Gazetteer) -> None:
    assert _ids(text("REBELS LEAVE US ALONE IN SYRIA", "Nothing else."), gazetteer) == [("SYRIA", "iso:SY")]


def test_small_letters_throughout(text: TextMaker, gazetteer: Gazetteer) -> None:
    assert _ids(text("rebels leave syria for good", "nothing else."), gazetteer) == [("syria", "iso:SY")]


@pytest.mark.parametrize(
    ("language", "sentence", "covered"),
    [
        ("de", "Die syrische Armee zog ab.", "syrische"),
        ("ru", "Войска Сирии отошли.", "Сирии"),
        ("ja", "昨日シリアで地震があった。", "シリア"),
        ("ar", "قال الجيش السوري أمس", "السوري"),
    ],
)
def test_other_languages(text: TextMaker, gazetteer: Gazetteer, language: str, sentence: str, covered: str) -> None:
    assert _ids(text("", sentence, language=language), gazetteer) == [(covered, "iso:SY")]


@pytest.mark.parametrize(
    ("language", "sentence", "wanted"),
    [
        ("fr", "Le Pérou et les États-Unis ont signé.", [("Pérou", "iso:PE"), ("États-Unis", "iso:US")]),
        ("fr", "Un mot, pérou, sans majuscule.", []),
        ("en", "Le Pérou in an English text is no English name.", []),
        ("es", "Los suizos ganaron.", []),  # a stem of four letters is too short to be safe
        ("ru", "Премьер Соединенного Королевства прибыл.", [("Соединенного Королевства", "iso:GB")]),
        ("ru", "Чад покинули все.", [("Чад", "iso:TD")]),
        (None, "Сирия", []),
    ],
)
def test_patterns_by_language(
    text: TextMaker, gazetteer: Gazetteer, language: str | None, sentence: str, wanted: list[tuple[str, str]]
) -> None:
    assert _ids(text("", sentence, language=language), gazetteer) == wanted


@pytest.mark.parametrize(
    ("dateline", "wanted"),
    [
        ("GENEVA, Ohio", [("GENEVA", "geonames:5"), ("Ohio", "iso:US-OH")]),
        ("PARIS, TX", [("PARIS", "geonames:7"), ("TX", "iso:US-TX")]),
        ("MOSCOW, Ga.", [("Ga", "iso:US-GA")]),  # a town that is not known is no namesake
        ("NOWHEREVILLE, Ga.", [("Ga", "iso:US-GA")]),
        ("JACKSON", [("JACKSON", "geonames:12")]),
    ],
)
def test_datelines(text: TextMaker, gazetteer: Gazetteer, dateline: str, wanted: list[tuple[str, str]]) -> None:
    assert _ids(text("", "A long body follows here.", dateline=dateline), gazetteer) == wanted


def test_mentions_in_passing_of_a_speaker_are_no_place(text: TextMaker, gazetteer: Gazetteer) -> None:
    assert _ids(text("", "The fire spread fast, Jackson said on Monday."), gazetteer) == []
    assert _ids(text("", "Officials in Jackson said so. Ohio paid."), gazetteer)[:1] == [("Jackson", "geonames:12")]


@given(
    st.text(alphabet=st.sampled_from("aAeEsS SyriaParis,.'’-$\n\u00a0\u0130ßアシリ한\u0301"), max_size=80),
    st.sampled_from([None, "en", "ja", "ar"]),
)
def test_any_text_gives_ordered_mentions_inside_it(gazetteer: Gazetteer, string: str, language: str | None) -> None:
    text = Text(string, (Paragraph(ParagraphKind.BODY, 0, len(string)),), language)
    found = mentions(text, gazetteer)
    assert all(0 <= m.start < m.end <= len(string) for m in found)
    assert [m.start for m in found] == sorted(m.start for m in found)

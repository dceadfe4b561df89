"""Languages are told, or detected only when that is clear."""

import pytest

from newstagger.domain import Article, ArticleRef
from newstagger.language import among, detect, normalise
from newstagger.text import extract

SENTENCES = {
    "en": "The council said on Tuesday that it would close the bridge, which had been in use for more than a century and was not safe.",
    "de": "Der Stadtrat teilte am Dienstag mit, dass die Brücke geschlossen wird, weil sie nach Angaben der Ingenieure nicht sicher ist.",
    "fr": "Le conseil a annoncé mardi que le pont serait fermé, parce que les ingénieurs ne le jugent plus sûr depuis des années.",
    "es": "El ayuntamiento dijo el martes que cerrará el puente, que según los ingenieros no es seguro desde hace muchos años.",
    "pt": "A câmara disse na terça-feira que vai fechar a ponte, que não é segura há muitos anos, segundo os engenheiros da cidade.",
    "it": "Il consiglio ha detto martedì che chiuderà il ponte, che secondo gli ingegneri della città non è più sicuro da anni.",
    "nl": "De gemeente zei dinsdag dat de brug wordt gesloten, omdat die volgens de ingenieurs al jaren niet meer veilig is.",
    "sv": "Kommunen sade på tisdagen att bron ska stängas eftersom den enligt ingenjörerna inte har varit säker på många år.",
    "pl": "Rada miasta poinformowała we wtorek, że most zostanie zamknięty, ponieważ od wielu lat nie jest bezpieczny.",
    "ru": "Городской совет сообщил во вторник, что мост будет закрыт, потому что он уже много лет небезопасен.",
}


def text_of(body, **fields):
    return extract(Article(ArticleRef("s", "1"), body=body, **fields))


@pytest.mark.parametrize("code", SENTENCES)
@pytest.mark.parametrize("times", [1, 4])
def test_a_sentence_tells_its_language(code, times):
    found, probability = detect(" ".join([SENTENCES[code]] * times))
    assert found == code and 0.8 <= probability <= 1


@pytest.mark.parametrize(
    "string",
    [
        "",
        "Bridge",
        "12 34 56 7,890 " * 20,
        "🙂 🙃 " * 40,
        "xqzv wrtk plmn bdfg hjkq zzxw vbnm qwrt " * 5,
        "Berlin Paris Madrid",
        "OK",
        "aaaa " * 100,
        "!?" * 500,
    ],
)
def test_what_is_no_sentence_has_no_language(string):
    assert detect(string)[0] is None


def test_a_mixture_has_no_language():
    assert detect((SENTENCES["en"] + " ") * 5 + (SENTENCES["de"] + " ") * 5)[0] is None


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("en", "en"),
        ("en-US", "en"),
        ("EN_gb", "en"),
        ("eng", "en"),
        ("English", "en"),
        ("ger", "de"),
        ("zh-Hant-TW", "zh"),
        ("xx", None),
        ("tlh", None),
        ("12", None),
    ],
)
def test_codes_are_normalised(told, code):
    assert normalise(told) == code


def test_the_field_wins_and_nonsense_in_it_is_told():
    assert text_of(SENTENCES["de"], language="fr").language == "fr"
    text = text_of(SENTENCES["de"] * 2, language="klingon")
    assert text.language == "de" and [problem.stage for problem in text.problems] == ["language"]


def test_the_lang_attribute_comes_second():
    assert text_of(f"<body lang=it><p>{SENTENCES['de']}</p></body>", media_type="text/html").language == "it"
    assert text_of(f"<p>{SENTENCES['de']}</p>", media_type="text/html").language == "de"


def test_an_unknown_language_is_a_problem():
    text = text_of("Bridge closed")
    assert text.language is None
    assert [(p.stage, p.plugin) for p in text.problems] == [("language", "newstagger")]


def test_how_likely_each_of_some_languages_is():
    found = among("Die Lotsen im Hafen nahmen am Montag nach langem Streik ihre Arbeit wieder auf.", ["en", "de"])
    assert list(found) == ["de", None, "en"] or list(found) == ["de", "en", None]
    assert found["de"] > 0.8
    assert sum(found.values()) == pytest.approx(1.0)
    assert among("Hafen", ["en", "de"]) == {None: 1.0, "de": 0.0, "en": 0.0}
    assert list(among("\ud800\0 " * 50, ["en"])) == [None, "en"]


@pytest.mark.parametrize("code", ["nb", "no"])
def test_norwegian_is_found_by_either_of_its_codes(code):
    text = "Legene ved sykehusene i hele landet gikk ut i streik mandag for å få høyere lønn, og pasienter måtte vente."
    found = among(text, ["en", code, "sv"])
    assert next(iter(found)) == code
    assert sum(found.values()) == pytest.approx(1.0)

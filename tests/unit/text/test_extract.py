"""The extracted text of small articles, seen from ``extract``."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstagger.domain import NARRATIVE, Article, ArticleRef, ParagraphKind
from newstagger.text import EXTRACTOR_VERSION, extract

BODY = "The council voted on Tuesday to close the old bridge, which engineers had called unsafe for years."


def text_of(body, *, headline="", media_type="text/plain", language="en"):
    return extract(Article(ArticleRef("s", "1"), headline=headline, body=body, media_type=media_type, language=language))


def pieces(body, **keywords):
    text = text_of(body, **keywords)
    return [(paragraph.kind.value, text.words(paragraph)) for paragraph in text.paragraphs]


def kind_of(line):
    """The kind of a line that stands alone after the body."""
    (_, first), (kind, words), *rest = pieces(f"{BODY}\n\n{line}")
    assert first == BODY and words == line and not rest, (first, kind, words, rest)
    return kind


def test_headline_and_body_are_one_string():
    text = text_of(BODY, headline="Bridge  to close")
    assert text.string == f"Bridge to close\n\n{BODY}"
    assert [p.kind for p in text.paragraphs] == [ParagraphKind.HEADLINE, ParagraphKind.BODY]
    assert EXTRACTOR_VERSION


def test_stray_backslashes_and_invisible_characters_go():
    assert pieces('The city\\\u2019s \\"old\\" br\u200bidge\u00a0was\0 shut.\x92') == [
        ("body", 'The city\u2019s "old" bridge was shut.\u2019')
    ]


@pytest.mark.parametrize(
    "line",
    [
        "[do_widget_area sidebar_two]",
        "[gallery ids=4,5]",
        "Comments are closed.",
        "Show Full Article",
        "Related Video:",
        "Read more: Ten bridges that fell",
        "Lire aussi : Les ponts de la ville",
        "Lesen Sie auch: Zehn marode Brücken",
        "Lee también: Diez puentes",
        "Subscribe to our newsletter",
        "Share Tweet WhatsApp",
        "Compartir | Imprimir | Síguenos en Facebook",
        "(AKTUALISIERUNG 23.40 Uhr)",
        "(ACTUALIZADO 00.15 h)",
        "https://example.org/a/b?c=d",
        "LATEST",
        "Jump to Original Entry",
        "July 3, 2031",
        "Updated 5:30 p.m. EDT, July 3, 2031",
    ],
)
def test_furniture_is_boilerplate(line):
    assert kind_of(line) == "boilerplate"


@pytest.mark.parametrize(
    "line",
    [
        "PHOTO: Workers look at the bridge on Monday",
        "Workers look at the bridge on Monday (AFP Photo/Ann OTHER)",
        "Workers look at the bridge (Reuters/Ann Other)",
        "Arbeiter an der Brücke. (Foto: dpa)",
        "Foto: Ann Other/dpa",
        "Crédit photo : Ann Other",
        "Photo by Ann Other",
        "FILE - In this May 3, 2030 file photo, workers look at the bridge.",
        "old-bridge-closed",
        "bridge_2031.JPG",
    ],
)
def test_what_is_said_of_a_picture_is_a_caption(line):
    assert kind_of(line) == "caption"


@pytest.mark.parametrize(
    "line",
    [
        "Copyright (2031) AFP. All rights reserved.",
        "© 2031 dpa",
        "ab/cde (AP, AFP, dpa)",
        "(Reuters)",
        "By Ann Other, Reuters",
        "Von Ann Other und Max Muster",
        "Reuters Staff",
        "Redacción El Diario",
        "El Diario, con información de EFE y AFP",
        "ab/cde (APA, Die Zeitschrift)",
        "The Associated Press",
        "Reporting by Ann Other; Editing by B. Second",
        "With files from The Canadian Press",
        "Mit Material von dpa",
        "Avec AFP",
        "Con información de EFE",
        "Quelle: dpa",
        "Ann Other in Paris contributed to this report.",
    ],
)
def test_who_made_it_is_credit(line):
    assert kind_of(line) == "credit"


@pytest.mark.parametrize(
    "line",
    [
        "By Friday the bridge had been closed and the ferry was running every ten minutes.",
        "Comments are closed to debate only when the speaker rules that they are, and he ruled so on Tuesday evening.",
        "Share prices fell.",
        "A correspondent of AFP in the west said the strikes were less intense.",
        "He told AFP that the bridge would stay shut (it has no railing).",
        "Read more books, the minister told the children of the school in the village on the other side of the river.",
        "Engineers flee",
        "What after the bridge?",
        "Latest figures: the bridge carries ten cars an hour",
        "Update the software, the company said, or risk losing everything that you have stored since the spring.",
        "Photo shops are closing.",
        "More: the word that the poet used in every line of the last book that she wrote before she left for the islands in the north.",
        "[Applause]",
        "1,234",
    ],
)
def test_the_story_stays_the_story(line):
    assert kind_of(line) == "body"


@pytest.mark.parametrize(
    ("mark", "kind"),
    [
        ("ALEPPO, Syria (3rd UPDATE) – ", "dateline"),
        ("PARIS, Dec 11 (Reuters) - ", "dateline"),
        ("WASHINGTON (AP) — ", "dateline"),
        ("BERLIN (dpa/sb) - ", "dateline"),
        ("Berlin (dpa) – ", "dateline"),
        ("Madrid, 11 dic (EFE).- ", "dateline"),
        ("AREQUIPA (Perú), 5 mar 2026.- ", "dateline"),
        ("NEW YORK -- ", "dateline"),
        ("(Reuters) - ", "dateline"),
        ("SÃO PAULO (Reuters) – ", "dateline"),
        ("UPDATE 1920 GMT: ", "boilerplate"),
        ("UPDATED 5:30 p.m.: ", "boilerplate"),
        ("ORIGINAL ENTRY: ", "boilerplate"),
    ],
)
def test_what_heads_a_paragraph_is_cut_off(mark, kind):
    assert pieces(mark + BODY) == [(kind, mark.strip()), ("body", BODY)]
    assert text_of(mark + BODY).string == f"{mark.strip()} {BODY}"


@pytest.mark.parametrize("head", ["Paris – the city of light – ", "NATO — which met on Monday — ", "He said - and ", "The (old) bridge - "])
def test_a_dash_alone_makes_no_dateline(head):
    assert [kind for kind, _ in pieces(head + BODY[0].lower() + BODY[1:])] == ["body"]


@pytest.mark.parametrize(("tail", "credit"), [(" (AFP)", "(AFP)"), (" –", None), (" — Reuters", "— Reuters"), (" dpa", "dpa")])
def test_what_closes_the_text_is_cut_off(tail, credit):
    assert pieces(BODY + tail) == [("body", BODY), *([("credit", credit)] if credit else [])]


def test_a_paragraph_that_is_all_quotation_is_a_quote():
    assert kind_of("\u201cIt was a good bridge and it served us well.\u201d") == "quote"
    assert kind_of('"It was good," she said, "and it served us well."') == "body"


def test_a_repeated_caption_and_a_teaser_are_not_body():
    line = "Workers at the bridge on Monday (AFP Photo/Ann OTHER)"
    assert [kind for kind, _ in pieces(f"{line}\n\n{line}\n\nRelated Video:\n\nThe day the bridge fell\n\n{BODY}")] == [
        "caption", "caption", "boilerplate", "boilerplate", "body",
    ]  # fmt: skip


def test_wrapped_lines_are_joined_and_long_lines_are_paragraphs():
    wrapped = (
        "The council voted on Tuesday to close the old bridge, which\nengineers had called unsafe for a number of years and which\n"
        "nobody liked.\n\nA new one will stand there in the spring, the mayor told the\npaper."
    )
    assert [words.count("\n") for _, words in pieces(wrapped)] == [0, 0]
    assert len(pieces(f"{BODY}\n{BODY} Again.\n{BODY} And again.")) == 3


def test_nothing_gives_an_empty_text_and_says_that_its_language_is_unknown():
    text = text_of("", language=None)
    assert (text.string, text.paragraphs, text.language) == ("", (), None)
    assert [problem.stage for problem in text.problems] == ["language"]


WILD = st.text(st.one_of(st.characters(), st.sampled_from("<>&/=\"'[]()—- \n.:ABCabc©")), max_size=200)


@settings(deadline=None)
@given(WILD, WILD, st.sampled_from(["text/plain", "text/html"]))
def test_any_string_gives_paragraphs_in_order_that_cover_it(headline, body, media_type):
    text = text_of(body, headline=headline, media_type=media_type)
    end = 0
    for paragraph in text.paragraphs:
        assert end <= paragraph.start < paragraph.end <= len(text.string)
        assert not text.string[end : paragraph.start].strip()
        end = paragraph.end
    assert end == len(text.string)
    assert text == text_of(body, headline=headline, media_type=media_type)


@settings(deadline=None)
@given(WILD)
def test_plain_text_gains_no_characters(body):
    allowed = set(body) | set(" \n\ufffd") | {bytes([n]).decode("cp1252", "ignore") for n in range(128, 160)}
    assert set(text_of(body).string) <= allowed or any("\ud800" <= c <= "\udfff" for c in body)


def test_narrative_kinds_are_what_models_learn_from():
    assert {kind.value for kind in NARRATIVE} == {"headline", "body", "quote"}

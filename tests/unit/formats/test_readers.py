"""Readers of plain text, HTML and our own JSON."""

import codecs
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstagger.contracts import Reader
from newstagger.domain import ArticleRef, Event, ExistingTag, Origin
from newstagger.errors import InputError
from newstagger.formats.article_json import ArticleJsonReader, article_from_json
from newstagger.formats.html import HtmlReader
from newstagger.formats.plain import PlainReader

BODY = "The council voted on Tuesday to close the old bridge, which engineers had called unsafe for years."
READERS = (PlainReader(), HtmlReader(), ArticleJsonReader())


def plain(string, name="a/story.txt"):
    return PlainReader().read(string.encode(), name=name, site="s")


def row(**fields):
    return article_from_json({"id": "1", "text": BODY, **fields}, site="s", where="line 3")


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_readers_fit_the_contract_and_refuse_an_empty_file(reader):
    assert isinstance(reader, Reader)
    for data in (b"", b"  \n\n", b"\xef\xbb\xbf"):
        with pytest.raises(InputError, match=r"story\.x"):
            reader.read(data, name="story.x", site="s")


def test_the_first_line_is_the_headline():
    article = plain(f"Bridge to close\n\n{BODY}\n\n{BODY}")
    assert (article.ref, article.headline) == (ArticleRef("s", "story"), "Bridge to close")
    assert article.body == f"{BODY}\n\n{BODY}"
    assert plain(f"# Bridge to close\r\nBy Ann Other\r\n{BODY}").headline == "Bridge to close"


@pytest.mark.parametrize(
    "first",
    [
        "PHOTO: The bridge on Monday", "PARIS, May 3 (Reuters) - The bridge is closed, a man said", "By Ann Other", "© 2031 AFP", BODY * 3,
        "The council voted on Tuesday to close the old bridge, which nobody had used for years.",
    ],
)  # fmt: skip
def test_a_first_line_that_is_something_else_is_no_headline(first):
    article = plain(f"{first}\n\n{BODY}")
    assert article.headline == "" and article.body.startswith(first)


def test_wrapped_text_has_no_headline_on_its_first_line():
    lines = (
        "The council voted on Tuesday to close the old bridge,\nengineers had called unsafe for a number of years and which\nnobody liked."
    )
    assert plain(lines).headline == ""


@pytest.mark.parametrize(
    "data",
    [
        "é€".encode(),
        codecs.BOM_UTF8 + "é€".encode(),
        "é€".encode("cp1252"),
        "é€".encode("utf-16"),
        ("é€" + " abc" * 20).encode("utf-16-le"),
    ],
)
def test_charsets_of_text(data):
    assert PlainReader().read(data, name="a.txt", site="s").body.startswith("é€")


def test_charset_of_html_is_the_declared_one():
    data = f"<meta charset='windows-1251'><p>Мост закрыт. {BODY}".encode("cp1251")
    assert "Мост закрыт" in HtmlReader().read(data, name="a.html", site="s").body


def test_the_head_of_a_page_fills_the_fields():
    linked = json.dumps({"@graph": [{"@type": "NewsArticle", "author": [{"name": "Ann Other"}], "datePublished": "2031-05-03T10:00:00Z"}]})
    script = f"<script type='application/ld+json'>{linked}</script>"
    page = f"<html><head><title>Bridge to close | The Paper</title>{script}</head><body><p>{BODY}</p></body></html>"
    article = HtmlReader().read(page.encode(), name="bridge.html", site="s")
    assert (article.headline, article.byline, article.version_created) == ("Bridge to close", "Ann Other", "2031-05-03T10:00:00Z")
    assert (article.ref.id, article.media_type) == ("bridge", "text/html")
    meta = "<meta property='og:title' content='Bridge to close: what we know'><meta name=author content='B. Second'>"
    page = f"{meta}<h1>Bridge to close</h1><p>{BODY}</p>"
    article = HtmlReader().read(page.encode(), name="bridge.html", site="s")
    assert (article.headline, article.byline) == ("Bridge to close", "B. Second")


def test_every_field_of_a_json_article():
    article = article_from_json(
        {
            "id": 7, "site": "paper", "title": "Bridge", "html": "<p>x", "lang": "en", "byline": "b", "credit": "c",
            "source": "d", "revision": 3,
            "copied_from": 5, "date": "2031-05-03", "event": "publish", "existing_tags": ["medtop:1", {"concept": "iso:FR",
            "origin": "machine"}], "other": [1],
        },
        site="s", where="x",
    )  # fmt: skip
    assert (article.ref, article.headline, article.body, article.media_type) == (ArticleRef("paper", "7"), "Bridge", "<p>x", "text/html")
    assert (article.language, article.byline, article.credit, article.source, article.revision) == ("en", "b", "c", "d", 3)
    assert (article.copied_from, article.version_created, article.event) == (ArticleRef("paper", "5"), "2031-05-03", Event.PUBLISH)
    assert article.existing_tags == (ExistingTag("medtop:1"), ExistingTag("iso:FR", Origin.MACHINE))
    assert row().existing_tags is None and row(body="ignored").body == BODY and row(media_type=None).media_type == "text/plain"


@pytest.mark.parametrize(
    "fields",
    [
        {"id": ""}, {"id": "a\nb"}, {"id": "a\0"}, {"id": "x" * 1001}, {"id": True}, {"id": [1]}, {"id": 1.5}, {"id": None},
        {"id": "\ud800"}, {"headline": 3},
        {"text": ["a"]}, {"event": "burn"}, {"revision": "2"}, {"revision": True}, {"existing_tags": "a"},
        {"existing_tags": [3.5]}, {"existing_tags": [{"origin": "human"}]},
        {"existing_tags": [{"concept": "a", "origin": "robot"}]}, {"copied_from": {}}, {"text": None, "body": "x",
        "media_type": "image/png"}, {"text": " "},
        {"text": None, "html": "<p> </p>"}, {"site": 3.0}, {"language": 4},
    ],
)  # fmt: skip
def test_a_wrong_field_is_one_clear_line(fields):
    with pytest.raises(InputError) as error:
        row(**fields)
    assert str(error.value).startswith("line 3") and "\n" not in str(error.value) and len(str(error.value)) < 300


@pytest.mark.parametrize("name", ["a/b", "../../x", "a.b c", "日本", "x" * 1000])
def test_printable_ids_are_taken_as_they_are(name):
    assert row(id=name).ref.id == name


def test_an_id_comes_from_the_file_or_the_caller():
    assert article_from_json({"text": "x"}, site="s", where="w", default_id="line-4").ref.id == "line-4"
    assert ArticleJsonReader().read(b'{"text": "x"}', name="b/c.json", site="s").ref.id == "c"
    assert PlainReader().read(b"words", name="-", site="s").ref.id == "stdin"
    with pytest.raises(InputError, match="id"):
        article_from_json({"text": "x"}, site="s", where="w")


@pytest.mark.parametrize("value", [None, [], "x", 3, True])
def test_what_is_no_object_is_refused(value):
    with pytest.raises(InputError):
        article_from_json(value, site="s", where="w")


SIMPLE = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
JSON = st.recursive(SIMPLE, lambda kids: st.lists(kids, max_size=3) | st.dictionaries(st.text(max_size=3), kids, max_size=3), max_leaves=4)
FIELDS = st.sampled_from(
    ["id", "site", "title", "text", "html", "body", "media_type", "event", "revision", "copied_from", "existing_tags", "language"]
)


@settings(deadline=None)
@given(st.dictionaries(FIELDS, JSON, max_size=8))
def test_any_object_is_an_article_or_one_clear_error(value):
    try:
        article = article_from_json(value, site="s", where="w")
    except InputError as error:
        assert str(error).startswith("w")
    else:
        assert article.ref.id and article.ref.site


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_an_article_or_one_clear_error(data):
    for reader in READERS:
        try:
            reader.read(data, name="x", site="s")
        except InputError as error:
            assert str(error).startswith("x")

"""Readers of exchange formats: golden files, what a wire tells beside a story, which format a file is in, hostile files."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstagger.builtin.formats import register_readers
from newstagger.cli.articles import claiming, read_articles, read_lines
from newstagger.domain import Event, ExistingTag, Origin
from newstagger.errors import ConfigError, InputError
from newstagger.formats.identifiers import article_id, article_uri, concept_of, concept_uri, of_qcode, qcode
from newstagger.formats.reading import Look, Reading, SniffingReader
from newstagger.formats.xmltext import MAX_TAGS

FILES = Path(__file__).parents[2] / "data" / "formats"
READERS = register_readers()
BY_NAME = {reader.name: reader for reader in READERS}
HUMAN_TRANSPORT = ExistingTag("medtop:20000339")


def read(name):
    return read_articles(FILES / name, READERS, site="paper")


def one(name) -> Reading:
    (reading,) = read(name)
    return reading


def of(form, value, **options):
    data = value if isinstance(value, bytes) else value.encode() if isinstance(value, str) else json.dumps(value).encode()
    return BY_NAME[form].read_all(data, name="wire.x", site="paper", **options)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("ninjs-1.json", "ninjs"), ("ninjs-3.json", "ninjs"), ("newsml-message.xml", "newsml-g2"), ("ans-event.json", "ans"),
        ("superdesk-item.json", "superdesk"), ("wordpress-posts.json", "wordpress"), ("ghost-webhook.json", "ghost"),
        ("article.jsonld", "schema.org"), ("annif-batch.json", "annif"),
    ],
)  # fmt: skip
def test_a_file_is_known_by_what_stands_in_it(name, form):
    data = (FILES / name).read_bytes()
    assert claiming(READERS, Look(data)).name == form
    assert [r.name for r in READERS if isinstance(r, SniffingReader) and r.name != "article-json" and r.claims(Look(data))] == [form]


def test_ninjs_1_of_a_wire():
    found = one("ninjs-1.json")
    article, wire = found.article, found.wire
    assert (article.ref.id, article.headline) == ("urn:newsml:lakeside:20310503:9001", "Ferry service to the islands resumes")
    assert article.body.startswith("<p>HARBOURTOWN, May 3 (AFP) -</p><p>The ferry") and article.media_type == "text/html"
    assert (article.byline, article.source, article.language, article.revision) == ("Ann Other", "AFP", "en", 4)
    assert (article.version_created, article.event) == ("2031-05-03T10:15:00+02:00", Event.PUBLISH)
    assert article.existing_tags == (HUMAN_TRANSPORT, ExistingTag("iso:NO"))
    assert (wire.version, wire.status, wire.urgency, wire.embargo, wire.usage, wire.agency) == ("4", "usable", 3, None, "No archive", "AFP")


def test_ninjs_3_that_was_killed():
    found = one("ninjs-3.json")
    article, wire = found.article, found.wire
    assert (article.headline, article.body, article.media_type) == (
        "Kraftwerk & Netz", "<p>Das Kraftwerk ging am Sonntag vom Netz.</p>", "text/html",
    )  # fmt: skip
    assert (article.event, article.credit, article.source, article.byline) == (Event.KILL, "apa/reuters", "APA", "Eva Muster")
    assert article.existing_tags == (ExistingTag("medtop:20000344", Origin.MACHINE), ExistingTag("geonames:2761369"))
    assert (wire.status, wire.urgency, wire.embargo, wire.usage) == ("canceled", 1, "2031-05-05T00:00:00Z", "Not for print")


def test_a_news_message_holds_several_stories_and_no_pictures():
    first, second = read("newsml-message.xml")
    article = first.article
    assert (article.ref.id, article.headline, article.language) == ("urn:newsml:lakeside:t1", "Ferry service resumes", "en-GB")
    assert "<p>HARBOURTOWN, May 3 (Reuters) -</p>" in article.body and "<b>outer islands</b> sailed again &amp; on time" in article.body
    assert "xmlns" not in article.body and article.media_type == "text/html"
    assert (article.event, article.byline, article.credit, article.source) == (Event.CORRECT, "By Ann Other", "Lakeside/Reuters", "Reuters")
    assert article.existing_tags == (HUMAN_TRANSPORT, ExistingTag("iso:NO"))
    assert (first.wire.version, first.wire.urgency, first.wire.usage, first.wire.status) == ("3", 4, "No archive", "usable")
    assert (second.article.event, second.wire.status, second.article.ref.id) == (Event.KILL, "canceled", "urn:newsml:lakeside:t2")


def test_the_other_formats():
    article = one("ans-event.json").article
    assert (article.event, article.byline, article.source, article.credit) == (
        Event.PUBLISH,
        "Ann Other, B. Second",
        "AP",
        "Copyright 2031 AP",
    )
    assert "<p>The ferry <b>sailed</b> on Saturday.</p><h2>Storms</h2><blockquote><p>We are glad.</p></blockquote>" in article.body
    assert article.existing_tags == (ExistingTag("medtop:20000339", Origin.MACHINE),)
    found = one("superdesk-item.json")
    assert (found.article.event, found.article.headline, found.article.revision) == (Event.CORRECT, "Ferry service resumes", 5)
    assert found.article.existing_tags == (HUMAN_TRANSPORT, ExistingTag("own:ferries", Origin.MACHINE))
    assert (found.wire.agency, found.wire.usage) == ("AAP", "No archive") and "HARBOURTOWN, May 3 AAP -" in found.article.body
    post, trashed = (reading.article for reading in read("wordpress-posts.json"))
    assert (post.ref.id, post.headline, post.event, post.byline) == ("12", "Ferry – back & running", Event.SCHEDULE, "Ann Other")
    assert (trashed.ref.id, trashed.event) == ("13", Event.KILL)
    article = one("ghost-webhook.json").article
    assert (article.ref.id, article.event, article.body) == ("63a", Event.PUBLISH, "<p>The ferry sailed &lt;again&gt;.</p>")
    article = one("article.jsonld").article
    assert (article.ref.id, article.byline, article.source) == ("a-1", "Ann Other, B. Second", "Lakeside Press")
    assert article.body.startswith("HARBOURTOWN (dpa) -\n\n") and article.existing_tags == (
        HUMAN_TRANSPORT,
        ExistingTag("geonames:3144096"),
    )
    first, second = (reading.article for reading in read("annif-batch.json"))
    assert (first.ref.id, first.headline, second.ref.id) == ("d1", "Ferry service resumes", "annif-batch-2")


def ninjs(**fields):
    return {"uri": "a:1", "headline": "Ferry", "body_text": "It sails.", "versioncreated": "2031-05-03T10:15:00Z", **fields}


@pytest.mark.parametrize(
    ("fields", "event"),
    [
        ({"pubstatus": "usable"}, Event.PUBLISH), ({}, Event.DRAFT), ({"pubstatus": "withheld"}, Event.DRAFT),
        ({"pubstatus": "usable", "embargoed": "2031-05-04T00:00:00Z"}, Event.SCHEDULE), ({"pubstatus": "Canceled"}, Event.KILL),
        ({"pubstatus": "cancelled", "headline": "", "body_text": ""}, Event.KILL),
    ],
)  # fmt: skip
def test_a_status_is_an_event(fields, event):
    (found,) = of("ninjs", ninjs(**fields))
    assert found.article.event is event


def test_arrays_and_lines_hold_several_articles_each_broken_one_in_its_place(tmp_path):
    rows = [ninjs(uri="a:1"), ninjs(uri="a:2", headline=["x"]), {"foo": 1}, ninjs(uri="a:4")]
    found = of("ninjs", rows)
    assert [isinstance(reading, InputError) for reading in found] == [False, True, True, False]
    assert "wire.x item 2: headline must be a text, not a list" in str(found[1])
    lines = tmp_path / "feed.jsonl"
    own = {"id": "own", "text": "Our own article."}
    lines.write_text("\n".join(json.dumps(row) for row in [*rows[:2], own]))
    told = dict(read_lines(lines, site="paper", readers=READERS))
    assert (told[1].ref.id, told[3].ref.id) == ("a:1", "own") and "line 2" in str(told[2])
    as_own = dict(read_lines(lines, site="paper", readers=READERS, form="article-json"))
    assert as_own[1].ref.id == "line-1"
    with pytest.raises(ConfigError, match="plain is no format of JSON lines"):
        list(read_lines(lines, site="paper", readers=READERS, form="plain"))


def test_a_format_that_is_told_goes_before_what_a_file_looks_like(tmp_path):
    path = tmp_path / "story.json"
    path.write_text(json.dumps({"id": "own", "headline": "Ferry", "text": "It sails."}))
    assert read_articles(path, READERS, site="p")[0].article.ref.id == "own"
    (found,) = read_articles(path, READERS, site="p", form="ninjs")
    assert (found.article.ref.id, found.article.headline) == ("story", "Ferry")
    with pytest.raises(ConfigError, match="no format 'x' can be read"):
        read_articles(path, READERS, site="p", form="x")


@pytest.mark.parametrize(
    "value",
    [
        {"uri": "x"}, {"type": "story"}, {"title": "x", "content": "y"}, {"documents": "x"},
        {"@type": "NewsArticle", "@context": "https://a.example"},
        {"guid": 3, "state": "x"}, {"posts": []},
        {"standard": {"name": "other"}, "uri": "a:1", "bodies": []}, [], [1], "x", 3, None, {"@graph": 3},
        {"post": {"current": 3}}, {"_items": [3]}, {"body": {"type": "story"}},
    ],
)  # fmt: skip
def test_what_only_resembles_a_format_is_our_own_json(value):
    assert claiming(READERS, Look(json.dumps(value).encode(), ".json")).name == "article-json"


NAMES = (
    "uri", "guid", "headline", "bodies", "value", "subjects", "infosources", "version", "type", "content_elements", "taxonomy",
    "topics", "_id", "headlines", "basic", "body", "key", "credits", "by", "title", "content", "rendered", "id", "posts", "post",
    "current", "lexical", "html", "uuid", "status", "documents", "text", "@type", "@graph", "about", "identifier", "author",
    "state", "body_html", "altids", "subject", "dateline", "standard", "urgency", "versioncreated", "_items", "name", "sameAs",
    "revision", "schedule_settings", "place",
)  # fmt: skip


def test_a_page_that_speaks_of_newsml_is_a_page():
    page = b"<!-- <newsItem> --><html><p>The ferry sailed.</p></html>"
    assert claiming(READERS, Look(page, ".html")).name == "html"
    assert claiming(READERS, Look(b"<rss/>", ".xml")).name == "newsml-g2"


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)), max_leaves=20,
)  # fmt: skip


@pytest.mark.parametrize("form", [r.name for r in READERS if isinstance(r, SniffingReader) and r.name != "newsml-g2"])
@settings(max_examples=150, deadline=None)
@given(value=anything)
def test_any_json_is_articles_or_one_clear_line(form, value):
    reader = BY_NAME[form]
    data = json.dumps(value).encode()
    reader.claims(Look(data))
    try:
        found = getattr(reader, "trusted", lambda: reader)().read_all(data, name="wire.x", site="paper")
    except InputError as error:
        found = [error]
    for reading in found:
        assert isinstance(reading, Reading) or "wire.x" in str(reading)


DEEP = "<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/'>" + "<a>" * 100_000
BOMB = "<!DOCTYPE newsItem [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;&a;'>]><newsItem guid='&b;'>&b;</newsItem>"
OUTSIDE = "<!DOCTYPE newsItem SYSTEM 'http://127.0.0.1:9/x.dtd'><newsItem/>"
LOCAL = "<!DOCTYPE n [<!ENTITY f SYSTEM 'file:///etc/hostname'>]><newsItem><contentMeta><headline>&f;</headline></contentMeta></newsItem>"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (DEEP, "broken XML"), (BOMB, "document type"), (OUTSIDE, "document type"), (LOCAL, "document type"), ("<newsItem", "broken XML"),
        ("<newsItem>" + "<a/>" * MAX_TAGS, "tags of XML"),
        ("<newsMessage/>", "no NewsML-G2 news item"), ("<rss/>", "no NewsML-G2 news item"),
        ("<newsItem>\n<a></b></newsItem>", "line 2"),
        (b"<newsItem>\xff</newsItem>", "broken XML"), ("<newsItem>&bad;</newsItem>", "broken XML"),
    ],
    ids=range(11),
)  # fmt: skip
def test_xml_of_strangers_is_one_clear_line(data, told):
    with pytest.raises(InputError, match=told) as raised:
        of("newsml-g2", data)
    assert str(raised.value).startswith("wire.x: ") and "\n" not in str(raised.value)


@pytest.mark.parametrize("form", ["ninjs", "ans", "ghost", "schema.org", "superdesk", "wordpress", "annif"])
@pytest.mark.parametrize(
    "data", ["[" * 100_000, '{"a":' * 100_000, "", "{", '{"uri": NaN}', b"\xff\xfe\x00", '{"a":1,"a":2}'], ids=range(7)
)
def test_json_of_strangers_is_one_clear_line(form, data):
    with pytest.raises(InputError, match=r"^wire\.x: "):
        of(form, data)
    Look(data if isinstance(data, bytes) else data.encode()).json  # noqa: B018 (it never raises)


def test_deep_quotes_of_ans_end_somewhere():
    story = {"type": "story", "_id": "1", "headlines": {"basic": "x"}}
    inner = {"type": "text", "content": "deep"}
    for _ in range(300):
        inner = {"type": "quote", "content_elements": [inner]}
    (found,) = of("ans", story | {"content_elements": [inner]})
    assert "deep" not in found.article.body


@pytest.mark.parametrize("concept", ["medtop:05000000", "iso:SY", "iso:SY-HL", "geonames:170063", "wikidata:Q5"])
def test_public_ids_have_a_uri_and_a_qcode(concept):
    assert concept_of(concept_uri(concept)) == concept == of_qcode(qcode(concept))
    assert concept_of(concept_uri(concept).replace("http://", "https://") + "/") == concept


@pytest.mark.parametrize("concept", ["own:x", "actor:un", "m49:145", "medtop:abc", "iso:S", "geonames:", "medtop:1/../2", "bare"])
def test_other_ids_have_none(concept):
    assert concept_uri(concept) is None and qcode(concept) is None


@given(st.text(st.characters(exclude_categories=()), min_size=1))
def test_an_articles_uri_gives_its_id_back(name):
    uri = article_uri(name)
    assert article_id(uri) == name and uri.isascii() and " " not in uri

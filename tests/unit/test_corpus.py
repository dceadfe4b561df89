"""Rows of labelled corpora: what is read, what is skipped and counted, and which file and line is named when one is broken."""

import gzip
import json
import os
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newstagger.corpus import EMPTY, NOT_CHOSEN, UNDATED, UNLABELLED, Selection, iso_date, read_rows
from newstagger.domain import Facet
from newstagger.errors import CorpusError
from newstagger.labelmap import LabelMap
from newstagger.rowfiles import READERS, file_digest

ROW = {"id": "1", "title": "Ferry back in service", "text": "The ferry sails again.", "labels": ["sea"]}
TOPIC = Selection((Facet.TOPIC,))


@pytest.fixture
def corpus(tmp_path):
    def write(*rows, name="harbour.jsonl"):
        lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
        data = b"\n".join(lines)
        (tmp_path / name).write_bytes(gzip.compress(data) if name.casefold().endswith(".gz") else data)
        return tmp_path / name

    return write


def read(path, chosen=TOPIC, tally=None):
    return list(read_rows([path], chosen, READERS, Counter() if tally is None else tally))


@pytest.mark.parametrize("name", ["harbour.jsonl", "harbour.jsonl.gz", "HARBOUR.JSONL.GZ"])
def test_a_row_becomes_an_article_with_labels(corpus, name):
    (row,) = read(corpus({**ROW, "lang": "en", "date": "2023-05-01", "split": "train", "group": 7}, name=name))
    assert row.article.ref.id == "1"
    assert (row.article.headline, row.article.body, row.article.language) == ("Ferry back in service", "The ferry sails again.", "en")
    assert row.article.media_type == "text/plain"
    assert row.labels == {Facet.TOPIC: ("sea",)}
    assert (row.line, row.date, row.split, row.group) == (1, "2023-05-01", "train", "7")


def test_a_bom_crlf_and_empty_lines_are_taken(corpus):
    line = json.dumps(ROW).encode()
    rows = read(corpus(b"\xef\xbb\xbf" + line + b"\r", b"\r", b"", line))
    assert [row.line for row in rows] == [1, 4]


def test_html_is_read_where_there_is_no_text(corpus):
    (row,) = read(corpus({"id": 5, "html": "<p>The ferry sails.</p>", "labels": ["sea"]}))
    assert (row.article.media_type, row.article.ref.id) == ("text/html", "5")


def test_a_row_without_an_id_is_named_by_its_line(corpus):
    (row,) = read(corpus({"text": "The ferry sails.", "labels": ["sea"]}))
    assert row.article.ref.id == "harbour.jsonl:1"


def test_an_empty_list_is_a_negative_and_a_missing_field_is_skipped_with_a_count(corpus):
    tally = Counter()
    rows = read(
        corpus({**ROW, "labels": []}, {"id": "2", "text": "x"}, {**ROW, "labels": None}, {**ROW, "title": " ", "text": ""}), tally=tally
    )
    assert [row.labels[Facet.TOPIC] for row in rows] == [()]
    assert tally == Counter({UNLABELLED: 2, EMPTY: 1})


def test_dates_that_cannot_be_read_are_counted(corpus):
    tally = Counter()
    dates = ["31/12/2024", "31.12.2024", "", None, "yesterday"]
    rows = read(corpus(*({**ROW, "date": date} for date in dates)), tally=tally)
    assert [row.date for row in rows] == [None, "2024-12-31T00:00:00", None, None, None]
    assert +tally == Counter({UNDATED: 2})


def test_labels_may_come_from_other_fields(corpus):
    path = corpus({**ROW, "topics": ["ship", "ship", " sea "], "places": "norway|iceland"})
    (row,) = read(path, Selection((Facet.TOPIC, Facet.REGION), {Facet.TOPIC: "topics", Facet.REGION: "places"}))
    assert row.labels == {Facet.TOPIC: ("ship", "sea"), Facet.REGION: ("norway", "iceland")}


def test_labels_by_facet_and_labels_told_apart_by_prefix(corpus):
    both = Selection((Facet.TOPIC, Facet.REGION))
    path = corpus({**ROW, "labels": {"topic": ["sea"], "actor": []}}, {**ROW, "labels": ["medtop:04000000", "iso:NO"]})
    first, second = read(path, both)
    assert first.labels == {Facet.TOPIC: ("sea",)}
    assert second.labels == {Facet.TOPIC: ("medtop:04000000",), Facet.REGION: ("iso:NO",)}


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ((("kept", None),), ["1", "3"]),
        ((("kept", "true"),), ["1"]),
        ((("kept", "yes"),), ["3"]),
        ((("tags", "b"),), ["1"]),
        ((("year", "1987"),), ["1"]),
        ((("kept", None), ("year", "1987")), ["1"]),
        ((("absent", None),), []),
        ((("absent", "None"),), []),
    ],
)
def test_where_selects_rows(corpus, where, ids):
    tally = Counter()
    path = corpus(
        ROW | {"kept": True, "tags": ["a", "b"], "year": 1987}, ROW | {"id": "2", "kept": False}, ROW | {"id": "3", "kept": "yes"}
    )
    rows = read(path, Selection((Facet.TOPIC,), where=where), tally)
    assert [row.article.ref.id for row in rows] == ids
    assert tally[NOT_CHOSEN] == 3 - len(ids)


def test_a_label_map_translates_and_drops(corpus):
    mapped = Selection((Facet.TOPIC,), label_map=LabelMap({"sea": ("medtop:04000000",), "misc": ()}))
    tally = Counter()
    path = corpus(ROW, {**ROW, "labels": ["misc"]}, {**ROW, "labels": []}, {**ROW, "labels": ["moon", "sea", "sea"]})
    assert [row.labels[Facet.TOPIC] for row in read(path, mapped, tally)] == [("medtop:04000000",), (), ("medtop:04000000",)]
    assert tally == Counter({"labels not in the label map": 1, UNLABELLED: 1})


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (b"{", "broken JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"text": NaN}', "broken JSON"),
        (b'{"text": "a", "text": "b"}', "stands twice"),
        (b'{"text": "\xff"}', "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        ({"id": "1", "labels": ["sea"]}, "neither title, text nor html"),
        ({**ROW, "text": ["x"]}, "text must be a text"),
        ({**ROW, "id": True}, "id must be a text"),
        ({**ROW, "labels": [1]}, "labels must be a list of texts"),
        ({**ROW, "labels": ["  "]}, "labels must be a list of texts"),
        ({**ROW, "labels": 3}, "labels must be a list of texts"),
        ({**ROW, "labels": {"topics": []}}, "unknown facet 'topics'"),
    ],
)
def test_a_broken_row_names_file_and_line(corpus, bad, message):
    with pytest.raises(CorpusError, match=rf"harbour\.jsonl:2: .*{message}"):
        read(corpus(ROW, bad, ROW))


def test_a_bare_label_for_two_facets_is_asked_about(corpus):
    with pytest.raises(CorpusError, match=r"harbour\.jsonl:1: of which facet is the label 'sea'"):
        read(corpus(ROW), Selection((Facet.TOPIC, Facet.REGION)))


def test_files_that_are_none_are_one_clear_line(tmp_path, corpus):
    for name, message in (("absent.jsonl", "No such file"), ("", "unknown format")):
        with pytest.raises(CorpusError, match=message):
            read(tmp_path / name)
    (tmp_path / "folder.jsonl").mkdir()
    os.mkfifo(tmp_path / "pipe.jsonl")
    for name in ("folder.jsonl", "pipe.jsonl"):
        with pytest.raises(CorpusError, match="not a file"):
            read(tmp_path / name)
    with pytest.raises(CorpusError, match=r"known: \.csv, \.json, \.jsonl"):
        read(corpus(ROW, name="a.parquet"))


def test_broken_gzip_names_the_line(corpus):
    path = corpus(*[ROW | {"id": str(i)} for i in range(2000)], name="a.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(CorpusError, match=r"a\.jsonl\.gz:\d+: broken gzip"):
        read(path)
    path.write_bytes(b"{}")
    with pytest.raises(CorpusError, match="broken gzip"):
        read(path)


def test_a_table_of_comma_separated_values(tmp_path):
    path = tmp_path / "harbour.csv"
    path.write_bytes('\ufeffid,title,text,labels\r\n1,Ferry,"It sails,\nagain",sea|ship\r\n2,Moon,Far,\r\n'.encode())
    tally = Counter()
    (row,) = read(path, tally=tally)
    assert row.article.body == "It sails,\nagain"
    assert row.labels[Facet.TOPIC] == ("sea", "ship")
    assert tally[UNLABELLED] == 1
    path.write_bytes(b"id,text\n1,a,b\n")
    with pytest.raises(CorpusError, match=r"harbour\.csv:2: a row with more or fewer cells"):
        read(path)
    path.write_bytes(b"id,text\n1,\xff\n")
    with pytest.raises(CorpusError, match=r"harbour\.csv:2: not UTF-8"):
        read(path)


def test_a_table_as_a_spreadsheet_exports_it(tmp_path):
    path = tmp_path / "archiv.csv"
    rows = [
        "\ufeffid;title; text ;labels;lang;date;",
        '1;"Fähre; spät";"Sie fuhr,\nendlich";"Hafen; Rathaus";de;31.12.2024 14:05;',
        '2;Mond;Fern, sehr;"Hafen;Rathaus;";de;;',
        ";;;;;;",
        "3;Nichts;Gar nichts;[];de;;",
        "4;Leer;Leer; ;de;;",
    ]
    tally = Counter()
    for head in ("", "sep=;\r\n"):
        path.write_bytes((head + "\r\n".join(rows) + "\r\n").replace(f"{head}\ufeff", f"\ufeff{head}").encode())
        read_back = read(path, tally=tally)
        assert [row.labels[Facet.TOPIC] for row in read_back] == [("Hafen", "Rathaus"), ("Hafen", "Rathaus"), ()]
        assert read_back[0].article.headline == "Fähre; spät"
        assert read_back[0].article.body == "Sie fuhr,\nendlich"
        assert read_back[0].date == "2024-12-31T14:05:00"
        assert [row.line - bool(head) for row in read_back] == [2, 4, 6]
    assert tally[UNLABELLED] == 2
    (tmp_path / "a.csv").write_text("id\ttext\tlabels\n1\tSea, far; off\tsea\n", "utf-8")
    assert read(tmp_path / "a.csv")[0].article.body == "Sea, far; off"


def test_a_row_of_a_table_without_text_is_counted_and_no_reason_to_stop(tmp_path):
    (tmp_path / "a.csv").write_text("id;title;text;labels\n1;;;sea\n2;Tide;;sea\n3;;;\n", "utf-8")
    tally = Counter()
    assert [row.article.ref.id for row in read(tmp_path / "a.csv", tally=tally)] == ["2"]
    assert +tally == Counter({EMPTY: 1, UNLABELLED: 1})


def test_where_one_cell_parts_its_labels_by_a_bar_a_semicolon_is_part_of_a_name(tmp_path):
    (tmp_path / "a.csv").write_text("text,labels\nSea,stage; screen\nMoon,sea|moon|\nSun, |\n", "utf-8")
    tally = Counter()
    assert [row.labels[Facet.TOPIC] for row in read(tmp_path / "a.csv", tally=tally)] == [("stage; screen",), ("sea", "moon")]
    assert tally[UNLABELLED] == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('id,text\n1,"a\nb\n', r":2: broken CSV in the row that begins here"),
        ('id,text\n1,"a"b\n', r":2: broken CSV in the row that begins here"),
        ("id,text,text\n1,a,b\n", r":1: two columns are called 'text'"),
        ("id,text\n1\n", r":2: a row with more or fewer cells than the heading \(1 and 2\)"),
        ("id,text,\n1,a,b\n", r":2: a row with more or fewer cells"),
        ("id,Titel\n1,a\n", r":2: neither title, text nor html among the fields 'Titel', 'id'"),
        ("1,Sea,The ferry left the harbour at noon and came back late\n2,Moon,Far\n", r":2: neither title, text nor html \(a table begins"),
        ("id;text\n1,a\n", r":2: a row with more or fewer cells"),
    ],
)
def test_a_broken_table_names_the_line_where_the_row_begins(tmp_path, text, message):
    path = tmp_path / "harbour.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(CorpusError, match=rf"harbour\.csv{message}"):
        read(path)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2016-12-11", "2016-12-11"),
        ("2022-01-03T15:35:17Z", "2022-01-03T15:35:17Z"),
        ("26-FEB-1987 15:02:20.00", "1987-02-26T15:02:20"),
        (" 1-Jan-96 ", "1996-01-01T00:00:00"),
        ("4/5/2017", "2017-04-05T00:00:00"),
        ("1988..1990", None),
        ("31.12.2024", "2024-12-31T00:00:00"),
        ("31.12.2024 14:05:06", "2024-12-31T14:05:06"),
        ("soon", None),
        ("", None),
    ],
)
def test_dates(text, iso):
    assert iso_date(text) == iso


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_none(text):
    assert iso_date(text) is None or isinstance(iso_date(text), str)


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
NESTED = st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=2))
FIELDS = st.sampled_from(["id", "title", "text", "html", "labels", "lang", "date", "split"])


@given(st.dictionaries(FIELDS, NESTED))
def test_any_object_gives_a_row_or_one_clear_error(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("any") / "a.jsonl"
    path.write_text(json.dumps(raw), "utf-8")
    try:
        assert len(read(path)) <= 1
    except CorpusError as error:
        assert "\n" not in str(error)


def test_the_digest_of_a_file(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    assert file_digest(tmp_path / "a").startswith("e3b0c44298fc")
    with pytest.raises(CorpusError, match="No such file"):
        file_digest(tmp_path / "b")


def test_what_was_refused_and_what_nobody_judged_is_read_for_the_facets_that_are_labelled(corpus):
    row = {**ROW, "labels": {"topic": ["sea"]}, "rejected": {"topic": ["rail"], "region": ["iso:PE"]}, "unknown": {"topic": ["*"]}}
    (read_back,) = read(corpus(row), Selection((Facet.TOPIC, Facet.REGION)))
    assert read_back.labels == {Facet.TOPIC: ("sea",)}
    assert read_back.rejected == {Facet.TOPIC: ("rail",)}
    assert read_back.unknown == {Facet.TOPIC: ("*",)}


@pytest.mark.parametrize("value", [True, "spam", ["spam"], 3])
def test_other_fields_of_these_names_mean_nothing(corpus, value):
    (row,) = read(corpus({**ROW, "rejected": value, "unknown": value}))
    assert (row.rejected, row.unknown) == ({}, {})


@pytest.mark.parametrize("value", [{"weather": ["rain"]}, {"topic": 3}, {"topic": [""]}])
def test_a_refusal_that_cannot_be_read_names_file_and_line(corpus, value):
    with pytest.raises(CorpusError, match=r"harbour\.jsonl:1"):
        read(corpus({**ROW, "rejected": value}))

"""``newstagger review`` is typed: what clients brought is seen, taken or dropped, exported, and the next model learns it."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newstagger.cli import run
from newstagger.corpus import Selection, read_rows
from newstagger.domain import Article, ArticleRef, Facet
from newstagger.newsroom.reviewqueue import Face, Item, Kind, ReviewQueue, Told
from newstagger.rowfiles import READERS

RAIL, SHIPS, TRANSPORT = "medtop:20000340", "medtop:20000343", "medtop:20000337"


@pytest.fixture
def call(tmp_path, capsys, monkeypatch):
    """Run one command line in an empty newsroom; return exit code, output and error lines."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSTAGGER_HOME", "home")

    def call(*words):
        return run(list(map(str, words))), *capsys.readouterr()

    return call


@pytest.fixture
def queue(tmp_path):
    return ReviewQueue(tmp_path / "home" / "newsroom.sqlite3")


def brought(queue, *labels, text="The ferry left at noon.", ref="", headline="At sea", kind=Kind.LABELS, days=0, **told):
    at = ArticleRef("courier", ref)
    article = Article(at, headline, text, language="en") if kind is Kind.LABELS else None
    when = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    assert queue.put(Item(0, at, kind, Face.ANNIF, when, Told(labels, **told), "anna", article=article), text)


def rows_of(path):
    tally = Counter()
    return list(read_rows([Path(path)], Selection(tuple(Facet)), READERS, tally)), tally


def test_nothing_waits_in_a_new_newsroom(call, tmp_path):
    assert call("review", "list") == (0, "nothing waits for review\n", "")
    assert call("review", "list", "--json") == (0, "", "")
    assert not (tmp_path / "home").exists()


def test_a_row_is_seen_taken_and_exported_as_a_row_that_training_reads(call, queue):
    brought(queue, SHIPS, "iso:SY", ref="a/1", unknown=("http://example.org/boats",))
    brought(queue, RAIL, text="The train was late.", rejected=(TRANSPORT,))
    brought(queue, RAIL, text="Never taken.")
    code, out, _ = call("review", "list")
    assert code == 0
    assert "Syria (iso:SY)" in out
    assert "1 unknown" in out
    assert len(out.splitlines()) == 3
    _, out, _ = call("review", "show", 1)
    assert "? http://example.org/boats: no vocabulary knows it" in out
    assert "The ferry left at noon." in out
    assert call("review", "take", 1, 2)[0] == 0
    assert len(call("review", "list")[1].splitlines()) == 1
    code, out, _ = call("review", "export", "taken.jsonl")
    assert (code, out) == (0, "2 taken texts (topic 2, region 1)\nleft out 1 labels that no vocabulary knows\n")
    (first, second), tally = rows_of("taken.jsonl")
    assert first.labels == {Facet.TOPIC: (SHIPS,), Facet.REGION: ("iso:SY",)}
    assert (first.article.headline, first.article.body, first.article.ref.id) == ("At sea", "The ferry left at noon.", "courier/a/1")
    assert second.rejected == {Facet.TOPIC: (TRANSPORT,)}
    assert second.article.ref.id == "courier/review-2"
    assert not +tally
    assert Path("taken.jsonl").stat().st_mode & 0o777 == 0o600


def test_what_was_dropped_is_not_exported(call, queue):
    brought(queue, SHIPS)
    call("review", "take", 1)
    assert call("review", "drop", 1)[1].startswith("1 dropped")
    assert call("review", "export", "taken.jsonl")[1] == "0 taken texts\n"
    assert Path("taken.jsonl").read_bytes() == b""


def test_the_latest_word_about_a_text_counts(call, queue):
    brought(queue, SHIPS, text="One story.")
    brought(queue, RAIL, text="One story.")
    call("review", "take", 1, 2)
    call("review", "export", "taken.jsonl")
    (row,), _ = rows_of("taken.jsonl")
    assert row.labels == {Facet.TOPIC: (RAIL,)}


def test_texts_are_read_no_longer_than_the_privacy_settings_let_them(call, queue, tmp_path):
    brought(queue, SHIPS, days=400)
    brought(queue, RAIL, text="Kept.", days=300)
    brought(queue, kind=Kind.CONCEPT, label="drone warfare", facet=Facet.TOPIC, days=400)
    assert [line.split()[0] for line in call("review", "list")[1].splitlines()] == ["2", "3"]
    (tmp_path / "newstagger.toml").write_text('[privacy]\nkeep_text = "none"\n', "utf-8")
    assert [line.split()[0] for line in call("review", "list")[1].splitlines()] == ["3"]


def test_json_for_machines(call, queue):
    brought(queue, SHIPS, "own:gone", ref="7", unknown=("urn:x",))
    told = json.loads(call("review", "list", "--json")[1])
    assert told["unknown"] == ["urn:x", "own:gone"]
    assert (told["article"], told["origin"], told["state"], told["by"]) == ("7", "annif", "waiting", "anna")
    assert "text" not in told
    assert json.loads(call("review", "show", 1, "--json")[1])["text"] == "The ferry left at noon."
    assert json.loads(call("review", "take", 1, "--json")[1]) == {"id": 1, "state": "taken"}
    exported = json.loads(call("review", "export", "taken.jsonl", "--json")[1])
    assert exported == {"file": "taken.jsonl", "rows": 1, "facets": {"topic": 1}, "left_out": {"labels that no vocabulary knows": 2}}


def test_a_proposed_concept_is_added_when_it_is_taken_and_goes_when_its_removal_is(call, queue):
    brought(queue, kind=Kind.CONCEPT, label="drone warfare", facet=Facet.TOPIC)
    assert "add the topic “drone warfare”" in call("review", "list")[1]
    assert json.loads(call("vocabulary", "list", "--json")[1] or "{}") == {}
    assert call("review", "take", 1)[0] == 0
    assert json.loads(call("vocabulary", "list", "--json")[1])["id"] == "own:drone-warfare"
    brought(queue, "own:drone-warfare", kind=Kind.REMOVAL)
    assert "remove drone warfare (own:drone-warfare)" in call("review", "show", 2)[1]
    assert json.loads(call("review", "show", 2, "--json")[1])["kind"] == "removal"
    assert call("review", "take", 2)[0] == 0
    assert call("vocabulary", "list", "--json")[1] == ""


def test_a_concept_that_cannot_be_added_still_waits(call, queue):
    brought(queue, kind=Kind.CONCEPT, label="the", facet=Facet.TOPIC)
    code, out, err = call("review", "take", 1)
    assert (code, out) == (2, "")
    assert "everyday word" in err
    assert "add the topic" in call("review", "list")[1]


def test_an_id_that_is_not_there_is_one_clear_line_and_nothing_is_decided(call, queue):
    brought(queue, SHIPS)
    assert call("review", "take", 1, 9) == (2, "", "newstagger: no row 9 in the review queue (see 'newstagger review list --state all')\n")
    assert len(call("review", "list")[1].splitlines()) == 1


def test_hostile_words_are_shown_and_obeyed_by_no_terminal(call, queue):
    brought(queue, SHIPS, text="\x1b[2Jwiped\x07", headline="\u202eesrever", unknown=("\x1b]0;title\x07",))
    for words in (("list",), ("show", 1), ("take", 1)):
        out = call("review", *words)[1]
        assert not {"\x1b", "\x07", "\u202e"} & set(out)


def test_forgetting_an_article_takes_its_rows_along(call, queue):
    brought(queue, SHIPS, ref="1")
    call("review", "take", 1)
    assert (
        call("forget", "courier", "1", "--yes")[1]
        == "courier/1: 0 decisions, 0 answers and 0 texts erased, 1 jobs and rows for review dropped\n"
    )
    assert call("review", "list", "--state", "all")[1] == "no such rows\n"


def test_a_model_learns_what_was_taken(call, queue, tmp_path):
    words = ("ferry", "harbour", "tanker", "pilots"), ("train", "junction", "railway", "platform")
    for number in range(60):
        label, some = ((SHIPS, words[0]), (RAIL, words[1]))[number % 2]
        text = f"The {some[number // 2 % 4]} and the {some[(number // 2 + 1) % 4]} were seen on day {number}."
        brought(queue, label, text=text, headline="Local news")
    assert call("review", "take", *range(1, 61))[0] == 0
    assert call("review", "export", "taken.jsonl.gz")[0] == 0
    code, out, err = call("train", "--corpus", "taken.jsonl.gz", "--name", "desk", "--models", "models", "--jobs", 1)
    assert code == 0, err
    assert "desk@1" in out
    Path("story.txt").write_text("Pilots went to the harbour to meet a tanker and a ferry.", "utf-8")
    tagged = json.loads(call("tag", "story.txt", "--bundle", "desk@1", "--models", "models", "--json", "--all")[1])
    scores = {tag["concept"]: tag["score"] for tag in tagged["tags"]}
    assert scores[SHIPS] > scores.get(RAIL, 0.0)

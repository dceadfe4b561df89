"""Editors decide, ``feedback export`` and ``train --with-feedback`` are typed, and the next model does as they did: in each facet."""

from __future__ import annotations

import gzip
import json
import stat
from pathlib import Path

import pytest

from newstagger.cli import run
from newstagger.domain import Action, Article, ArticleRef, Decision, EditorDecision, Event, Facet
from newstagger.host import Host
from newstagger.settings import Settings

RAIL, SHIPS = "medtop:20000340", "medtop:20000343"
SEA = (
    "A ferry left the harbour at noon.",
    "Fishing boats stayed in port.",
    "A tanker ran aground off the cape.",
    "The lighthouse was repaired.",
)
TRACK = (
    "The night train was late again.",
    "Signals failed at the junction.",
    "Railway staff met on Monday.",
    "The station hall was cleaned.",
)
TRAM = ("A tram line opens in spring.", "Tram drivers asked for more pay.", "The tram depot burned down.", "Rails of the tram were laid.")


@pytest.fixture
def call(tmp_path, capsys, monkeypatch):
    """Run one command line in an empty newsroom; return exit code, output and error lines."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSTAGGER_HOME", "home")

    def call(*words):
        code = run([*map(str, words), "--models", "models"])
        return code, *capsys.readouterr()

    return call


def host(bundle, home="home"):
    return Host(Settings(home=Path(home), models=Path("models"), bundle=bundle), discover=True)


def shown(bundle, article, facet):
    """Return what a bundle writes or suggests for an article that no newsroom has seen, with the decision on each."""
    tags = host(bundle, home="elsewhere").article_saved(article).tags
    return {tag.concept.id: str(tag.decision) for tag in tags if tag.concept.facet is facet and tag.decision is not Decision.SILENT}


def review(newsroom, article, facet, *, wanted=(), refused=()):
    """Save an article, and decide as an editor who sees its tags; what they put on and take off is told by concept id."""
    tagging = newsroom.article_saved(article)
    seen = {t.concept.id for t in tagging.tags if t.concept.facet is facet and t.decision is not Decision.SILENT}
    for told in wanted:
        newsroom.editor_decided(EditorDecision(article.ref, told, Action.ACCEPTED if told in seen else Action.ADDED, "ana"), article)
    for told in seen & set(refused):
        newsroom.editor_decided(EditorDecision(article.ref, told, Action.REJECTED, "ana"), article)


def story(number, headline, body):
    return Article(ArticleRef("desk", f"s{number}"), headline, body, "text/plain", "en", event=Event.PUBLISH)


def sentences(some, number):
    return " ".join(some[(number // 2 + step) % 4] for step in range(3))


def archive(rows=60):
    for number in range(rows):
        label, some = ((SHIPS, SEA), (RAIL, TRACK + TRAM[3:]))[number % 2]
        text = " ".join(some[(number // 2 + step) % len(some)] for step in range(3))
        yield {"id": f"a{number}", "title": "Local news", "text": text, "labels": [label], "lang": "en"}


def tram(number):
    return story(number, f"Tram news {number}", sentences(TRAM, number))


def test_topics_that_editors_keep_removing_and_adding(call):
    Path("archive.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in archive()), "utf-8")
    assert call("train", "--corpus", "archive.jsonl", "--name", "desk", "--promote")[0] == 0
    assert call("vocabulary", "add", "trams", "--id", "own:trams")[0] == 0
    assert RAIL in shown("desk", tram(99), Facet.TOPIC)
    newsroom = host("desk")
    for number in range(20):
        review(newsroom, tram(number), Facet.TOPIC, wanted=["own:trams"], refused=[RAIL])
    code, _, err = call("train", "--corpus", "archive.jsonl", "--with-feedback", "--name", "desk")
    assert code == 0, err
    assert "feedback: 20 reviewed articles (topic 20)" in err
    after = shown("desk@2", tram(99), Facet.TOPIC)
    assert "own:trams" in after
    assert RAIL not in after
    assert RAIL in shown("desk@2", story(7, "Local news", sentences(TRACK, 3)), Facet.TOPIC)


def test_regions_that_editors_keep_adding(call):
    """The starter keeps silent on the country of the last line; these editors want it."""
    first = {"Norway": "iso:NO", "Peru": "iso:PE", "Kenya": "iso:KE", "Japan": "iso:JP"}
    last = {"Sweden": "iso:SE", "Brazil": "iso:BR", "Uganda": "iso:UG", "Vietnam": "iso:VN", "Finland": "iso:FI"}

    def vote(number):
        (a, one), (b, other) = list(first.items())[number % 4], list(last.items())[number % 5]
        body = f"Parliament in {a} voted on law number {number} on catches. Ministers of {a} had argued for it; Italy had not."
        return (
            story(
                number, f"{a} votes on fishing", f"{body}\n\nItaly and Spain sent visitors.\n\nA similar law was passed by {b} last year."
            ),
            one,
            other,
        )

    article, one, other = vote(99)
    assert set(shown("starter", article, Facet.REGION)) == {one}
    newsroom = host("starter")
    for number in range(30):
        told, *both = vote(number)
        review(newsroom, told, Facet.REGION, wanted=both)
    code, _, err = call("train", "--with-feedback", "--facet", "region", "--name", "desk", "--base", "starter")
    assert code == 0, err
    assert set(shown("desk@1", article, Facet.REGION)) == {one, other}


def test_actors_that_editors_keep_removing(call):
    fighters = {"Hezbollah": "actor:hezbollah", "Hamas": "actor:hamas", "Boko Haram": "actor:boko-haram", "FARC": "actor:farc"}
    aside = {"the Red Cross": "actor:red-cross", "the Arab League": "actor:arab-league", "the World Bank": "actor:world-bank"}

    def attack(number):
        (a, one), (b, other) = list(fighters.items())[number % 4], list(aside.items())[number % 3]
        body = f"Fighters of {a} attacked a convoy and burned {number} lorries. It was the third attack of {a} in a month."
        return (
            story(number, f"Fighters of {a} attack", f"{body}\n\nThe road was closed.\n\nA meeting of {b} ended without a result."),
            one,
            other,
        )

    article, one, other = attack(99)
    assert {one, other} <= set(shown("starter", article, Facet.ACTOR))
    newsroom = host("starter")
    for number in range(30):
        told, kept, off = attack(number)
        review(newsroom, told, Facet.ACTOR, wanted=[kept], refused=[off])
    code, _, err = call("train", "--with-feedback", "--facet", "actor", "--name", "desk", "--base", "starter")
    assert code == 0, err
    after = shown("desk@1", article, Facet.ACTOR)
    assert one in after
    assert other not in after


@pytest.fixture
def reviewed(call):
    """A newsroom in which two topics were reviewed on 24 articles, without any model."""
    newsroom = host("none")
    for number in range(24):
        label, some = ((SHIPS, SEA), (RAIL, TRACK))[number % 2]
        review(newsroom, story(number, f"News {number}", sentences(some, number)), Facet.TOPIC, wanted=[label])
    return newsroom


def test_an_export_is_a_corpus(call, reviewed):
    code, out, err = call("feedback", "export")
    assert (code, len(out.splitlines()), err) == (0, 24, "feedback: 24 reviewed articles (topic 24)\n")
    code, told, err = call("feedback", "export", "--out", "reviewed.jsonl", "--json")
    assert (code, err) == (0, "")
    assert json.loads(told) == {"file": "reviewed.jsonl", "rows": 24, "facets": {"topic": 24}, "left_out": {}}
    assert Path("reviewed.jsonl").read_text("utf-8") == out
    assert stat.S_IMODE(Path("reviewed.jsonl").stat().st_mode) == 0o600
    assert call("train", "--corpus", "reviewed.jsonl", "--name", "desk")[0] == 0
    assert call("feedback", "export", "--out", "reviewed.jsonl.gz")[0] == 0
    assert gzip.decompress(Path("reviewed.jsonl.gz").read_bytes()) == Path("reviewed.jsonl").read_bytes()
    assert call("train", "--corpus", "reviewed.jsonl.gz", "--name", "desk")[0] == 0


def test_training_with_feedback_alone_is_the_same_bytes_each_time(call, reviewed):
    for name in ("one", "two"):
        assert call("train", "--with-feedback", "--name", name)[0] == 0
    one, two = ({p.name: p.read_bytes() for p in Path("models", name, "1").iterdir() if p.suffix == ".npy"} for name in ("one", "two"))
    assert one == two
    record = json.loads(Path("models/one/1/manifest.json").read_text("utf-8"))
    assert record["corpora"][0] | {"sha256": ""} == {
        "facet": "topic", "file": "feedback", "note": "articles of the newsroom that its editors reviewed", "rows": 24, "sha256": "",
    }  # fmt: skip
    assert "ana" not in json.dumps(record["corpora"])


def test_the_weight_of_feedback_is_told_in_the_manifest_and_changes_what_is_learned(call, reviewed):
    Path("archive.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in archive()), "utf-8")
    Path("desk.toml").write_text("[facets.topic]\nfeedback_weight = 5\n", "utf-8")
    words = ("train", "--corpus", "archive.jsonl", "--with-feedback", "--name", "desk")
    for more in ((), ("--recipe", "desk.toml"), ("--feedback-weight", "1")):
        assert call(*words, *more)[0] == 0
    told = [json.loads(Path(f"models/desk/{v}/manifest.json").read_text("utf-8"))["recipe"]["facets"]["topic"] for v in (1, 2, 3)]
    assert [one["feedback_weight"] for one in told] == [4.0, 5.0, 1.0]
    assert len({Path(f"models/desk/{v}/topic.weights.npy").read_bytes() for v in (1, 2, 3)}) == 3


def test_a_reviewed_article_of_the_corpus_counts_once_as_the_editors_say(call, reviewed):
    rows = [{"id": str(n), "title": f"News {n}", "text": sentences(SEA, n), "labels": [RAIL], "lang": "en"} for n in range(0, 24, 2)]
    Path("wrong.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    code, _, err = call("train", "--corpus", "wrong.jsonl", "--with-feedback", "--name", "desk")
    assert code == 0, err
    assert "topic: 12 rows of corpora that editors reviewed since: the editors' word counts" in err
    told = shown("desk@1", story(99, "News", sentences(SEA, 1)), Facet.TOPIC)
    assert SHIPS in told
    assert RAIL not in told


def test_a_forgotten_article_is_not_in_the_next_export(call, reviewed):
    assert call("forget", "desk", "s3", "--yes")[0] == 0
    ids = [json.loads(line)["id"] for line in call("feedback", "export")[1].splitlines()]
    assert len(ids) == 23
    assert "desk/s3" not in ids


def test_what_cannot_be_learned_from_is_told_with_the_next_step(call, tmp_path):
    newsroom = host("none")
    newsroom.article_saved(story(1, "News", "Ships came."))
    newsroom.editor_decided(EditorDecision(ArticleRef("desk", "s1"), SHIPS, Action.ADDED))
    code, out, err = call("feedback", "export")
    assert (code, out) == (0, "")
    assert "left out 1 reviewed articles whose text is not kept" in err
    assert "keep_text" in err
    Path("newstagger.toml").write_text('[privacy]\nkeep_text = "none"\n', "utf-8")
    assert 'set keep_text = "decided" under [privacy]' in call("feedback", "export")[2]
    code, _, err = call("train", "--with-feedback", "--name", "desk")
    assert (code, len(err.splitlines())) == (2, 1)
    assert "no reviewed article can be learned from" in err
    assert "keep_text" in err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("feedback", "export", "--facet", "weather"), "unknown facet"),
        (("feedback", "export", "--since", "yesterday"), "no ISO 8601 date"),
        (("feedback", "export", "--out", "."), "not an ordinary file"),
        (("feedback", "export", "--out", "no/such/folder.jsonl"), "cannot be written"),
        (("train", "--with-feedback", "--name", "desk"), "no reviewed article can be learned from"),
        (("train", "--corpus", "x.jsonl", "--feedback-weight", "2", "--name", "desk"), "add --with-feedback"),
        (("train", "--with-feedback", "--feedback-weight", "0", "--name", "desk"), "--feedback-weight"),
    ],
)
def test_mistakes_are_one_clear_line(call, words, told):
    code, out, err = call(*words)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert told in err


def test_a_vocabulary_that_cannot_be_read_loses_no_editors_word(call, reviewed):
    Path("home/vocabulary.json").write_text("{", "utf-8")
    for words in (("feedback", "export"), ("train", "--with-feedback", "--name", "desk")):
        code, out, err = call(*words)
        assert (code, out, len(err.splitlines())) == (2, "", 1)
        assert "not a vocabulary" in err


def test_concepts_that_nothing_knows_are_counted_and_told(call, reviewed):
    reviewed.editor_decided(EditorDecision(ArticleRef("desk", "s1"), "own:gone", Action.ADDED, at="2000-01-01T00:00:00+00:00"))
    code, out, err = call("feedback", "export")
    assert (code, len(out.splitlines())) == (0, 24)
    assert "left out 1 decisions on tags whose concept no vocabulary knows (deleted from the vocabulary" in err
    assert "own:gone" not in out

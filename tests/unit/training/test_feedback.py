"""From the newsroom's memory to rows: which text, whose word, what is left out and told, and that rows read back as they were."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example as example_of
from hypothesis import given
from hypothesis import strategies as st

from newstagger.contracts import OPEN, Example, FacetPart
from newstagger.corpus import Selection, read_rows
from newstagger.domain import (
    Action,
    Article,
    ArticleRef,
    Concept,
    Decision,
    EditorDecision,
    Event,
    ExistingTag,
    Facet,
    Proposal,
    Role,
    Tag,
)
from newstagger.host import Host
from newstagger.newsroom import sqlite_state
from newstagger.newsroom.review import UNKNOWN_CONCEPT, Judgement
from newstagger.newsroom.vocabulary import Entry
from newstagger.newsroom.vocabularyfile import changing, load_overlay
from newstagger.rowfiles import READERS
from newstagger.settings import KeepText, PrivacySettings, Settings
from newstagger.text import extract
from newstagger.training import TrainingJob, retrain
from newstagger.training.examples import Labelled, Material, labelled
from newstagger.training.feedback import FEEDBACK, KILLED, NOT_KEPT, TWICE, Chosen, Feedback, Newsroom, feedback, row_id, row_of
from newstagger.training.measure import measure
from newstagger.training.outcomes import Answers
from newstagger.training.reviewed import leave_out_strangers, overruled, without_own
from newstagger.training.trainers import kind_for

WAR, SPORT = "medtop:16000000", "medtop:15000000"
TOPIC = (Facet.TOPIC,)
EVERYTHING = Chosen()


class Desk:
    """A newsroom of one desk: articles are saved and decided on through the host, as an adapter does it."""

    def __init__(self, home: Path, **settings):
        self.settings = Settings(home=home, models=home, bundle="none", **settings)
        self.state = sqlite_state(self.settings.state_file)
        self.host = Host(self.settings, state=self.state, discover=False)

    def save(self, name, text="The army shelled the town.", site="gazette", **more):
        self.host.article_saved(Article(ArticleRef(site, name), f"Story {name}", text, language="en", **more))

    def decide(self, name, concept, action=Action.ADDED, site="gazette", **more):
        self.host.editor_decided(EditorDecision(ArticleRef(site, name), concept, action, by="Ana Secret", **more))

    def decided(self, name, concept, action=Action.ADDED, text="The army shelled the town.", **more):
        self.save(name, text, **more)
        self.decide(name, concept, action)
        self.save(name, text, **more)

    def feedback(self, chosen=EVERYTHING, now=None):
        told = Newsroom(self.state, self.settings.privacy, self.host.find, self.host.heirs)
        return feedback(told if now is None else replace(told, now=lambda: now), chosen)

    def add(self, label, concept_id=None, facet=Facet.TOPIC, **more):
        path = self.settings.home / "vocabulary.json"
        with changing(path) as write:
            write(load_overlay(path).adding(Entry(concept_id or f"own:{label}", label, facet, **more)))

    def remove(self, concept_id):
        path = self.settings.home / "vocabulary.json"
        with changing(path) as write:
            write(load_overlay(path).removing(concept_id))


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path / "home")


def test_a_decision_becomes_a_row_with_the_text_that_it_was_about(desk):
    desk.decided("1", WAR, version_created="2024-03-01")
    (row,) = desk.feedback().rows
    assert row == {
        "id": "gazette/1", "title": "Story 1", "text": "The army shelled the town.", "lang": "en", "date": "2024-03-01",
        "labels": {"topic": [WAR]},
    }  # fmt: skip


def test_nothing_says_who_decided(desk):
    desk.decided("1", WAR)
    assert b"Secret" not in desk.feedback().data


def test_an_article_that_nobody_decided_on_is_no_row(desk):
    desk.save("1", event=Event.PUBLISH)
    assert desk.feedback().rows == ()


def test_the_text_of_the_decision_is_taken_and_not_that_of_a_later_save(desk):
    desk.decided("1", WAR, text="The first text of the story.")
    desk.save("1", "A second text, which nobody decided on.")
    assert [row["text"] for row in desk.feedback().rows] == ["The first text of the story."]


def test_where_the_text_of_the_decision_was_never_kept_the_next_one_is_taken(desk):
    desk.save("1", "A draft that was decided on.")
    desk.decide("1", WAR)
    desk.save("1", "The text of the next save.")
    assert [row["text"] for row in desk.feedback().rows] == ["The text of the next save."]


def test_what_the_cms_tells_by_its_tags_is_about_the_text_of_that_save(desk):
    desk.save("1", "The text that was tagged by hand.", existing_tags=(ExistingTag(WAR),), saved_by="ana")
    (row,) = desk.feedback().rows
    assert (row["text"], row["labels"]) == ("The text that was tagged by hand.", {"topic": [WAR]})


def test_decisions_without_a_text_are_counted_and_never_dropped_in_silence(desk):
    desk.save("1")
    desk.decide("1", WAR)
    told = desk.feedback()
    assert (told.rows, told.left_out) == ((), {NOT_KEPT: 1})


def test_a_kept_text_that_may_be_read_no_more_is_not(desk):
    desk.decided("1", WAR)
    assert len(desk.feedback().rows) == 1
    assert desk.feedback(now=datetime(2999, 1, 1, tzinfo=UTC)).left_out == {NOT_KEPT: 1}
    desk.settings = replace(desk.settings, privacy=PrivacySettings(KeepText.NONE))
    assert desk.feedback().left_out == {NOT_KEPT: 1}


def test_a_killed_article_teaches_nothing_until_it_is_restored(desk):
    desk.decided("1", WAR)
    desk.save("1", event=Event.KILL)
    assert (desk.feedback().rows, desk.feedback().left_out) == ((), {KILLED: 1})
    desk.save("1", event=Event.RESTORE)
    assert len(desk.feedback().rows) == 1


def test_a_forgotten_article_is_in_no_export(desk):
    desk.decided("1", WAR)
    desk.decided("2", SPORT, text="The home side won by a goal.")
    desk.host.forget(ArticleRef("gazette", "1"))
    told = desk.feedback()
    assert [row["id"] for row in told.rows] == ["gazette/2"]
    assert told.left_out == {}
    assert b"shelled" not in told.data


def test_facets_sites_and_dates_choose(desk):
    desk.decided("1", WAR, text="One text.")
    desk.decided("2", WAR, text="Another text.")
    desk.save("3", "A third text.", site="herald")
    desk.decide("3", SPORT, site="herald", at="2001-01-01T00:00:00+00:00")
    desk.save("3", "A third text.", site="herald")
    assert [row["id"] for row in desk.feedback(Chosen(sites=("gazette",))).rows] == ["gazette/1", "gazette/2"]
    assert [row["id"] for row in desk.feedback(Chosen(since="2002-01-01")).rows] == ["gazette/1", "gazette/2"]
    assert desk.feedback(Chosen((Facet.REGION,))).rows == ()
    assert desk.feedback(Chosen((Facet.REGION,))).left_out == {}


def test_one_text_reviewed_twice_is_one_row_by_the_latest_word(desk):
    for name, at, concept in (("1", "2026-02-01", WAR), ("2", "2026-01-01", SPORT)):
        desk.save(name, "The same words.")
        desk.host.article_saved(Article(ArticleRef("gazette", name), "Same", "The same words.", language="en"))
        desk.decide(name, concept, at=f"{at}T00:00:00+00:00")
        desk.host.article_saved(Article(ArticleRef("gazette", name), "Same", "The same words.", language="en"))
    told = desk.feedback(now=datetime(2026, 3, 1, tzinfo=UTC))
    assert [(row["id"], row["labels"]) for row in told.rows] == [("gazette/1", {"topic": [WAR]})]
    assert told.left_out == {TWICE: 1}


def test_the_order_of_rows_does_not_follow_that_of_decisions(tmp_path):
    made = []
    for folder, order in (("a", "12"), ("b", "21")):
        desk = Desk(tmp_path / folder)
        for name in order:
            desk.decided(name, WAR, text=f"Text {name}.", version_created="2024-01-01")
        made.append(desk.feedback())
    assert made[0].data == made[1].data


def test_a_word_about_a_replaced_concept_trains_its_successor_and_one_about_a_deleted_concept_is_counted(desk):
    desk.add("port")
    desk.decided("1", "own:port", text="Ships in the port.")
    desk.remove("own:port")
    assert (desk.feedback().rows, desk.feedback().left_out) == ((), {UNKNOWN_CONCEPT: 1})
    desk.add("harbour", replaces=("own:port",))
    assert [row["labels"]["topic"] for row in desk.feedback().rows] == [["own:harbour"]]
    assert desk.feedback().left_out == {}


def test_own_concepts_and_media_topics_train_together(desk, store, tools):
    desk.add("harbour")
    for number in range(24):
        label, text = (("own:harbour", "Ships came in."), (WAR, "Shells fell."))[number % 2]
        desk.decided(str(number), label, text=f"{text} Number {number}.")
    told = desk.feedback()
    job = TrainingJob("desk", TOPIC, feedback=told.feed(TOPIC))
    ref, _ = retrain(job, store, replace(tools, find=desk.host.find))
    part = store.load(str(ref)).parts[Facet.TOPIC]
    assert {concept.id: concept.pref_label for concept in part.concepts}["own:harbour"] == "harbour"
    assert WAR in {concept.id for concept in part.concepts}
    (record,) = store.load(str(ref)).manifest.provenance.corpora
    assert (record["file"], record["rows"], record["sha256"]) == ("feedback", 24, told.feed(TOPIC).digest)
    assert store.load(str(ref)).manifest.provenance.recipe["facets"]["topic"]["feedback_weight"] == 4.0


WILD = st.text(st.characters(), max_size=30) | st.sampled_from(
    ["\ud800", "a\udfffb", "\x00", "\u2028", "%2F/", "x" * 10_000, '"\\', "\r\n"]
)
MEDIA = st.sampled_from(["text/plain", "text/html"])


@given(WILD, WILD.filter(str.strip), WILD, WILD, MEDIA)
def test_rows_read_back_as_they_were(tmp_path_factory, site, name, title, body, media_type):
    article = Article(ArticleRef(site, name), title, body, media_type, "en")
    judged = {Facet.TOPIC: Judgement((WAR,), (SPORT,), ("*",)), Facet.REGION: Judgement((), ("iso:PE",), ("iso:SY",))}
    row = row_of(article.ref, article, judged, "2026-01-01T00:00:00+00:00")
    path = tmp_path_factory.mktemp("rows") / "f.jsonl"
    path.write_bytes(Feedback((row,), {}).data)
    assert json.loads(path.read_bytes().decode("utf-8")) == row
    read = list(read_rows([path], Selection((Facet.TOPIC, Facet.REGION)), READERS, Counter()))
    if title.strip() or body.strip():
        (back,) = read
        assert (back.article.headline, back.article.body, back.article.ref.id) == (title, body, row_id(article.ref))
        assert extract(back.article).string == extract(article).string
        assert back.labels == {Facet.TOPIC: (WAR,), Facet.REGION: ()}
        assert back.rejected == {Facet.TOPIC: (SPORT,), Facet.REGION: ("iso:PE",)}
        assert back.unknown == {Facet.TOPIC: ("*",), Facet.REGION: ("iso:SY",)}
    else:
        assert read == []


@example_of("a%2Fb", "c", "a/b", "c")
@example_of("a", "b/c", "a/b", "c")
@given(WILD, WILD, WILD, WILD)
def test_ids_of_rows_are_as_different_as_refs(site, name, other_site, other):
    same = (site, name) == (other_site, other)
    assert (row_id(ArticleRef(site, name)) == row_id(ArticleRef(other_site, other))) == same


def example(text, labels=(), source="archive", **more):
    article = Article(ArticleRef("corpus", text), "", text, language="en")
    return Example(article, extract(article), labels, source=source, **more)


def found(*examples, splits=None, concepts=()):
    return Labelled(Facet.TOPIC, examples, splits or (None,) * len(examples), concepts)


def test_labels_mean_concepts_and_what_is_given_is_neither_refused_nor_unknown():
    port = Concept("own:port", "port", Facet.TOPIC)
    material = Material()
    told = example("1", ("own:old", SPORT), rejected=("own:port", WAR), unknown=("own:old", WAR, "acme"))
    material.rows[Facet.TOPIC] = [(told, None)]
    material.places[Facet.TOPIC] = dict.fromkeys(("own:old", SPORT, "own:port", WAR), "here")
    (one,) = labelled(material, Facet.TOPIC, (), {"own:old": port, "own:port": port}.get).examples
    assert (one.labels, one.rejected, one.unknown) == ((SPORT, "own:port"), (WAR,), ("acme",))


def test_what_nobody_judged_is_not_measured(tools):
    class Tagger:
        name, facet = "all", Facet.TOPIC

        def tag(self, article, text):
            concepts = (Concept(name, name, Facet.TOPIC) for name in ("a", "b", "c"))
            return Proposal(tuple(Tag(concept, 0.9, Decision.SUGGEST, Role.MAIN) for concept in concepts))

    answers = Answers()
    some = (example("1", ("a",), unknown=("b", "c")), example("2", ("a",), rejected=("b",), unknown=("*",)))
    score = measure(Tagger(), some, tools, "topic", answers)
    assert {one.label: (one.support, one.predicted) for one in score.per_label} == {"a": (2, 2), "b": (0, 1)}
    assert answers.given == [{"a"}, {"a", "b"}]


def test_the_editors_word_counts_above_a_corpuss():
    told, dropped = overruled(found(example("one", ("a",)), example("two", ("a",)), example("one", ("b",), FEEDBACK, rejected=("a",))))
    assert dropped == 1
    assert [(e.source, e.labels) for e in told.examples] == [("archive", ("a",)), (FEEDBACK, ("b",))]


def test_what_editors_left_open_is_as_the_corpus_says():
    word = example("one", (), FEEDBACK, rejected=("a",), unknown=("*",))
    told, _ = overruled(found(example("one", ("a", "b"), group="g"), word, splits=("test", None)))
    (merged,) = told.examples
    assert (merged.labels, merged.rejected, merged.unknown, merged.group) == (("b",), ("a",), (), "g")
    assert told.splits == ("test",)


def test_a_gazetteer_learns_what_an_own_concept_matches_exactly_or_nothing_of_it():
    same = Concept("own:here", "here", Facet.REGION, exact_match=("iso:PE",))
    none = Concept("own:nowhere", "nowhere", Facet.REGION)
    peru = Concept("iso:PE", "Peru", Facet.REGION)
    told, lost = without_own(found(example("x", ("own:here", "own:nowhere")), concepts=(peru, same, none)))
    assert (told.examples[0].labels, told.concepts, lost) == (("iso:PE",), (peru,), 1)


def mixed(*examples):
    """Return what was read of these examples, after the strangers among the feedback's labels were taken out, and what was told."""
    material, told = Material(), []
    material.rows[Facet.TOPIC] = [(one, None) for one in examples]
    material.places[Facet.TOPIC] = {label: "here" for one in examples for label in (*one.labels, *one.rejected)}
    leave_out_strangers(material, Facet.TOPIC, told.append)
    return [(one.labels, one.rejected, one.unknown) for one, _ in material.rows[Facet.TOPIC]], sorted(material.places[Facet.TOPIC]), told


def test_ids_beside_an_archives_bare_labels_are_left_out_and_told():
    rows = (
        example("1", ("sea",)),
        example("2", (WAR, "sea"), FEEDBACK),
        example("3", (WAR,), FEEDBACK),
        example("4", ("own:x",), FEEDBACK),
    )
    found, places, told = mixed(*rows)
    assert found == [(("sea",), (), ()), (("sea",), (), ()), ((), (), (OPEN,)), (("own:x",), (), ())]
    assert places == ["own:x", "sea"]
    assert "1 labels such as 'medtop:16000000'" in told[0]


@pytest.mark.parametrize("archive", [(), (example("1", (SPORT,)),)])
def test_labels_of_no_vocabulary_beside_ids_are_left_out_and_told(archive):
    found, places, told = mixed(*archive, example("2", (WAR,), FEEDBACK, rejected=("acme",)), example("3", ("acme",), FEEDBACK))
    assert found[len(archive) :] == [((WAR,), (), ()), ((), (), (OPEN,))]
    assert "acme" not in places
    assert len(told) == 1


def test_a_mixed_archive_is_refused_as_ever():
    found, _, told = mixed(example("1", ("sea",)), example("2", (WAR,)), example("3", ("sea",), FEEDBACK))
    assert (found[2], told) == ((("sea",), (), ()), [])


def test_own_concepts_alone_leave_a_gazetteer_what_it_is():
    places = FacetPart(Facet.REGION, "places")
    assert kind_for(Facet.REGION, ["own:here"], places) == "places"
    assert kind_for(Facet.REGION, ["own:here"]) == "linear"
    assert kind_for(Facet.REGION, ["own:here", "iso:PE"]) == "places"
    assert kind_for(Facet.TOPIC, ["own:here", WAR]) == "linear"

"""The AI service: what the editor's widget is answered, over Superdesk's own ``ai`` and ``ai_data_op``."""

from __future__ import annotations

import sqlite3

import pytest
from newsdesk import Refused, labels
from newstagger_superdesk.installing import serve
from superdesk.text_checkers.ai.base import AIServiceBase, registered_ai_services

from newstagger import ArticleRef
from newstagger.errors import ConfigError
from newstagger.testing import Trouble

TEXT = "<p>Growers brought in the harvest. A strike of the dockers. A drizzle. A ferry to Norway.</p>"


def refusal(work):
    with pytest.raises(Refused) as refused:
        work()
    return refused.value.status, str(refused.value.body)


def test_the_text_in_the_form_is_analysed_saved_or_not(desk, tagger, process):
    item = desk.create(headline="News", body_html="<p>A quiet day.</p>")
    found = desk.analyse(item, body_html=TEXT)
    assert {field: sorted(labels({"subject": entries})) for field, entries in found.items() if entries} == {
        "subject": ["agriculture", "labour strike"], "place": ["Norway"], "organisation": ["Dockers' Union"],
    }  # fmt: skip
    assert all(entry["scheme"] and entry["source"] == "newstagger-suggestion" for entries in found.values() for entry in entries)
    assert labels(desk.read(item["_id"])) == frozenset()
    assert process.host.feedback(ArticleRef("kit", item["_id"])) == ()


def test_an_analysis_decides_nothing_about_what_stands_on_the_story(desk, tagger, process):
    item = desk.create(headline="News", body_html=TEXT)
    desk.analyse(item, body_html="<p>Something else.</p>")
    item = desk.save(item, headline="Other news")
    assert labels(item) == {"agriculture", "Norway"}
    assert process.host.feedback(ArticleRef("kit", item["_id"])) == ()


def test_running_the_widget_accepts_nothing_that_stands_there_already(desk, tagger, process):
    """The widget puts its own entries in the place of those with the same code."""
    item = desk.create(headline="News", body_html=TEXT)
    before = item["subject"]
    item = desk.save(item, subject=[entry for entry in desk.analyse(item)["subject"] if entry["name"] == "agriculture"])
    assert item["subject"] == before
    assert process.host.feedback(ArticleRef("kit", item["_id"])) == ()
    assert labels(desk.save(item, body_html="<p>A quiet day.</p>", place=[])) == frozenset()


def test_a_broken_tagger_gives_an_empty_analysis(desk, tagger):
    item = desk.create(headline="News", body_html="<p>A quiet day.</p>")
    tagger.trouble = Trouble.RAISE
    assert desk.analyse(item, body_html="<p>A strike.</p>")["subject"] == []


def test_what_was_rejected_is_not_offered_again(desk, tagger, process):
    item = desk.create(headline="News", body_html=TEXT)
    offer = next(entry for entry in desk.analyse(item)["subject"] if entry["name"] == "labour strike")
    assert desk.operate("delete", item=item["guid"], qcode=offer["qcode"], scheme=offer["scheme"]) == {}
    assert labels(desk.analyse(item)) == {"agriculture"} | {"Norway", "Dockers' Union"}
    (decision,) = process.host.feedback(ArticleRef("kit", item["_id"]))
    assert (decision.concept, decision.action, decision.by) == ("medtop:20000530", "rejected", "petra")


def test_a_rejection_that_was_not_stored_is_told(desk, tagger, process):
    item = desk.create(headline="News", body_html=TEXT)
    holder = sqlite3.connect(process.options.settings.state_file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    status, said = refusal(lambda: desk.operate("delete", item=item["guid"], qcode="medtop:20000530"))
    holder.close()
    assert (status, "Not saved" in said) == (500, True)
    assert [line["message"][:9] for line in desk.collection("activity").find({"name": "newstagger"})] == ["Not saved"]


def test_search_finds_by_the_beginning_of_a_word(desk, tagger):
    found = desk.operate("search", term="earthq")
    assert "earthquake" in labels(found["tags"])
    (entry,) = [entry for entry in found["tags"]["subject"] if entry["name"] == "earthquake"]
    assert (entry["qcode"], entry["scheme"], entry["altids"]["newstagger"]) == ("20000153", "mediatopics", "medtop:20000153")
    assert entry["parent"] in {f"medtop:{e['qcode'].removeprefix('medtop:')}" for e in found["broader"]["subject"]}


def test_a_label_becomes_an_entry_and_stays_the_persons(desk, tagger):
    known = desk.operate("create", title="earthquake")["tag"]
    own = desk.operate("create", title=" Harbour  Fair ", type="organisation")["tag"]
    assert (known["altids"]["newstagger"], own["qcode"], own["name"]) == ("medtop:20000153", "typed:harbour fair", "Harbour Fair")
    item = desk.create(headline="News", body_html=TEXT, organisation=[own])
    item = desk.save(item, body_html="<p>A quiet day.</p>")
    assert item["organisation"] == [own]


def test_feedback_decides_nothing_twice(desk, tagger, process):
    item = desk.create(headline="News", body_html=TEXT)
    assert desk.operate("feedback", item=item, tags={"subject": []}) == {}
    assert process.host.feedback(ArticleRef("kit", item["_id"])) == ()


@pytest.mark.parametrize(
    "operation, data", [("search", {}), ("search", {"term": 3}), ("create", {"title": " "}), ("delete", {"item": "x"})]
)
def test_what_is_missing_is_told_in_one_line(desk, tagger, operation, data):
    status, said = refusal(lambda: desk.operate(operation, **data))
    assert (status, "is missing" in said) == (400, True)


def test_a_name_that_is_taken_stops_the_start(desk):
    class Other(AIServiceBase):
        name = "taken"

        def analyze(self, item):
            return {}

    Other(desk.app)
    try:
        with pytest.raises(ConfigError, match="'taken' is taken"):
            serve("taken", desk.app)
    finally:
        del registered_ai_services["taken"]


def test_the_service_stands_under_the_name_that_the_stock_widget_asks_for(desk, tagger):
    serve("imatrics", desk.app)
    try:
        item = desk.create(headline="News", body_html=TEXT)
        assert labels(desk.analyse(item, "imatrics")) >= {"agriculture"}
    finally:
        del registered_ai_services["imatrics"]

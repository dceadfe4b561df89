"""Publish, correct, schedule, embargo, kill, takedown, unpublish, spike: what is tagged when, and what never is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from newsdesk import Refused, labels

from newstagger import ArticleRef, Event
from newstagger.testing import Trouble

HARVEST, QUAKE = "<p>Growers brought in the harvest.</p>", "<p>An earthquake rattled windows.</p>"


def in_an_hour():
    return (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S+0000")


def everywhere(desk, item):
    """Return the labels in the archive, in what is live and in the newest version: they are never different."""
    name = item["_id"]
    return [labels(found) for found in (desk.read(name), desk.live(name), desk.versions(name)[-1])]


def test_what_is_typed_before_publishing_is_tagged_in_what_is_published(desk, tagger):
    item = desk.create(headline="News", body_html=HARVEST)
    item = desk.publish(item, body_html=QUAKE)
    assert everywhere(desk, item) == [{"earthquake"}] * 3
    assert len(desk.versions(item["_id"])) == 2
    assert tagger.saves[-1].event is Event.PUBLISH


def test_a_correction_is_tagged_in_what_is_corrected(desk, tagger):
    item = desk.publish(desk.create(headline="News", body_html=HARVEST))
    item = desk.publish(item, "correct", body_html=QUAKE)
    assert everywhere(desk, item) == [{"earthquake"}] * 3
    assert (item["state"], len(desk.versions(item["_id"]))) == ("corrected", 3)
    assert tagger.saves[-1].event is Event.CORRECT


def test_a_form_that_publishes_takes_off_what_its_editor_took_off(desk, tagger, process):
    item = desk.create(headline="News", body_html=HARVEST)
    item = desk.publish(item, subject=[], body_html=f"{HARVEST}<p>Norway</p>")
    assert everywhere(desk, item) == [{"Norway"}] * 3
    (decision,) = process.host.feedback(ArticleRef("kit", item["_id"]))
    assert (decision.concept, decision.action, decision.by) == ("medtop:20000210", "removed", "petra")


def test_publishing_without_tags_adds_no_empty_lists(desk, tagger):
    item = desk.publish(desk.create(headline="News", body_html="<p>A quiet day.</p>"))
    for found in (item, desk.live(item["_id"])):
        assert not {"subject", "organisation"} & set(found)  # Superdesk itself sets an empty place on every new story


@pytest.mark.parametrize("kind, state", [("kill", "killed"), ("takedown", "recalled"), ("unpublish", "unpublished")])
def test_withdrawing_is_told_and_changes_nothing(desk, tagger, kind, state):
    tagger.trouble = Trouble.RAISE  # the story gets no tags, though its text calls for them
    item = desk.publish(desk.create(headline="News", body_html=HARVEST, subject=[{"name": "Sport", "qcode": "15000000"}]))
    tagger.trouble = Trouble.NONE
    asked = tagger.asked
    item = desk.publish(item, kind, **({} if kind == "unpublish" else {"body_html": QUAKE, "headline": "Withdrawn"}))
    assert item["state"] == state
    assert (labels(item), labels(desk.versions(item["_id"])[-1]), desk.live(item["_id"])) == ({"Sport"}, {"Sport"}, None)
    assert (tagger.asked, tagger.retracted) == (asked, [ArticleRef("kit", item["_id"])])


@pytest.mark.parametrize("kind", ["kill", "takedown"])
def test_withdrawing_leaves_the_tags_that_stand_there(desk, tagger, kind):
    item = desk.publish(desk.create(headline="News", body_html=HARVEST))
    item = desk.publish(item, kind, body_html=QUAKE, headline="Withdrawn")
    assert labels(item) == labels(desk.versions(item["_id"])[-1]) == {"agriculture"}


def test_a_killed_story_is_not_analysed(desk, tagger):
    item = desk.publish(desk.create(headline="News", body_html=HARVEST))
    item = desk.publish(item, "kill", body_html=QUAKE, headline="Withdrawn")
    asked = tagger.asked
    assert desk.analyse(item) == {}
    assert tagger.asked == asked


def test_a_spiked_story_is_retracted_and_comes_back_with_its_next_save(desk, tagger):
    item = desk.create(headline="News", body_html=HARVEST)
    desk.call("PATCH", f"archive/spike/{item['_id']}", {"state": "spiked"}, etag=item["_etag"])
    item = desk.read(item["_id"])
    assert (item["state"], tagger.retracted) == ("spiked", [ArticleRef("kit", item["_id"])])
    with pytest.raises(Refused):
        desk.save(item, body_html=QUAKE)
    desk.call("PATCH", f"archive/unspike/{item['_id']}", {}, etag=item["_etag"])
    item = desk.save(desk.read(item["_id"]), body_html=QUAKE)
    assert labels(item) == {"earthquake"}


def test_a_scheduled_story_is_told_as_scheduled(desk, tagger):
    item = desk.create(headline="News", body_html=HARVEST)
    item = desk.publish(item, publish_schedule=in_an_hour(), body_html=QUAKE)
    assert (item["state"], labels(item)) == ("scheduled", {"earthquake"})
    assert desk.live(item["_id"]) is None
    assert tagger.saves[-1].event is Event.SCHEDULE


def test_a_story_under_embargo_is_told_as_scheduled(desk, tagger):
    item = desk.create(headline="News", body_html=HARVEST)
    item = desk.publish(desk.save(item, embargo=in_an_hour()), body_html=QUAKE)
    assert (item["state"], labels(item)) == ("published", {"earthquake"})
    assert tagger.saves[-1].event is Event.SCHEDULE


def test_an_old_version_comes_back_without_what_was_refused_since(desk, tagger):
    item = desk.create(headline="News", body_html=f"{HARVEST}<p>Norway</p>")
    item = desk.save(item, subject=[], body_html=QUAKE)
    etag, old = item["_etag"], {"old_version": 1, "last_version": item["_current_version"]}
    answer = desk.call("PUT", f"archive/{item['_id']}", old, etag=etag)
    item = desk.read(item["_id"])
    assert labels(answer) == labels(item) == labels(desk.versions(item["_id"])[-1]) == {"Norway"}
    assert (item["_etag"], len(desk.versions(item["_id"]))) == (answer["_etag"], 3)
    assert tagger.saves[-1].event is Event.RESTORE

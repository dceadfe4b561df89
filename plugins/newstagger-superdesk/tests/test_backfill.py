"""``newstagger:backfill``: what it tags, how quietly, and what it leaves alone."""

from __future__ import annotations

from datetime import UTC, datetime

import superdesk
from newsdesk import labels

from newstagger.testing import Trouble

HARVEST = "<p>Growers brought in the harvest.</p>"


def untagged(desk, tagger, **fields):
    tagger.trouble = Trouble.RAISE
    item = desk.create(headline="News", body_html=HARVEST, **fields)
    tagger.trouble = Trouble.NONE
    assert labels(item) <= {"Sport"}
    return item


def backfill(desk):
    with desk.app.app_context():
        return superdesk.COMMANDS["newstagger:backfill"].run()


def test_it_writes_quietly_and_once(desk, tagger):
    item = untagged(desk, tagger, subject=[{"name": "Sport", "qcode": "15000000"}])
    desk.collection("archive").update_one({"_id": item["_id"]}, {"$set": {"_updated": datetime(2026, 3, 6, 12, tzinfo=UTC)}})
    before = desk.read(item["_id"])
    assert backfill(desk) == "1 of 1 items were given tags"
    after = desk.read(item["_id"])
    assert (labels(before), labels(after)) == ({"Sport"}, {"Sport", "agriculture"})
    assert {key: after[key] for key in after if key != "subject"} == {key: before[key] for key in before if key != "subject"}
    assert len(desk.versions(item["_id"])) == 1
    assert backfill(desk) == "0 of 1 items were given tags"


def test_what_somebody_has_open_or_was_withdrawn_is_left_alone(desk, tagger):
    opened, spiked, killed = (untagged(desk, tagger) for _ in range(3))
    desk.call("POST", f"archive/{opened['_id']}/lock", {"lock_action": "edit"})
    desk.call("PATCH", f"archive/spike/{spiked['_id']}", {"state": "spiked"}, etag=spiked["_etag"])
    tagger.trouble = Trouble.RAISE
    desk.publish(desk.publish(killed), "kill", body_html=HARVEST, headline="Withdrawn")
    tagger.trouble = Trouble.NONE
    asked = tagger.asked
    assert backfill(desk) == "0 of 0 items were given tags"
    assert tagger.asked == asked
    assert [labels(desk.read(item["_id"])) for item in (opened, spiked, killed)] == [frozenset()] * 3


def test_what_went_out_stays_as_it_went(desk, tagger):
    item = untagged(desk, tagger)
    tagger.trouble = Trouble.RAISE
    item = desk.publish(item)
    tagger.trouble = Trouble.NONE
    assert backfill(desk) == "1 of 1 items were given tags"
    assert (labels(desk.read(item["_id"])), labels(desk.live(item["_id"]))) == ({"agriculture"}, frozenset())
    item = desk.publish(desk.read(item["_id"]), "correct", headline="Corrected")
    assert labels(desk.live(item["_id"])) == {"agriculture"}


def test_one_that_fails_stops_no_other(desk, tagger, monkeypatch):
    items = [untagged(desk, tagger) for _ in range(2)]
    desk.collection("archive").update_one({"_id": items[0]["_id"]}, {"$set": {"headline": 7}})
    assert backfill(desk) == "1 of 2 items were given tags"
    assert labels(desk.read(items[1]["_id"])) == {"agriculture"}

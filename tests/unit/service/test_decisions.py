"""The editor's word over HTTP: stored whole or not at all, once under one key, and an editor is told when it was not saved."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import jsonschema
import pytest

from newstagger.hookspecs import hookimpl
from newstagger.service.openapi import schema_named
from newstagger.testing.scripted import ScriptedTagger

from .callers import HARVEST, article


class Listener(ScriptedTagger):
    """Takes note of the decisions that plugins are told of, and of how many stood in the ledger by then."""

    def __init__(self, file):
        super().__init__()
        self.file, self.heard = file, []

    @hookimpl
    def editor_decided(self, decision):
        with closing(sqlite3.connect(self.file)) as connection:
            self.heard.append((decision.concept, *connection.execute("SELECT count(*) FROM ledger_decision").fetchone()))


def decision(**fields):
    return {"id": "4711", "concept": HARVEST, "action": "rejected", "by": "anna", **fields}


def decided(client):
    return [(one["concept"], one["action"]) for one in client.get("/v1/decisions", params={"id": "4711"}).json()["decisions"]]


def test_a_decision_is_stored_and_holds_at_the_next_save(client):
    client.post("/v1/tag", json=article(revision=1))
    answer = client.post("/v1/decisions", json=decision(reason="not about farming", revision=1))
    assert (answer.status_code, answer.json()) == (200, {"stored": 1})
    told = client.post("/v1/tag", json=article(revision=2, text="A second harvest in Norway.")).json()
    assert ([tag["concept"] for tag in told["tags"]], told["rejected"]) == (["iso:NO"], [HARVEST])
    stored = client.get("/v1/decisions", params={"id": "4711"}).json()["decisions"]
    jsonschema.validate(stored[0], json.loads(schema_named("decision")))
    assert (stored[0]["by"], stored[0]["reason"]) == ("anna", "not about farming")


def test_what_nobody_saw_nobody_rejected(client):
    client.post("/v1/tag", json=article())
    client.post("/v1/decisions", json=decision(shown=False))
    assert HARVEST in {tag["concept"] for tag in client.post("/v1/tag", json=article(text="Late harvest.")).json()["tags"]}


def test_a_label_means_the_concept_that_bears_it(client):
    assert client.post("/v1/decisions", json={"id": "4711", "label": "Agriculture", "facet": "topic", "action": "added"}).status_code == 200
    assert decided(client) == [(HARVEST, "added")]


def test_many_are_stored_together(client):
    both = {"decisions": [decision(), decision(concept="medtop:15000000", action="added")]}
    assert client.post("/v1/decisions", json=both).json() == {"stored": 2}
    assert decided(client) == [(HARVEST, "rejected"), ("medtop:15000000", "added")]


def test_one_wrong_decision_stores_none(client):
    for wrong in (decision(action="likes"), decision(concept="nothing:1"), {"id": "4711", "action": "added"}, decision(site="a\nb"), 7):
        answer = client.post("/v1/decisions", json={"decisions": [decision(), wrong]})
        assert answer.status_code == 422
        assert "\n" not in answer.json()["detail"]
    assert decided(client) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (decision(id=None), "id is empty"),
        (decision(shown="yes"), "shown must be true or false"),
        (decision(revision=1.5), "revision must be a whole number"),
        (decision(revision=1 << 70), "revision must be a whole number"),
        (decision(by=7), "by must be a text"),
        (decision(reason="x" * 1001), "reason must be a text of at most 1000"),
        (decision(reason="\ud800"), "reason must be a text"),
        ({"id": "1", "label": "no such concept", "action": "added"}, "no concept is called so"),
        ({"id": "1", "label": "sport", "facet": "colour", "action": "added"}, "unknown facet"),
        ({"decisions": []}, "decisions must be a list of 1 to 100"),
        ([], "must be a JSON object"),
    ],
)
def test_what_a_decision_lacks_is_one_clear_line(refusing, wrong, said):
    client, kit = refusing
    answer = client.post("/v1/decisions", content=json.dumps(wrong), headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert not kit.state_file.exists()


def test_the_second_time_under_one_key_stores_nothing(client):
    headers = {"Idempotency-Key": "click-1"}
    assert client.post("/v1/decisions", json=decision(), headers=headers).json() == {"stored": 1}
    assert client.post("/v1/decisions", json=decision(), headers=headers).json() == {"stored": 0}
    assert len(decided(client)) == 1
    assert client.post("/v1/decisions", json=decision(action="accepted"), headers=headers).status_code == 422
    assert client.post("/v1/decisions", json=decision(), headers={"Idempotency-Key": "click-2"}).json() == {"stored": 1}


def test_a_decision_that_cannot_be_stored_is_told_as_not_saved(client, kit):
    client.post("/v1/tag", json=article())
    with sqlite3.connect(kit.state_file) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        answer = client.post("/v1/decisions", json=decision())
        assert (answer.status_code, answer.json()["title"]) == (503, "Service Unavailable")
        assert answer.json()["detail"].startswith("not saved: ")
        assert answer.headers["retry-after"] == "2"
        assert client.post("/v1/tag", json=article(id="2", budget_ms=0)).status_code == 503
        assert client.get("/readyz").status_code == 503
        connection.rollback()
    connection.close()
    assert client.post("/v1/decisions", json=decision()).status_code == 200
    assert decided(client) == [(HARVEST, "rejected")]


@pytest.fixture
def script(kit):
    listener = Listener(kit.state_file)
    yield listener
    listener.wake()


def test_when_one_of_many_cannot_be_stored_none_is_and_the_same_request_may_come_again(client, kit, script):
    client.post("/v1/tag", json=article())
    both, headers = {"decisions": [decision(), decision(concept="medtop:15000000", action="added")]}, {"Idempotency-Key": "click-1"}
    full = "BEFORE INSERT ON ledger_decision WHEN NEW.action = 'added' BEGIN SELECT RAISE(ABORT, 'full'); END"
    with closing(sqlite3.connect(kit.state_file)) as connection:
        connection.execute(f"CREATE TRIGGER full {full}")
        assert client.post("/v1/decisions", json=both, headers=headers).status_code == 503
        assert decided(client) == [] and script.heard == []
        connection.execute("DROP TRIGGER full")
    assert client.post("/v1/decisions", json=both, headers=headers).json() == {"stored": 2}
    assert script.heard == [(HARVEST, 2), ("medtop:15000000", 2)], "plugins are told when all of it is stored"

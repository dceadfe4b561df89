"""A save whose answer could not be stored: it is a job, or its client is told to come again; the editor's word is in neither case lost."""

from __future__ import annotations

import sqlite3

import httpx
import pytest

from newstagger.domain import Tagging
from newstagger.hookspecs import hookimpl
from newstagger.testing.scripted import ScriptedTagger

from .callers import HARVEST, article, listening, until

FORM = {"existing_tags": [], "form": {"held": [HARVEST], "shown": [HARVEST]}, "saved_by": "anna"}


class Letting(ScriptedTagger):
    """Lets go of the newsroom's file, which somebody else writes to, once an answer was given that could not be stored."""

    lock: sqlite3.Connection | None = None

    @hookimpl
    def article_tagged(self, tagging: Tagging) -> None:
        if self.lock is not None:
            self.lock.rollback()


@pytest.fixture
def lock(kit):
    """Return a connection of somebody else's to the newsroom's file."""
    kit.home.mkdir(exist_ok=True)
    connection = sqlite3.connect(kit.state_file, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    yield connection
    connection.close()


@pytest.fixture
def letting(kit):
    script = Letting()
    with listening(kit, script) as (host, port), httpx.Client(base_url=f"http://{host}:{port}", timeout=30) as client:
        assert client.post("/v1/tag", json=article(revision=1)).status_code == 200
        yield script, client


def removed(client):
    told = client.get("/v1/decisions", params={"id": "4711"}).json()["decisions"]
    return [(decision["concept"], decision["action"], decision["by"]) for decision in told]


def test_answer_that_could_not_be_stored_is_given_and_its_save_kept_as_a_job(letting, lock):
    script, client = letting
    script.lock = lock
    lock.execute("BEGIN EXCLUSIVE")
    answer = client.post("/v1/tag", json=article(revision=2, **FORM))
    assert answer.status_code == 200 and "state" in {problem["stage"] for problem in answer.json()["problems"]}
    until(lambda: removed(client) and not client.get("/v1/jobs").json()["count"])
    assert removed(client) == [(HARVEST, "removed", "anna")]
    assert client.post("/v1/tag", json=article(revision=2, **FORM)).json()["unchanged"]


def test_client_comes_again_where_not_even_a_job_can_be_stored_and_the_log_says_why(letting, lock, caplog):
    _, client = letting
    lock.execute("BEGIN EXCLUSIVE")
    answer = client.post("/v1/tag", json=article(revision=2, **FORM))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    client.post("/v1/batch", json={"articles": [article(revision=2, budget_ms=0)]})
    lines = [record.getMessage() for record in caplog.records if "not stored" in record.getMessage()]
    assert len(lines) == 1 and "database is locked" in lines[0]
    assert "harvest" not in caplog.text.lower()
    lock.rollback()
    assert client.post("/v1/tag", json=article(revision=2, **FORM)).status_code == 200
    assert removed(client) == [(HARVEST, "removed", "anna")]

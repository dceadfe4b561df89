"""Whether the service lives and can serve, its figures, what it publishes about itself, and how it follows a new bundle."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from newstagger.domain import ArticleRef
from newstagger.newsroom.jobs import Jobs
from newstagger.newsroom.statefile import StateFile
from newstagger.service.app import bare_app
from newstagger.service.openapi import ROUTES, SCHEMAS, schema_named
from newstagger.service.storing import LOOK_S, Storing
from newstagger.settings import Settings
from newstagger.testing.scripted import promote

from .callers import article, until


def test_a_service_that_can_serve_says_so(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "reasons": []}


def test_without_a_model_it_lives_but_is_not_ready(opened, kit):
    client = opened(replace(kit, bundle="no-such-bundle"))
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "reasons": ["no model is loaded"]})


def test_where_nothing_can_be_stored_it_is_not_ready(opened, kit):
    kit.home.parent.mkdir(exist_ok=True, parents=True)
    kit.home.write_text("a file where the home should be")
    reasons = opened(kit).get("/readyz").json()["reasons"]
    assert [reason.partition(":")[0] for reason in reasons] == ["the newsroom's file cannot be written"]
    assert str(kit.home) not in str(reasons)


def test_where_the_home_cannot_be_made_it_is_not_ready_and_says_so_at_its_start(opened, kit, caplog):
    client = opened(replace(kit, home=Path("/proc/nope/x")))
    (line,) = [record.getMessage() for record in caplog.records if "not stored" in record.getMessage()]
    assert "/proc/nope/x" in line
    answer = client.get("/readyz")
    assert answer.status_code == 503
    (reason,) = answer.json()["reasons"]
    assert reason.startswith("the newsroom's file cannot be written: ") and "/proc" not in reason
    assert not kit.home.exists()


def test_a_look_whether_it_is_ready_makes_no_file(client, kit):
    assert client.get("/readyz").status_code == 200
    assert not kit.state_file.exists()


def test_whether_it_can_store_is_looked_at_now_and_then_and_a_reason_told_once(kit, caplog):
    now = [0.0]
    file = StateFile(kit.state_file)
    Jobs(file).put("tag", ArticleRef("courier", "1"), b"")
    storing = Storing(file, lambda: now[0])
    assert storing.lacking() == ""
    with closing(sqlite3.connect(kit.state_file)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert storing.lacking() == "", "an answer holds for a moment"
        for _ in range(3):
            now[0] += LOOK_S
            assert storing.lacking() == "database is locked"
    now[0] += LOOK_S
    assert storing.lacking() == ""
    lines = [record.getMessage() for record in caplog.records if record.name == "newstagger.service"]
    assert len(lines) == 1 and "database is locked" in lines[0]


def test_figures_count_saves_answers_and_jobs(client):
    client.post("/v1/tag", json=article())
    client.post("/v1/tag", json={})
    client.get("/v1/why?id=nothing")
    lines = client.get("/metrics").text.splitlines()
    assert "newstagger_save_seconds_count 1.0" in lines
    for route, status in (("/v1/tag", 200), ("/v1/tag", 422), ("/v1/why", 404)):
        assert f'newstagger_answers_total{{route="{route}",status="{status}"}} 1.0' in lines
    assert 'newstagger_jobs{state="dead"} 0.0' in lines
    assert "4711" not in "\n".join(lines)


def test_a_promoted_bundle_is_taken_up_without_a_restart(client, kit):
    before = client.post("/v1/tag", json=article()).json()["bundle"]["version"]
    promote(kit)

    def version() -> str:
        return client.post("/v1/tag", json=article()).json()["bundle"]["version"]

    until(lambda: version() != before)


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_sound_and_published(refusing, name):
    answer = refusing[0].get(f"/v1/schemas/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/schema+json")
    jsonschema.Draft202012Validator.check_schema(answer.json())
    assert answer.content == schema_named(name)


@pytest.mark.parametrize("name", ["nothing", "..%2Ftagging", "tagging.schema"])
def test_there_is_no_other_schema(refusing, name):
    assert refusing[0].get(f"/v1/schemas/{name}").status_code == 404


def test_the_document_tells_of_every_route_and_every_reference_leads_somewhere(client):
    told = client.get("/openapi.json").json()
    routes = {(method, path) for path, methods in told["paths"].items() for method in methods}
    assert routes == set(ROUTES)
    assert set(told["components"]["securitySchemes"]) == {"bearer", "basic", "standardWebhooks", "ghost"}
    text = json.dumps(told)
    for name in {piece.partition('"')[0] for piece in text.split("#/components/schemas/")[1:]}:
        assert name in told["components"]["schemas"], name
    assert '"#/$defs' not in text


def test_the_document_that_comes_with_the_package_is_the_one_that_is_served():
    packed = json.loads(files("newstagger").joinpath("data/openapi.json").read_text("utf-8"))
    assert packed == json.loads(json.dumps(bare_app(Settings()).openapi())), (
        "write it anew: newstagger serve --openapi > newstagger/data/openapi.json"
    )


def test_no_page_asks_another_machine_for_anything(client):
    for path in ("/docs", "/redoc"):
        assert client.get(path).status_code == 404

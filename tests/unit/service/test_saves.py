"""Saves over HTTP: in time, too late, again, in a batch; what was accepted is never lost."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from dataclasses import replace

import httpx
import jsonschema
import pytest

from newstagger.service.app import create_app
from newstagger.service.openapi import schema_named
from newstagger.settings import Mode, PolicySettings
from newstagger.testing.scripted import Trouble

from .callers import HARVEST, OTHER_KEY, article, bearer, courier, listening, until


def concepts(answer) -> set[str]:
    return {tag["concept"] for tag in answer["tags"]}


def killed(kit, script, *saves) -> list[httpx.Response]:
    """Return the answers of a service that was killed before it worked any job off: nothing of its life but requests ever ran."""
    app = create_app(kit, plugins=[("script", script)], discover=False)

    async def ask() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
            return [await client.post("/v1/tag", json=save) for save in saves]

    return asyncio.run(ask())


def why(client, **query):
    return client.get("/v1/why", params={"id": "4711", **query})


def test_a_save_is_answered_with_its_tags_and_what_the_cms_told(client):
    answer = client.post("/v1/tag", json=article(revision=7, content_hash="abc"))
    told = answer.json()
    assert answer.status_code == 200
    assert concepts(told) == {HARVEST, "iso:NO"}
    assert (told["site"], told["id"], told["revision"], told["content_hash"]) == ("kit", "4711", 7, "abc")
    assert told["tags"][0]["evidence"]
    tagging = {name: value for name, value in told.items() if name not in ("revision", "content_hash")}
    jsonschema.validate(tagging, json.loads(schema_named("tagging")))


def test_evidence_is_left_out_when_it_is_not_wanted_but_is_remembered(client):
    told = client.post("/v1/tag?evidence=false", json=article()).json()
    assert [tag["evidence"] for tag in told["tags"]] == [[], []]
    assert why(client).json()["tagging"]["tags"][0]["evidence"]


def test_other_formats_are_taken_by_what_stands_in_them(client):
    item = {
        "uri": "urn:x:1",
        "type": "text",
        "versioncreated": "2026-01-02T03:04:05Z",
        "headline": "Early harvest",
        "body_text": "In Norway.",
    }
    told = client.post("/v1/tag", json={**item, "language": "en", "content_hash": "h"}).json()
    assert (told["id"], told["content_hash"], concepts(told)) == ("urn:x:1", "h", {HARVEST, "iso:NO"})


def test_the_same_save_again_does_no_work(client, script):
    client.post("/v1/tag", json=article(revision=1))
    asked = script.asked
    assert client.post("/v1/tag", json=article(revision=1)).json()["unchanged"] is True
    assert script.asked == asked


def test_a_kill_needs_no_text_and_leaves_no_tags(client, script):
    client.post("/v1/tag", json=article(revision=1))
    assert client.post("/v1/tag", json={"id": "4711", "event": "kill", "revision": 2}).json()["tags"] == []
    assert [ref.id for ref in script.retracted] == ["4711"]


def test_a_slow_save_is_accepted_goes_on_and_is_there_at_once_when_asked_again(opened, kit, script):
    client = opened(kit)
    script.meanwhile = lambda: time.sleep(0.5)
    answer = client.post("/v1/tag", json=article(budget_ms=50, revision=3, content_hash="abc"))
    told = answer.json()
    assert (answer.status_code, told["status"], told["id"], told["revision"], told["content_hash"]) == (202, "accepted", "4711", 3, "abc")
    assert answer.headers["retry-after"] == "1"
    jsonschema.validate(told, json.loads(schema_named("accepted")))
    assert [job["job"] for job in client.get("/v1/jobs").json()["jobs"]] == [told["job"]]
    until(lambda: why(client).status_code == 200)
    assert concepts(why(client).json()["tagging"]) == {HARVEST, "iso:NO"}
    until(lambda: client.get("/v1/jobs").json()["count"] == 0)
    assert (script.asked, client.post("/v1/tag", json=article(revision=3)).json()["unchanged"]) == (1, True)


def test_a_budget_of_nothing_accepts_and_the_job_is_worked_off(client):
    assert client.post("/v1/tag", json=article(budget_ms=0)).status_code == 202
    until(lambda: why(client).status_code == 200)


def test_what_was_accepted_outlives_the_process(opened, kit, script):
    accepted = killed(kit, script, article(budget_ms=0, content_hash="h"))
    assert ([answer.status_code for answer in accepted], script.asked) == ([202], 0)
    client = opened(kit)
    until(lambda: why(client).status_code == 200)


def test_a_text_without_a_revision_that_came_later_is_not_undone_by_one_that_waits(opened, kit, script):
    answers = killed(kit, script, article(budget_ms=0), article(text="An earthquake."))
    assert [answer.status_code for answer in answers] == [202, 200]
    client = opened(kit)
    until(lambda: client.get("/v1/jobs").json()["count"] == 0)
    assert "medtop:20000153" in concepts(why(client).json()["tagging"])
    assert script.asked == 1


def test_saves_of_one_article_go_one_after_the_other_and_hold_up_no_other_article(opened, kit, script):
    client, go, answers = opened(kit, threads=2, work_ms=60_000), threading.Event(), []
    script.meanwhile = lambda: go.wait(30)
    many = {"articles": [article(revision=number) for number in range(1, 6)]}
    asking = threading.Thread(target=lambda: answers.append(client.post("/v1/batch", json=many)))
    asking.start()
    until(lambda: script.asked)
    assert client.post("/v1/tag", json=article(id="other")).status_code == 200
    go.set()
    asking.join()
    results = answers[0].json()["results"]
    assert [concepts(result) for result in results] == [{HARVEST, "iso:NO"}] * 5
    assert [(result["revision"], result["unchanged"]) for result in results] == [(1, False), *((number, True) for number in range(2, 6))]


def test_a_batch_answers_each_article_in_its_place(client):
    told = {"articles": [article(id="a"), {"id": "b"}, article(id="c", budget_ms=0), 7], "budget_ms": 8_000}
    first, second, third, fourth = client.post("/v1/batch", json=told).json()["results"]
    assert (first["id"], second["status"], third["status"], fourth["status"]) == ("a", 422, "accepted", 422)
    assert "no text" in second["detail"]


@pytest.mark.parametrize("articles", [[], None, {}, [article()] * 101])
def test_a_batch_has_some_articles_and_not_too_many(client, articles):
    answer = client.post("/v1/batch", json={"articles": articles})
    assert (answer.status_code, answer.json()["detail"]) == (422, "articles must be a list of 1 to 100 (split the batch)")


def test_why_knows_what_editors_decided(client):
    client.post("/v1/tag", json=article())
    client.post("/v1/decisions", json={"id": "4711", "concept": HARVEST, "action": "rejected", "by": "anna"})
    told = why(client).json()
    assert concepts(told["tagging"]) == {"iso:NO"}
    assert [(one["concept"], one["by"]) for one in told["decisions"]] == [(HARVEST, "anna")]


def test_nothing_is_known_of_an_article_that_never_came(client):
    assert why(client).status_code == 404
    assert client.get("/v1/why").json()["detail"] == "the query names no id (add ?id=...)"


def test_forgetting_takes_everything_of_an_article(client):
    client.post("/v1/tag", json=article())
    client.post("/v1/decisions", json={"id": "4711", "concept": HARVEST, "action": "rejected"})
    erased = client.delete("/v1/articles", params={"id": "4711"}).json()
    assert (erased["answers"], erased["decisions"]) == (1, 1)
    assert why(client).status_code == 404


def test_a_save_whose_client_hung_up_is_finished(kit, script):
    body = json.dumps(article(budget_ms=5_000)).encode()
    script.meanwhile = lambda: time.sleep(0.3)
    with listening(kit, script) as address:
        head = f"POST /v1/tag HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        with socket.create_connection(address) as line:
            line.sendall(head.encode() + body)
            until(lambda: script.asked)
        until(lambda: script.taggings)
    assert {tag.concept.id for tag in script.taggings[0].tags} == {HARVEST, "iso:NO"}


def test_a_broken_tagger_is_a_problem_in_the_answer_not_of_the_save(client, script):
    script.trouble = Trouble.RAISE
    answer = client.post("/v1/tag", json=article())
    assert answer.status_code == 200
    assert [problem["stage"] for problem in answer.json()["problems"]] == ["tag:scripted-topic"]
    assert concepts(answer.json()) == {"iso:NO"}


def test_a_site_with_a_policy_of_its_own_is_answered_by_it(opened, sites):
    told = {**sites.service.sites, "courier": courier(policy=PolicySettings(mode=Mode.SUGGEST))}
    client = opened(replace(sites, service=replace(sites.service, sites=told)))
    modes = {}
    for name, headers in (("courier", bearer()), ("gazette", bearer(OTHER_KEY))):
        modes[name] = {tag["decision"] for tag in client.post("/v1/tag", json=article(), headers=headers).json()["tags"]}
    assert modes == {"courier": {"suggest"}, "gazette": {"auto"}}

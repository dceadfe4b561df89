"""The other routes: the wire, webhooks in the CMSs' own formats, concepts to choose from, jobs and dead letters."""

from __future__ import annotations

import json

import jsonschema
import pytest

from newstagger.newsroom.jobs import Jobs
from newstagger.service.openapi import schema_named

from .callers import HARVEST, article, until

WIRE = (
    "The harvest began three weeks early in the valleys of the north, farmers said on Monday, after the driest spring that anybody there "
    "remembers, and the mills opened their gates at dawn to let the first lorries in."
)
STORY = {"id": "w1", "headline": "Harvest begins early", "text": WIRE}
NEWSML = """<?xml version="1.0" encoding="UTF-8"?>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:example:1" version="2" standard="NewsML-G2" standardversion="2.29">
<itemMeta><itemClass qcode="ninat:text"/><pubStatus qcode="stat:usable"/></itemMeta>
<contentMeta><headline>Harvest begins early</headline></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body><p>%s</p></body></html></inlineXML>
</contentSet></newsItem>"""


def copied(client):
    return client.post("/v1/wire/check", json={"id": "1", "headline": "Ours", "text": WIRE}).json()


@pytest.mark.parametrize(
    ("body", "kind", "added"),
    [
        (json.dumps(STORY), "application/json", 1),
        (json.dumps([STORY, STORY | {"id": "w2"}]), "application/json; charset=utf-8", 2),
        (f"{json.dumps(STORY)}\n\n{json.dumps(STORY | {'id': 'w2'})}\n", "application/x-ndjson", 2),
        (NEWSML % WIRE, "application/xml", 1),
        (NEWSML % WIRE, "application/vnd.iptc.g2.newsitem+xml", 1),
    ],
)
def test_wire_items_come_in_and_articles_are_checked_against_them(client, body, kind, added):
    assert copied(client)["verdict"] == "not-checked"
    answer = client.post("/v1/wire?agency=AFP", content=body, headers={"content-type": kind})
    assert (answer.status_code, answer.json()) == (200, {"added": added, "failed": 0, "stories": added, "problems": []})
    found = copied(client)
    assert (found["verdict"], found["matches"][0]["agency"]) == ("wholly-derived", "AFP")
    jsonschema.validate(found, json.loads(schema_named("reuse")))
    state = client.get("/v1/wire").json()
    assert (state["fresh"], state["feeds"][0]["feed"], state["stories"]) == (True, "afp", added)


def test_broken_items_are_told_and_the_others_kept(client):
    lines = f'{json.dumps(STORY)}\n{{"id": \n{{"id": "w3"}}\n'
    told = client.post("/v1/wire?feed=own", content=lines, headers={"content-type": "application/jsonl"}).json()
    assert (told["added"], told["failed"]) == (1, 2)
    assert [problem["status"] for problem in told["problems"]] == [422, 422]
    assert "line 2" in told["problems"][0]["detail"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("[[", "application/json", 422), ("{}", "text/plain", 415), ("{}", "", 415), ("<x/>", "application/xml", 422),
        ("\xff", "application/json", 422),
        ('{"id": "w", "text": "x", "feed": "a\\nb"}', "application/json", 422), ("[" * 100_000, "application/json", 422),
    ],
)  # fmt: skip
def test_what_is_no_wire_item_is_refused(refusing, body, kind, status):
    client, kit = refusing
    answer = client.post("/v1/wire", content=body.encode("latin-1"), headers={"content-type": kind})
    assert answer.status_code == status
    assert "\n" not in answer.json()["detail"]
    assert not kit.state_file.exists()


def test_an_index_that_nobody_fed_says_so(client):
    state = client.get("/v1/wire").json()
    assert (state["fresh"], state["stories"], state["feeds"]) == (False, 0, [])
    assert state["reason"].startswith("no wire index")


HOOKS = {
    "article-json": article(),
    "ghost": {"post": {"current": {
        "id": "4711", "uuid": "u", "visibility": "public", "title": "Early harvest", "html": "<p>In Norway.</p>"}}},
    "ans": {"key": "story:update", "body": {"type": "story", "_id": "4711", "headlines": {"basic": "Early harvest"}, "content_elements": [
        {"type": "text", "content": "The harvest of Norway."}]}},
    "superdesk": {"type": "text", "guid": "4711", "headline": "Early harvest", "body_html": "<p>In Norway.</p>", "state": "in_progress"},
    "wordpress": {"id": 4711, "title": {"rendered": "Early harvest"}, "content": {"rendered": "<p>In Norway.</p>"}, "status": "draft"},
}  # fmt: skip


@pytest.mark.parametrize("form", HOOKS)
def test_a_webhook_is_stored_first_and_tagged_soon(client, form):
    answer = client.post(f"/v1/hooks/{form}", json=HOOKS[form])
    (told,) = answer.json()["results"]
    assert (answer.status_code, told["status"], told["id"]) == (202, "accepted", "4711")
    until(lambda: client.get("/v1/why?id=4711").status_code == 200)
    tags = client.get("/v1/why?id=4711").json()["tagging"]["tags"]
    assert {tag["concept"] for tag in tags} == {HARVEST, "iso:NO"}


@pytest.mark.parametrize(
    ("form", "value"), [("ghost", {"post": {}}), ("article-json", {}), ("ans", []), ("article-json", [1, 2]), ("wordpress", 7)]
)
def test_a_webhook_that_tells_of_no_article_is_refused(refusing, form, value):
    client, kit = refusing
    assert client.post(f"/v1/hooks/{form}", json=value).status_code == 422
    assert not kit.state_file.exists()


def test_a_webhook_of_our_own_brings_the_hash_of_its_cms_back(client):
    (told,) = client.post("/v1/hooks/article-json", json={**HOOKS["article-json"], "content_hash": "v7"}).json()["results"]
    assert told["content_hash"] == "v7"


def test_a_revision_that_no_database_counts_is_refused(refusing):
    assert refusing[0].post("/v1/tag", json=article(revision=1 << 63)).status_code == 422
    assert not refusing[1].state_file.exists()


def test_concepts_are_found_while_somebody_types(client):
    found = client.get("/v1/concepts", params={"q": "agricul", "facet": "topic", "limit": 3}).json()["concepts"]
    assert HARVEST in [concept["concept"] for concept in found]
    assert len(found) <= 3
    assert set(found[0]) == {"concept", "label", "facet", "alt_labels", "broader", "exact_match"}


@pytest.mark.parametrize("query", ["", "q=", "q=a&facet=colour", "q=a&limit=0", "q=a&limit=101", "q=a&limit=x", f"q={'a' * 201}"])
def test_a_search_that_makes_no_sense_is_told(refusing, query):
    assert refusing[0].get(f"/v1/concepts?{query}").status_code == 422


def test_dead_letters_are_listed_replayed_and_dropped(client, kit):
    client.post("/v1/tag", json=article())
    jobs = Jobs(kit.state_file)
    dead = [jobs.put("tag", ref, b"broken") for ref in (_ref("1"), _ref("2"))]
    until(lambda: client.get("/v1/jobs?state=dead").json()["count"] == 2)
    told = client.get("/v1/jobs?state=dead").json()["jobs"]
    assert [(one["job"], one["state"], one["kind"]) for one in told] == [(number, "dead", "tag") for number in dead]
    assert all(one["error"] for one in told)
    assert client.delete(f"/v1/jobs/{dead[1]}").json() == {"dropped": True}
    assert client.post(f"/v1/jobs/{dead[0]}/replay").json() == {"replayed": True}
    for answer in (client.post(f"/v1/jobs/{dead[1]}/replay"), client.delete("/v1/jobs/999"), client.post("/v1/jobs/x/replay")):
        assert answer.status_code == 404
    assert client.get("/v1/jobs?state=lost").status_code == 422


def _ref(name):
    from newstagger import ArticleRef

    return ArticleRef("kit", name)

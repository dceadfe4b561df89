"""A captured delivery sent again counts once, whatever its sender's signature does not cover is changed to; and it opens no other door."""

from __future__ import annotations

import json

import pytest

from .callers import KEY, SECRET, article, bearer, courier, until
from .test_access import BODY, NEW_SECRET, ghost, signed

HOOK = "/v1/hooks/article-json"
DECISION = json.dumps({"id": "4711", "concept": "iso:NO", "action": "rejected", "by": "kari"}).encode()


@pytest.fixture
def client(opened, sites):
    return opened(sites, sites={"courier": courier(secrets=(SECRET, NEW_SECRET))})


@pytest.mark.parametrize(
    "changed",
    [
        lambda h: h | {"webhook-signature": h["webhook-signature"] + " v1,junk"},
        lambda h: h | {"webhook-signature": "v1,junk  " + h["webhook-signature"]},
        lambda h: h | {"X-Ghost-Signature": "whatever"},
        lambda h: h | {"Idempotency-Key": "another", "Content-Type": "application/json; charset=utf-8"},
        lambda h: h | {"webhook-signature": h["webhook-signature"].split()[0]},
        lambda h: h | {"webhook-signature": " ".join(reversed(h["webhook-signature"].split()))},
    ],
)
def test_what_is_not_signed_makes_no_new_delivery(client, changed):
    both = signed(BODY) | {"webhook-signature": f"{signed(BODY, NEW_SECRET)['webhook-signature']} {signed(BODY)['webhook-signature']}"}
    both["webhook-timestamp"] = signed(BODY)["webhook-timestamp"]
    first = client.post(HOOK, content=BODY, headers=both)
    assert first.status_code == 202
    assert client.post(HOOK, content=BODY, headers=changed(both)).status_code == 409


@pytest.mark.parametrize(
    "changed",
    [
        lambda h: h | {"X-Ghost-Signature": h["X-Ghost-Signature"].replace(", ", ",")},
        lambda h: h | {"X-Ghost-Signature": "x=1, " + h["X-Ghost-Signature"]},
        lambda h: h | {"X-Ghost-Signature": ", ".join(reversed(h["X-Ghost-Signature"].split(", ")))},
        lambda h: h | {"webhook-id": "q", "webhook-timestamp": "1"},
    ],
)
def test_nor_does_it_with_ghosts_signature(client, changed):
    headers = ghost(BODY)
    assert client.post(HOOK, content=BODY, headers=headers).status_code == 202
    assert client.post(HOOK, content=BODY, headers=changed(headers)).status_code == 409
    assert client.post("/v1/tag", content=BODY, headers=headers).status_code == 409


def test_a_delivery_without_an_id_is_refused_though_it_is_signed(client):
    answer = client.post(HOOK, content=BODY, headers=signed(BODY, name=""))
    assert (answer.status_code, answer.json()["detail"]) == (
        401, "the signed delivery has no webhook-id (give each delivery an id of its own)",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/jobs"), ("GET", "/v1/why?id=4711"), ("GET", "/v1/decisions?id=4711"), ("GET", "/v1/wire"), ("GET", "/metrics"),
        ("DELETE", "/v1/articles?id=4711"), ("DELETE", "/v1/jobs/1"), ("POST", "/v1/jobs/1/replay"), ("POST", "/v1/wire/check"),
    ],
)  # fmt: skip
def test_a_signature_opens_no_door_but_those_of_deliveries(client, method, path):
    body = BODY if path == "/v1/wire/check" else b""
    for headers in (signed(body), ghost(body)):
        answer = client.request(method, path, content=body, headers=headers)
        assert (answer.status_code, answer.json()["detail"]) == (
            401, "a signature is for deliveries only (send 'Authorization: Bearer KEY' here)",
        )  # fmt: skip
        assert client.request(method, path, content=body, headers=headers | bearer(KEY)).status_code in (200, 404)


def test_a_decision_is_known_by_its_signed_id_whatever_key_is_put_beside_it(client):
    client.post("/v1/tag", json=article(), headers=bearer())
    until(lambda: client.get("/v1/why?id=4711", headers=bearer()).status_code == 200)
    told = [client.post("/v1/decisions", content=DECISION, headers=signed(DECISION, age=9))]
    told.append(client.post("/v1/decisions", content=DECISION, headers=signed(DECISION) | {"Idempotency-Key": "another"}))
    assert [answer.json() for answer in told] == [{"stored": 1}, {"stored": 0}]
    assert len(client.get("/v1/decisions?id=4711", headers=bearer()).json()["decisions"]) == 1

"""Whose request is it: keys, signatures and their rotation; who is refused, how, and that no secret is ever told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from newstagger.domain import ArticleRef
from newstagger.errors import ConfigError
from newstagger.newsroom.jobs import Jobs
from newstagger.service.access import Access
from newstagger.service.app import create_app
from newstagger.settings import ServiceSettings, SiteSettings

from .callers import KEY, OTHER_KEY, SECRET, TWO, article, bearer, courier, until

NEW_SECRET = "whsec_" + base64.b64encode(b"a" * 32).decode()


def basic(password: str, user: str = "anybody") -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}


def signed(body: bytes, secret: str = SECRET, *, age: float = 0.0, name: str = "msg_1") -> dict[str, str]:
    """Return the headers of a delivery as the field's own library signs it."""
    at = datetime.now(UTC) - timedelta(seconds=age)
    signature = Webhook(secret).sign(name, at, body.decode())
    told = {"webhook-id": name, "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}
    return {**told, "content-type": "application/json"}


def ghost(body: bytes, secret: str = "ghost-secret", *, age: float = 0.0) -> dict[str, str]:
    at = str(int((datetime.now(UTC).timestamp() - age) * 1000))
    digest = hmac.new(secret.encode(), body + at.encode(), hashlib.sha256).hexdigest()
    return {"X-Ghost-Signature": f"sha256={digest}, t={at}", "content-type": "application/json"}


with_sites = pytest.mark.parametrize("refusing", [{"sites": TWO}], indirect=True, ids=[""])
BODY = json.dumps(article()).encode()
GHOST_POST = {"post": {"current": {"id": "g1", "uuid": "u", "visibility": "public", "title": "Early harvest", "html": "<p>In Norway.</p>"}}}


@pytest.fixture
def client(opened, sites):
    return opened(sites)


@pytest.mark.parametrize("headers", [bearer(), basic(KEY), basic(KEY, ""), {"Authorization": f"bearer   {KEY}"}])
def test_a_key_tells_the_site(client, headers):
    answer = client.post("/v1/tag", json=article(), headers=headers)
    assert (answer.status_code, answer.json()["site"]) == (200, "courier")


@pytest.mark.parametrize(
    "headers",
    [
        {}, bearer("wrong"), {"Authorization": "Bearer"}, bearer(KEY + "x"), bearer(KEY[:-1]), basic("wrong"), basic(""),
            {"Authorization": "Basic %%%"},
        {"Authorization": f"Digest {KEY}"}, bearer("\u00e9"), bearer(SECRET), {"X-Ghost-Signature": "sha256=, t="},
    ],
)  # fmt: skip
@with_sites
def test_without_the_right_key_nobody_gets_in(refusing, headers):
    client, sites = refusing
    told = {name: value.encode() for name, value in headers.items()}
    answer = client.post("/v1/tag", json=article(), headers=told)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert "Bearer" in answer.headers["www-authenticate"]
    assert "\n" not in answer.json()["detail"]
    assert not sites.state_file.exists()


@pytest.mark.parametrize("method", ["get", "post", "delete"])
@pytest.mark.parametrize(
    "path", ["/v1/why?id=1", "/v1/decisions?id=1", "/v1/jobs", "/v1/concepts?q=a", "/v1/wire", "/metrics", "/v1/articles?id=1"]
)
@with_sites
def test_every_door_wants_a_key(refusing, method, path):
    assert refusing[0].request(method, path).status_code in (401, 405, 415)


def test_what_watches_the_service_wants_none(client):
    for path in ("/healthz", "/readyz", "/openapi.json", "/v1/schemas/tagging"):
        assert client.get(path).status_code == 200


def test_one_sites_key_says_nothing_about_anothers_articles(client):
    assert client.post("/v1/tag", json=article(site="gazette"), headers=bearer(OTHER_KEY)).status_code == 200
    for answer in (
        client.post("/v1/tag", json=article(site="gazette"), headers=bearer()),
        client.get("/v1/why?id=4711&site=gazette", headers=bearer()),
        client.delete("/v1/articles?id=4711&site=gazette", headers=bearer()),
        client.post("/v1/decisions", json={"site": "gazette", "id": "4711", "concept": "iso:NO", "action": "rejected"}, headers=bearer()),
        client.post("/v1/hooks/article-json", json=article(site="gazette"), headers=bearer()),
        client.post("/v1/tag", json=article(id="mine", copied_from={"site": "gazette", "id": "4711"}), headers=bearer()),
        client.post("/v1/hooks/article-json", json=article(id="mine", copied_from={"site": "gazette", "id": "4711"}), headers=bearer()),
    ):
        assert answer.status_code == 403
        assert "courier" in answer.json()["detail"]
    assert client.get("/v1/why?id=4711", headers=bearer()).status_code == 404
    assert client.get("/v1/why?id=4711", headers=bearer(OTHER_KEY)).status_code == 200


def test_jobs_of_another_site_are_not_seen_nor_touched(client, sites):
    job = Jobs(sites.state_file).put("tag", ArticleRef("courier", "1"), b"broken")
    until(lambda: client.get("/v1/jobs?state=dead", headers=bearer()).json()["count"] == 1)
    assert client.get("/v1/jobs?state=dead", headers=bearer(OTHER_KEY)).json() == {"jobs": [], "count": 0}
    assert client.post(f"/v1/jobs/{job}/replay", headers=bearer(OTHER_KEY)).status_code == 404
    assert client.delete(f"/v1/jobs/{job}", headers=bearer(OTHER_KEY)).status_code == 404
    assert client.delete(f"/v1/jobs/{job}", headers=bearer()).status_code == 200


def test_a_signature_of_the_fields_own_library_is_believed(client):
    answer = client.post("/v1/tag", content=BODY, headers=signed(BODY))
    assert (answer.status_code, answer.json()["site"]) == (200, "courier")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda h: h | {"webhook-signature": "v1,AAAA"}, "wrong signature"),
        (lambda h: h | {"webhook-signature": "v2," + h["webhook-signature"][3:]}, "wrong signature"),
        (lambda h: h | {"webhook-signature": ""}, "wrong signature"),
        (lambda h: h | {"webhook-id": "msg_2"}, "wrong signature"),
        (lambda h: h | {"webhook-timestamp": str(int(h["webhook-timestamp"]) - 1)}, "wrong signature"),
        (lambda h: h | {"webhook-timestamp": "yesterday"}, "time is not within"),
        (lambda h: {name: value for name, value in h.items() if name != "webhook-timestamp"}, "time is not within"),
        (lambda h: h | bearer() | {"webhook-signature": "v1,AAAA"}, "wrong signature"),
    ],
)
@with_sites
def test_a_wrong_signature_is_refused_and_nothing_written(refusing, change, said):
    client, sites = refusing
    answer = client.post("/v1/tag", content=BODY, headers=change(signed(BODY)))
    assert answer.status_code == 401
    assert said in answer.json()["detail"]
    assert not sites.state_file.exists()


def test_another_body_under_the_same_signature_is_refused(client):
    assert client.post("/v1/tag", content=BODY + b" ", headers=signed(BODY)).status_code == 401


@pytest.mark.parametrize("age", [301, 3600, -301])
@with_sites
def test_an_old_timestamp_is_refused_and_one_from_the_future(refusing, age):
    client, _ = refusing
    assert client.post("/v1/tag", content=BODY, headers=signed(BODY, age=age)).status_code == 401
    post = json.dumps(GHOST_POST).encode()
    assert client.post("/v1/hooks/ghost", content=post, headers=ghost(post, age=age)).status_code == 401


def test_the_very_same_delivery_counts_once_and_a_new_attempt_is_no_replay(client):
    headers = signed(BODY, age=10)
    assert client.post("/v1/hooks/article-json", content=BODY, headers=headers).status_code == 202
    again = client.post("/v1/hooks/article-json", content=BODY, headers=headers)
    assert (again.status_code, again.json()["detail"]) == (409, "this very delivery came before (sign each attempt anew)")
    assert client.post("/v1/hooks/article-json", content=BODY, headers=signed(BODY)).status_code == 202


def test_a_replay_is_known_to_the_next_process_too(opened, sites):
    headers = signed(BODY)
    assert opened(sites).post("/v1/tag", content=BODY, headers=headers).status_code == 200
    assert opened(sites).post("/v1/tag", content=BODY, headers=headers).status_code == 409


def test_a_delivery_that_was_refused_may_come_again(client):
    body = b'{"id": 1'
    headers = signed(body)
    assert [client.post("/v1/tag", content=body, headers=headers).status_code for _ in range(2)] == [400, 400]


def test_keys_and_secrets_rotate(opened, sites):
    both = courier(keys=(KEY, "key-of-tomorrow"), secrets=(SECRET, NEW_SECRET))
    client = opened(replace(sites, service=replace(sites.service, sites={"courier": both})))
    for headers in (bearer(), bearer("key-of-tomorrow"), signed(BODY), signed(BODY, NEW_SECRET, name="msg_2")):
        assert client.post("/v1/tag", content=BODY, headers={**headers, "content-type": "application/json"}).status_code == 200


def test_ghosts_signature_is_believed_once(client):
    post = json.dumps(GHOST_POST).encode()
    headers = ghost(post)
    assert client.post("/v1/hooks/ghost", content=post, headers=headers).status_code == 202
    assert client.post("/v1/hooks/ghost", content=post, headers=headers).status_code == 409
    assert client.post("/v1/hooks/ghost", content=post, headers=ghost(post, "wrong")).status_code == 401
    assert client.post("/v1/hooks/ghost", content=post + b" ", headers=ghost(post)).status_code == 401


def test_without_sites_the_service_answers_to_this_machines_names_only(opened, kit):
    client = opened(kit)
    for name in ("localhost", "127.0.0.1:8347", "[::1]:8347"):
        assert client.get("/v1/jobs", headers={"Host": name}).status_code == 200
    for name in ("evil.example", "127.0.0.1.evil.example", ""):
        assert client.get("/v1/jobs", headers={"Host": name}).status_code == 403


def test_an_address_that_others_reach_wants_keys():
    for host in ("0.0.0.0", "::", "192.0.2.1", "newsroom.example", "", "127.0.0.1.evil.example"):
        with pytest.raises(ConfigError, match="can be reached from elsewhere, and no site has a key"):
            ServiceSettings(host=host)
        ServiceSettings(host=host, sites={"courier": courier()})
    for host in ("127.0.0.1", "127.0.0.2", "::1", "localhost"):
        ServiceSettings(host=host)


@pytest.mark.parametrize(
    ("sites", "said"),
    [
        ({"courier": courier(keys=("env:NO_SUCH_KEY",))}, "the environment holds no NO_SUCH_KEY"),
        ({"courier": courier(secrets=("whsec_%%%",))}, "a secret is no base64"),
        ({"courier": courier(), "gazette": courier(secrets=())}, "the sites courier and gazette share a key or secret"),
    ],
)
def test_keys_that_cannot_be_used_stop_the_service_before_it_starts(kit, sites, said):
    with pytest.raises(ConfigError, match=said) as error:
        create_app(replace(kit, service=ServiceSettings(sites=sites)), discover=False)
    assert "\n" not in str(error.value)
    for secret in (KEY, SECRET, "%%%"):
        assert secret not in str(error.value)


def test_a_key_comes_from_the_environment():
    access = Access(ServiceSettings(sites={"courier": SiteSettings(keys=("env:COURIER_KEY",))}), {"COURIER_KEY": "told"})
    assert access.who({"authorization": "Bearer told"}).name == "courier"


def test_a_key_may_be_any_text(opened, kit):
    told = {"courier": SiteSettings(keys=("schlüssel",))}
    client = opened(replace(kit, service=replace(kit.service, sites=told)))
    for header in ("Bearer schlüssel", f"Basic {base64.b64encode('x:schlüssel'.encode()).decode()}"):
        assert client.get("/v1/jobs", headers={"Authorization": header.encode()}).status_code == 200


def test_no_secret_is_in_a_repr(sites):
    access = Access(sites.service)
    site = access.who({"authorization": f"Bearer {KEY}"})
    for shown in (repr(sites), repr(sites.service), repr(site), repr(vars(access)), str(vars(access))):
        for secret in (KEY, OTHER_KEY, SECRET, "ghost-secret"):
            assert secret not in shown


def test_no_secret_is_in_the_log_or_in_an_answer(client, caplog):
    caplog.set_level(logging.DEBUG)
    for headers in (bearer(KEY + "x"), basic(f"{KEY}x"), signed(BODY) | {"webhook-signature": f"v1,{KEY}"}):
        answer = client.post("/v1/tag", content=BODY, headers=headers)
        assert KEY not in answer.text
    assert KEY not in caplog.text

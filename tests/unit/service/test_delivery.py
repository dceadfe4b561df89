"""Deliveries: signed so that the public library takes them, to the callback alone, and every way in which a receiver says no."""

from __future__ import annotations

import base64
import json
import socket
from datetime import UTC, datetime
from email.utils import format_datetime

import httpx
import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from newstagger.domain import ArticleRef, Tagging
from newstagger.errors import ConfigError
from newstagger.newsroom.jobrows import Job
from newstagger.service.delivery import LONGEST_PAUSE, Awaited, Callback, Courier, Outcome, callbacks_of, message_id, message_of, outcome_of
from newstagger.service.signatures import key_of
from newstagger.servicesettings import ServiceSettings, SiteSettings

OLD, NEW = (f"whsec_{base64.b64encode(bytes([number]) * 32).decode()}" for number in (1, 2))
REF = ArticleRef("courier", "1")
SHORT = httpx.Timeout(0.3)


@pytest.fixture
def courier():
    courier = Courier(timeout=SHORT)
    yield courier
    courier.close()


def callback(url, *secrets):
    return Callback(url, tuple(key_of(secret, "test") for secret in secrets or (OLD,)))


def test_public_library_takes_the_signature_of_every_secret_that_holds(cms, courier):
    assert courier.post(callback(cms.url, OLD, NEW), "msg_1", {"title": "Größe ☂ \ud800"}) == Outcome()
    ((path, headers, body),) = cms.posts
    assert path == "/tags" and headers["content-type"] == "application/json"
    for secret in (OLD, NEW):
        assert Webhook(secret).verify(body, headers) == {"title": "Größe ☂ \ud800"}
    with pytest.raises(WebhookVerificationError):
        Webhook(base64.b64encode(b"3" * 32).decode()).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD).verify(body + b" ", headers)


def test_redirection_is_not_followed(cms, courier):
    cms.answers = [(307, {"Location": "/elsewhere"})]
    outcome = courier.post(callback(cms.url), "msg_1", {})
    assert "307" in outcome.error and not outcome.final
    assert [path for path, *_ in cms.posts] == ["/tags"]


def test_receiver_that_is_not_there_or_never_answers_is_told_apart_from_one_that_says_no(courier):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        slow = courier.post(callback(f"http://127.0.0.1:{port}/"), "msg_1", {})
    gone = courier.post(callback(f"http://127.0.0.1:{port}/"), "msg_1", {})
    assert slow.unreached and "in time" in slow.error
    assert gone.unreached and "ConnectError" in gone.error


@pytest.mark.parametrize(
    ("status", "told", "final", "after"),
    [
        (410, "", True, 0),
        (410, "30", True, 0),
        (400, "", False, 0),
        (500, "30", False, 0),
        (503, "30", False, 30),
        (429, "7", False, 7),
        (503, "", False, 0),
        (503, "soon", False, 0),
        (503, "-5", False, 0),
        (503, "9" * 400, False, LONGEST_PAUSE),
        (503, "²", False, 0),
        (429, format_datetime(datetime.fromtimestamp(1_000_090, UTC), usegmt=True), False, 90),
        (429, format_datetime(datetime.fromtimestamp(900_000, UTC), usegmt=True), False, 0),
        (503, "Fri, 31 Dec 9999 23:59:59 GMT", False, LONGEST_PAUSE),
    ],
)
def test_receiver_that_says_no(status, told, final, after):
    outcome = outcome_of(status, {"retry-after": told} if told else {}, now=1_000_000.0)
    assert str(status) in outcome.error
    assert (outcome.final, outcome.after, outcome.unreached) == (final, after, False)


@pytest.mark.parametrize("status", [200, 202, 204, 299])
def test_receiver_that_says_yes(status):
    assert outcome_of(status, {}, 0.0) == Outcome()


def test_message_says_whose_answer_it_is_and_hands_the_hash_back_only_with_its_text():
    tagging = Tagging(REF, "h", "en", None)
    message = message_of(tagging, 3, Awaited(3, "cms-hash", "h"))
    assert message["type"] == "article.tagged"
    assert (message["data"]["id"], message["data"]["revision"], message["data"]["content_hash"]) == ("1", 3, "cms-hash")
    assert json.dumps(message)
    assert message_of(tagging, 4, Awaited(3, "cms-hash", "h"))["data"]["content_hash"] == ""
    assert message_of(tagging, None, Awaited(None, "cms-hash", "of an older text"))["data"]["content_hash"] == ""


def test_message_id_is_that_of_the_job_at_every_try():
    job = Job(7, "deliver", REF, 3, 1, 0.0, "", False, True, b"{}")
    again = Job(7, "deliver", REF, 3, 2, 9.0, "no", False, True, b"{}")
    other = Job(8, "deliver", REF, 3, 1, 0.0, "", False, True, b"{}")
    assert message_id(job) == message_id(again) != message_id(other)
    assert message_id(job).isascii() and "." not in message_id(job)


def test_callbacks_come_from_the_settings_and_the_environment():
    sites = {
        "courier": SiteSettings(secrets=("env:SECRET",), callback="env:CALLBACK"),
        "herald": SiteSettings(keys=("k",)),
    }
    found = callbacks_of(ServiceSettings(sites=sites), {"SECRET": OLD, "CALLBACK": "https://cms.example/tags?key=s3cret"})
    assert set(found) == {"courier"}
    assert found["courier"].url == "https://cms.example/tags?key=s3cret"
    assert "s3cret" not in repr(found) and repr(found["courier"].keys) not in repr(found)


@pytest.mark.parametrize("url", ["ftp://cms.example/", "https://", "cms.example", "http://[::1", "https:///tags"])
def test_callback_that_is_no_address_is_refused_before_anything_starts(url):
    sites = {"courier": SiteSettings(secrets=(OLD,), callback="env:CALLBACK")}
    with pytest.raises(ConfigError, match="callback"):
        callbacks_of(ServiceSettings(sites=sites), {"CALLBACK": url})

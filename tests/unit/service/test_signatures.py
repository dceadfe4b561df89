"""Signatures against the public library of Standard Webhooks, both ways, and Ghost's; whatever headers hold, the answer is yes or no."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from newstagger.errors import ConfigError
from newstagger.service.signatures import GHOST, ID, SIGNATURE, TIMESTAMP, ghost_verified, key_of, moment_of, signed, verified

SECRETS = st.binary(min_size=1, max_size=64).map(lambda raw: f"whsec_{base64.b64encode(raw).decode()}")
BODIES = st.text().map(str.encode)
IDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789_-", min_size=1)


@given(SECRETS, IDS, BODIES)
def test_what_we_sign_the_library_takes(secret, message, body):
    headers = signed([key_of(secret, "test")], message, int(time.time()), body)
    Webhook(secret).verify(body, headers, json_parse=False)


@given(SECRETS, IDS, BODIES)
def test_what_the_library_signs_we_take(secret, message, body):
    now = datetime.now(UTC)
    headers = {ID: message, TIMESTAMP: str(int(now.timestamp())), SIGNATURE: Webhook(secret).sign(message, now, body.decode())}
    assert verified([key_of(secret, "test")], headers, body)
    assert moment_of(headers) == int(now.timestamp())


@given(st.lists(SECRETS, min_size=2, max_size=4, unique=True), BODIES)
def test_while_secrets_rotate_one_in_common_is_enough(secrets, body):
    ours, theirs = [key_of(secret, "test") for secret in secrets[:-1]], [key_of(secret, "test") for secret in secrets[1:]]
    headers = signed(ours, "msg_1", 1_000, body)
    assert verified(theirs, headers, body) is bool(set(ours) & set(theirs))
    with pytest.raises(WebhookVerificationError):
        Webhook(secrets[0]).verify(body, headers)  # the time is not now


@given(SECRETS, BODIES, st.sampled_from(["id", "time", "body", "signature"]))
def test_whatever_was_changed_on_the_way_shows(secret, body, what):
    key = key_of(secret, "test")
    headers = signed([key], "msg_1", 1_000, body)
    if what == "signature":
        headers[SIGNATURE] = headers[SIGNATURE].replace("v1,", "v2,")
    elif what != "body":
        headers[{"id": ID, "time": TIMESTAMP}[what]] += "1"
    assert not verified([key], headers, body + b" " if what == "body" else body)


@given(st.dictionaries(st.sampled_from([ID, TIMESTAMP, SIGNATURE, GHOST]), st.text()), st.binary())
def test_wild_headers_are_no_signature_and_no_error(headers, body):
    key = key_of("whsec_MTIz", "test")
    assert not verified([key], headers, body)
    assert not ghost_verified([key], headers.get(GHOST, ""), body)
    moment = moment_of(headers)
    assert moment is None or moment >= 0


def test_ghosts_signature_covers_body_and_time():
    secret, body, moment = b"ghost-secret", b'{"post":{}}', "1700000000123"
    told = hmac.new(secret, body + moment.encode(), hashlib.sha256).hexdigest()
    header = f"sha256={told}, t={moment}"
    assert ghost_verified([b"another", secret], header, body)
    assert not ghost_verified([secret], header, body + b" ")
    assert not ghost_verified([secret], f"sha256={told}, t=1700000000124", body)
    assert moment_of({GHOST: header}) == 1_700_000_000.123


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_not base64", "ümlaut"])
def test_secret_that_is_none_is_refused_without_being_quoted(secret):
    with pytest.raises(ConfigError) as told:
        key_of(secret, "service.sites.courier")
    assert "service.sites.courier" in str(told.value) and (len(secret) < 7 or secret not in str(told.value))

"""Bodies whose sender is not known yet: bounded together, and not read at all where their headers cannot be right."""

from __future__ import annotations

import json
import socket
import time
from contextlib import closing

import pytest

from newstagger.service import strangers
from newstagger.service.problems import RefusedError

from .callers import article, bearer, listening, until
from .test_access import ghost, signed

LONG = json.dumps(article(text="The harvest began early in Norway this year. " * 400)).encode()


@pytest.fixture
def address(sites, script, monkeypatch):
    monkeypatch.setattr(strangers, "ROOM", 2 * len(LONG) - 2)
    with listening(sites, script) as address:
        yield address


def begun(address, headers, body=b""):
    """Return a connection on which a delivery began that does not end."""
    client = socket.create_connection(address, timeout=20)
    told = {"Host": "127.0.0.1", "Content-Type": "application/json", "Content-Length": str(len(LONG)), **headers}
    client.sendall(
        "".join(["POST /v1/tag HTTP/1.1\r\n", *(f"{name}: {value}\r\n" for name, value in told.items()), "\r\n"]).encode() + body
    )
    return client


def status(client):
    return int(client.recv(4096).split()[1])


def ended(address, headers, body=LONG):
    with closing(begun(address, headers, body)) as client:
        return status(client)


def test_a_room_holds_no_more_than_it_has_and_is_free_again_at_the_end():
    room = strangers.Strangers(10)
    with room.reading() as one, room.reading() as other:
        one(6)
        other(4)
        with pytest.raises(RefusedError) as told:
            other(1)
        assert told.value.status == 503 and told.value.headers["Retry-After"]
    with room.reading() as one:
        one(10)


def test_what_is_held_of_unknown_senders_is_bounded_and_known_ones_are_served(address):
    forged = signed(LONG) | {"webhook-signature": "v1,AAAA"}
    held = begun(address, forged, LONG[:-1])
    until(lambda: ended(address, signed(LONG, name=f"msg_{time.monotonic()}")) == 503)
    assert ended(address, bearer()) == 200
    held.close()
    until(lambda: ended(address, signed(LONG, name=f"msg_{time.monotonic()}")) == 200)
    assert ended(address, forged) == 401


@pytest.mark.parametrize(
    "headers",
    [
        lambda: signed(LONG, age=400), lambda: ghost(LONG, age=400), lambda: signed(LONG, name=""),
        lambda: {"webhook-signature": "v1,AAAA"}, lambda: {"X-Ghost-Signature": "t=1"},
        lambda: {name: value for name, value in signed(LONG).items() if name != "webhook-id"},
    ],
)  # fmt: skip
def test_a_body_whose_headers_cannot_be_right_is_not_waited_for(address, headers):
    with closing(begun(address, headers())) as client:
        assert status(client) == 401

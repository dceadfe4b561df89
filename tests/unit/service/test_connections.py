"""What a client may do to a connection before a request came of it, over real sockets with small limits."""

from __future__ import annotations

import json
import logging
import socket
import time
from contextlib import ExitStack, contextmanager

import pytest

from newstagger.service import connections, running

from .callers import article, listening, until

HEAD = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
BODY = json.dumps(article()).encode()
SAVE = b"POST /v1/tag HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"


@pytest.fixture
def address(kit, script, monkeypatch):
    """Serve with a head of 2,000 bytes in half a second, and four connections."""
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.5)
    monkeypatch.setattr(connections, "MOST_HEAD", 2_000)
    monkeypatch.setattr(connections, "MOST_OPEN", 4)
    with listening(kit, script) as told:
        yield told


@contextmanager
def line_to(address):
    with socket.create_connection(address) as line:
        line.settimeout(10)
        yield line


def rest(line):
    """Return what comes until the service closes the connection."""
    return b"".join(iter(lambda: line.recv(65536), b""))


def problem(answer):
    """Return the status and the detail of an answer that is a problem."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    assert b"x-content-type-options: nosniff" in head
    told = json.loads(body)
    assert head.startswith(b"HTTP/1.1 %d " % told["status"])
    return told["status"], told["detail"]


@pytest.mark.parametrize("sent", [b"", HEAD, b"\r\n" * 20], ids=["nothing", "half a head", "blank lines"])
def test_a_head_that_does_not_end_is_not_waited_for(address, sent):
    with line_to(address) as line:
        line.sendall(sent)
        assert rest(line) == b""


def test_nor_one_that_comes_a_header_at_a_time(address):
    with line_to(address) as line, pytest.raises(OSError):
        line.sendall(HEAD)
        for _ in range(100):
            line.sendall(b"X: y\r\n")
            time.sleep(0.05)
        pytest.fail("it is still open")


def test_a_second_head_has_its_own_time(address):
    with line_to(address) as line:
        for _ in range(3):
            line.sendall(HEAD + b"\r\n")
            assert line.recv(65536).startswith(b"HTTP/1.1 200 ")
            time.sleep(0.3)
        line.sendall(HEAD)
        assert rest(line) == b""


def test_a_save_may_take_longer_than_its_head(address, script):
    script.meanwhile = lambda: time.sleep(1)
    with line_to(address) as line:
        line.sendall(SAVE % (len(BODY), BODY))
        assert line.recv(65536).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("sent", [b"GET /" + b"x" * 3_000 + b" HTTP/1.1\r\n\r\n", HEAD + b"X: " + b"y" * 3_000 + b"\r\n\r\n"])
def test_a_long_head_is_refused(address, sent):
    with line_to(address) as line:
        line.sendall(sent)
        assert problem(rest(line)) == (431, "the request's line and headers are longer than 2000 bytes (send less)")


@pytest.mark.parametrize(("start", "more"), [(b"GET /", b"x" * 500), (HEAD + b"X: ", b"y" * 500), (HEAD, b"X: y\r\n" * 90)])
def test_so_is_one_that_has_no_end(address, start, more):
    with line_to(address) as line:
        line.sendall(start)
        for _ in range(5):
            time.sleep(0.03)
            line.sendall(more)
        assert problem(rest(line)) == (431, "the request's line and headers are longer than 2000 bytes (send less)")


def test_a_body_is_no_head(address):
    with line_to(address) as line:
        line.sendall(SAVE % (9_000, BODY.ljust(9_000)))
        assert line.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_beyond_so_many_connections_one_is_told_to_come_back_and_when_they_leave_it_is_served(address):
    with ExitStack() as stack:
        for _ in range(4):
            line = stack.enter_context(line_to(address))
            line.sendall(HEAD + b"\r\n")
            assert line.recv(65536).startswith(b"HTTP/1.1 200 ")
        late = stack.enter_context(line_to(address))
        answer = rest(late)
        assert problem(answer) == (503, "too many connections are open (try again)")
        assert b"Retry-After: 2" in answer

    def served():
        with line_to(address) as line:
            line.sendall(HEAD + b"\r\n")
            return line.recv(65536).startswith(b"HTTP/1.1 200 ")

    until(served)


@pytest.mark.parametrize("sent", [b"\x16\x03\x01\x02\x00\x01\x00", HEAD + b"X : y\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"])
def test_what_is_no_http_is_a_problem_too(address, sent):
    with line_to(address) as line:
        line.sendall(sent)
        assert problem(rest(line)) == (400, "this is no sound HTTP request (send HTTP/1.1)")


def test_what_is_no_http_is_logged_once_a_minute():
    seldom, now = running.Rarely(), 1_000.0

    def told(level, message, at):
        record = logging.LogRecord("uvicorn.error", level, "", 0, message, (), None)
        record.created = now + at
        return seldom.filter(record)

    assert [told(logging.WARNING, "Invalid", at) for at in (0, 1, 59, 61, 62)] == [True, False, False, True, False]
    assert told(logging.WARNING, "another", 1)
    assert [told(logging.ERROR, "it failed", 1) for _ in range(2)] == [True, True]
    assert running.LOGS["loggers"]["uvicorn.error"]["filters"] == ["rarely"]


def test_a_client_that_closes_its_own_half_is_answered(address, script):
    script.meanwhile = lambda: time.sleep(0.3)
    with line_to(address) as line:
        line.sendall(SAVE % (len(BODY), BODY))
        line.shutdown(socket.SHUT_WR)
        answer = rest(line)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"id": "4711"' in answer


@pytest.mark.parametrize("sent", [b"", HEAD, SAVE % (len(BODY), BODY[:-1])], ids=["nothing", "half a head", "half a body"])
def test_one_that_closes_it_too_early_is_not_waited_for(address, sent):
    with line_to(address) as line:
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)
        started = time.monotonic()
        assert rest(line) == b""
        assert time.monotonic() - started < 5

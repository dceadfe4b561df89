"""What is refused at the door: the right 4xx with one clear line, nothing written, not a word of the copy in the log."""

from __future__ import annotations

import io
import json
import logging
import socket
import sys
import threading
import time

import pytest

from newstagger.service import bodies, running

from .callers import article, listening, until

COPY = "Zwölfboxkämpfer"
JSON = {"content-type": "application/json"}
WHOLE = json.dumps(article(text=f"The {COPY} of Norway.")).encode()


@pytest.fixture
def log():
    """Return what the log of a running service holds, by its own settings."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(running.CopylessFormatter("%(message)s"))
    loggers = [logging.getLogger(name) for name in ("newstagger", "uvicorn", "fastapi", "asyncio", "concurrent.futures")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield stream
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


REFUSED = [
    ("no type", {}, WHOLE, 415, "the body has no Content-Type (send it as application/json)"),
    ("a form", {"content-type": "application/x-www-form-urlencoded"}, WHOLE, 415, "the body is 'application/x-www-form-urlencoded'"),
    ("text", {"content-type": "text/plain; x=application/json"}, WHOLE, 415, "the body is 'text/plain'"),
    ("packed", JSON | {"content-encoding": "gzip"}, WHOLE, 415, "the body is packed as 'gzip'"),
    ("nothing", JSON, b"", 400, "broken JSON at column 1"),
    ("cut", JSON, WHOLE[:-1], 400, "broken JSON at column"),
    ("deep lists", JSON, b"[" * 100_000 + b"]" * 100_000, 400, "JSON is nested too deeply"),
    ("deep objects", JSON, b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400, "JSON is nested too deeply"),
    ("deep and never closed", JSON, b"[" * 100_000, 400, "JSON is nested too deeply"),
    ("NaN", JSON, b'{"id": NaN}', 400, "NaN is not JSON"),
    ("endless", JSON, b'{"id": 1e999}', 400, "out of range"),
    ("a key twice", JSON, b'{"id": 1, "id": 2}', 400, "the key 'id' stands twice"),
    ("a number of 10,000 digits", JSON, b'{"id": ' + b"9" * 10_000 + b"}", 400, "broken JSON: a number has too many digits"),
    ("Latin-1", JSON, WHOLE.decode().encode("latin-1", "replace").replace(b"Z", b"\xfc"), 400, "not UTF-8 at byte"),
    ("UTF-16 that ends in the middle", JSON, b"\xff\xfe\x00", 400, "not UTF-8"),
    ("a list", JSON, b"[" + WHOLE + b"," + WHOLE + b"]", 422, "an article must be a JSON object, not a list"),
    ("a text", JSON, b'"x"', 422, "an article must be a JSON object, not a text"),
    ("no id", JSON, b'{"text": "x"}', 422, "the article has no id"),
    ("no text", JSON, b'{"id": 1, "headline": " "}', 422, "the article has no text"),
    ("a strange event", JSON, b'{"id": 1, "text": "x", "event": "burn"}', 422, "unknown event 'burn'"),
    ("a strange revision", JSON, b'{"id": 1, "text": "x", "revision": "new"}', 422, "revision must be a whole number"),
    ("a strange budget", JSON, b'{"id": 1, "text": "x", "budget_ms": 1e9}', 422, "budget_ms must be a number from 0 to 10000"),
    ("a strange hash", JSON, b'{"id": 1, "text": "x", "content_hash": {}}', 422, "content_hash must be a text"),
    ("a strange form", JSON, b'{"id": 1, "text": "x", "form": {"held": [1]}}', 422, "held must be a list of concept ids"),
    ("a site of nothing", JSON, b'{"id": 1, "text": "x", "site": ""}', 422, "the site is empty"),
    ("an id with a line break", JSON, b'{"id": "a\\nb", "text": "x"}', 422, "the id holds characters that cannot be printed"),
    ("a long id", JSON, b'{"id": "' + b"x" * 1001 + b'", "text": "x"}', 422, "the id is longer than 1000 characters"),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "body", "status", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_wrong_is_told_in_one_line_and_nothing_is_written(refusing, log, headers, body, status, said):
    client, kit = refusing
    answer = client.post("/v1/tag", content=body, headers=headers)
    told = answer.json()
    assert (answer.status_code, told["status"], answer.headers["content-type"]) == (status, status, "application/problem+json")
    assert said in told["detail"]
    assert "\n" not in told["detail"]
    assert len(told["detail"]) < 300
    assert COPY not in answer.text
    assert not kit.state_file.exists()
    assert "/v1/tag" in log.getvalue()
    assert COPY not in log.getvalue()
    assert client.get("/healthz").status_code == 200


def test_fifty_megabytes_are_refused_unread(client, kit):
    body = WHOLE + b" " * (50 << 20)
    answer = client.post("/v1/tag", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["detail"]) == (413, "the body is longer than 8388608 bytes (an article is shorter than that)")
    assert not kit.state_file.exists()


def test_a_strangers_body_is_not_waited_for(sites, script):
    with listening(sites, script) as address, socket.create_connection(address) as line:
        line.sendall(b"POST /v1/tag HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 8000000\r\n\r\n{")
        line.settimeout(10)
        assert line.recv(65536).startswith(b"HTTP/1.1 401 ")


def test_a_body_of_unknown_length_is_read_no_further_than_the_limit(client, kit):
    def pieces():
        for _ in range(64):
            yield b" " * (1 << 20)

    assert client.post("/v1/tag", content=pieces(), headers=JSON).status_code == 413
    assert not kit.state_file.exists()


def test_a_body_that_does_not_come_is_not_waited_for(kit, script, monkeypatch):
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.2)
    with listening(kit, script) as address, socket.create_connection(address) as line:
        head = f"POST /v1/tag HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(WHOLE)}\r\n\r\n"
        line.sendall(head.encode() + WHOLE[:10])
        line.settimeout(10)
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in answer.lower()


def test_a_body_just_within_the_limit_is_read(opened, kit):
    client = opened(kit, max_body=2_000)
    assert client.post("/v1/tag", content=WHOLE.ljust(2_000), headers=JSON).status_code == 200
    assert client.post("/v1/tag", content=WHOLE.ljust(2_001), headers=JSON).status_code == 413


def test_a_body_that_is_not_packed_may_say_so_in_any_case(client):
    assert client.post("/v1/tag", content=WHOLE, headers=JSON | {"content-encoding": "Identity"}).status_code == 200


def test_an_unknown_address_and_a_wrong_method_are_told_as_problems(client):
    answer = client.get(f"/v1/{COPY}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert COPY not in answer.text
    wrong = client.get("/v1/tag")
    assert (wrong.status_code, wrong.json()["title"], wrong.headers["allow"]) == (405, "Method Not Allowed", "POST")


def test_a_slash_too_many_is_no_redirection_to_whatever_host_the_client_names(client):
    answer = client.get("/v1/jobs/", headers={"host": "localhost"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert "location" not in answer.headers


@pytest.mark.parametrize("path", ["/healthz", "/v1/schemas/tagging", "/nothing", "/metrics", "/openapi.json"])
def test_every_answer_is_what_it_says_and_kept_by_nobody(refusing, path):
    told = refusing[0].get(path).headers
    assert (told["x-content-type-options"], told["cache-control"]) == ("nosniff", "no-store")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_who_watches_may_ask_for_the_head_alone(client, path):
    answer = client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert client.get("/healthz").json() == {"status": "ok"}


def test_an_unknown_format_of_a_webhook_is_told(client):
    answer = client.post("/v1/hooks/telegraph", json=article())
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("no format 'telegraph' can be read (known: ")
    assert f"no format '{'x' * 40}' can be read" in client.post(f"/v1/hooks/{'x' * 3_000}", json=article()).json()["detail"]


def test_too_many_requests_are_told_to_come_back_and_health_still_answers(opened, kit, script):
    client = opened(kit, max_waiting=1, work_ms=9_000)
    go = threading.Event()
    script.meanwhile = lambda: go.wait(5)
    first = threading.Thread(target=client.post, args=("/v1/tag",), kwargs={"json": article()})
    first.start()
    until(lambda: script.asked)
    answer = client.post("/v1/tag", json=article(id="2"))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert client.get("/healthz").status_code == 200
    go.set()
    first.join()
    assert client.post("/v1/tag", json=article(id="2")).status_code == 200


def test_a_query_is_never_logged(client, log):
    client.get(f"/v1/concepts?q={COPY}&limit=x")
    client.get(f"/v1/why?id={COPY}")
    assert "/v1/why" in log.getvalue()
    assert COPY not in log.getvalue()
    assert "Zw%C3%B6lfboxk" not in log.getvalue()


def test_a_fault_of_ours_tells_its_kind_and_its_place_but_not_what_it_says(opened, kit, log, monkeypatch):
    from newstagger.service.routes import saves

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(COPY)

    client = opened(kit)
    monkeypatch.setattr(saves, "save_request", broken)
    answer = client.post("/v1/tag", content=WHOLE, headers=JSON)
    assert (answer.status_code, answer.json()["detail"]) == (500, "the service failed (RuntimeError) (see its log)")
    assert answer.headers["cache-control"] == "no-store"
    until(lambda: "RuntimeError" in log.getvalue())
    assert "in broken" in log.getvalue()
    assert COPY not in log.getvalue()


def test_what_another_handler_made_of_an_exception_is_not_logged():
    try:
        raise RuntimeError(COPY)
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "it failed", (), sys.exc_info())
    assert COPY in logging.Formatter().format(record)
    assert COPY not in running.CopylessFormatter().format(record)


def test_large_bodies_hold_nobody_up(opened, kit):
    client = opened(kit)
    large = json.dumps(article(id="large", text="The harvest of Norway. " * 200_000)).encode()
    slow = threading.Thread(target=client.post, args=("/v1/tag",), kwargs={"content": large, "headers": JSON})
    slow.start()
    while slow.is_alive():
        started = time.monotonic()
        assert client.get("/healthz").status_code == 200
        assert time.monotonic() - started < 5
    slow.join()

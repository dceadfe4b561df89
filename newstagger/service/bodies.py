"""The body of a request, read within its limits: so many bytes, in so many seconds, in JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request

from newstagger.contracts import Json
from newstagger.errors import InputError
from newstagger.jsontext import loads
from newstagger.service.problems import RefusedError

BODY_SECONDS = 10.0
"""A body that is not there by then is not waited for."""
INLINE = 64 << 10
"""Larger bodies are parsed in a thread, so that nobody else waits for them; handing over a smaller one costs more than it saves."""


def expect_json(request: Request) -> None:
    """Raise RefusedError (415) for a body that is not said to be JSON, which a web page of somebody else's could send unasked."""
    told = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if told != "application/json" and not (told.startswith("application/") and told.endswith("+json")):
        what = f"the body is {told[:60]!r}" if told else "the body has no Content-Type"
        raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, what, next_step="send it as application/json")
    if (coding := request.headers.get("content-encoding", "identity").strip()).lower() != "identity":
        raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"the body is packed as {coding[:40]!r}", next_step="send it unpacked")


async def read_body(request: Request, most: int, take: Callable[[int], None] = lambda _: None) -> bytes:
    """Return a body of at most ``most`` bytes; one that says it is longer is not read. Raises RefusedError: 400, 408 or 413.

    ``take`` is told the size of each piece before it is kept, and may raise.
    """
    if (told := request.headers.get("content-length", "")).isdigit() and int(told) > most:
        raise _too_long(most)
    chunks, size = [], 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                size += len(chunk)
                if size > most:
                    raise _too_long(most)
                take(len(chunk))
                chunks.append(chunk)
    except TimeoutError:
        what = f"the body was not there after {BODY_SECONDS:g} seconds"
        raise RefusedError(HTTPStatus.REQUEST_TIMEOUT, what, next_step="send it again", headers={"Connection": "close"}) from None
    except ClientDisconnect:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "the client left before its body was there", next_step="send it again") from None
    return b"".join(chunks)


def _too_long(most: int) -> RefusedError:
    return RefusedError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body is longer than {most} bytes", next_step="an article is shorter than that",
        headers={"Connection": "close"},
    )  # fmt: skip


async def parsed(body: bytes) -> Json:
    """Return the value of a body; raise RefusedError (400) for what is no sound JSON in UTF-8."""
    try:
        return loads(body, "") if len(body) <= INLINE else await asyncio.to_thread(loads, body, "")
    except InputError as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, error.what, next_step="send sound JSON in UTF-8") from None

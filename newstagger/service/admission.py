"""The door that every request comes through: size and type, whose it is, sound JSON, not seen before; until then nothing is stored."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from starlette.requests import Request

from newstagger.contracts import Json
from newstagger.service.access import Site
from newstagger.service.bodies import INLINE, expect_json, parsed, read_body
from newstagger.service.parts import Service, service_of
from newstagger.service.problems import RefusedError
from newstagger.service.signatures import DELIVERIES, WINDOW_SECONDS

T = TypeVar("T")


async def admitted(request: Request) -> tuple[Service, Site]:
    """Return the service and who calls, for a request without a body; raise RefusedError (401, 403)."""
    service = service_of(request)
    return service, service.access.who(request.headers)


async def admitted_json(request: Request) -> tuple[Service, Site, Json]:
    """Return the service, who calls and the JSON of the body; raise RefusedError (400, 401, 403, 408, 409, 413, 415)."""
    expect_json(request)
    service, site, body = await admitted_body(request)
    value = await parsed(body)
    await expect_new(request, service, site)
    return service, site, value


async def admitted_body(request: Request) -> tuple[Service, Site, bytes]:
    """Return the service, who calls and the body as it came, of whatever kind; whether it was seen before is not looked at."""
    service, headers = service_of(request), request.headers
    if _is_delivery(request) and service.access.is_signed(headers):
        service.access.expect_fresh(headers)  # before a stranger's body is read
        with service.strangers.reading() as take:
            body = await read_body(request, service.settings.max_body, take)
            return service, service.access.signer(headers, body), body
    site = service.access.who(headers)
    return service, site, await read_body(request, service.settings.max_body)


def _is_delivery(request: Request) -> bool:
    return request.method == "POST" and getattr(request.scope.get("route"), "path", "") in DELIVERIES


async def apart(request: Request, work: Callable[[], T]) -> T:
    """Return what some work on a request's body gives; for a long body it is done in a thread, so that nobody else waits for it."""
    size = request.headers.get("content-length", "")
    return work() if size.isdigit() and int(size) <= INLINE else await asyncio.to_thread(work)


async def expect_new(request: Request, service: Service, site: Site) -> None:
    """Raise RefusedError (409) for a signed delivery that came before; one sent again is signed anew."""
    if not site.receipt:
        return
    key, until = f"delivery\n{site.name}\n{site.receipt}", time.time() + 2 * WINDOW_SECONDS
    if await service.desk.ask(lambda: service.newsrooms.keys.seen(key, "", until)):
        raise RefusedError(HTTPStatus.CONFLICT, "this very delivery came before", next_step="sign each attempt anew")

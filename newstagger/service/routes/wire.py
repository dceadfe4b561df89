"""The wire over HTTP: items come in, an article is checked against them, the feeds tell how fresh they are."""

from __future__ import annotations

import time
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from newstagger.cli.wire_items import Origin, add_items, items_in_body
from newstagger.cli.wire_show import index_state
from newstagger.contracts import Json
from newstagger.domain import Article
from newstagger.errors import InputError
from newstagger.formats.tagging_json import reuse_to_json
from newstagger.service.access import Site
from newstagger.service.admission import admitted, admitted_body, admitted_json, apart, expect_new
from newstagger.service.parts import Service
from newstagger.service.problems import RefusedError, answer, problem_of, refusal_of
from newstagger.service.reading import article_in
from newstagger.wire.index import WireIndex

router = APIRouter(tags=["wire"])
SUFFIXES = {"application/x-ndjson": ".jsonl", "application/jsonl": ".jsonl", "application/xml": ".xml", "application/json": ".json"}
LONGEST, TOLD = 200, 20


@router.post("/v1/wire")
async def add(request: Request) -> Response:
    """Put wire items into the index: JSON (one item or a list), lines of JSON, or XML such as NewsML-G2."""
    suffix = _suffix(request)
    service, site, body = await admitted_body(request)
    await expect_new(request, service, site)
    origin = Origin(_asked(request, "agency"), _asked(request, "feed"))
    return answer(await service.desk.labour(lambda: _add(service, site, body, suffix, origin)))


def _add(service: Service, site: Site, body: bytes, suffix: str, origin: Origin) -> dict[str, Json]:
    host, settings = service.newsrooms.host(site.name), service.newsrooms.settings
    found = items_in_body(body, suffix, host, origin, site.name or settings.site)
    added, stories, failures = add_items(found, host, settings.state_file, origin)
    return {
        "added": added, "failed": len(failures), "stories": stories,
        "problems": [problem_of(refusal_of(error)) for error in failures[:TOLD]],
    }  # fmt: skip


@router.post("/v1/wire/check")
async def check(request: Request) -> Response:
    """Say how much of an article stands in wire copy, where, and whether it is credited; nothing is remembered."""
    service, site, value = await admitted_json(request)
    article = await apart(request, lambda: article_in(value, service, site))
    return answer(await service.desk.labour(lambda: _checked(service, article)))


def _checked(service: Service, article: Article) -> dict[str, Json]:
    text = service.newsrooms.host(article.ref.site).extract(article)
    return reuse_to_json(service.newsrooms.reuse.check(article, text))


@router.get("/v1/wire")
async def status(request: Request) -> Response:
    """Return the feeds of the index and when each was last read."""
    service, _ = await admitted(request)
    settings = service.newsrooms.settings
    return answer(await service.desk.ask(lambda: index_state(WireIndex.open_read_only(settings.state_file), settings, time.time())))


def _suffix(request: Request) -> str:
    told = request.headers.get("content-type", "").split(";")[0].strip().lower()
    form = SUFFIXES.get(told) or {"json": ".json", "xml": ".xml"}.get(told.rpartition("+")[2] if told.startswith("application/") else "")
    if form is None:
        step = f"send it as one of {', '.join(SUFFIXES)}"
        raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"the body is {told[:60]!r}", next_step=step)
    return form


def _asked(request: Request, name: str) -> str:
    told = request.query_params.get(name, "").strip()
    if len(told) > LONGEST or not told.isprintable():
        raise InputError(f"{name} must be a printable text of at most {LONGEST} characters", next_step="correct the query")
    return told

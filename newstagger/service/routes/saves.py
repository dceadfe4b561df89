"""Saves: one article, many articles, why an article has its tags, and forgetting one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from newstagger.contracts import Json
from newstagger.domain import Tagging
from newstagger.errors import InputError, NewstaggerError, StateError
from newstagger.formats.tagging_json import decision_to_json
from newstagger.service.access import Site
from newstagger.service.admission import admitted, admitted_json, apart
from newstagger.service.desk import RETRY_MS, Accepted
from newstagger.service.outward import tagging_out
from newstagger.service.parts import Service
from newstagger.service.problems import RefusedError, answer, encoded, problem_of, refusal_of
from newstagger.service.reading import SaveRequest, asked_budget, asked_ref, expect_object, flag, save_request

router = APIRouter(tags=["saves"])
LATER = {"Retry-After": str(max(1, RETRY_MS // 1000))}
"""Header of an answer that the tags come later."""


@router.post("/v1/tag")
async def tag(request: Request) -> Response:
    """Tag one article that a CMS saves: 200 with the tagging, or 202 when the budget is over first."""
    started = time.monotonic()
    service, site, value = await admitted_json(request)
    asked = await apart(request, lambda: save_request(value, service, site))
    status, body = await _saved(service, asked, started, evidence=flag(request, "evidence", default=True))
    service.metrics.saved(time.monotonic() - started)
    return Response(body, status, LATER if status == HTTPStatus.ACCEPTED else None, "application/json")


async def _saved(service: Service, asked: SaveRequest, started: float, *, evidence: bool) -> tuple[HTTPStatus, bytes]:
    """Return status and body of the answer to one save, which began at ``started`` (seconds of the monotonic clock)."""

    def render(tagging: Tagging) -> bytes:
        return encoded(saved_json(tagging, asked, evidence=evidence))

    left = asked.budget_ms and max(0.001, asked.budget_ms - (time.monotonic() - started) * 1000)
    done = await service.desk.save(asked.article, left, asked.content_hash, render)
    if isinstance(done, Accepted):
        return HTTPStatus.ACCEPTED, encoded(done.to_json())
    return HTTPStatus.OK, done


def saved_json(tagging: Tagging, asked: SaveRequest, *, evidence: bool) -> dict[str, Json]:
    """Return the answer to a save: the tagging, and what the CMS told to know it again."""
    value = tagging_out(tagging)
    if not evidence:
        for one in value["tags"]:
            one["evidence"] = []
    return value | {"revision": asked.article.revision, "content_hash": asked.content_hash}


@router.post("/v1/batch")
async def batch(request: Request) -> Response:
    """Tag many articles, each a save of its own: a tagging, an accepted or a problem for each, in their order."""
    started = time.monotonic()
    service, site, value = await admitted_json(request)
    evidence = flag(request, "evidence", default=True)
    articles, budget = _articles(value, service), asked_budget(value, service.settings.wait_ms)
    asked = await apart(request, lambda: [_asked(item, service, site, budget) for item in articles])
    results = await asyncio.gather(*(_one(service, one, started, evidence=evidence) for one in asked))
    return Response(b'{"results": [' + b", ".join(results) + b"]}", media_type="application/json")


def _articles(value: Json, service: Service) -> Sequence[Json]:
    items, most = expect_object(value, "the body").get("articles"), service.settings.max_batch
    if not isinstance(items, list) or not 0 < len(items) <= most:
        raise InputError(f"articles must be a list of 1 to {most}", next_step="split the batch")
    return items


def _asked(item: Json, service: Service, site: Site, budget: float) -> SaveRequest | NewstaggerError:
    try:
        return save_request(item, service, site, budget)
    except NewstaggerError as error:
        return error


async def _one(service: Service, asked: SaveRequest | NewstaggerError, started: float, *, evidence: bool) -> bytes:
    try:
        if isinstance(asked, NewstaggerError):
            raise asked
        return (await _saved(service, asked, started, evidence=evidence))[1]
    except NewstaggerError as error:
        if isinstance(error, StateError):
            service.newsrooms.storing.note(error)
        return encoded(problem_of(refusal_of(error)))


@router.get("/v1/why")
async def why(request: Request) -> Response:
    """Return the last answer about an article with its evidence, less what editors took off since, and what they decided."""
    service, site = await admitted(request)
    ref = asked_ref(request, service, site)
    host = service.newsrooms.host(ref.site)
    tagging, decisions = await service.desk.ask(lambda: (host.explain(ref), host.feedback(ref)))
    if tagging is None:
        raise RefusedError(HTTPStatus.NOT_FOUND, "this article was never saved here", next_step="check site and id")
    return answer({"tagging": tagging_out(tagging), "decisions": [decision_to_json(one) for one in decisions]})


@router.delete("/v1/articles")
async def forget(request: Request) -> Response:
    """Erase what is remembered of an article: decisions, answers, texts and jobs."""
    service, site = await admitted(request)
    ref = asked_ref(request, service, site)
    erased = await service.desk.labour(lambda: service.newsrooms.forget(ref))
    return answer({"site": ref.site, "id": ref.id, **asdict(erased)})

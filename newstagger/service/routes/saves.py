"""Saves: one article, many articles, why an article has its tags, and forgetting one."""

from __future__ import annotations

import time
from dataclasses import asdict
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from newstagger.contracts import Json
from newstagger.domain import Tagging
from newstagger.formats.tagging_json import decision_to_json, tagging_to_json
from newstagger.service.bodies import read_json
from newstagger.service.desk import Accepted
from newstagger.service.parts import service_of
from newstagger.service.problems import RefusedError, answer, encoded
from newstagger.service.reading import SaveRequest, asked_ref, flag, save_request

router = APIRouter(tags=["saves"])


@router.post("/v1/tag")
async def tag(request: Request) -> Response:
    """Tag one article that a CMS saves: 200 with the tagging, or 202 when the budget is over first."""
    started = time.monotonic()
    service = service_of(request)
    body, value = await read_json(request, service.settings.max_body)
    asked = save_request(value, service, service.access.who(request.headers, body))
    evidence = flag(request, "evidence", default=True)
    left = asked.budget_ms - (time.monotonic() - started) * 1000
    done = await service.desk.save_and(
        asked.article, max(0.0, left), asked.content_hash, lambda tagging: encoded(saved_json(tagging, asked, evidence=evidence))
    )
    if isinstance(done, Accepted):
        return accepted(done)
    return Response(done, media_type="application/json")


def saved_json(tagging: Tagging, asked: SaveRequest, *, evidence: bool) -> dict[str, Json]:
    """Return the answer to a save: the tagging, and what the CMS told to know it again."""
    value = tagging_to_json(tagging)
    if not evidence:
        for one in value["tags"]:
            one["evidence"] = []
    return value | {"revision": asked.article.revision, "content_hash": asked.content_hash}


def accepted(done: Accepted) -> Response:
    """Return the answer to a save whose tags come later."""
    value = done.to_json()
    return answer(value, HTTPStatus.ACCEPTED, {"Retry-After": str(max(1, value["retry_after_ms"] // 1000))})


@router.get("/v1/why")
async def why(request: Request) -> Response:
    """Return the last answer about an article with its evidence, less what editors took off since, and what they decided."""
    service = service_of(request)
    ref = asked_ref(request, service, service.access.who(request.headers, b""))
    host = service.newsrooms.host(ref.site)
    tagging, decisions = await service.desk.ask(lambda: (host.explain(ref), host.feedback(ref)))
    if tagging is None:
        raise RefusedError(HTTPStatus.NOT_FOUND, "this article was never saved here", next_step="check site and id")
    return answer({"tagging": tagging_to_json(tagging), "decisions": [decision_to_json(one) for one in decisions]})


@router.delete("/v1/articles")
async def forget(request: Request) -> Response:
    """Erase what is remembered of an article."""
    service = service_of(request)
    ref = asked_ref(request, service, service.access.who(request.headers, b""))
    erased = await service.desk.ask(lambda: service.newsrooms.host(ref.site).forget(ref))
    return answer({"site": ref.site, "id": ref.id, **asdict(erased)})

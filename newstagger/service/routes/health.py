"""Whether the service lives, whether it can serve, its figures, and what it understands."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from newstagger.service.admission import admitted
from newstagger.service.metrics import MEDIA_TYPE
from newstagger.service.openapi import schema_named
from newstagger.service.parts import Service, service_of
from newstagger.service.problems import RefusedError, answer

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz(_: Request) -> Response:
    """Tell that the process lives."""
    return answer({"status": "ok"})


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """Tell whether saves can be tagged and remembered; 503 with the reasons when not."""
    service = service_of(request)
    reasons = await service.desk.ask(lambda: _reasons(service))
    if reasons:
        return answer({"status": "not ready", "reasons": reasons}, HTTPStatus.SERVICE_UNAVAILABLE)
    return answer({"status": "ready", "reasons": []})


def _reasons(service: Service) -> list[str]:
    """Return why saves are not tagged or not remembered, without a path or a name."""
    told = [] if all(host.bundle is not None for host in service.newsrooms.hosts) else ["no model is loaded"]
    if service.stop.is_set():
        told.append("the service is stopping")
    if lacking := service.newsrooms.storing.lacking():
        told.append(f"the newsroom's file cannot be written: {lacking}")
    return told


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Return the service's figures for Prometheus."""
    service, _ = await admitted(request)
    return Response(await service.desk.ask(service.metrics.text), media_type=MEDIA_TYPE)


@router.get("/v1/schemas/{name}")
async def schema(_: Request, name: str) -> Response:
    """Return the JSON schema of that name, such as tagging, article or problem."""
    if (found := schema_named(name)) is None:
        raise RefusedError(HTTPStatus.NOT_FOUND, "no schema of that name", next_step="see the components of /openapi.json")
    return Response(found, media_type="application/schema+json")

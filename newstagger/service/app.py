"""The ASGI application: routes, limits and errors put together over one ``Service``.

``create_app`` is for tests and for servers in one process; ``newstagger serve`` runs the same with uvicorn (``running``).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from http import HTTPStatus
from importlib import import_module
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newstagger.errors import NewstaggerError, StateError
from newstagger.service.access import Access
from newstagger.service.desk import Desk
from newstagger.service.gate import Gate
from newstagger.service.metrics import Metrics
from newstagger.service.newsrooms import Newsrooms
from newstagger.service.openapi import document
from newstagger.service.parts import Service, service_of
from newstagger.service.problems import RefusedError, refusal_of, refused
from newstagger.service.routes import decisions, health, hooks, jobs, saves, vocabulary, wire
from newstagger.service.runner import Runner
from newstagger.settings import Settings

ROUTERS = tuple(module.router for module in (saves, decisions, wire, hooks, vocabulary, jobs, health))
RUNNER_SECONDS = 10.0
"""How long a stop waits for jobs that run; one that takes longer is done again by the next process."""
NEXT_STEPS = {404: "see /openapi.json for what there is", 405: "see /openapi.json for the methods of this address"}


def create_app(settings: Settings, *, plugins: Iterable[tuple[str, object]] = (), discover: bool = True) -> FastAPI:
    """Return the application of a newsroom's settings; ``plugins`` are (name, object) pairs beside the installed ones.

    Raises ConfigError for keys that cannot be used. Several apps may live in one process, one after the other.
    """
    access = Access(settings.service)
    newsrooms = Newsrooms(settings, plugins, discover=discover)
    service = Service(settings.service, newsrooms, access, Desk(newsrooms), Metrics(newsrooms.jobs))
    app = bare_app(settings)
    app.state.service = service
    app.add_middleware(Gate, most=settings.service.max_waiting, count=service.metrics.answered)
    app.add_exception_handler(NewstaggerError, _said_no)
    app.add_exception_handler(HTTPException, _no_such_route)
    app.add_exception_handler(Exception, _broke)
    return app


def bare_app(settings: Settings) -> FastAPI:
    """Return the routes alone with their OpenAPI document: nothing stands behind them yet."""
    app = FastAPI(docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=_lifespan)  # a redirection would trust Host
    for router in (*ROUTERS, *_faces(settings)):
        app.include_router(router)
    told: dict[str, Any] = {}
    app.openapi = lambda: told or (told.update(document(app.routes, settings.service.max_batch)) or told)  # type: ignore[method-assign]
    return app


def _faces(settings: Settings) -> list[APIRouter]:
    """Return the routers of the faces that a site has on: ``router`` of ``newstagger.service.faces.NAME``."""
    wanted = sorted({face for site in settings.service.sites.values() for face in site.faces})
    return [import_module(f"newstagger.service.faces.{face}").router for face in wanted]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    await service.desk.ask(service.newsrooms.warm)
    await service.desk.ask(service.newsrooms.storing.lacking)  # told in the log before the first save is lost
    runner = Runner(service.newsrooms, service.stop, busy=lambda: service.desk.busy)
    runner.start()
    yield
    service.stop.set()
    service.desk.close()
    await asyncio.to_thread(runner.join, RUNNER_SECONDS)


async def _said_no(request: Request, error: Exception) -> Response:
    assert isinstance(error, NewstaggerError)
    if isinstance(error, StateError):
        service_of(request).newsrooms.storing.note(error)
    return refused(refusal_of(error))


async def _no_such_route(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    return refused(RefusedError(error.status_code, phrase, next_step=NEXT_STEPS.get(error.status_code, ""), headers=error.headers))


async def _broke(_: Request, error: Exception) -> Response:
    """Tell the kind of a fault of ours; its message may hold copy."""
    return refused(RefusedError(HTTPStatus.INTERNAL_SERVER_ERROR, f"the service failed ({type(error).__name__})", next_step="see its log"))

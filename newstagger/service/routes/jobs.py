"""Jobs: what waits to be tagged or delivered, dead letters, and another try for one of these."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from newstagger.contracts import Json
from newstagger.errors import InputError
from newstagger.newsroom.jobrows import Job
from newstagger.service.access import Site
from newstagger.service.admission import admitted
from newstagger.service.outward import without_folders
from newstagger.service.parts import Service
from newstagger.service.problems import RefusedError, answer
from newstagger.wire.source import stamp_of

router = APIRouter(tags=["jobs"])
STATES = ("waiting", "dead")
SHOWN, LOOKED_AT = 100, 1 << 62


@router.get("/v1/jobs")
async def jobs(request: Request) -> Response:
    """Return up to 100 jobs of the site that wait (the next first), or that are dead (the oldest first)."""
    service, site = await admitted(request)
    state = request.query_params.get("state", STATES[0])
    if state not in STATES:
        raise InputError(f"unknown state {state[:40]!r}", next_step=f"one of: {', '.join(STATES)}")
    found = await service.desk.ask(lambda: _of(service, site, state))
    return answer({"jobs": [job_json(job) for job in found[:SHOWN]], "count": len(found)})


@router.post("/v1/jobs/{job}/replay")
async def replay(request: Request, job: str) -> Response:
    """Let a dead letter wait again."""
    service, site = await admitted(request)
    number = await _known(service, site, job, "dead")
    done = await service.desk.ask(lambda: service.newsrooms.jobs.replay(number))
    return answer({"replayed": done})


@router.delete("/v1/jobs/{job}")
async def drop(request: Request, job: str) -> Response:
    """Erase a job, dead or waiting; its work is not done."""
    service, site = await admitted(request)
    number = await _known(service, site, job, *STATES)
    done = await service.desk.ask(lambda: service.newsrooms.jobs.drop(number))
    return answer({"dropped": done})


async def _known(service: Service, site: Site, told: str, *states: str) -> int:
    """Return a job's number; raise RefusedError (404) for one that is not there, or another site's."""
    found = await service.desk.ask(lambda: {str(job.id) for state in states for job in _of(service, site, state)})
    if told not in found:
        raise RefusedError(HTTPStatus.NOT_FOUND, f"no such job that is {' or '.join(states)}", next_step="see /v1/jobs")
    return int(told)


def _of(service: Service, site: Site, state: str) -> list[Job]:
    own = service.newsrooms.jobs
    listed = own.dead(LOOKED_AT) if state == "dead" else own.waiting(LOOKED_AT)
    return [job for job in listed if site.name in ("", job.ref.site)]


def job_json(job: Job) -> dict[str, Json]:
    """Return a job as JSON; ``due`` is when it may be tried (again)."""
    return {
        "job": job.id, "kind": job.kind, "site": job.ref.site, "id": job.ref.id, "revision": job.revision, "tries": job.tries,
        "due": stamp_of(job.due), "error": without_folders(job.error), "state": "dead" if job.dead else "held" if job.held else "waiting",
    }  # fmt: skip

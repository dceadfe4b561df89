"""Whether the service lives, and whether it can serve."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from newstagger.service.problems import answer

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz(_: Request) -> Response:
    """Tell that the process lives."""
    return answer({"status": "ok"})

"""Answers that say no: RFC 9457 problems, one clear line each; and answers in JSON at all.

A handler raises ``RefusedError``; ``app`` turns it, and the errors of the floors below, into the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import Response

from newstagger.contracts import Json
from newstagger.errors import NewstaggerError, StateError
from newstagger.jsontext import line_of
from newstagger.service.outward import without_folders

PROBLEM = "application/problem+json"
SAFE = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
"""Headers of every answer: its type is what it says, and nobody between keeps it."""
RETRY_SECONDS = 2
"""What is told to come back when too many wait, or nothing can be stored."""


class RefusedError(NewstaggerError):
    """A request that is answered with a problem: ``status`` is the HTTP status, ``headers`` go with it."""

    def __init__(self, status: int, what: str, *, next_step: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(what, next_step=next_step)
        self.status, self.headers = status, dict(headers or {})


def busy(what: str, *, next_step: str = "try again") -> RefusedError:
    """Return the error for a request that may succeed in a moment."""
    return RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, what, next_step=next_step, headers={"Retry-After": str(RETRY_SECONDS)})


def refusal_of(error: NewstaggerError) -> RefusedError:
    """Return what a client is told of an error: what cannot be stored may be tried again, all else is to be corrected."""
    if isinstance(error, RefusedError):
        return error
    if isinstance(error, StateError):
        return busy(f"not saved: {without_folders(error.what)}", next_step="try again; if it stays, look at the service's disk")
    return RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, _told(error), next_step=error.next_step)


def _told(error: NewstaggerError) -> str:
    return without_folders(f"{error.where}: {error.what}" if error.where else error.what)


def problem_of(error: RefusedError) -> dict[str, Json]:
    """Return the problem details of a refusal."""
    status = int(error.status)
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": str(error)}


def refused(error: RefusedError) -> Response:
    """Return the answer that says no."""
    return Response(encoded(problem_of(error)), error.status, {**SAFE, **error.headers}, PROBLEM)


def answer(value: Json, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer in JSON."""
    return Response(encoded(value), status, headers, "application/json")


def encoded(value: Json) -> bytes:
    """Return a value as JSON in UTF-8."""
    return line_of(value).encode()

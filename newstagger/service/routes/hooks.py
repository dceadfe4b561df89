"""Webhooks of CMSs, in their own formats: stored first, answered at once, tagged as soon as there is time."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from newstagger.cli.articles import OWN_JSON, json_formats, read_value
from newstagger.contracts import Json
from newstagger.errors import ConfigError, InputError
from newstagger.formats.reading import Readings
from newstagger.service.access import Site
from newstagger.service.admission import admitted_json, apart
from newstagger.service.parts import Service
from newstagger.service.payloads import Later
from newstagger.service.problems import RefusedError, answer, problem_of, refusal_of
from newstagger.service.reading import asked_hash, expect_own

router = APIRouter(tags=["webhooks"])
MOST = 100
"""Articles of one delivery."""


@router.post("/v1/hooks/{form}")
async def hook(request: Request, form: str) -> Response:
    """Take in what a CMS tells by a webhook, in the format ``form``, such as ghost, ans, superdesk, wordpress or article-json."""
    service, site, value = await admitted_json(request)
    content_hash = asked_hash(value) if form == OWN_JSON else ""
    results: list[Json] = []
    for reading in await apart(request, lambda: _readings(value, form, service, site)):
        if isinstance(reading, InputError):
            results.append(problem_of(refusal_of(reading)))
        else:
            results.append((await service.desk.accept(Later(reading.article, content_hash))).to_json())
    return answer({"results": results}, HTTPStatus.ACCEPTED)


def _readings(value: Json, form: str, service: Service, site: Site) -> Readings:
    """Return the articles of a delivery; refuse all of it where one is another site's, so that no part of it was taken in."""
    readings = _read(value, form, service, site)
    if len(readings) > MOST:
        raise InputError(f"holds over {MOST} articles", next_step="send fewer at a time")
    if isinstance(readings[0], InputError) and len(readings) == 1:
        raise readings[0]
    for reading in readings:
        if not isinstance(reading, InputError):
            expect_own(reading.article, site)
    return readings


def _read(value: Json, form: str, service: Service, site: Site) -> Readings:
    home = site.name or service.newsrooms.settings.site
    try:
        formats = json_formats(service.newsrooms.host(home).readers(), form)
    except ConfigError as error:
        raise RefusedError(HTTPStatus.NOT_FOUND, error.what, next_step=error.next_step) from None
    if form == OWN_JSON:
        return read_value(value, (), "the article", home, None)
    return formats[0].read_value(value, where="the article", site=home, default_id=None)

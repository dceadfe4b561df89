"""What the faces share: whose request it is, concepts by what a client calls them, and the way into the review queue."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from starlette.requests import Request

from newstagger.contracts import Json
from newstagger.domain import Article
from newstagger.host import Host
from newstagger.newsroom.reviewqueue import LONGEST_LABEL, Face, Item
from newstagger.service.access import Site
from newstagger.service.admission import admitted_body, expect_new
from newstagger.service.bodies import parsed
from newstagger.service.parts import Service
from newstagger.service.problems import RefusedError
from newstagger.settings import KeepText


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a site's client: who is there, with which host, and the user name that it gave (empty: none)."""

    service: Service
    site: Site
    host: Host
    body: bytes = field(repr=False)
    by: str = ""

    @property
    def keeps_text(self) -> bool:
        """Whether the newsroom's privacy settings let copy be kept."""
        return self.service.newsrooms.settings.privacy.keep_text is not KeepText.NONE

    async def json(self) -> Json:
        """Return the value in the body; raise RefusedError (400) for broken JSON."""
        return await parsed(self.body)


async def received(request: Request, face: Face) -> Visit:
    """Return a request as a visit; raise RefusedError: who is it (401), does the site have this face (404), what the body is not."""
    service, site, body = await admitted_body(request)
    await expect_new(request, service, site)
    if face not in site.settings.faces:
        raise RefusedError(HTTPStatus.NOT_FOUND, f"this site has the face {str(face)!r} off", next_step="add it to the site's faces")
    return Visit(service, site, service.newsrooms.host(site.name), body, _user(request.headers.get("authorization", "")))


def _user(header: str) -> str:
    """Return the user name of Basic credentials, cut; empty where there is none that can be shown."""
    scheme, _, told = header.strip().partition(" ")
    try:
        name = base64.b64decode(told.strip(), validate=True).partition(b":")[0].decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, ValueError):
        return ""
    return name[:LONGEST_LABEL] if name.isprintable() else ""


def bad_request(what: str, next_step: str = "correct the request") -> RefusedError:
    """Return the error for a request that cannot be read."""
    return RefusedError(HTTPStatus.BAD_REQUEST, what, next_step=next_step)


def known_of(host: Host, named: Iterable[str], concept_of: Callable[[str], str | None]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the concept ids that a client's names mean today, and the names that no vocabulary knows, each once, in order."""
    known: dict[str, None] = {}
    unknown: dict[str, None] = {}
    for name in named:
        told = concept_of(name)
        concept = None if told is None else host.find(told)
        if concept is None:
            unknown[name] = None
        else:
            known[concept.id] = None
    return tuple(known), tuple(unknown)


def now() -> str:
    """Return the moment of now, ISO 8601."""
    return datetime.now(UTC).isoformat()


def text_hash(host: Host, article: Article | None) -> str:
    """Return the hash of an article's text, empty where there is none."""
    return "" if article is None else host.extract(article).text_hash


def put_up(visit: Visit, items: Sequence[Item]) -> int:
    """Put rows into the review queue, all or none; return how many were new.

    Rows whose text is older than the privacy settings allow go at the same time.
    Raises InputError for a row that is too long, StateError when it could not be stored.
    """
    newsrooms = visit.service.newsrooms
    newsrooms.review.expect_storable(items)
    hashed = [(item, text_hash(visit.host, item.article)) for item in items]
    oldest = datetime.now(UTC) - timedelta(days=newsrooms.settings.privacy.keep_days)
    with newsrooms.state.transaction():
        newsrooms.review.expire(oldest.isoformat())
        return sum(newsrooms.review.put(item, digest) for item, digest in hashed)

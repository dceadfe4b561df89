"""Answers that come later: posted to the callback of their site, signed as Standard Webhooks says, never to anywhere else.

One try a call; whether and when to try again is the runner's business (``runner``), as the outcome tells it.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from newstagger.contracts import Json
from newstagger.domain import Tagging
from newstagger.errors import ConfigError
from newstagger.jsontext import canonical, line_of
from newstagger.newsroom.jobrows import Job
from newstagger.service.access import told
from newstagger.service.outward import tagging_out
from newstagger.service.signatures import key_of, signed
from newstagger.servicesettings import ServiceSettings, SiteSettings

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
"""Seconds for each step of a post; its answer's body is not read."""
LONGEST_PAUSE = 14_400.0
"""Seconds: a receiver cannot ask for a longer one."""
_LATER = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


@dataclass(frozen=True, slots=True)
class Callback:
    """Where the answers for one site go, and the keys that sign them (several during a rotation)."""

    url: str = field(repr=False)
    keys: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job went: ``error`` is empty when it is done. ``final``: never to be tried again; ``after``: not before so many seconds.

    ``unreached``: nobody answered at all. ``free``: what it waits for is no fault of the job's, and the try does not count.
    """

    error: str = ""
    final: bool = False
    after: float = 0.0
    unreached: bool = False
    free: bool = False


@dataclass(frozen=True, slots=True)
class Awaited:
    """What the CMS told of the text whose answer it awaits: it knows it again by that."""

    revision: int | None = None
    content_hash: str = ""
    text_hash: str = ""

    @classmethod
    def unpacked(cls, payload: bytes) -> Awaited:
        """Return what ``Later.answer`` packed; raise ValueError, LookupError or TypeError for anything else."""
        table = json.loads(payload)
        return cls(table["revision"], str(table["content_hash"]), str(table["text_hash"]))


def message_id(job: Job) -> str:
    """Return the id of a delivery, the same at every try, so that a receiver can tell a copy."""
    return f"msg_{job.id}_{hashlib.sha256(canonical([job.ref.site, job.ref.id]) + job.payload).hexdigest()[:24]}"


def message_of(tagging: Tagging, revision: int | None, awaited: Awaited) -> dict[str, Json]:
    """Return what is posted: the answer as it stands now, to which ``revision`` of the article, as far as that was told.

    The CMS's own hash goes with it only while the answer is to the text that it was told of.
    """
    same = (revision, tagging.text_hash) == (awaited.revision, awaited.text_hash)
    data: dict[str, Json] = tagging_out(tagging)
    data |= {"revision": revision, "content_hash": awaited.content_hash if same else ""}
    return {"type": "article.tagged", "timestamp": datetime.now(UTC).isoformat(), "data": data}


class Courier:
    """Posts messages; safe to share between threads. ``close`` it at the end."""

    def __init__(self, *, timeout: httpx.Timeout = TIMEOUT, clock: Callable[[], float] = time.time) -> None:
        self._client = httpx.Client(timeout=timeout, follow_redirects=False, headers={"User-Agent": "newstagger"})
        self._clock = clock

    def post(self, callback: Callback, message_id: str, message: Mapping[str, Json]) -> Outcome:
        """Post one message, signed at this moment; whatever goes wrong is told in the outcome, without a word of the message."""
        body, now = line_of(message).encode(), self._clock()
        headers = {"Content-Type": "application/json", **signed(callback.keys, message_id, int(now), body)}
        try:
            with self._client.stream("POST", callback.url, content=body, headers=headers) as answer:
                return outcome_of(answer.status_code, answer.headers, now)
        except httpx.TimeoutException:
            return Outcome("the callback did not answer in time", unreached=True)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict) as error:
            return Outcome(f"the callback could not be reached ({type(error).__name__})", unreached=True)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


def outcome_of(status: int, headers: Mapping[str, str], now: float) -> Outcome:
    """Return what a receiver's answer means: 2xx arrived, 410 never again, else later; 429 and 503 may say when (RFC 9110, 10.2.3)."""
    if 200 <= status < 300:
        return Outcome()
    if status == HTTPStatus.GONE:
        return Outcome("the callback answered 410: it is gone", final=True)
    note = ", a redirection, which is not followed" if 300 <= status < 400 else ""
    return Outcome(f"the callback answered {status}{note}", after=_pause(headers.get("retry-after", ""), now) if status in _LATER else 0.0)


def _pause(header: str, now: float) -> float:
    """Return the seconds of a Retry-After, a number or a date; 0 for none that can be read."""
    if header.isascii() and header.strip().isdigit():
        return min(float(header.strip()[:12]), LONGEST_PAUSE)
    try:
        seconds = parsedate_to_datetime(header).timestamp() - now
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return min(max(seconds, 0.0), LONGEST_PAUSE)


def callbacks_of(settings: ServiceSettings, environ: Mapping[str, str] | None = None) -> dict[str, Callback]:
    """Return the callbacks of the sites that have one; raise ConfigError for an address or a secret that cannot be had."""
    known = os.environ if environ is None else environ
    return {name: _callback(site, f"service.sites.{name}", known) for name, site in settings.sites.items() if site.callback}


def _callback(site: SiteSettings, where: str, environ: Mapping[str, str]) -> Callback:
    (url,) = told((site.callback,), where, environ)
    try:
        sound = httpx.URL(url).host != ""
    except httpx.InvalidURL:
        sound = False
    if not sound or not url.startswith(("http://", "https://")):
        raise ConfigError("callback is no address", where=where, next_step="write https://...")
    return Callback(url, tuple(key_of(secret, where) for secret in told(site.secrets, where, environ)))

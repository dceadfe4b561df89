"""Whose request is it? Keys (bearer, Basic) and signatures tell the site; without any site in the settings nobody is asked.

Keys are compared by their digests, each with each, so that the time it takes tells nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from newstagger.errors import ConfigError
from newstagger.service.problems import RefusedError
from newstagger.service.signatures import (
    GHOST,
    ID,
    SIGNATURE,
    WINDOW_SECONDS,
    ghost_verified,
    key_of,
    moment_of,
    receipt,
    verified,
)
from newstagger.servicesettings import ServiceSettings, SiteSettings, is_loopback

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="newstagger", Basic realm="newstagger", charset="UTF-8"'}


@dataclass(frozen=True, slots=True)
class Site:
    """Who calls. ``name`` is empty where no sites are configured: then the body says which site it is.

    ``receipt`` is what a signed delivery is known by when it comes again, empty for a request that came with a key.
    """

    name: str = ""
    settings: SiteSettings = field(default_factory=SiteSettings)
    receipt: str = ""

    def expect(self, site: str) -> None:
        """Raise RefusedError (403) for an article of another site."""
        if self.name and site != self.name:
            raise RefusedError(
                HTTPStatus.FORBIDDEN, f"these credentials are of the site {self.name!r}, the request is about another",
                next_step="leave 'site' out, or use the other site's key",
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Keyring:
    """The keys of one site, ready to compare."""

    site: Site
    keys: tuple[bytes, ...] = field(repr=False)
    secrets: tuple[bytes, ...] = field(repr=False)
    ghosts: tuple[bytes, ...] = field(repr=False)


class Access:
    """Tells the site of a request. Raises ConfigError at once for keys that are missing, malformed, or of two sites."""

    def __init__(
        self, settings: ServiceSettings, environ: Mapping[str, str] | None = None, clock: Callable[[], float] = time.time
    ) -> None:  # fmt: skip
        known = os.environ if environ is None else environ
        self._rings = tuple(_keyring(name, site, known) for name, site in settings.sites.items())
        self._clock = clock
        _expect_apart(self._rings)

    def who(self, headers: Mapping[str, str]) -> Site:
        """Return the site whose key came with a request; raise RefusedError (401, 403). A signature does not do here."""
        if not self._rings:
            _expect_local(headers.get("host", ""))
            return Site()
        if (key := _key_in(headers.get("authorization", ""))) is not None:
            return self._keyed(key)
        if _has_signature(headers):
            raise _unknown("a signature is for deliveries only", "send 'Authorization: Bearer KEY' here")
        raise _unknown("no credentials", "send 'Authorization: Bearer KEY', or sign the request")

    def is_signed(self, headers: Mapping[str, str]) -> bool:
        """Tell whether a delivery is to be known by its signature (``signer``), also where a key came with it."""
        return bool(self._rings) and _has_signature(headers)

    def expect_fresh(self, headers: Mapping[str, str]) -> None:
        """Raise RefusedError (401) for a signed delivery without an id, or of another time than now; its body is not needed."""
        moment = moment_of(headers)
        if moment is None or abs(self._clock() - moment) > WINDOW_SECONDS:
            raise _unknown(f"the signature's time is not within {WINDOW_SECONDS} seconds of now", "sign it anew, and set the clock")
        if SIGNATURE in headers and not headers.get(ID, ""):
            raise _unknown("the signed delivery has no webhook-id", "give each delivery an id of its own")

    def signer(self, headers: Mapping[str, str], body: bytes) -> Site:
        """Return the site that signed a delivery; raise RefusedError (401)."""
        self.expect_fresh(headers)
        found = [ring.site for ring in self._rings if _signed_by(ring, headers, body)]
        if not found:
            raise _unknown("wrong signature", "sign it with one of the site's secrets in newstagger.toml")
        return Site(found[0].name, found[0].settings, receipt(headers, body))

    def _keyed(self, key: bytes) -> Site:
        digest = hashlib.sha256(key).digest()
        found = [ring.site for ring in self._rings for known in ring.keys if hmac.compare_digest(known, digest)]
        if not found:
            raise _unknown("wrong key", "use one of the site's keys in newstagger.toml")
        return found[0]


def _has_signature(headers: Mapping[str, str]) -> bool:
    return SIGNATURE in headers or GHOST in headers


def _signed_by(ring: _Keyring, headers: Mapping[str, str], body: bytes) -> bool:
    return verified(ring.secrets, headers, body) if SIGNATURE in headers else ghost_verified(ring.ghosts, headers.get(GHOST, ""), body)


def _key_in(header: str) -> bytes | None:
    """Return the key in an Authorization header: bearer, or the password of Basic; None when there is none."""
    scheme, _, told = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        return told.strip().encode("latin-1", "replace")  # the bytes as they came
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(told.strip(), validate=True).partition(b":")[2]
    except (binascii.Error, ValueError):
        return b""


def _unknown(what: str, next_step: str) -> RefusedError:
    return RefusedError(HTTPStatus.UNAUTHORIZED, what, next_step=next_step, headers=CHALLENGE)


def _expect_local(host: str) -> None:
    """Raise RefusedError for a request under another name than this machine's: a web page elsewhere made a browser send it."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    if not is_loopback(name):
        step = "call it as 127.0.0.1 or localhost, or give each site a key in newstagger.toml"
        raise RefusedError(HTTPStatus.FORBIDDEN, "this service is called under a name that is not this machine's own", next_step=step)


def _keyring(name: str, site: SiteSettings, environ: Mapping[str, str]) -> _Keyring:
    where = f"service.sites.{name}"
    keys = tuple(hashlib.sha256(key.encode()).digest() for key in told(site.keys, where, environ))
    secrets = tuple(key_of(secret, where) for secret in told(site.secrets, where, environ))
    ghosts = tuple(secret.encode() for secret in told(site.ghost_secrets, where, environ))
    return _Keyring(Site(name, site), keys, secrets, ghosts)


def told(values: Sequence[str], where: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return keys or secrets with ``env:NAME`` replaced by what the environment holds; raise ConfigError where that is nothing."""
    return tuple(_value(value, where, environ) for value in values)


def _value(value: str, where: str, environ: Mapping[str, str]) -> str:
    if not value.startswith("env:"):
        return value
    found = environ.get(name := value.removeprefix("env:").strip(), "")
    if not found.strip():
        raise ConfigError(f"the environment holds no {name[:60]}", where=where, next_step=f"set {name[:60]}, or write another key")
    return found


def _expect_apart(rings: Sequence[_Keyring]) -> None:
    """Raise ConfigError when two sites share a key: it could not tell which of them calls."""
    owners: dict[bytes, str] = {}
    for ring in rings:
        for key in {*ring.keys, *ring.secrets, *ring.ghosts}:
            if key in owners:
                what = f"the sites {owners[key]} and {ring.site.name} share a key or secret"
                raise ConfigError(what, where="service.sites", next_step="give each its own")
            owners[key] = ring.site.name

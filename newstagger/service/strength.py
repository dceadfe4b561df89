"""Keys and secrets that somebody could guess are refused before anything listens."""

from __future__ import annotations

import os
from collections.abc import Mapping

from newstagger.errors import ConfigError
from newstagger.service.access import told
from newstagger.service.signatures import key_of
from newstagger.servicesettings import ServiceSettings

SHORTEST = 16
"""Characters of a key, bytes of a secret."""


def expect_strong(settings: ServiceSettings, environ: Mapping[str, str] | None = None) -> None:
    """Raise ConfigError for a key or secret that is shorter than ``SHORTEST``, without quoting it."""
    known = os.environ if environ is None else environ
    for name, site in settings.sites.items():
        where = f"service.sites.{name}"
        for key in told(site.keys, where, known):
            _expect(len(key), "a key", "characters", "openssl rand -hex 24", where)
        for secret in told(site.secrets, where, known):
            _expect(len(key_of(secret, where)), "a secret", "bytes", "echo whsec_$(openssl rand -base64 32)", where)
        for secret in told(site.ghost_secrets, where, known):
            _expect(len(secret.encode()), "a Ghost secret", "bytes", "openssl rand -hex 24", where)


def _expect(size: int, what: str, units: str, maker: str, where: str) -> None:
    if size < SHORTEST:
        raise ConfigError(f"{what} is shorter than {SHORTEST} {units}", where=where, next_step=f"make one: {maker}")

"""What a newsroom can set about its HTTP service: ``[service]`` of ``newstagger.toml``. ``newstagger serve`` reads it.

Nothing here listens or opens anything. Keys and secrets are never part of a ``repr``.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

from newstagger.errors import ConfigError
from newstagger.policysettings import PolicySettings

FACES = ("annif", "imatrics")
MOST_WAIT_MS = 10_000
"""Longest that a request may ask to be kept waiting."""
BOUNDS = {
    "port": (0, 65_535), "workers": (1, 64), "threads": (1, 64), "wait_ms": (0, MOST_WAIT_MS), "work_ms": (1, 600_000),
    "max_body": (1_024, 64 << 20),
    "max_batch": (1, 10_000), "max_waiting": (1, 100_000),
}  # fmt: skip
"""The least and the most of each number."""


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """One site that may call. Of ``keys`` (bearer, or the password of Basic) and ``secrets`` several hold during a rotation.

    ``env:NAME`` in the place of one means what the environment holds under that name. ``callback`` is where answers that came too
    late for their request are posted; ``faces`` are the other services whose language is spoken. With ``create_concepts`` a
    client's new concept stands in the newsroom's vocabulary at once, and one that it deletes is gone (else both wait for review).
    ``policy`` stands in the place of the newsroom's own (None: that one).
    """

    keys: tuple[str, ...] = field(default=(), repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    ghost_secrets: tuple[str, ...] = field(default=(), repr=False)
    callback: str = field(default="", repr=False)
    faces: tuple[str, ...] = ()
    create_concepts: bool = False
    policy: PolicySettings | None = None

    def __post_init__(self) -> None:
        """Raise ConfigError for a face that there is not, an empty key, or an address that nothing can be posted to."""
        if strange := [face for face in self.faces if face not in FACES]:
            raise ConfigError(f"faces cannot hold {strange[0][:40]!r}", next_step=f"known: {', '.join(FACES)}")
        if not all(told.removeprefix("env:").strip() for told in (*self.keys, *self.secrets, *self.ghost_secrets)):
            raise ConfigError("a key or secret is empty", next_step="write it, or env:NAME for one in the environment")
        if self.callback and not self.callback.startswith(("http://", "https://", "env:")):
            raise ConfigError("callback is no address", next_step="write https://...")
        if self.callback and not self.secrets:
            raise ConfigError("callback is told without secrets to sign with", next_step='add secrets = ["env:NAME"]')


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """The HTTP service. ``threads`` tag in each of ``workers`` processes; ``wait_ms`` is how long a save waits for its answer.

    ``work_ms`` is how long plugins may take of a save, most of that after its client was told *accepted*.
    ``max_body`` is in bytes, ``max_batch`` in articles; beyond ``max_waiting`` requests at a time in a worker it answers 503.
    Without ``sites`` it listens on loopback only and wants no key.
    """

    host: str = "127.0.0.1"
    port: int = 8347
    workers: int = 1
    threads: int = 4
    wait_ms: int = 300
    work_ms: int = 5_000
    max_body: int = 8 << 20
    max_batch: int = 100
    max_waiting: int = 256
    sites: Mapping[str, SiteSettings] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ConfigError for figures out of range, and for an address that others reach while no key is wanted."""
        for name, (least, most) in BOUNDS.items():
            if not least <= getattr(self, name) <= most:
                raise ConfigError(f"service.{name} must be a whole number from {least} to {most}", next_step="correct the settings")
        for name, site in self.sites.items():
            if not name.strip() or not name.isprintable() or not (site.keys or site.secrets or site.ghost_secrets):
                what = f"service.sites.{name[:40]} has neither keys nor secrets" if name.strip() else "a site of the service has no name"
                raise ConfigError(" ".join(what.split()), next_step='give it keys = ["env:NAME"]')
        if not self.sites and not is_loopback(self.host):
            raise ConfigError(
                f"service.host {self.host[:60]!r} can be reached from elsewhere, and no site has a key",
                next_step='add [service.sites.NAME] with keys = ["env:NAME"], or listen on 127.0.0.1',
            )


def is_loopback(host: str) -> bool:
    """Tell whether an address is this machine's own, which nobody else can reach."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False

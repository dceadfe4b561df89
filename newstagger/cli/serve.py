"""``newstagger serve``: the HTTP service, for CMSs that call over the network of their own machine or house."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import click

from newstagger.cli.options import Settings, common
from newstagger.errors import ConfigError

NEEDED = ("fastapi", "uvicorn", "prometheus_client", "httpx")


@click.command(
    "serve",
    epilog="""\b
Examples:
  newstagger serve
  newstagger serve --port 9000 --workers 2
  newstagger serve --config /etc/newstagger.toml --host 0.0.0.0""",
)
@click.option("--host", help="Address to listen on; one that others reach wants a key for each site (default: 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port to listen on (default: 8347).")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that share the work (default: 1).")
@common
def command(*, settings: Settings, as_json: bool, host: str | None, port: int | None, workers: int | None) -> int:
    """Serve tags over HTTP until stopped; [service] of newstagger.toml has the sites and their keys."""
    told: dict[str, Any] = {name: value for name, value in (("host", host), ("port", port), ("workers", workers)) if value is not None}
    return run(replace(settings, service=replace(settings.service, **told)))


def run(settings: Settings) -> int:
    """Serve; raise ConfigError when the extra is missing or the settings let strangers in."""
    expect_extra()
    from newstagger.service.running import serve

    return serve(settings)


def expect_extra() -> None:
    """Raise ConfigError when a package of the extra ``service`` is not installed."""
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise ConfigError(f"the service needs {', '.join(missing)}", next_step="pip install 'newstagger[service]'")

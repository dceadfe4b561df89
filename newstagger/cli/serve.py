"""``newstagger serve``: the HTTP service, for CMSs that call over the network of their own machine or house."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from newstagger.cli.options import Settings, common, echo_json, given
from newstagger.contracts import Json
from newstagger.errors import ConfigError

NEEDED = ("fastapi", "uvicorn", "prometheus_client", "httpx")


@click.command(
    "serve",
    epilog="""\b
Examples:
  newstagger serve
  newstagger serve --port 9000 --workers 2
  newstagger serve --config newstagger.toml --host 0.0.0.0
  newstagger serve --openapi""",
)
@click.option("--host", help="Address to listen on; one that others reach wants a key for each site (default: 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port to listen on (default: 8347; 0: any that is free).")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that share the work (default: 1).")
@click.option("--openapi", is_flag=True, help="Print the OpenAPI document instead of serving.")
@common
def command(*, settings: Settings, as_json: bool, host: str | None, port: int | None, workers: int | None, openapi: bool) -> int:
    """Serve tags over HTTP until stopped; [service] of newstagger.toml has the sites and their keys."""
    expect_extra()
    told = {name: value for name, value in (("host", host), ("port", port), ("workers", workers)) if value is not None}
    settings = replace(settings, service=_with(settings, told))
    return print_document(settings) if openapi else run(settings, told, as_json=as_json)


def _with(settings: Settings, told: dict[str, Any]) -> Any:
    return replace(settings.service, **told)


def run(settings: Settings, told: dict[str, Any], *, as_json: bool) -> int:
    """Serve; ``told`` are the options that win over the settings' file. Raises ConfigError before anything listens."""
    from newstagger.service.running import checked, serve, started

    opened = checked(settings)
    value = started(opened, settings)
    return serve(settings, opened, _start(told), lambda: _tell(value, as_json=as_json))


def _tell(value: dict[str, Json], *, as_json: bool) -> None:
    """Tell that it listens, and where."""
    if as_json:
        echo_json(value)
        return
    many = f"{value['workers']} workers" if value["workers"] > 1 else "1 worker"
    who = f"sites: {', '.join(value['sites'])}" if value["sites"] else "no keys: this machine only"
    click.echo(f"newstagger serves at {value['address']} ({many}; {who})", err=True)


def _start(told: dict[str, Any]) -> Any:
    """Return what workers are to read their settings from; None where a program passed settings of its own."""
    from newstagger.service.running import Start

    context = click.get_current_context(silent=True)
    options = context.params if context is not None else {}
    if given("settings") is not None and options.get("config") is None:
        return None
    paths: dict[str, Path | None] = {name: options.get(name) for name in ("config", "home", "models")}
    return Start(**paths, service=told)


def print_document(settings: Settings) -> int:
    """Print the OpenAPI document of these settings."""
    from newstagger.service.app import bare_app

    click.echo(json.dumps(bare_app(settings).openapi(), indent=1, ensure_ascii=False))
    return 0


def expect_extra() -> None:
    """Raise ConfigError when a package of the extra ``service`` is not installed."""
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise ConfigError(f"the service needs {', '.join(missing)}", next_step="pip install 'newstagger[service]'")

"""``newstagger forget``: erase what is remembered of an article."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from newstagger.cli.newsroom import open_host
from newstagger.cli.options import Settings, common, echo_json, told_ref
from newstagger.cli.show import plain
from newstagger.domain import ArticleRef
from newstagger.errors import ConfigError
from newstagger.host import Host


@click.command(
    "forget",
    epilog="""\b
Examples:
  newstagger forget mysite story-1
  newstagger forget mysite story-1 --yes --json""",
)
@click.argument("site")
@click.argument("article")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@common
def command(*, settings: Settings, as_json: bool, site: str, article: str, yes: bool) -> int:
    """Erase an article's decisions, answers, texts, jobs and rows for review; plugins are told. The wire index stays as it is."""
    ref = told_ref(site, article, "forget")
    if not yes and not _agreed(ref):
        return 2
    return run(open_host(settings), ref, as_json=as_json)


def _agreed(ref: ArticleRef) -> bool:
    """Ask the person at the terminal; without one, refuse."""
    if not sys.stdin.isatty():
        raise ConfigError("nobody is there to ask", where="forget", next_step="say --yes to erase without being asked")
    return click.confirm(f"Erase every decision, answer and text of {plain(str(ref), 60)}?", err=True)


def run(host: Host, ref: ArticleRef, *, as_json: bool) -> int:
    """Erase and print how much it was; nothing there is no error, so that a script may ask twice."""
    erased = host.forget(ref)
    if as_json:
        echo_json({"site": ref.site, "id": ref.id, **asdict(erased)})
    elif any(counts := asdict(erased).values()):
        told = "{} decisions, {} answers and {} texts erased, {} jobs and rows for review dropped".format(*counts)
        click.echo(f"{plain(str(ref), 60)}: {told}")
    else:
        click.echo(f"{plain(str(ref), 60)}: nothing is remembered")
    return 0

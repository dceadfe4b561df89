"""``newstagger save``: what an adapter does when its CMS saves an article, ledger and work key included."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from newstagger.cli.articles import read_file
from newstagger.cli.newsroom import open_host
from newstagger.cli.options import Settings, common, echo_json
from newstagger.cli.show import block
from newstagger.domain import Article, Event
from newstagger.formats.tagging_json import tagging_to_json
from newstagger.host import Host


@click.command(
    "save",
    epilog="""\b
Examples:
  newstagger save story.json
  newstagger save story.json --event publish --json
  newstagger save story.json --event kill""",
)
@click.argument("article_file", metavar="ARTICLE", type=click.Path(path_type=Path))
@click.option("--event", type=click.Choice([str(event) for event in Event]), help="Why the CMS saves (default: the article's, else draft).")
@click.option("--bundle", help="NAME or NAME@VERSION of the model.")
@click.option("--strict", is_flag=True, help="Fail on the first problem of a plugin or of the state.")
@click.option("--all", "everything", is_flag=True, help="Show silent tags too.")
@common
def command(
    *, settings: Settings, as_json: bool, article_file: Path, event: str | None, bundle: str | None, strict: bool, everything: bool
) -> int:  # fmt: skip
    """Save one article as an adapter would: editors' decisions obeyed, the answer remembered."""
    settings = replace(settings, bundle=bundle or settings.bundle, strict=strict or settings.strict)
    host = open_host(settings, require_bundle=True)
    article = read_file(article_file, host.readers(), site=settings.site)
    return run(host, replace(article, event=Event(event)) if event else article, as_json=as_json, everything=everything)


def run(host: Host, article: Article, *, as_json: bool, everything: bool) -> int:
    """Save the article and print the answer; a save always succeeds."""
    tagging = host.article_saved(article)
    if as_json:
        echo_json(tagging_to_json(tagging, everything=everything))
    else:
        click.echo(block(article, tagging, everything=everything))
    return 0

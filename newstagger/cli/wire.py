"""``newstagger wire``: feed the wire index, check an article against it or against files, show how fresh it is."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

import click

from newstagger.cli.articles import read_file
from newstagger.cli.options import Settings, common, echo_json
from newstagger.cli.show import plain
from newstagger.cli.wire_items import Origin, add_items, items_in, sound_items, unknown
from newstagger.cli.wire_show import feed_lines, index_state, reuse_block
from newstagger.domain import Article, ReuseReport, Text
from newstagger.errors import ConfigError, InputError
from newstagger.formats.tagging_json import reuse_to_json
from newstagger.host import Host
from newstagger.wire.against import AgainstFiles
from newstagger.wire.detector import WireReuseDetector, examine
from newstagger.wire.index import WireIndex

EXAMPLES = """\b
Examples:
  newstagger wire add feed.jsonl --agency AFP
  newstagger wire check story.html
  newstagger wire check story.html --against wire.txt --agency AFP
  newstagger wire status"""
PATH = click.Path(path_type=Path)


@click.group("wire", epilog=EXAMPLES)
def command() -> None:
    """Feed the wire index and check articles against it."""


@command.command("add", epilog=EXAMPLES)
@click.argument("files", nargs=-1, required=True, type=PATH)
@click.option("--agency", default="", help="Whose items these are; a row's own 'agency' goes first.")
@click.option("--feed", default="", help="Name of the feed (default: the agency's).")
@common
def add(*, settings: Settings, as_json: bool, files: tuple[Path, ...], agency: str, feed: str) -> int:
    """Put wire items into the index: text, HTML, JSON, JSON lines (id, version, status, urgency, embargo, usage, agency, feed).

    Exchange formats too, such as ninjs and NewsML-G2: see newstagger formats.
    """
    for path in files:
        if not path.is_file():
            raise InputError("is a directory" if path.is_dir() else "no such file", where=str(path), next_step="name a file")
    return run_add(settings, files, Origin(agency, feed), as_json=as_json)


def run_add(settings: Settings, files: Iterable[Path], origin: Origin, *, as_json: bool) -> int:
    """Store every item that can be read; return 1 when some could not be.

    Files without an item are a feed that was read and held nothing new; items make the feeds that they name, and no other.
    """
    host = Host(settings, stateless=True)
    found = (item for path in files for item in items_in(path, host, origin, settings.site))
    added, stories, failures = add_items(found, host, settings.state_file, origin)
    _tell([*map(str, failures), *unknown(origin.agency)])
    if as_json:
        echo_json({"added": added, "failed": len(failures), "stories": stories})
    else:
        click.echo(f"{added} item{'' if added == 1 else 's'} added, {stories} in the index")
    return 1 if failures else 0


@command.command("check", epilog=EXAMPLES)
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="ARTICLE [FILE]...")
@click.option("--against", multiple=True, type=PATH, help="Compare with this file, and the files after ARTICLE, not with the index.")
@click.option("--agency", default="", help="Whose story the files of --against are.")
@common
def check(*, settings: Settings, as_json: bool, files: tuple[Path, ...], against: tuple[Path, ...], agency: str) -> int:
    """Say how much of an article stands in wire copy, where, and whether it is credited. Keeps no state."""
    if len(files) > 1 and not against:
        raise ConfigError("more than one article was named", next_step="name one, and the wire files after --against")
    if agency and not against:
        raise ConfigError("--agency is told without a wire file", next_step="name wire files after --against; the index knows its agencies")
    return run_check(settings, files[0], (*against, *files[1:]), agency, as_json=as_json)


def run_check(settings: Settings, path: Path, against: tuple[Path, ...], agency: str, *, as_json: bool) -> int:
    """Check one article and print the report; a report that nothing was checked is an answer like any other."""
    host = Host(settings, stateless=True)
    article = read_file(path, host.readers(), site=settings.site)
    text = host.extract(article)
    source = _files(against, host, Origin(agency), settings.site) if against else WireIndex.open_read_only(settings.state_file)
    _tell([*unknown(agency), *(f"{plain(str(name))} is the article itself" for name in against if name.samefile(path))])
    result = _report(article, text, source, settings)
    if as_json:
        echo_json(reuse_to_json(result))
    else:
        click.echo(reuse_block(plain(article.headline or article.ref.id, 100), result, source, time.time()))
    return 0


def _report(article: Article, text: Text, source: AgainstFiles | WireIndex | None, settings: Settings) -> ReuseReport:
    if isinstance(source, AgainstFiles):
        return examine(article, text, source, settings.wire, thorough=True)
    return WireReuseDetector(settings.state_file, settings.wire).check(article, text)


def _files(paths: tuple[Path, ...], host: Host, origin: Origin, site: str) -> AgainstFiles:
    failures: list[InputError] = []
    items = list(sound_items((item for path in paths for item in items_in(path, host, origin, site)), failures))
    if failures:
        raise failures[0]
    if not items:
        raise InputError("holds no wire item", where=", ".join(map(str, paths[:3])), next_step="name a file with a wire story in it")
    return AgainstFiles(items)


def _tell(notices: Iterable[str]) -> None:
    for notice in notices:
        click.echo(f"newstagger: {notice}", err=True)


@command.command("status", epilog=EXAMPLES)
@common
def status(*, settings: Settings, as_json: bool) -> int:
    """Show the feeds of the wire index and when each was last read."""
    return run_status(settings, as_json=as_json)


def run_status(settings: Settings, *, as_json: bool) -> int:
    """Print the state of the index; an index that must not be asked is told, not an error."""
    index, now = WireIndex.open_read_only(settings.state_file), time.time()
    value = index_state(index, settings, now)
    if as_json:
        echo_json(value)
    else:
        feeds = () if index is None else index.status()
        click.echo("\n".join([*feed_lines(feeds, now, settings.wire.max_age), value["reason"] or f"{value['stories']} stories, fresh"]))
    return 0

"""``newstagger formats``: what articles are read from and taggings written to, and what is lost on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import click

from newstagger.cli.options import Settings, common, echo_json
from newstagger.cli.show import plain
from newstagger.contracts import Reader, Renderer
from newstagger.formats.carriage import LOSSES
from newstagger.formats.reading import SniffingReader
from newstagger.host import Host

UNTOLD = ("not told",)
EXAMPLES = """\b
Examples:
  newstagger formats
  newstagger formats --json
  newstagger tag --format ninjs wire.json
  newstagger tag --as newsml-g2 story.html"""


@click.command("formats", epilog=EXAMPLES)
@click.option("--markdown", is_flag=True, help="Print the tables of docs/formats.md.")
@common
def command(*, settings: Settings, as_json: bool, markdown: bool) -> int:
    """Show the formats that tag reads (--format) and writes (--as), and what a format cannot carry."""
    return run(Host(settings, stateless=True), as_json=as_json, markdown=markdown)


def run(host: Host, *, as_json: bool, markdown: bool = False) -> int:
    """Print the formats."""
    readers, renderers = host.readers(), dict(reversed(host.renderers().items()))
    if as_json:
        read = [{"name": r.name, "known_by": known_by(r)} for r in readers]
        echo_json({"read": read, "written": [_written(r) for r in renderers.values()], "losses": LOSSES})
    else:
        click.echo("\n".join(tables(readers, renderers) if markdown else _lines(readers, renderers)))
    return 0


def known_by(reader: Reader) -> str:
    """Return how a reader knows its files: by their suffix, their content or both."""
    by = [", ".join(reader.suffixes)] if reader.suffixes else []
    return " or ".join(by + (["content"] if isinstance(reader, SniffingReader) and reader.name != "article-json" else []))


def losses(renderer: Renderer) -> Sequence[str]:
    """Return what a renderer cannot carry; a plugin's may not tell."""
    return getattr(renderer, "loses", UNTOLD)


def _written(renderer: Renderer) -> dict[str, object]:
    return {"name": renderer.name, "media_type": renderer.media_type, "loses": list(losses(renderer))}


def _lines(readers: Iterable[Reader], renderers: Mapping[str, Renderer]) -> list[str]:
    """Return the listing for people."""
    lines = ["Read (--format), the first that knows the file:"]
    lines += [f"  {plain(reader.name):<16}{plain(known_by(reader))}" for reader in readers]
    lines.append("Written (--as), and what is lost:")
    return lines + [f"  {plain(name):<16}{plain(', '.join(losses(item)) or 'nothing')}" for name, item in renderers.items()]


def tables(readers: Iterable[Reader], renderers: Mapping[str, Renderer]) -> list[str]:
    """Return the listing as tables in Markdown: what is read, what is written, what each loss means."""
    rows = [["read", "known by"], *([f"`{r.name}`", known_by(r)] for r in readers)]
    written = [["written", "media type", "lost"]]
    written += [[f"`{name}`", f"`{r.media_type}`", ", ".join(losses(r)) or "nothing"] for name, r in renderers.items()]
    meant = [["lost", "that is"], *([name, told] for name, told in LOSSES.items())]
    return [*_table(rows), "", *_table(written), "", *_table(meant)]


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    ruled = chain([rows[0], ["---"] * len(rows[0])], rows[1:])
    return [f"| {' | '.join(row)} |" for row in ruled]

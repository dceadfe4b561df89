"""``newstagger tag``: articles in, taggings out; reads the wire index, keeps no state."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from newstagger.cli.articles import read_articles, read_lines, read_stdin
from newstagger.cli.options import Settings, common, echo_json
from newstagger.cli.show import block, plain
from newstagger.domain import Article, Text
from newstagger.errors import ConfigError, InputError
from newstagger.formats.carriage import unsaid
from newstagger.formats.reading import Readings
from newstagger.formats.tagging_json import SCHEMA_VERSION, tagging_to_json
from newstagger.host import Host


@click.command(
    "tag",
    epilog="""\b
Examples:
  newstagger tag story.html
  newstagger tag --why story.txt
  newstagger tag --articles archive.jsonl --json > taggings.jsonl
  newstagger tag --format ninjs --as ninjs wire.json > tagged.json
  curl -s https://example.org/story | newstagger tag - --json""",
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--articles", "lines", type=click.Path(path_type=Path, allow_dash=True), help="JSON lines of articles (.gz too, - for stdin)."
)
@click.option("--bundle", help="NAME or NAME@VERSION of the model (default: the settings', else starter).")
@click.option("--site", help="Site of articles that do not name theirs.")
@click.option("--why", is_flag=True, help="Show the evidence behind each tag.")
@click.option("--all", "everything", is_flag=True, help="Show silent tags too.")
@click.option("--text", "show_text", is_flag=True, help="Show the text as it is read, paragraph by paragraph, and tag nothing.")
@click.option("--format", "form", help="Format of the articles, see 'newstagger formats' (default: told by what stands in them).")
@click.option("--as", "output", help="Print in this format, see 'newstagger formats' (default: a table, or --json).")
@common
def command(
    *, settings: Settings, as_json: bool, files: tuple[Path, ...], lines: Path | None, bundle: str | None, site: str | None,
    why: bool, everything: bool, show_text: bool, form: str | None, output: str | None,
) -> int:  # fmt: skip
    """Tag articles: HTML, text, JSON or exchange formats, - for standard input. Keeps no state."""
    if not files and lines is None:
        raise ConfigError("no article was named", next_step="give a FILE, - for standard input, or --articles FILE.jsonl")
    settings = replace(settings, bundle=bundle or settings.bundle, site=site or settings.site, budget_ms=max(settings.budget_ms, 10_000))
    if len(files) == 1 and str(files[0]) != "-" and not files[0].exists():
        raise InputError("no such file", where=str(files[0]), next_step="check the path")
    host = Host(settings, stateless=True, require_bundle=not show_text)
    print_one = _printer(host, as_json=as_json, why=why, everything=everything, show_text=show_text, output=output)
    return run(host, settings.site, files, lines, print_one, form=form)


class _Printer:
    """Prints one article's result in the form that was asked for."""

    def __init__(self, host: Host, *, as_json: bool, why: bool, everything: bool, show_text: bool, output: str | None) -> None:
        self._host, self.as_json, self._why, self._everything, self._show_text = host, as_json, why, everything, show_text
        self._renderer = None if output is None else host.renderers().get(output)
        if output is not None and self._renderer is None:
            raise ConfigError(f"no format {output!r}", next_step=f"known: {', '.join(sorted(host.renderers()))}")
        self._blocks = self._unsaid = 0

    def __call__(self, article: Article) -> None:
        """Tag and print one article."""
        if self._show_text:
            return self._print_text(self._host.extract(article))
        tagging = self._host.article_saved(article)
        if self._renderer is not None:
            click.echo(self._renderer.render(article, self._host.extract(article), tagging))
            self._unsaid += unsaid(self._renderer, tagging)
        elif self.as_json:
            echo_json(tagging_to_json(tagging, everything=self._everything))
        else:
            click.echo(("\n" if self._blocks else "") + block(article, tagging, why=self._why, everything=self._everything))
            self._blocks += 1
        return None

    def close(self) -> None:
        """Tell once how many suggested tags the format had no place for."""
        if self._unsaid and self._renderer is not None:
            told = f"{self._unsaid} suggested tag{'' if self._unsaid == 1 else 's'} left out"
            click.echo(f"newstagger: {told}: {self._renderer.name} is for tags that are written (see newstagger formats)", err=True)

    def _print_text(self, text: Text) -> None:
        paragraphs = [{"kind": str(p.kind), "start": p.start, "end": p.end, "quote": text.words(p)} for p in text.paragraphs]
        if self.as_json:
            problems = [{"stage": p.stage, "plugin": p.plugin, "message": p.message} for p in text.problems]
            echo_json(
                {
                    "language": text.language,
                    "text": text.string,
                    "text_hash": text.text_hash,
                    "paragraphs": paragraphs,
                    "problems": problems,
                }
            )
        else:
            click.echo("\n".join(f"{p['kind']!s:<12}{p['start']:>6}–{p['end']:<7}{plain(str(p['quote']))}" for p in paragraphs))


def run(
    host: Host, site: str, files: tuple[Path, ...], lines: Path | None, print_one: _Printer, *, form: str | None = None
) -> int:  # fmt: skip
    """Tag every file and then every line; return 0, or 1 when some could not be read."""
    failed, done, started = 0, 0, time.monotonic()
    for where, article in _inputs(host, site, files, lines, form):
        if isinstance(article, InputError):
            if len(files) == 1 and lines is None and where is None:
                raise article
            failed += 1
            _report(where, article, as_json=print_one.as_json)
        else:
            print_one(article)
        done += 1
        if done % 500 == 0:
            click.echo(f"{done} articles, {done / (time.monotonic() - started):.0f} a second", err=True)
    print_one.close()
    if failed and failed == done and lines is None:
        raise InputError(f"none of the {failed} files could be read", next_step="see the lines above")
    return 1 if failed else 0


def _inputs(
    host: Host, site: str, files: tuple[Path, ...], lines: Path | None, form: str | None
) -> Iterator[tuple[int | None, Article | InputError]]:  # fmt: skip
    readers = host.readers()
    for path in files:
        found: Readings
        try:
            found = read_stdin(readers, site=site, form=form) if str(path) == "-" else read_articles(path, readers, site=site, form=form)
        except InputError as error:
            found = [error]
        for at, one in enumerate(found, 1):
            yield at if len(found) > 1 else None, one if isinstance(one, InputError) else one.article
    if lines is not None:
        yield from read_lines(lines, site=site, readers=readers, form=form)


def _report(line: int | None, error: InputError, *, as_json: bool) -> None:
    if as_json and line is not None:
        problem = {"stage": "read", "plugin": "newstagger", "message": str(error)}
        echo_json({"schema_version": SCHEMA_VERSION, "line": line, "id": None, "problems": [problem]})
    else:
        click.echo(f"newstagger: {error}", err=True)
    sys.stdout.flush()


_printer = _Printer

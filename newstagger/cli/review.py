"""``newstagger review``: a taxonomist looks at what clients brought to learn, takes or drops it, and exports what was taken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click

from newstagger.cli.options import Settings, common, echo_json
from newstagger.cli.reviewed import write
from newstagger.cli.show import plain
from newstagger.cli.vocabulary import add_entry, remove_entry
from newstagger.contracts import Json
from newstagger.domain import Facet
from newstagger.errors import InputError
from newstagger.host import Host
from newstagger.newsroom.archive import readable_since
from newstagger.newsroom.reviewqueue import Item, Kind, ReviewQueue, ReviewState
from newstagger.newsroom.vocabulary import Entry, slug_id
from newstagger.newsroom.vocabularyfile import FILE, checked, load_overlay
from newstagger.training.taken import taken_rows

EXAMPLES = """\b
Examples:
  newstagger review list
  newstagger review show 3
  newstagger review take 3 4
  newstagger review drop 5
  newstagger review export taken.jsonl"""
SHOWN = 600
"""Characters of a text that a person is shown; --json gives the whole."""


@click.group("review", epilog=EXAMPLES)
def command() -> None:
    """Look at what clients of the service brought to learn, take it or drop it.

    A client's labels (Annif's learn, iMatrics' feedback) and the concepts that it would add or remove wait here: nothing is
    learned from them until they are taken, exported and given to 'newstagger train --corpus FILE'.
    """


@command.command("list", epilog="\b\nExamples:\n  newstagger review list\n  newstagger review list --state taken --site courier --json")
@click.option("--state", type=click.Choice([*map(str, ReviewState), "all"]), default="waiting", help="Which rows (default: waiting).")
@click.option("--site", help="Rows of this site only.")
@common
def show_all(*, settings: Settings, as_json: bool, state: str, site: str | None) -> int:
    """List the rows, oldest first."""
    host = Host(settings, stateless=True)
    count = 0
    for item in _queue(settings).items(None if state == "all" else ReviewState(state), site):
        count += 1
        if as_json:
            echo_json(item_to_json(item, host))
        else:
            click.echo(f"{_head(item)}  {plain(_what(item, host), 90)}")
    if not count and not as_json:
        click.echo("nothing waits for review" if state == "waiting" else "no such rows")
    return 0


@command.command("show", epilog="\b\nExamples:\n  newstagger review show 3")
@click.argument("number", metavar="ID", type=int)
@common
def show(*, settings: Settings, as_json: bool, number: int) -> int:
    """Show one row: its labels, those that no vocabulary knows, and the text."""
    item, host = _expect(_queue(settings), number), Host(settings, stateless=True)
    if as_json:
        copy = {} if item.article is None else {"title": item.article.headline, "text": item.article.body}
        echo_json(item_to_json(item, host) | copy)
        return 0
    click.echo(_head(item))
    for mark, labels in (("+", item.told.labels), ("-", item.told.rejected)):
        for label in labels:
            click.echo(f"  {mark} {plain(_named(label, host), 90)}")
    for label in item.told.unknown:
        click.echo(f"  ? {plain(label, 90)}: no vocabulary knows it")
    if item.kind is not Kind.LABELS:
        click.echo(f"  {plain(_what(item, host), 90)}")
    if item.article is not None:
        click.echo(f"\n  {plain(item.article.headline, 120)}\n  {plain(item.article.body, SHOWN)}")
    return 0


@command.command("take", epilog="\b\nExamples:\n  newstagger review take 3 4 7")
@click.argument("numbers", metavar="ID...", type=int, nargs=-1, required=True)
@common
def take(*, settings: Settings, as_json: bool, numbers: tuple[int, ...]) -> int:
    """Take rows: labels are kept for the export, a proposed concept is added to the vocabulary, one to be removed goes."""
    return _decide(settings, numbers, ReviewState.TAKEN, as_json=as_json)


@command.command("drop", epilog="\b\nExamples:\n  newstagger review drop 5")
@click.argument("numbers", metavar="ID...", type=int, nargs=-1, required=True)
@common
def drop(*, settings: Settings, as_json: bool, numbers: tuple[int, ...]) -> int:
    """Drop rows: they are neither learned nor asked for again."""
    return _decide(settings, numbers, ReviewState.DROPPED, as_json=as_json)


@command.command(
    "export", epilog="\b\nExamples:\n  newstagger review export taken.jsonl\n  newstagger train --corpus taken.jsonl --name desk"
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--site", help="Rows of this site only.")
@common
def export(*, settings: Settings, as_json: bool, file: Path, site: str | None) -> int:
    """Write the taken texts with their labels as rows of a corpus, for 'train --corpus'; a FILE named .gz is packed."""
    load_overlay(settings.home / FILE)  # without the newsroom's own vocabulary labels would be lost on the way
    host = Host(settings, stateless=True)
    told = taken_rows(_queue(settings).items(ReviewState.TAKEN, site), host.find, host.heirs)
    write(told, file)
    if as_json:
        echo_json({"file": str(file), "rows": len(told.rows), "facets": told.counts(), "left_out": dict(told.left_out)})
    else:
        counts = ", ".join(f"{facet} {count}" for facet, count in told.counts().items())
        click.echo(f"{len(told.rows)} taken texts" + (f" ({counts})" if counts else ""))
        click.echo("".join(f"left out {count} {reason}\n" for reason, count in told.left_out.items()), nl=False)
    return 0


def _decide(settings: Settings, numbers: Iterable[int], state: ReviewState, *, as_json: bool) -> int:
    """Put rows in a state, all of them looked up first; raise InputError for one that is not there, whatever else fails as it fails."""
    queue, host = _queue(settings), Host(settings, stateless=True)
    for item in [_expect(queue, number) for number in dict.fromkeys(numbers)]:
        if state is ReviewState.TAKEN and item.state is not ReviewState.TAKEN:
            _carry_out(item, host, settings)
        queue.decide(item.id, state)
        if as_json:
            echo_json({"id": item.id, "state": str(state)})
        else:
            click.echo(f"{item.id} {state}: {plain(_what(item, host), 90)}")
    return 0


def _carry_out(item: Item, host: Host, settings: Settings) -> None:
    """Do what a row asks of the vocabulary; raise TaxonomyError or ConfigError where that cannot be."""
    if item.kind is Kind.CONCEPT:
        entry = checked(Entry(slug_id(item.told.label), item.told.label, item.told.facet or Facet.TOPIC))
        add_entry(host, settings, entry, facet_told=True)
    elif item.kind is Kind.REMOVAL:
        remove_entry(settings, item.told.labels[0])


def _queue(settings: Settings) -> ReviewQueue:
    """Return the queue, without the texts that the privacy settings let nobody read any more."""
    queue, now = ReviewQueue(settings.state_file), datetime.now(UTC)
    queue.expire(readable_since(settings.privacy, now) or now.isoformat())
    return queue


def _expect(queue: ReviewQueue, number: int) -> Item:
    if (item := queue.item(number)) is None:
        raise InputError(f"no row {number} in the review queue", next_step="see 'newstagger review list --state all'")
    return item


def _head(item: Item) -> str:
    by = f" by {plain(item.by, 30)}" if item.by else ""
    where = str(item.ref) if item.ref.id else item.ref.site
    return f"{item.id:>5}  {item.state:<8}{item.origin:<9}{plain(where, 40)}{by}  {item.at[:16]}"


def _what(item: Item, host: Host) -> str:
    """Return in a line what a row asks for."""
    if item.kind is Kind.CONCEPT:
        return f"add the {item.told.facet} “{item.told.label}” to the vocabulary"
    if item.kind is Kind.REMOVAL:
        return f"remove {_named(item.told.labels[0], host)} from the vocabulary"
    signed = (f"{mark}{_named(label, host)}" for mark, labels in (("", item.told.labels), ("not ", item.told.rejected)) for label in labels)
    return ", ".join([*([f"{len(item.told.unknown)} unknown"] if item.told.unknown else []), *signed])


def _named(concept_id: str, host: Host) -> str:
    concept = host.find(concept_id)
    return f"{concept_id} (no vocabulary knows it now)" if concept is None else f"{concept.pref_label} ({concept_id})"


def item_to_json(item: Item, host: Host) -> dict[str, Json]:
    """Return a row as JSON, its text left out; ``unknown`` are the labels that no vocabulary knows, now or when it came."""
    gone = [label for label in (*item.told.labels, *item.told.rejected) if host.find(label) is None]
    return {
        "id": item.id, "state": str(item.state), "kind": str(item.kind), "origin": str(item.origin), "site": item.ref.site,
        "article": item.ref.id or None, "by": item.by, "at": item.at, "labels": list(item.told.labels),
        "rejected": list(item.told.rejected), "unknown": [*item.told.unknown, *gone], "label": item.told.label or None,
        "facet": item.told.facet and str(item.told.facet), "has_text": item.article is not None,
    }  # fmt: skip

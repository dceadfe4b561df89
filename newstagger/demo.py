"""``python -m newstagger.demo``: the sample articles go through a host, and an editor has the last word.

Everything happens in a temporary home; nothing of the user's is read or written.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import click

from newstagger.cli.show import block, why_lines
from newstagger.domain import Action, Article, ArticleRef, Decision, EditorDecision, Tag, Tagging, WireItem
from newstagger.errors import NewstaggerError
from newstagger.host import Host
from newstagger.settings import Settings
from newstagger.testing import Sample, sample_article, sample_wire, samples
from newstagger.wire.index import WireIndex
from newstagger.wire.ingest import text_of

Say = Callable[[str], None]
BUDGET_MS = 10_000


@dataclass(frozen=True, slots=True)
class Saved:
    """One sample, the article that was saved, the answer, and how long it took in milliseconds."""

    sample: Sample
    article: Article
    tagging: Tagging
    ms: float


def run(home: Path, say: Say = click.echo) -> int:
    """Show the whole day of a newsroom in ``home``; return 0, or 1 when something did not go as promised."""
    host = Host(Settings(home=home, budget_ms=BUDGET_MS), discover=False, require_bundle=True)
    item = sample_wire()
    receive(host, item, home)
    say(f"{item.agency} sends {item.id}:\n{item.headline}\n")
    saved = [save(host, sample) for sample in samples() if sample.kind == "article"]
    for number, one in enumerate(saved, 1):
        say(f"── {number} of {len(saved)} · {one.sample.shows}\n{block(one.article, one.tagging)}\n")
    say(f"{len(saved)} saves, {statistics.median(one.ms for one in saved):.0f} ms each (median).\n")
    chosen = first_shown(saved)
    if chosen is None:
        return 1
    article, tag = chosen
    say("\n".join([f"Why “{tag.concept.pref_label}” on “{article.headline}”:", *why_lines(tag), ""]))
    return 0 if remove_and_save_again(host, article, tag, say) else 1


def receive(host: Host, item: WireItem, home: Path) -> None:
    """Put one wire story into the index of this newsroom and tell the plugins."""
    index = WireIndex.open(replace(Settings(), home=home).state_file)
    index.add([(item, text_of(item))], time.time())
    index.close()
    host.wire_received(item)


def save(host: Host, sample: Sample) -> Saved:
    """Save one sample as its CMS would."""
    article = sample_article(sample.file)
    started = time.perf_counter()
    tagging = host.article_saved(article)
    return Saved(sample, article, tagging, (time.perf_counter() - started) * 1000)


def first_shown(saved: Iterable[Saved]) -> tuple[Article, Tag] | None:
    """Return the first tag that an editor was shown, with its article."""
    shown = ((one.article, tag) for one in saved for tag in one.tagging.tags if tag.decision is not Decision.SILENT)
    return next(shown, None)


def remove_and_save_again(host: Host, article: Article, tag: Tag, say: Say) -> bool:
    """Let an editor remove a tag, save the article twice more, and tell whether the tag stayed away."""
    name, ref = tag.concept.pref_label, article.ref
    say(f"An editor removes “{name}” from “{article.headline}”.")
    host.editor_decided(EditorDecision(ref, tag.concept.id, Action.REMOVED, by="editor", reason="shown in the demo"))
    edited = replace(article, headline=f"{article.headline} (corrected)")
    first, second = (stayed_away(host, version, tag) for version in (article, edited))
    say(f"  saved again:                      {_said(name, first)}")
    say(f"  saved with another headline:      {_said(name, second)}")
    say(f"  kept on record:                   {_decisions(host, ref)}")
    return first and second


def stayed_away(host: Host, article: Article, tag: Tag) -> bool:
    """Save an article and tell whether a tag is not among its tags, not even silently."""
    return all(other.concept.id != tag.concept.id for other in host.article_saved(article).tags)


def _said(name: str, away: bool) -> str:
    return f"“{name}” stays away" if away else f"“{name}” IS BACK"


def _decisions(host: Host, ref: ArticleRef) -> str:
    return ", ".join(f"{d.concept} {d.action} by {d.by}" for d in host.feedback(ref))


def main() -> int:
    """Run the demo in a temporary folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="newstagger-demo-") as folder:
        try:
            return run(Path(folder))
        except NewstaggerError as error:
            click.echo(f"newstagger: {error}", err=True)
            return 2
        except BrokenPipeError:  # somebody reads the first lines only
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0


if __name__ == "__main__":
    sys.exit(main())

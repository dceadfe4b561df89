"""Options of verbs that read labelled corpora, and how they become feeds. Used by ``train`` and ``evaluate``."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import click

from newstagger.builtin.parts import tagger_for
from newstagger.bundles.bundle import Bundle
from newstagger.contracts import CorpusReader, Progress
from newstagger.corpus import reader_for
from newstagger.domain import Evaluation, Facet, FacetScore
from newstagger.errors import ConfigError
from newstagger.host import Host
from newstagger.recipe import VOCABULARIES, Recipe, Source, read_recipe
from newstagger.training import Feed, Tools, facets_of_row, selection_of

F = TypeVar("F", bound=Callable[..., Any])
SELDOM = 10.0
"""Seconds between two lines of the same work where nobody watches them come."""
_UP_AND_CLEAR = "\x1b[1A\x1b[2K"
RECIPES = Path(__file__).resolve().parent.parent.parent / "recipes"


@dataclass(frozen=True, slots=True)
class CorpusOptions:
    """What the command line says of the rows to read."""

    corpora: tuple[Path, ...] = ()
    facets: tuple[Facet, ...] = ()
    labels: str | None = None
    where: tuple[str, ...] = ()
    label_map: str | None = None
    recipe: Recipe = field(default_factory=Recipe)
    beside: Path | None = None
    vocabulary: str | None = None


def corpus_options(function: F) -> F:
    """Add ``--corpus --facet --labels --where --label-map --vocabulary --recipe --jobs``; the verb gets ``options`` and ``jobs``."""

    def with_options(
        *, corpora: tuple[Path, ...], more: tuple[Path, ...], facet: str | None, labels: str | None, where: tuple[str, ...],
        label_map: str | None, vocabulary: str | None, recipe: str | None, **rest: Any,
    ) -> Any:  # fmt: skip
        path = None if recipe is None else find_recipe(recipe)
        told = Recipe() if path is None else read_recipe(path)
        beside = None if path is None else path.parent
        files = (*corpora, *more)
        return function(options=CorpusOptions(files, facets_in(facet), labels, where, label_map, told, beside, vocabulary), **rest)

    with_options.__name__, with_options.__doc__ = function.__name__, function.__doc__
    with_options.__click_params__ = list(getattr(function, "__click_params__", []))  # type: ignore[attr-defined]
    for decorate in (
        click.argument("more", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]..."),
        click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes that fit in parallel."),
        click.option("--recipe", help="Recipe of constants and sources: a TOML file (default: the built-in constants)."),
        click.option("--label-map", help="JSON file that translates labels: {label: label, list of labels or null}; or FILE#SET."),
        click.option(
            "--vocabulary", type=click.Choice(VOCABULARIES),
            help="Labels of topics may be names of its concepts in any of its languages: IPTC Media Topics.",
        ),
        click.option("--where", multiple=True, metavar="FIELD[=VALUE]", help="Only rows whose field is true, or has this value."),
        click.option("--labels", metavar="FIELD", help="Field of the labels (default: labels); for several facets FACET=FIELD,..."),
        click.option("--facet", metavar="F[,F]", help="topic, region, actor: which facets."),
        click.option(
            "--corpus", "corpora", multiple=True, type=click.Path(path_type=Path),
            help="File of labelled rows: JSON lines or CSV, .gz too; more files may follow.",
        ),
    ):  # fmt: skip
        decorate(with_options)
    return with_options  # type: ignore[return-value]


def find_recipe(told: str) -> Path:
    """Return the file of a recipe told by its path, or by its name among the project's recipes."""
    named = RECIPES / f"{told}.toml"
    return named if not told.endswith(".toml") and "/" not in told and named.is_file() else Path(told)


def facets_in(told: str | None) -> tuple[Facet, ...]:
    """Return the facets in ``topic,region``; raise ConfigError for an unknown one."""
    names = [] if told is None else [name.strip() for name in told.split(",")]
    if unknown := [name for name in names if name not in set(Facet)]:
        raise ConfigError(f"unknown facet {unknown[0][:40]!r}", next_step=f"facets are {', '.join(Facet)}")
    return tuple(facet for facet in Facet if facet in names)


def facets_asked(bundle: Bundle, options: CorpusOptions, readers: Sequence[CorpusReader]) -> tuple[Facet, ...]:
    """Return the facets of a bundle that the first labelled row of the files speaks of."""
    name, path = options.labels or "labels", options.corpora[0]
    if "=" in name:
        return tuple(facet for facet in Facet if f"{facet}=" in name)
    rows = reader_for(path, readers).rows(path)
    return facets_of_row(bundle, next((row[name] for _, row in rows if row.get(name)), None))


def feeds_in(options: CorpusOptions) -> tuple[Feed, ...]:
    """Return what to read of each file named; a recipe's source of the same name tells what the options leave open."""
    return tuple(_feed(path, options) for path in options.corpora)


def _feed(path: Path, options: CorpusOptions) -> Feed:
    known = next((source for facet in options.facets if (source := options.recipe.source_named(facet, path.name))), None)
    fields = _fields(options)
    source = known or Source(path.name)
    data = path.parents[source.id.count("/")] if known and len(path.parents) > source.id.count("/") else None
    if options.label_map:
        source, data = replace(source, label_map=options.label_map), None
    if options.where or (options.labels and not known):
        source = replace(source, where=options.where)
    source = replace(source, vocabulary=options.vocabulary or source.vocabulary)
    selection = selection_of(source, options.facets, data, path)
    return Feed(path, replace(selection, labels={**selection.labels, **fields}), source)


def _fields(options: CorpusOptions) -> Mapping[Facet, str]:
    """Return the field of each facet's labels in ``FIELD`` or ``topic=FIELD,region=FIELD``."""
    if options.labels is None:
        return {}
    if "=" not in options.labels:
        return dict.fromkeys(options.facets, options.labels)
    pairs = [pair.partition("=") for pair in options.labels.split(",")]
    return {facets_in(facet.strip())[0]: name.strip() for facet, _, name in pairs}


def tools_of(host: Host, jobs: int, progress: Progress) -> Tools:
    """Return what training needs of a host: its extraction, its readers of corpora and its newsroom's own concepts."""
    return Tools(host.extract, tagger_for, host.corpus_readers(), jobs=jobs, progress=progress, find=host.find)


class Told:
    """Progress on standard error, held back while a small corpus is read: what fails at once fails in one line.

    What stands before a line's first comma names the work. On a terminal a line of the same work takes the place of the last; into
    a file or a pipe goes at most one in ``SELDOM`` seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._held: list[str] = []
        self._clock, self._since = clock, clock()
        self._terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._work, self._last = "", self._since

    def __call__(self, line: str) -> None:
        """Tell one line of progress."""
        now, work = self._clock(), line.partition(", ")[0]
        again, self._work = work == self._work, work
        if again and not self._terminal and now - self._last < SELDOM:
            return
        self._last = now
        if again and self._terminal:
            line = self._over(line)
        self._held.append(line)
        if now - self._since > 1.0 or line.startswith(tuple(f"{facet}: " for facet in Facet)):
            self.flush()

    def _over(self, line: str) -> str:
        """Return a line that takes the place of the last one, whether that is still held back or stands on the terminal."""
        if self._held:
            del self._held[-1]
            return line
        return f"{_UP_AND_CLEAR}{line[: shutil.get_terminal_size().columns - 1]}"

    def flush(self) -> None:
        """Tell what was held back."""
        for line in self._held:
            click.echo(line, err=True)
        self._held.clear()


def figures(evaluation: Evaluation) -> str:
    """Return an evaluation as a table for people: a line for each facet, then its most frequent labels."""
    head = f"{'facet':<34}{'documents':>10}{'micro F1':>10}{'macro F1':>10}{'doc. F1':>10}{'precision':>11}{'recall':>8}"
    lines = [evaluation.corpus, head] if evaluation.corpus else [head]
    for s in evaluation.facets:
        lines.append(
            f"{s.facet!s:<34}{s.documents:>10}{s.micro_f1:>10.3f}{s.macro_f1:>10.3f}{s.document_f1:>10.3f}{s.precision:>11.3f}{s.recall:>8.3f}"
        )
        lines += [f"  {'with broader concepts':<42}{s.hierarchical_f1:>10.3f}"] if s.hierarchical_f1 is not None else []
        lines += [f"  {decided(s)}"] if s.with_auto is not None else []
        often = sorted(s.per_label, key=lambda label: (-label.support, label.label))[:20]
        lines += [f"  {o.label[:31]:<32}{o.support:>10}{o.f1:>10.3f}{'':>20}{o.precision:>11.3f}{o.recall:>8.3f}" for o in often]
    return "\n".join(lines)


def decided(score: FacetScore) -> str:
    """Return in words how many documents get a tag unasked, how many of those tags are right, and how far scores are off."""
    right = "" if score.auto_precision is None else f", {score.auto_precision:.1%} of them right"
    error = "" if score.calibration_error is None else f"; calibration error of scores {score.calibration_error:.3f}"
    return f"auto tags on {score.with_auto or 0.0:.1%} of the documents{right}{error}"

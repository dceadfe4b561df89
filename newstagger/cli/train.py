"""``newstagger train``: a labelled corpus in, a candidate bundle with its held-out evaluation out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from newstagger.cli import promotion
from newstagger.cli.corpora import CorpusOptions, Told, corpus_options, feeds_in, figures, tools_of
from newstagger.cli.options import Settings, common, echo_json
from newstagger.cli.promotion import Promotion
from newstagger.cli.reviewed import expect_rows, gathered, lines
from newstagger.cli.searching import Asked, search_lines, search_options, search_to_json, write_recipe
from newstagger.contracts import Json
from newstagger.corpus import iso_date
from newstagger.domain import BundleRef, Evaluation, Facet
from newstagger.errors import ConfigError
from newstagger.formats.tagging_json import bundle_to_json, evaluation_to_json
from newstagger.host import Host
from newstagger.training import Feed, TrainingJob, retrain
from newstagger.training.feedback import Chosen


@click.command(
    "train",
    epilog="""\b
A row: id, title, text or html, labels (a list, or {"topic": [...], "region": [...], "actor": [...]}), and if you have them
lang, date, split, group. An empty list is a negative; a row without the field is skipped and counted. rejected and unknown,
by facet, say what a person took off and what nobody judged.
\b
With --with-feedback the articles that editors reviewed are learned too (see 'newstagger feedback export --help'). Where one of
them stands in a corpus as well, the editors' word counts.
\b
With --search the constants are found first: one after the other, each value of a recipe's [facets.topic.search] (such as
c = [0.3, 1, 3]; without one a small built-in list) is measured by cross-validation on the rows to learn from, and taken where it
is better beyond noise. One candidate is then trained with them; --out keeps them as a recipe, with all that was tried.
\b
Examples:
  newstagger train --corpus archive.jsonl.gz --facet topic --name desk
  newstagger train --corpus archive.jsonl --labels places --facet region --name desk --base desk@1
  newstagger train --corpus archive.csv --where year=2024 --name desk --models ./models --date 2024-12-31
  newstagger train --corpus archive.jsonl --with-feedback --name desk
  newstagger train --with-feedback --facet region,actor --name desk --base starter
  newstagger train --corpus archive.jsonl --name desk --search --out desk.toml
  newstagger train --recipe recipes/starter.toml --data ./corpora --name starter""",
)
@click.option("--name", required=True, help="Name of the bundle; a new version of it is written.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the sources that the recipe names.")
@click.option("--base", metavar="NAME@VERSION", help="Bundle that gives the facets not trained (default: what is current under --name).")
@click.option("--date", help="Date to write into the bundle, ISO 8601 (default: the recipe's, else none).")
@click.option("--with-feedback", is_flag=True, help="Learn from the articles that editors reviewed, too.")
@click.option(
    "--feedback-weight",
    type=click.FloatRange(0, min_open=True, max=1_000_000),
    help="Weight of each of them, where a row of a corpus weighs 1 (default: the recipe's, else 4); for terms, not for places and actors.",
)
@click.option("--promote", is_flag=True, help="Make the new version current, unless an important tag got worse (see models promote).")
@search_options
@corpus_options
@common
def command(
    *, settings: Settings, as_json: bool, options: CorpusOptions, name: str, data: Path | None, base: str | None,
    date: str | None, with_feedback: bool, feedback_weight: float | None, promote: bool, jobs: int, asked: Asked,
) -> int:  # fmt: skip
    """Learn a candidate bundle from labelled articles and measure it on held-out ones."""
    if (told := date or options.recipe.date) and iso_date(told) != told:
        step = "write --date 2024-12-31" if date else "correct the recipe's date, or give --date"
        raise ConfigError(f"{told[:40]!r} is no ISO 8601 date", next_step=step)
    facets = options.facets or (() if options.corpora else tuple(f for f in Facet if f in options.recipe.facets)) or (Facet.TOPIC,)
    feeds = feeds_in(replace(options, facets=facets))
    job = TrainingJob(name, facets, options.recipe, feeds, data, options.beside, base, settings.bundle, date, search=asked.search)
    host = Host(settings, stateless=True)
    if with_feedback:
        job = replace(job, feedback=_feedback(host, settings, job), feedback_weight=feedback_weight)
    elif feedback_weight is not None:
        raise ConfigError("--feedback-weight without feedback", next_step="add --with-feedback")
    return run(host, job, jobs=jobs, promote=promote, important=settings.policy.important, out=asked.out, as_json=as_json)


def _feedback(host: Host, settings: Settings, job: TrainingJob) -> Feed:
    """Return what editors reviewed in the facets of a job; tell how much it is."""
    told = gathered(host, settings, Chosen(job.facets))
    if not job.feeds and not any(job.recipe.facet(facet).build or job.recipe.facet(facet).sources for facet in job.facets):
        expect_rows(told, settings)
    click.echo("\n".join(lines(told, settings)), err=True)
    return told.feed(job.facets)


def run(
    host: Host, job: TrainingJob, *, jobs: int, promote: bool, important: Sequence[str], as_json: bool, out: Path | None = None
) -> int:  # fmt: skip
    """Train, write the recipe that a search found, tell the plugins, promote if asked to and no important tag speaks against it."""
    told = Told()
    ref, evaluation = retrain(job, host.store, tools_of(host, jobs, told))
    told.flush()
    if out is not None:
        write_recipe(job.recipe, _recipe_of(host, ref), out)
    host.model_trained(ref, evaluation)
    done = promotion.promote(host.store, str(ref), important) if promote else None
    _show(host, ref, evaluation, done, _recipe_of(host, ref) if job.search else {}, as_json=as_json)
    return 0 if done is None else done.code


def _show(
    host: Host, ref: BundleRef, evaluation: Evaluation, done: Promotion | None, recorded: Mapping[str, Json], *, as_json: bool
) -> None:
    if as_json:
        gate = {} if done is None else {"important": promotion.promotion_to_json(done)["important"]}
        promoted = done is not None and done.promoted
        return echo_json(
            {"bundle": bundle_to_json(ref), "promoted": promoted, **gate, **search_to_json(recorded), **evaluation_to_json(evaluation)}
        )
    for line in search_lines(recorded):
        click.echo(line)
    click.echo(f"{ref} in {host.store.find(str(ref)).folder}")
    click.echo(figures(evaluation))
    if done is not None:
        promotion.tell(done)
    else:
        click.echo(f"a candidate: try it with --bundle {ref}, then 'newstagger models promote {ref}'", err=True)
    return None


def _recipe_of(host: Host, ref: BundleRef) -> Mapping[str, Json]:
    return host.store.load(str(ref)).manifest.provenance.recipe

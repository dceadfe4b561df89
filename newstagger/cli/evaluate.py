"""``newstagger evaluate``: the figures of a bundle on a labelled corpus, or of a recipe by cross-validation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from newstagger.bundles.bundle import Bundle
from newstagger.cli.corpora import CorpusOptions, Told, corpus_options, facets_asked, feeds_in, figures, tools_of
from newstagger.cli.options import Settings, common, echo_json
from newstagger.cli.show import plain
from newstagger.contracts import Json
from newstagger.domain import Evaluation, Facet
from newstagger.errors import ConfigError
from newstagger.formats.tagging_json import bundle_to_json, evaluation_to_json
from newstagger.host import Host
from newstagger.learning.crossval import Watch, unwatched
from newstagger.report import Notes, about_bundle, about_recipe, expect_extra, write_report
from newstagger.training import Tools, TrainingJob, cross_validate_recipe, evaluate_bundle


@click.command(
    "evaluate",
    epilog="""\b
Tags that would be written or suggested count as predicted. Media Topics that the bundle lacks count as their nearest broader one.
\b
--report writes one page, DIR/report.html, that needs no network: curves, what a threshold would change, confusions, the worst
cases with the words that spoke, labels of the corpus that are perhaps wrong, figures by language, month and the rows' field
source. It quotes articles: only you can read the file. Install newstagger[report] for it.
\b
Examples:
  newstagger evaluate --corpus test.jsonl --bundle desk
  newstagger evaluate --corpus test.jsonl --bundle desk@3 --labels topics --where split=test --json
  newstagger evaluate --corpus test.jsonl --bundle desk --report ./report
  newstagger evaluate --cv 5 --seed 0 --recipe recipes/reuters.toml --corpus archive.jsonl.gz --labels topics""",
)
@click.option("--bundle", help="NAME or NAME@VERSION to measure (default: the settings', else starter).")
@click.option("--cv", type=click.IntRange(2), metavar="K", help="Cross-validate the recipe in K folds instead.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True, help="Seed of the folds.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the sources that the recipe names.")
@click.option("--base", metavar="NAME@VERSION", help="With --cv: bundle whose gazetteer is built on.")
@click.option("--report", type=click.Path(path_type=Path), metavar="DIR", help="Folder to write a page into, report.html.")
@corpus_options
@common
def command(
    *, settings: Settings, as_json: bool, options: CorpusOptions, bundle: str | None, cv: int | None, seed: int,
    data: Path | None, base: str | None, report: Path | None, jobs: int,
) -> int:  # fmt: skip
    """Measure a bundle on labelled articles, or a recipe by cross-validation."""
    if cv is not None and bundle is not None:
        raise ConfigError("--cv trains anew and measures no bundle", next_step="leave out --bundle or --cv")
    if report is not None:
        expect_extra(report)
    host, told = Host(settings, stateless=True), Told()
    tools, notes = tools_of(host, jobs, told), Notes()
    watch = unwatched if report is None else notes
    if cv is not None:
        job = _job(options, data, base, settings.bundle)
        evaluation = cross_validate_recipe(job, host.store, tools, k=cv, seed=seed, watch=watch)
        more, about = {}, about_recipe(options.recipe, cv)
    else:
        loaded = host.store.load(bundle or settings.bundle)
        evaluation = run(loaded, options, tools, watch)
        more, about = {"bundle": bundle_to_json(loaded.ref)}, about_bundle(loaded, options.corpora)
    page = None if report is None else write_report(report, evaluation, notes, about, told)
    return _print(evaluation, more, page, told, as_json=as_json)


def run(bundle: Bundle, options: CorpusOptions, tools: Tools, watch: Watch = unwatched) -> Evaluation:
    """Return the figures of a bundle on the files that the options name; ``watch`` is told each answer."""
    if not options.corpora:
        raise ConfigError("no corpus was named", next_step="give --corpus FILE.jsonl")
    facets = options.facets or facets_asked(bundle, options, tools.readers)
    return evaluate_bundle(bundle, feeds_in(replace(options, facets=facets)), facets, tools, watch)


def _job(options: CorpusOptions, data: Path | None, base: str | None, gazetteer: str) -> TrainingJob:
    facets = options.facets or tuple(f for f in Facet if f in options.recipe.facets) or (Facet.TOPIC,)
    return TrainingJob(
        "cross-validation", facets, options.recipe, feeds_in(replace(options, facets=facets)), data, options.beside, base, gazetteer
    )


def _print(evaluation: Evaluation, more: dict[str, Json], page: Path | None, told: Told, *, as_json: bool) -> int:
    told.flush()
    if as_json:
        echo_json({**more, **evaluation_to_json(evaluation), **({"report": str(page)} if page else {})})
    else:
        click.echo("\n".join([figures(evaluation), *([f"report: {plain(str(page))}"] if page else [])]))
    return 0

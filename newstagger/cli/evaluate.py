"""``newstagger evaluate``: the figures of a bundle on a labelled corpus, or of a recipe by cross-validation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from newstagger.bundles.bundle import Bundle
from newstagger.cli.corpora import CorpusOptions, Told, corpus_options, feeds_in, figures, tools_of
from newstagger.cli.options import Settings, common, echo_json
from newstagger.contracts import CorpusReader, Json
from newstagger.corpus import reader_for
from newstagger.domain import Evaluation, Facet
from newstagger.errors import ConfigError
from newstagger.formats.tagging_json import bundle_to_json, evaluation_to_json
from newstagger.host import Host
from newstagger.training import Tools, TrainingJob, cross_validate_recipe, evaluate_bundle, facets_of_row


@click.command(
    "evaluate",
    epilog="""\b
Tags that would be written or suggested count as predicted. Media Topics that the bundle lacks count as their nearest broader one.
\b
Examples:
  newstagger evaluate --corpus test.jsonl --bundle desk
  newstagger evaluate --corpus test.jsonl --bundle desk@3 --labels topics --where split=test --json
  newstagger evaluate --cv 5 --seed 0 --recipe recipes/reuters.toml --corpus archive.jsonl.gz --labels topics""",
)
@click.option("--bundle", help="NAME or NAME@VERSION to measure (default: the settings', else starter).")
@click.option("--cv", type=click.IntRange(2), metavar="K", help="Cross-validate the recipe in K folds instead.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True, help="Seed of the folds.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the sources that the recipe names.")
@click.option("--base", metavar="NAME@VERSION", help="With --cv: bundle whose gazetteer is built on.")
@corpus_options
@common
def command(
    *, settings: Settings, as_json: bool, options: CorpusOptions, bundle: str | None, cv: int | None, seed: int,
    data: Path | None, base: str | None, jobs: int,
) -> int:  # fmt: skip
    """Measure a bundle on labelled articles, or a recipe by cross-validation."""
    host, told = Host(settings, stateless=True), Told()
    tools = tools_of(host, jobs, told)
    if cv is not None:
        if bundle is not None:
            raise ConfigError("--cv trains anew and measures no bundle", next_step="leave out --bundle or --cv")
        job = _job(options, data, base, settings.bundle)
        return _print(cross_validate_recipe(job, host.store, tools, k=cv, seed=seed), {}, told, as_json=as_json)
    loaded = host.store.load(bundle or settings.bundle)
    return _print(run(loaded, options, tools), {"bundle": bundle_to_json(loaded.ref)}, told, as_json=as_json)


def run(bundle: Bundle, options: CorpusOptions, tools: Tools) -> Evaluation:
    """Return the figures of a bundle on the files that the options name."""
    if not options.corpora:
        raise ConfigError("no corpus was named", next_step="give --corpus FILE.jsonl")
    facets = options.facets or _facets(bundle, options, tools.readers)
    return evaluate_bundle(bundle, feeds_in(replace(options, facets=facets)), facets, tools)


def _job(options: CorpusOptions, data: Path | None, base: str | None, gazetteer: str) -> TrainingJob:
    facets = options.facets or tuple(f for f in Facet if f in options.recipe.facets) or (Facet.TOPIC,)
    return TrainingJob(
        "cross-validation", facets, options.recipe, feeds_in(replace(options, facets=facets)), data, options.beside, base, gazetteer
    )


def _facets(bundle: Bundle, options: CorpusOptions, readers: Sequence[CorpusReader]) -> tuple[Facet, ...]:
    """Return the facets that the first labelled row speaks of."""
    name, path = options.labels or "labels", options.corpora[0]
    if "=" in name:
        return tuple(facet for facet in Facet if f"{facet}=" in name)
    rows = reader_for(path, readers).rows(path)
    return facets_of_row(bundle, next((row[name] for _, row in rows if row.get(name)), None))


def _print(evaluation: Evaluation, more: dict[str, Json], told: Told, *, as_json: bool) -> int:
    told.flush()
    if as_json:
        echo_json({**more, **evaluation_to_json(evaluation)})
    else:
        click.echo(figures(evaluation))
    return 0

"""``newstagger models compare``: two bundles side by side, label by label, as a table for people or as JSON.

What is compared on which rows is ``training.compare``'s business; ``promotion`` shows single tags in the same words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import click

from newstagger.bundles.bundle import Bundle
from newstagger.cli.corpora import CorpusOptions, Told, facets_asked, feeds_in, tools_of
from newstagger.cli.options import Settings, echo_json
from newstagger.cli.show import plain
from newstagger.contracts import Json
from newstagger.errors import BundleError, ConfigError
from newstagger.formats.tagging_json import SCHEMA_VERSION, bundle_to_json
from newstagger.host import Host
from newstagger.learning.bootstrap import FEWEST, Contrast, Verdict
from newstagger.training.compare import Comparison, FacetContrast, compare, compare_on, shared

SHOWN = 20
"""So many labels without a visible difference are listed; those that got better or worse all are."""
CHANCE = 0.025
"""The share of labels that look worse beyond noise, and as many better, where nothing has changed: one side of 95 % intervals."""


def run(settings: Settings, first: Bundle, second: Bundle, options: CorpusOptions, *, jobs: int, as_json: bool) -> int:
    """Compare two bundles and print what came of it; raise BundleError when there is no row to compare them on."""
    comparison = compared(settings, first, second, options, jobs=jobs)
    if not any(told.rows or told.same for told in comparison.facets):
        raise nothing_shared(comparison)
    if as_json:
        echo_json(comparison_to_json(comparison))
    else:
        click.echo("\n".join(line for told in comparison.facets for line in facet_lines(told, comparison)))
    return 0


def compared(settings: Settings, first: Bundle, second: Bundle, options: CorpusOptions, *, jobs: int) -> Comparison:
    """Compare on the files that the options name, else on what the bundles remember; raise ConfigError for facets that one lacks."""
    facets = options.facets
    if not shared(first, second, facets):
        raise ConfigError(f"{first.ref} and {second.ref} share no facet", next_step=f"{second.ref} has {', '.join(second.parts)}")
    if not options.corpora:
        return compare(first, second, facets)
    host, told = Host(settings, stateless=True), Told()
    tools = tools_of(host, jobs, told)
    facets = facets or facets_asked(second, options, tools.readers)
    comparison = compare_on(first, second, feeds_in(replace(options, facets=facets)), facets, tools)
    told.flush()
    return comparison


def nothing_shared(comparison: Comparison) -> BundleError:
    """Return the error for two bundles that there is no row to compare on."""
    first, second = comparison.first, comparison.second
    step = "name labelled articles that neither learned from with --corpus FILE"
    if told := "; ".join(dict.fromkeys(origin for facet in comparison.facets for origin in facet.origin)):
        return BundleError(f"no row is left to compare {first} and {second} on: {told}", next_step=step)
    return BundleError(f"no row is remembered on which {first} and {second} were both measured", next_step=step)


def facet_lines(told: FacetContrast, comparison: Comparison) -> Iterator[str]:
    """Yield the lines of one facet: where its rows come from, all labels together, then each by what matters."""
    first, second = comparison.first, comparison.second
    if told.same:
        yield f"{told.facet}: {first} and {second} hold the same part"
        return
    if not told.rows:
        yield f"{told.facet}: {plain(str(nothing_shared(replace(comparison, facets=(told,)))))}"
        return
    yield f"{told.facet}: {told.rows} rows ({'; '.join(plain(origin) for origin in told.origin)})"
    yield f"  {'':<40}{'rows':>6}  {f'F1 {first} → {second}':<22}{'difference (95 % interval)':<30}{'precision':<18}{'recall':<18}"
    yield _row("all labels, micro", told.micro)
    yield _row("all labels, macro", told.macro)
    yield from _label_lines(told)
    for which, labels in ((second, told.lost), (first, told.gained)):
        if labels:
            more = f" and {len(labels) - 5} more" if len(labels) > 5 else ""
            yield f"  {which} cannot give: {', '.join(plain(label, 60) for label in labels[:5])}{more}"


def _label_lines(told: FacetContrast) -> Iterator[str]:
    moved = [one for one in told.labels if one.contrast.verdict in (Verdict.WORSE, Verdict.BETTER)]
    still = [one for one in told.labels if one.contrast.verdict is Verdict.SAME]
    for one in (*moved, *still[:SHOWN]):
        yield _row(named(one.id, one.name), one.contrast)
    if len(still) > SHOWN:
        yield f"  {len(still) - SHOWN} more labels without a difference that can be seen (--json lists them)"
    if few := len(told.labels) - len(moved) - len(still):
        yield f"  {few} labels are wanted in fewer than {FEWEST} rows: no verdict"
    if any(one.contrast.verdict is Verdict.WORSE for one in moved) and (chance := round(CHANCE * (len(moved) + len(still)))):
        yield f"  of {len(moved) + len(still)} labels about {chance} would look worse by chance alone"


def named(label: str, name: str) -> str:
    """Return a label as people know it, its id behind it where that is another."""
    return plain(name if name == label else f"{name} ({label})")


def _row(name: str, one: Contrast) -> str:
    f1 = f"{one.first.f1:.3f} → {one.second.f1:.3f}"
    precision = f"{one.first.precision:.3f} → {one.second.precision:.3f}"
    recall = f"{one.first.recall:.3f} → {one.second.recall:.3f}"
    return f"  {plain(name, 39):<40}{one.support:>6}  {f1:<22}{gap(one):<30}{precision:<18}{recall:<18}{one.verdict}"


def gap(one: Contrast) -> str:
    """Return the difference in F1 with its interval."""
    return f"{one.difference:+.3f} ({one.low:+.3f} to {one.high:+.3f})"


def comparison_to_json(comparison: Comparison) -> dict[str, Json]:
    """Return a comparison as JSON: both bundles, and by facet the figures over all labels and of each."""
    return {
        "schema_version": SCHEMA_VERSION,
        "first": bundle_to_json(comparison.first),
        "second": bundle_to_json(comparison.second),
        "facets": {str(told.facet): _facet_json(told) for told in comparison.facets},
    }


def _facet_json(told: FacetContrast) -> dict[str, Json]:
    return {
        "same": told.same,
        "rows": told.rows,
        "origin": list(told.origin),
        "micro": contrast_to_json(told.micro),
        "macro": contrast_to_json(told.macro),
        "labels": [{"label": one.id, "name": one.name, **contrast_to_json(one.contrast)} for one in told.labels],
        "lost": list(told.lost),
        "gained": list(told.gained),
    }


def contrast_to_json(one: Contrast) -> dict[str, Json]:
    """Return the figures of both sides, the difference in F1 and its 95 % interval."""
    sides = {
        name: {figure: round(getattr(side, figure), 6) for figure in ("precision", "recall", "f1")}
        for name, side in (("first", one.first), ("second", one.second))
    }
    numbers = {name: round(getattr(one, name), 6) for name in ("difference", "low", "high")}
    return {"support": one.support, **sides, **numbers, "verdict": str(one.verdict)}

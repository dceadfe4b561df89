"""The page: Jinja2 templates with everything escaped, characters that no page may hold replaced, and a bound on its size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from newstagger.contracts import Progress
from newstagger.progress import Steps
from newstagger.report.cases import clipped
from newstagger.report.data import Confusion, FacetReport, Interval, LabelReport, Report
from newstagger.report.plots import picture

TEMPLATES = Path(__file__).parent / "templates"
MOST_DETAILS, MOST_PLOTS, FEWEST_FOR_PLOT = 200, 60, 20
MOST_ROWS = 1000
"""Rows of the table of labels."""
MOST_BYTES = 8 << 20
"""Of the details of all labels together: what a telephone still opens."""
LONGEST = 120
TURNED = {"broader": "narrower", "narrower": "broader"}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Controls, halves of surrogate pairs, no characters at all, and the marks that turn the direction of what follows."""


def shown(value: Any) -> Any:
    """Return a value as it may stand on the page: forbidden characters of a plain string become U+FFFD."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", value) if isinstance(value, str) and not isinstance(value, Markup) else value


def environment() -> Environment:
    """Return the templates' environment: every value that is put in is cleaned, then escaped."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"share": _share, "percent": _percent, "signed": _signed, "interval": _interval, "sign": _sign}
    made.filters |= {"short": _short, "relation": _relation}
    return made


@dataclass(frozen=True, slots=True, eq=False)
class Details:
    """The rendered details of a facet's labels, and how many were left out to keep the page small; ``there`` are the linked ones."""

    blocks: tuple[Markup, ...]
    there: frozenset[int]
    left_out: int


def rendered(report: Report, progress: Progress) -> str:
    """Return the whole page; the same report gives the same page."""
    templates = environment()
    facets = [(facet, _details(facet, templates, progress, MOST_BYTES // len(report.facets)), _drawn(facet)) for facet in report.facets]
    style = Markup((TEMPLATES / "style.css").read_text("utf-8"))  # noqa: S704 - our own file
    limits = {"plots": MOST_PLOTS, "fewest": FEWEST_FOR_PLOT, "rows": MOST_ROWS}
    return templates.get_template("page.html").render(report=report, facets=facets, style=style, limits=limits)


def _drawn(facet: FacetReport) -> str:
    return picture(facet.curves)


def _details(facet: FacetReport, templates: Environment, progress: Progress, most: int) -> Details:
    """Render labels, the most frequent first, until there are enough."""
    blocks: list[Markup] = []
    for block in _blocks(facet, templates, progress):
        most -= len(block.encode("utf-8"))
        if most < 0:
            break
        blocks.append(block)
    there = frozenset(label.number for label in facet.labels[: len(blocks)])
    return Details(tuple(blocks), there, len(facet.labels) - len(blocks))


def _blocks(facet: FacetReport, templates: Environment, progress: Progress) -> Iterator[Markup]:
    template = templates.get_template("label.html")
    labels = facet.labels[:MOST_DETAILS]
    steps = Steps(progress, f"report: {facet.score.facet} label by label", len(labels), "labels")
    for at, label in enumerate(steps.over(labels)):
        plot = picture(label.curves, label.cuts) if _plotted(label, at) else None
        yield Markup(template.render(label=label, facet=facet, plot=plot))  # noqa: S704 - the template has escaped it


def _plotted(label: LabelReport, at: int) -> bool:
    return at < MOST_PLOTS and label.score.support >= FEWEST_FOR_PLOT and len(label.curves.recall) > 1


def _share(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")


def _interval(value: Interval, digits: int = 2) -> str:
    return f"{value.low:.{digits}f}\N{EN DASH}{value.high:.{digits}f}"


def _sign(strength: int) -> str:
    """Return a highlight's sign and strength in signs that need no colour."""
    return ("+" if strength > 0 else "\N{MINUS SIGN}") * abs(strength)


def _relation(one: Confusion, number: int) -> str:
    """Return how the other label of a confusion lies to the one of this number."""
    return one.relation if one.wanted == number else TURNED.get(one.relation, one.relation)


def _short(text: str) -> str:
    return clipped(text, LONGEST)

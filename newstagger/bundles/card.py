"""The model card of a bundle, made from data: what it learned from, on what terms, how it fares, what it cannot do.

Nothing here judges or measures; the figures come from the evaluation, the rest from the recipe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from newstagger.bundles.manifest import Provenance
from newstagger.bundles.outcomes import Outcomes
from newstagger.contracts import FacetPart
from newstagger.domain import Evaluation, Facet, FacetScore, SetScore
from newstagger.learning.bootstrap import Contrast, Verdict, contrast_f1

MAX_LABELS, MAX_MOVED = 40, 20
KINDS = {
    "linear": "a one-vs-rest linear classifier over weighted terms",
    "places": "a gazetteer of places with a linear model over the places that a text names",
    "actors": "a dictionary of actors with a linear model over the actors that a text names",
}


def model_card(
    name: str, version: str, parts: Mapping[Facet, FacetPart], told: Provenance, evaluation: Evaluation,
    outcomes: Mapping[Facet, Outcomes],
) -> str:  # fmt: skip
    """Return the card as Markdown; the same bundle gives the same card."""
    lines = [f"# {name}@{version}", "", *_summary(told), *_facets(parts, told), *_sources(told), *_figures(evaluation)]
    for facet, found in sorted(outcomes.items()):
        lines += _against(facet, found)
    return "\n".join([*lines, *_limits(told)]) + "\n"


def _summary(told: Provenance) -> Iterator[str]:
    if text := str(told.recipe.get("description", "")):
        yield from (text, "")
    yield f"- Date: {told.date or 'not given'}"
    yield f"- Built on: {told.base or 'nothing'}"
    yield f"- Libraries: {', '.join(f'{name} {number}' for name, number in sorted(told.libraries.items())) or 'none recorded'}"
    yield ""


def _facets(parts: Mapping[Facet, FacetPart], told: Provenance) -> Iterator[str]:
    yield from ("## What it tags", "")
    for facet, part in sorted(parts.items()):
        labels = f", {len(part.concepts)} concepts" if part.concepts else ""
        yield f"- **{facet}**: {KINDS.get(part.kind, part.kind)}{labels}"
        if searched := told.recipe.get("facets", {}).get(facet, {}).get("searched"):
            yield f"  ({_searched(searched)})"
    yield ""


def _searched(told: Mapping[str, Any]) -> str:
    found = ", ".join(f"{name} = {value}" for name, value in told["found"].items()) or "nothing better than the recipe's own"
    return _cell(f"constants searched by {told['folds']}-fold cross-validation of {told['rows']} rows; found: {found}")


def _sources(told: Provenance) -> Iterator[str]:
    yield from ("## What it learned from", "")
    if told.corpora:
        yield from _table(("file", "facet", "rows used", "terms", "SHA-256"), (_source(corpus) for corpus in told.corpora))
    else:
        yield from ("No corpus is recorded.", "")
    of_files = [f"{corpus.get('file')} ({corpus.get('facet')}): {corpus['note']}" for corpus in told.corpora if corpus.get("note")]
    for note in (*_texts(of_files), *_texts(told.recipe.get("notes"))):
        yield from (f"- {note}", "")


def _source(corpus: Mapping[str, Any]) -> tuple[str, ...]:
    terms = str(corpus.get("terms") or "not stated")
    return (str(corpus.get("file")), str(corpus.get("facet", "")), str(corpus.get("rows", "")), terms, f"{str(corpus.get('sha256'))[:16]}…")


def _figures(evaluation: Evaluation) -> Iterator[str]:
    yield from ("## Held-out figures", "")
    if not evaluation.facets:
        yield from ("None: nothing was held out.", "")
        return
    if evaluation.corpus:
        yield from (f"Measured on {evaluation.corpus}.", "")
    heads = ("facet", "documents", "micro F1", "macro F1", "document F1", "precision", "recall")
    yield from _table(heads, (_row(score) for score in evaluation.facets))
    if any(score.with_auto is not None for score in evaluation.facets):
        told = ("facet", "documents with an auto tag", "auto tags that are right", "calibration error of scores")
        yield from _table(told, (_decided(score) for score in evaluation.facets))
    for score in evaluation.facets:
        yield from _labels(score)
    yield from _elsewhere(evaluation.elsewhere)


def _elsewhere(found: Sequence[SetScore]) -> Iterator[str]:
    if not found:
        return
    yield from ("### On sets that it never learned from", "")
    heads = (
        "set",
        "facet",
        "language",
        "articles",
        "first tag right",
        "articles with a tag unasked",
        "of these right",
        "calibration error",
    )
    yield from _table(heads, (_set(score) for score in found))


def _set(score: SetScore) -> tuple[str, ...]:
    precise = "-" if score.auto_precision is None else f"{score.auto_precision:.3f}"
    figures = (f"{score.first_right:.3f}", f"{score.with_auto:.3f}", precise, f"{score.calibration_error:.3f}")
    return (score.name, str(score.facet), score.language or "all", str(score.documents), *figures)


def _row(score: FacetScore) -> tuple[str, ...]:
    figures = (score.micro_f1, score.macro_f1, score.document_f1, score.precision, score.recall)
    return (str(score.facet), str(score.documents), *(f"{figure:.3f}" for figure in figures))


def _decided(score: FacetScore) -> tuple[str, ...]:
    figures = (score.with_auto, score.auto_precision, score.calibration_error)
    return (str(score.facet), *("none to count" if figure is None else f"{figure:.3f}" for figure in figures))


def _labels(score: FacetScore) -> Iterator[str]:
    often = sorted(score.per_label, key=lambda label: (-label.support, label.label))[:MAX_LABELS]
    if not often:
        return
    yield from (f"### {score.facet}: the {len(often)} most frequent of {len(score.per_label)} labels", "")
    rows = ((o.label, str(o.support), f"{o.precision:.3f}", f"{o.recall:.3f}", f"{o.f1:.3f}") for o in often)
    yield from _table(("label", "documents", "precision", "recall", "F1"), rows)


def _against(facet: Facet, found: Outcomes) -> Iterator[str]:
    """Yield how the facet fares beside that of the bundle which stood when it was trained: over all, and the labels that moved."""
    rows = found.beside_rival()
    if found.rival is None or not rows:
        return
    told = contrast_f1([*rows.values()])
    moved = {label: one for label, one in told.labels.items() if one.verdict in (Verdict.WORSE, Verdict.BETTER)}
    shown = sorted(moved.items(), key=lambda item: (item[1].difference, item[0]))[:MAX_MOVED]
    yield from (f"### {facet}: beside {found.rival.bundle}", "")
    yield f"F1 on {len(rows)} held-out rows that {found.rival.bundle} had not learned from; 95 % intervals by bootstrap over the rows."
    yield f"Labels that got worse beyond noise: {_count(moved, Verdict.WORSE)}, better: {_count(moved, Verdict.BETTER)}."
    yield ""
    lines = (("micro", told.micro), ("macro", told.macro), *shown)
    yield from _table(("label", "documents", "F1 before", "F1 now", "difference", "verdict"), (_moved(name, one) for name, one in lines))


def _count(moved: Mapping[str, Contrast], verdict: Verdict) -> int:
    return sum(one.verdict is verdict for one in moved.values())


def _moved(name: str, one: Contrast) -> tuple[str, ...]:
    gap = f"{one.difference:+.3f} ({one.low:+.3f} to {one.high:+.3f})"
    return (name, str(one.support), f"{one.first.f1:.3f}", f"{one.second.f1:.3f}", gap, str(one.verdict))


def _limits(told: Provenance) -> Iterator[str]:
    yield from ("## What it cannot do", "")
    yield from (f"- {limit}" for limit in _texts(told.recipe.get("limits")))
    yield "- It knows what its sources held; other languages, years and desks fare worse: measure it on your archive first."
    yield "- Scores are calibrated on text like its sources; editors keep the last word."


def _texts(value: Any) -> list[str]:
    return [" ".join(str(item).split()) for item in value] if isinstance(value, list | tuple) else []


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(_cell(cell) for cell in row)} |"
    yield ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")

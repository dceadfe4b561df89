"""Micro, macro and document F1 of predicted label sets against wanted ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from newstagger.domain import Facet, FacetScore, LabelScore
from newstagger.learning.hierarchy import broader_ids, closure


def score(facet: Facet, gold: Sequence[Collection[str]], predicted: Sequence[Collection[str]], labels: Collection[str]) -> FacetScore:
    """Compare label sets document by document; both sequences are parallel, labels outside ``labels`` do not count.

    Macro F1 is the mean over every one of ``labels``, 0 where a label is neither wanted nor predicted. Document F1 is the
    mean over documents, 1 where nothing was wanted and nothing predicted. Precision and recall are micro-averaged. Hierarchical
    F1 is None where no label has a broader one; broader concepts that no document wants itself count there alone.
    """
    above = broader_ids(labels)
    whole = _within(frozenset(labels), gold, predicted)
    known = frozenset(labels) - fallbacks(gold, above)
    pairs = [(g & known, p & known) for g, p in whole]
    hits = Counter(label for g, p in pairs for label in g & p)
    wanted = Counter(label for g, _ in pairs for label in g)
    given = Counter(label for _, p in pairs for label in p)
    per_label = tuple(_label(label, hits[label], wanted[label], given[label]) for label in sorted(known))
    hit, want, give = hits.total(), wanted.total(), given.total()
    return FacetScore(
        facet=facet,
        documents=len(pairs),
        micro_f1=_f1(hit, want, give),
        macro_f1=sum(label.f1 for label in per_label) / len(per_label) if per_label else 0.0,
        document_f1=sum(_document(g, p) for g, p in pairs) / len(pairs) if pairs else 0.0,
        precision=_share(hit, give),
        recall=_share(hit, want),
        per_label=per_label,
        hierarchical_f1=_hierarchical(whole, above) if above else None,
    )


def fallbacks(gold: Sequence[Collection[str]], above: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the broader concepts of wanted labels that no document wants itself: what a tagger falls back on is no label of the corpus."""
    wanted = frozenset(label for labels in gold for label in labels)
    return closure(wanted, above) - wanted


def _within(
    known: frozenset[str], gold: Sequence[Collection[str]], predicted: Sequence[Collection[str]]
) -> list[tuple[frozenset[str], frozenset[str]]]:  # fmt: skip
    return [(known.intersection(g), known.intersection(p)) for g, p in zip(gold, predicted, strict=True)]


def _hierarchical(pairs: Sequence[tuple[frozenset[str], frozenset[str]]], above: Mapping[str, frozenset[str]]) -> float:
    """Return micro F1 of both sides with their broader concepts (Kiritchenko, Matwin and Famili 2005): a near miss is half right."""
    wide = [(closure(g, above), closure(p, above)) for g, p in pairs]
    return _f1(sum(len(g & p) for g, p in wide), sum(len(g) for g, _ in wide), sum(len(p) for _, p in wide))


def _label(label: str, hit: int, want: int, give: int) -> LabelScore:
    return LabelScore(label, _share(hit, give), _share(hit, want), _f1(hit, want, give), want, give)


def _document(gold: frozenset[str], predicted: frozenset[str]) -> float:
    return _f1(len(gold & predicted), len(gold), len(predicted)) if gold or predicted else 1.0


def _f1(hit: int, want: int, give: int) -> float:
    return _share(2 * hit, want + give)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0

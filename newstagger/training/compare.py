"""Two bundles side by side: rows that are new to both, each label's F1 in either, and which differences are more than noise.

Rows come from what the bundles remember of their trainings, or from labelled files. ``learning.bootstrap`` has the statistics,
``gate`` judges whether a candidate may serve.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from newstagger.bundles.bundle import Bundle
from newstagger.bundles.outcomes import Outcomes, short_key, text_key
from newstagger.contracts import Example, FacetPart
from newstagger.domain import BundleRef, Facet
from newstagger.errors import CorpusError
from newstagger.learning.bootstrap import Contrast, Contrasts, Judged, Verdict, contrast_f1
from newstagger.learning.crossval import predict
from newstagger.taxonomy import media_topics
from newstagger.training.examples import Feed, Material, Tools, labelled, read_material
from newstagger.training.measure import in_terms_of
from newstagger.training.trainers import vocabulary_of

Rows = dict[int, Judged]
"""Documents by the hash of their text."""
WORST_FIRST = (Verdict.WORSE, Verdict.BETTER, Verdict.SAME, Verdict.FEW)


@dataclass(frozen=True, slots=True)
class LabelContrast:
    """One label in both bundles; ``name`` is its preferred label."""

    id: str
    name: str
    contrast: Contrast


@dataclass(frozen=True, slots=True)
class FacetContrast:
    """One facet of two bundles on ``rows`` documents: ``origin`` says where those come from, labels that got worse come first.

    ``same``: both hold the same part, so that nothing can differ. ``lost`` and ``gained`` are labels that only one of them can
    give; gazetteers do not tell.
    """

    facet: Facet
    rows: int
    origin: tuple[str, ...]
    micro: Contrast
    macro: Contrast
    labels: tuple[LabelContrast, ...]
    same: bool
    lost: tuple[str, ...]
    gained: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two bundles, facet by facet of those that both have."""

    first: BundleRef
    second: BundleRef
    facets: tuple[FacetContrast, ...]


def compare(first: Bundle, second: Bundle, facets: Sequence[Facet] = ()) -> Comparison:
    """Compare two bundles (``facets``: only these) on the rows that their trainings measured both on.

    Best are rows held out from one of them on which its training asked the other, which had not learned from them; else rows that
    both trainings held out, each with the answer of its fit before it learned from them too. The later bundle's labels count.
    """
    told = [_contrast(first, second, facet, *_remembered(first, second, facet)) for facet in shared(first, second, facets)]
    return Comparison(first.ref, second.ref, tuple(told))


def compare_on(first: Bundle, second: Bundle, feeds: Sequence[Feed], facets: Sequence[Facet], tools: Tools) -> Comparison:
    """Compare two bundles on labelled files, leaving out rows that one of them learned from; raise CorpusError for a row that is broken."""
    material = read_material(feeds, tools)
    files = ", ".join(feed.path.name for feed in feeds)
    present = [facet for facet in shared(first, second, facets) if material.rows.get(facet)]
    told = [_contrast(first, second, facet, *_asked(first, second, facet, material, files, tools)) for facet in present]
    if not told:
        step = "name the field of the labels with --labels"
        raise CorpusError(f"no row has {' or '.join(facets)} labels", where=files, next_step=step)
    return Comparison(first.ref, second.ref, tuple(told))


def shared(first: Bundle, second: Bundle, facets: Sequence[Facet] = ()) -> tuple[Facet, ...]:
    """Return the facets that both bundles have (of ``facets``, if any are told)."""
    return tuple(facet for facet in Facet if facet in first.parts and facet in second.parts and (not facets or facet in facets))


def naming(parts: Sequence[FacetPart]) -> Callable[[str], str]:
    """Return what tells the preferred label of a concept that one of the parts, or the package, knows; else its id."""
    listed = {concept.id: concept for part in reversed(parts) for concept in part.concepts}
    vocabularies = (media_topics(), *(vocabulary for part in parts for vocabulary in vocabulary_of(part)))

    def name(label: str) -> str:
        known = (concept for vocabulary in vocabularies if (concept := vocabulary.concept(label)))
        concept = listed.get(label) or next(known, None)
        return label if concept is None else concept.pref_label

    return name


def _contrast(first: Bundle, second: Bundle, facet: Facet, rows: Rows, origin: tuple[str, ...]) -> FacetContrast:
    parts = (second.parts[facet], first.parts[facet])
    old, new = ({concept.id for concept in part.concepts} for part in reversed(parts))
    told = contrast_f1([rows[text] for text in sorted(rows)])
    return FacetContrast(
        facet=facet,
        rows=len(rows),
        origin=origin,
        micro=told.micro,
        macro=told.macro,
        labels=tuple(_sorted(told, parts)),
        same=first.part_digest(facet) == second.part_digest(facet),
        lost=tuple(sorted(old - new)) if new else (),
        gained=tuple(sorted(new - old)) if old else (),
    )


def _sorted(told: Contrasts, parts: Sequence[FacetPart]) -> Iterator[LabelContrast]:
    """Yield the labels by what matters: the verdict, then the size of the difference, then how many documents speak for it."""
    order = {
        label: (WORST_FIRST.index(one.verdict), -abs(one.difference) if one.verdict is not Verdict.FEW else 0.0, -one.support, label)
        for label, one in told.labels.items()
    }
    name = naming(parts)
    for label in sorted(order, key=order.__getitem__):
        yield LabelContrast(label, name(label), told.labels[label])


def _remembered(first: Bundle, second: Bundle, facet: Facet) -> tuple[Rows, tuple[str, ...]]:
    """Return the documents that both bundles' trainings have answers to, and where they come from."""
    old, new = first.outcomes.get(facet), second.outcomes.get(facet)
    fresh = _beside(new, first.part_digest(facet))
    turned = _beside(old, second.part_digest(facet))
    stale = {text: Judged(row.wanted, row.second, row.first) for text, row in turned.items() if text not in fresh}
    both = {text: row for text, row in _held_out_twice(old, new).items() if text not in fresh and text not in stale}
    told = (
        (fresh, f"held out from {second.ref}, new to {first.ref}"),
        (stale, f"held out from {first.ref}, new to {second.ref}"),
        (both, "held out from both"),
    )
    return both | stale | fresh, tuple(f"{len(rows)} {what}" for rows, what in told if rows)


def _beside(told: Outcomes | None, rival: str) -> Rows:
    """Return the rows on which a training asked the part with this digest."""
    return {} if told is None or told.rival is None or told.rival.part != rival else told.beside_rival()


def _held_out_twice(old: Outcomes | None, new: Outcomes | None) -> Rows:
    if old is None or new is None:
        return {}
    before = {row.text: row for row in old.rows()}
    pairs = ((row, before[row.text]) for row in new.rows() if row.text in before)
    return {
        row.text: Judged(row.wanted, was.given - row.unknown - was.unknown, row.given - row.unknown - was.unknown) for row, was in pairs
    }


def _asked(
    first: Bundle, second: Bundle, facet: Facet, material: Material, files: str, tools: Tools
) -> tuple[Rows, tuple[str, ...]]:  # fmt: skip
    """Return both bundles' answers to the rows of the files that are new to them, and what is to be said of those."""
    bundles, parts = (first, second), (first.parts[facet], second.parts[facet])
    vocabularies = (*vocabulary_of(parts[0]), *vocabulary_of(parts[1]), *bundles)
    examples = _in_terms_of(parts, labelled(material, facet, vocabularies, tools.find).examples)
    learned = {key for bundle in bundles if (told := bundle.outcomes.get(facet)) for key in told.learned.tolist()}
    new = {key: example for example in examples if short_key(key := text_key(example.text)) not in learned}
    tools.progress(f"{facet}: asking {first.ref} and {second.ref} about {len(new)} rows")
    taggers = [tools.tagger(part, bundle.ref) for part, bundle in zip(parts, bundles, strict=True)]
    rows = {key: Judged(frozenset(e.labels), *(frozenset(predict(tagger, e)) for tagger in taggers)) for key, e in new.items()}
    known = sum(short_key(text_key(example.text)) in learned for example in examples)
    notes = [f"{len(rows)} of {files}", *([f"{known} more left out: one of the two learned from them"] if known else [])]
    notes += [f"{bundle.ref} does not tell which rows it learned from" for bundle in bundles if facet not in bundle.outcomes]
    return rows, tuple(notes)


def _in_terms_of(parts: Sequence[FacetPart], examples: Sequence[Example]) -> Sequence[Example]:
    """Return the examples with the labels that either part can give; a gazetteer takes them as they are."""
    concepts = {concept.id: concept for part in parts for concept in part.concepts} if all(part.concepts for part in parts) else {}
    return in_terms_of(replace(parts[0], concepts=tuple(concepts.values())), examples)[0]

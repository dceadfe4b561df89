"""Broader concepts: learned beside the narrower ones that an archive gives, so that a part can fall back on them.

An archive that files a story under "football" means "sport" too, though it does not say so. Its rows then teach both: where no narrower
concept is sure enough, the broader one may be; where one is, its broader ones are derived from it and marked so. An archive that mostly
gives broader concepts beside narrower ones itself is left as it is: there they are labels like any others. A few rows that do so, an
editor's or a meticulous desk's, are none such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from newstagger.contracts import Example
from newstagger.domain import Concept
from newstagger.taxonomy import media_topics

Lineage = Mapping[str, tuple[Concept, ...]]
"""By concept id: its broader concepts, all the way up, nearest first."""


@dataclass(frozen=True, slots=True)
class Widened:
    """Examples and concepts with the broader ones; ``derived`` tells whether any had to be added."""

    examples: Sequence[Example]
    concepts: tuple[Concept, ...]
    derived: bool


def lineage(concepts: Iterable[Concept]) -> Lineage:
    """Return the broader concepts of each: those of Media Topics, and those that stand among ``concepts`` themselves."""
    given = {concept.id: concept for concept in concepts}

    def find(concept_id: str) -> Concept | None:
        return given.get(concept_id) or media_topics().concept(concept_id)

    return {concept.id: _upwards(concept, find) for concept in given.values()}


def _upwards(concept: Concept, find: Callable[[str], Concept | None]) -> tuple[Concept, ...]:
    found: dict[str, Concept] = {}
    waiting = list(concept.broader)
    while waiting:
        above = find(waiting.pop(0))
        if above is not None and above.id != concept.id and above.id not in found:
            found[above.id] = above
            waiting += above.broader
    return tuple(found.values())


def with_broader(examples: Sequence[Example], concepts: Sequence[Concept]) -> Widened:
    """Return examples that carry the broader concepts of their labels too, unless an example already does."""
    above = lineage(concepts)
    ids = {concept_id: frozenset(one.id for one in ups) for concept_id, ups in above.items() if ups}
    if not ids or _told_by_rows(examples, ids):
        return Widened(examples, tuple(concepts), derived=False)
    known = {concept.id: concept for ups in above.values() for concept in ups} | {concept.id: concept for concept in concepts}
    return Widened([_raised(example, ids) for example in examples], tuple(known[name] for name in sorted(known)), derived=True)


def _told_by_rows(examples: Sequence[Example], ids: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether at least half of the examples with a narrower concept carry a broader one of it, too."""
    narrower = [example for example in examples if not ids.keys().isdisjoint(example.labels)]
    both = sum(any(not ids[label].isdisjoint(example.labels) for label in example.labels if label in ids) for example in narrower)
    return bool(narrower) and 2 * both >= len(narrower)


def _raised(example: Example, ids: Mapping[str, frozenset[str]]) -> Example:
    """Return an example with the broader concepts of what it carries, unless it refuses them; those of what it refuses are unknown.

    So are those of what nobody judged.
    """
    labels = closure(example.labels, ids) - (frozenset(example.rejected) - frozenset(example.labels))
    unknown = closure(example.unknown, ids) | closure(example.rejected, ids) - frozenset(example.rejected)
    return replace(example, labels=tuple(sorted(labels)), unknown=tuple(sorted(unknown - labels)))


def broader_ids(labels: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the broader ids of labels whose ids tell them: Media Topics, and the divisions of ISO 3166-2, which name their country."""
    found = {label: _broader_ids(label) for label in labels}
    return {label: ups for label, ups in found.items() if ups}


def _broader_ids(label: str) -> frozenset[str]:
    if label.startswith("iso:"):
        country, hyphen, _ = label.partition("-")
        return frozenset([country]) if hyphen else frozenset()
    return frozenset(media_topics().lineage(label)[1:]) if label.startswith("medtop:") else frozenset()


def closure(labels: Iterable[str], above: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return labels together with their broader ones."""
    held = frozenset(labels)
    return held.union(*(above.get(label, frozenset()) for label in held))

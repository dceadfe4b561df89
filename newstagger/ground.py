"""What one bundle lays down for saves: its taggers, the detectors, and every look-up of concepts by id and by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from newstagger.bundles.bundle import Bundle
from newstagger.contracts import NameIndex, Vocabulary
from newstagger.domain import Concept, Facet, Problem
from newstagger.house import Brought
from newstagger.newsroom.ledger import is_text
from newstagger.newsroom.vocabulary import Overlay, index_names, key_of
from newstagger.taxonomy import media_topics, prefix_of
from newstagger.topicnames import topics_named


@dataclass(frozen=True)
class Ground:
    """What stands on one bundle: its taggers and the detectors. ``problems`` go into every answer."""

    bundle: Bundle | None
    taggers: tuple[Brought, ...]
    detectors: tuple[Brought, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def concepts(self) -> Iterator[Concept]:
        """The bundle's own concepts; those of its gazetteers are left out."""
        parts = () if self.bundle is None else self.bundle.parts.values()
        return (concept for part in parts for concept in part.concepts)

    @cached_property
    def by_id(self) -> Mapping[str, Concept]:
        """The bundle's own concepts by id."""
        return {concept.id: concept for concept in self.concepts}

    @cached_property
    def outdated(self) -> Mapping[str, Concept]:
        """The successors of those of the bundle's concepts that the package's Media Topics have retired since, by the old id."""
        retired = (told for told in self.by_id if told in media_topics().successors)
        return {told: found for told in retired if (found := media_topics().concept(told)) is not None}

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Concept, ...]]:
        """The bundle's own concepts by every name that they bear."""
        return index_names(self.concepts)

    def concept(self, concept_id: str) -> Concept | None:
        """Look a concept up in the bundle, then in the gazetteers of its taggers, then in the whole of Media Topics."""
        if not is_text(concept_id):
            return None
        if (own := self.outdated.get(concept_id) or self.by_id.get(concept_id)) is not None:
            return own
        if prefix_of(concept_id) == "medtop":
            return media_topics().concept(concept_id)
        answers = (brought.item.concept(concept_id) for brought in self.taggers if isinstance(brought.item, Vocabulary))
        return next((concept for concept in answers if concept is not None), None)

    def named(self, label: str) -> Iterator[Concept]:
        """Yield the concepts that bear a name: the bundle's own, Media Topics, then those of dictionaries."""
        yield from self.by_name.get(key_of(label), ())
        yield from media_topic_names().get(key_of(label)) or _in_another_language(label)
        for brought in self.taggers:
            if isinstance(brought.item, NameIndex):
                yield from brought.item.named(label)


def named(label: str, facet: Facet | None, ground: Ground, own: Overlay) -> tuple[Concept, ...]:
    """Return the concepts that bear a name, the newsroom's own first; case and blanks do not matter."""
    told = (*own.by_name.get(key_of(label), ()), *ground.named(label))
    ids = dict.fromkeys(concept.id for concept in told)
    found = dict.fromkeys(concept for told in ids if (concept := own.concept(told, ground.concept)) is not None)
    return tuple(concept for concept in found if facet is None or concept.facet is facet)


@cache
def media_topic_names() -> Mapping[str, tuple[Concept, ...]]:
    """Return the live Media Topics by their English names."""
    return index_names(iter(media_topics().concepts.values()))


def _in_another_language(label: str) -> tuple[Concept, ...]:
    """Return the one Media Topic that is called so in any of its languages; none where several are."""
    found = topics_named(label)
    return (media_topics().concepts[found[0]],) if len(found) == 1 else ()

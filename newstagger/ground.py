"""What one bundle lays down for saves: its taggers, the detectors, and every look-up of concepts by id and by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from newstagger.bundles.bundle import Bundle
from newstagger.contracts import NameIndex, Vocabulary
from newstagger.domain import Concept, Facet, Problem
from newstagger.house import Brought
from newstagger.nameprefix import LONGEST, MOST_HITS, NameList, Names
from newstagger.newsroom.ledger import is_text
from newstagger.newsroom.vocabulary import Overlay, index_names, key_of
from newstagger.taxonomy import media_topics, prefix_of
from newstagger.topicnames import topic_names, topics_named

MOST_FOUND = 100
"""So many concepts are offered at most of each vocabulary and closeness while somebody types."""


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

    @cached_property
    def name_lists(self) -> tuple[Names, ...]:
        """All names that are known, by where they come from, for type-ahead: about a third of a second on first use."""
        taggers = sorted((brought.item for brought in self.taggers), key=lambda tagger: tuple(Facet).index(tagger.facet))
        lists = (tagger.names() for tagger in taggers if isinstance(tagger, NameList))
        own = ((name, concept.id) for concept in self.concepts for name in (concept.pref_label, *concept.alt_labels))
        return (Names.of(own), media_topic_prefixes(), *map(Names.of, lists))


def named(label: str, facet: Facet | None, ground: Ground, own: Overlay) -> tuple[Concept, ...]:
    """Return the concepts that bear a name, the newsroom's own first; case and blanks do not matter."""
    told = (*own.by_name.get(key_of(label), ()), *ground.named(label))
    ids = dict.fromkeys(concept.id for concept in told)
    found = dict.fromkeys(concept for told in ids if (concept := own.concept(told, ground.concept)) is not None)
    return tuple(concept for concept in found if facet is None or concept.facet is facet)


def search(query: str, ground: Ground, own: Overlay, find: Callable[[str], Concept | None]) -> Iterator[Concept]:
    """Yield the concepts in one of whose names a word begins as the query does, the best first, a few hundred at most.

    One whose id is asked for comes first, then those called so, then names that begin so, then names with such a word in them;
    of each the newsroom's own before all, the others of each vocabulary in turn, the best known first.
    """
    asked = query[:LONGEST].strip()
    told = [] if not asked else [*_places(own.names, asked, MOST_HITS, -1), *_called(asked, ground, own)]
    for names in ground.name_lists if asked else ():
        told += _places(names, asked, MOST_FOUND, 0)
    seen: set[str] = set()
    for concept_id in (asked, *(concept_id for *_, concept_id in sorted(told, key=lambda one: one[:3]))):
        concept = find(concept_id) if concept_id and concept_id not in seen else None
        seen.add(concept_id)
        if concept is not None and (concept.id == concept_id or concept.id not in seen):
            seen.add(concept.id)
            yield concept


def _places(names: Names, query: str, limit: int, rank: int) -> Iterator[tuple[int, int, int, str]]:
    """Yield what a list of names has, each with its closeness, the rank of the list and its place in it."""
    counts: dict[int, int] = {}
    for closeness, concept_id in names.found(query, limit):
        counts[closeness] = counts.get(closeness, 0) + 1
        yield closeness, rank, counts[closeness], concept_id


def _called(label: str, ground: Ground, own: Overlay) -> Iterator[tuple[int, int, int, str]]:
    """Yield what is called so in a dictionary that can be asked for whole names only."""
    for place, concept in enumerate(named(label, None, ground, own), 1):
        yield 0, 0, place, concept.id


@cache
def media_topic_prefixes() -> Names:
    """Return the names of the live Media Topics, the preferred ones first, broad ones before narrow ones, then those in all languages."""
    topics, names = media_topics(), topic_names()
    ordered = sorted(topics.concepts.values(), key=lambda concept: (len(topics.lineage(concept.id)), concept.pref_label))
    more = ((name, concept.id) for concept in ordered for name in dict.fromkeys(names.of(concept.id).values()))
    return Names.of([*((concept.pref_label, concept.id) for concept in ordered), *more])


@cache
def media_topic_names() -> Mapping[str, tuple[Concept, ...]]:
    """Return the live Media Topics by their English names."""
    return index_names(iter(media_topics().concepts.values()))


def _in_another_language(label: str) -> tuple[Concept, ...]:
    """Return the one Media Topic that is called so in any of its languages; none where several are."""
    found = topics_named(label)
    return (media_topics().concepts[found[0]],) if len(found) == 1 else ()

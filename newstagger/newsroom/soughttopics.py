"""Which Media Topics a newsroom has looked for by the vocabulary's own names, beside those that its bundle was trained on.

One line of the vocabulary file may stand for a whole branch: its concepts and their names come from the package, so that a newer
release brings new ones.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from newstagger.contracts import Json, OwnConcept
from newstagger.domain import Concept, Facet
from newstagger.errors import InputError, TaxonomyError
from newstagger.taxonomy import media_topics
from newstagger.topicnames import known_codes, sought, topic_names

MOST = 2_000


@dataclass(frozen=True, slots=True)
class SoughtTopic:
    """A Media Topic, ``below`` it all narrower ones too, looked for in texts of ``languages`` (none told: of all with names)."""

    id: str
    below: bool = False
    languages: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Return what is stored of it."""
        return {"id": self.id, "below": self.below, "languages": list(self.languages)}

    def concepts(self) -> tuple[Concept, ...]:
        """Return the live concepts that are meant, in the order of their ids; a retired one gives its successor or nothing."""
        first = media_topics().concept(self.id)
        if first is None:
            return ()
        return (first, *_narrower().get(first.id, ())) if self.below else (first,)

    def problems(self) -> Iterator[str]:
        """Yield why it is not looked for as it stands."""
        live = media_topics().concept(self.id)
        if live is None:
            yield f"{self.id} is no Media Topic of today ({media_topics().hint(self.id)})"
        elif live.id != self.id:
            yield f"{self.id} was retired: {live.id} ({live.pref_label}) is looked for in its place"
        for language in self.languages:
            if language not in known_codes():
                yield f"there are no names in the language {language!r}"


def topic_from(value: Json, number: int) -> SoughtTopic:
    """Return what a row of the vocabulary file tells; raise InputError for one that cannot be read."""
    where = f"topic {number}"
    if not isinstance(value, dict) or not set(value) <= {"id", "below", "languages"} or not _is_id(value.get("id")):
        raise InputError(f"{where} has no id of a Media Topic, or an unknown key")
    below, languages = value.get("below", False), value.get("languages", [])
    if not isinstance(below, bool) or not isinstance(languages, list) or len(languages) > MOST:
        raise InputError(f"{where} has a field of a wrong type")
    if not all(isinstance(one, str) and len(one) < 20 and one.isprintable() for one in languages):
        raise InputError(f"{where} has a language that is none")
    return SoughtTopic(value["id"], below, tuple(sorted(set(languages))))


def _is_id(told: Json) -> bool:
    return isinstance(told, str) and told.startswith("medtop:") and len(told) < 40 and told.isprintable()


def with_topic(topics: Iterable[SoughtTopic], one: SoughtTopic) -> tuple[SoughtTopic, ...]:
    """Return the topics with one more, in the order of their ids; raise TaxonomyError when it is there already."""
    told = {topic.id: topic for topic in topics}
    if one.id in told:
        step = f"remove it first with 'newstagger vocabulary remove {one.id}'"
        raise TaxonomyError(f"{one.id!r} is looked for by name already", next_step=step)
    return tuple(sorted((*told.values(), one), key=lambda topic: topic.id))


def own_concepts(topics: Iterable[SoughtTopic], trained: Container[str] = ()) -> Iterator[OwnConcept]:
    """Yield the concepts with what to look for in texts of each language; those that the bundle was ``trained`` on are its business."""
    wanted: dict[str, frozenset[str]] = {}
    for topic in topics:
        for concept in topic.concepts():
            wanted[concept.id] = wanted.get(concept.id, frozenset()) | frozenset(topic.languages or known_codes())
    for concept_id in sorted(told for told in wanted if told not in trained):
        if names := names_in(concept_id, wanted[concept_id]):
            yield OwnConcept(media_topics().concepts[concept_id], (), languages=names)


def names_in(concept_id: str, languages: Container[str]) -> Mapping[str, tuple[str, ...]]:
    """Return what to look for by language: a concept's names, less those that the vocabulary itself calls ambiguous."""
    told = topic_names().by_language(concept_id)
    found = {code: tuple(dict.fromkeys(form for name in names for form in sought(name))) for code, names in sorted(told.items())}
    return {code: forms for code, forms in found.items() if forms and code in languages}


@cache
def _narrower() -> Mapping[str, tuple[Concept, ...]]:
    found: dict[str, list[Concept]] = {}
    for concept in media_topics().concepts.values():
        for up in media_topics().lineage(concept.id)[1:]:
            found.setdefault(up, []).append(concept)
    return {told: tuple(sorted(some, key=lambda one: one.id)) for told, some in found.items()}


def expect_topic(concept_id: str) -> Concept:
    """Return the live Media Topic of an id; raise TaxonomyError that says what to use in the place of any other."""
    found = media_topics().concept(concept_id)
    if found is not None and found.id == concept_id and found.facet is Facet.TOPIC:
        return found
    step = f"it is now {found.id} ({found.pref_label})" if found else media_topics().hint(concept_id)
    raise TaxonomyError(f"no Media Topic {concept_id[:60]!r}", next_step=step)

"""Concepts and the names of tags in the CMS: which name a concept goes by, and which concept a name means.

A name that means no concept is a tag of people's own; newstagger neither reads nor touches it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import models

from newstagger.domain import Concept, Facet
from newstagger_django.models import Term
from newstagger_django.prepared import Question, asked
from newstagger_django.process import host
from newstagger_django.state import stored

LONGEST = 100
"""Longest name of a tag, in characters: what taggit holds. A longer label is cut."""


def key_of(name: str) -> str:
    """Return a name as it is compared: case folded, blanks narrowed, without what fields lose: commas, and taggit's double quotes."""
    return " ".join(name.replace(",", " ").replace('"', "'").split()).casefold()[:255]


def names_of(concepts: Iterable[Concept]) -> Mapping[str, str]:
    """Return the name that each concept goes by, or would, by concept id; nothing is stored. Raises StateError."""
    return _named_terms(concepts)[0]


def remember_terms(concepts: Iterable[Concept]) -> Mapping[str, str]:
    """Return the name of each concept by concept id, after storing those that had none. Raises StateError."""
    names, new = _named_terms(concepts)
    if new:
        with stored(Term, writing=True) as using:
            Term.objects.using(using).bulk_create(new, ignore_conflicts=True)
    return names


def _named_terms(concepts: Iterable[Concept]) -> tuple[dict[str, str], list[Term]]:
    """Return the names of concepts by id, and the terms that are not stored yet."""
    wanted = {concept.id: concept for concept in concepts}
    known = _pairs(_by_concept, wanted)
    new = [concept for concept in wanted.values() if concept.id not in known]
    taken = _pairs(_by_key, {key_of(name) for concept in new for name in _candidates(concept)})
    terms = []
    for concept in new:
        name = _free_name(concept, taken)
        known[concept.id], taken[key_of(name)] = name, concept.id
        terms.append(Term(concept=concept.id, facet=str(concept.facet), label=concept.pref_label, name=name, key=key_of(name)))
    return {concept_id: known[concept_id] for concept_id in wanted}, terms


def _pairs(question: Question, values: Collection[str]) -> dict[str, str]:
    """Return what a question tells of each of these values, by value."""
    if not values:
        return {}
    with stored(Term, writing=False) as using:
        return {str(value): str(told) for value, told in asked(question, using, sorted(values))}


def _by_concept(texts: Sequence[str]) -> models.QuerySet[Any, Any]:
    return Term.objects.filter(concept__in=texts).values_list("concept", "name")


def _by_key(texts: Sequence[str]) -> models.QuerySet[Any, Any]:
    return Term.objects.filter(key__in=texts).values_list("key", "concept")


def _candidates(concept: Concept) -> tuple[str, str, str]:
    """Return the names for a concept from the plainest to the one that nobody else has."""
    label = " ".join(concept.pref_label.replace('"', "'").split()) or concept.id  # taggit's widget takes double quotes for its own
    return _cut(label, ""), _cut(label, f" ({concept.facet})"), _cut(label, f" ({concept.id})")


def _cut(label: str, qualifier: str) -> str:
    room = max(1, LONGEST - len(qualifier))
    return (label if len(label) <= room else f"{label[: room - 1]}…") + qualifier


def _free_name(concept: Concept, taken: Mapping[str, str]) -> str:
    *plain, sure = _candidates(concept)
    return next((name for name in plain if taken.get(key_of(name), concept.id) == concept.id), sure)


def concepts_of(names: Iterable[str], facet: Facet | None = None) -> Mapping[str, str]:
    """Return the concept id that each name means, by name; names that mean none are left out. Raises StateError.

    A name that no tag of ours has is looked up in the vocabularies (of one facet, where the field holds one only).
    """
    return concepts_in({"": (names, facet)})[""]


def concepts_in(fields: Mapping[str, tuple[Iterable[str], Facet | None]]) -> Mapping[str, Mapping[str, str]]:
    """Return what ``concepts_of`` returns for the names and the facet of each field, with one look into the database."""
    keys = {name: key_of(name) for names, _ in fields.values() for name in names}
    known = _pairs(_by_key, set(keys.values()))
    return {
        field: {name: concept for name in names if (concept := known.get(keys[name]) or _named(name, facet))}
        for field, (names, facet) in fields.items()
    }


def _named(name: str, facet: Facet | None) -> str | None:
    """Return the one concept that the vocabularies know under a name; None for a name of none or of several."""
    look_up = getattr(host(), "named", None)
    found = {c.id for c in (look_up(name) if look_up is not None else ()) if facet is None or c.facet is facet}
    return found.pop() if len(found) == 1 else None

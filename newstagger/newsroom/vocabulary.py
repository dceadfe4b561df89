"""A newsroom's own vocabulary: concepts of its own, its names for known ones, and which concept succeeded which.

Values only; ``vocabularyfile`` reads and writes them. The host lays them over whatever bundle is loaded, so that a new concept
is known at the next save and a deleted one is gone from all articles.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from newstagger.contracts import Json, OwnConcept
from newstagger.domain import Concept, Facet
from newstagger.errors import TaxonomyError
from newstagger.jsontext import canonical
from newstagger.nameprefix import Names
from newstagger.newsroom.soughttopics import SoughtTopic, own_concepts
from newstagger.taxonomy import OWN
from newstagger.tokens import fold, split_words

LISTS = ("alt_labels", "broader", "exact_match", "replaces")
LONGEST_SLUG = 80


@dataclass(frozen=True, slots=True)
class Entry:
    """A concept of the newsroom's own (id ``own:...``), or its label and further names for a known one (that one's id).

    ``replaces`` are ids of retired concepts: what editors decided about them holds for this one.
    """

    id: str
    label: str
    facet: Facet = Facet.TOPIC
    alt_labels: tuple[str, ...] = ()
    definition: str = ""
    broader: tuple[str, ...] = ()
    exact_match: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()

    @property
    def concept(self) -> Concept:
        """The entry as a concept that stands by itself."""
        return Concept(self.id, self.label, self.facet, self.alt_labels, self.broader, self.exact_match)

    def over(self, base: Concept) -> Concept:
        """Return a known concept under the newsroom's label, with both sides' names; doing it twice changes nothing."""
        names = _unique(self.alt_labels, () if base.pref_label == self.label else (base.pref_label,), base.alt_labels)
        matches = _unique(self.exact_match, base.exact_match)
        return replace(base, pref_label=self.label, alt_labels=names, broader=self.broader or base.broader, exact_match=matches)

    def to_json(self) -> dict[str, Json]:
        """Return what is stored of an entry; empty fields are left out."""
        told = {"definition": self.definition} | {name: list(getattr(self, name)) for name in LISTS}
        return {"id": self.id, "facet": str(self.facet), "pref_label": self.label} | {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A concept that was removed: its id, its facet, and what it had replaced, with what those had replaced."""

    id: str
    facet: Facet = Facet.TOPIC
    replaces: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Return what is stored of a tombstone."""
        return {"id": self.id, "facet": str(self.facet), "replaces": list(self.replaces)}


@dataclass(frozen=True)
class Overlay:
    """The entries in the order of their ids, laid over the vocabularies of bundle and package.

    ``removed`` are the concepts of the newsroom's own that are no more: what was decided about one holds for what it replaced.
    ``problem`` says why the file behind it cannot be read: these are then the last entries that could. ``known`` is False when
    none ever could. ``topics`` are Media Topics to be looked for by their own names. ``mark`` changes with the file.
    """

    entries: tuple[Entry, ...] = ()
    removed: tuple[Tombstone, ...] = ()
    problem: str = ""
    known: bool = True
    topics: tuple[SoughtTopic, ...] = ()
    mark: tuple[int, ...] = field(default=(), compare=False)

    @cached_property
    def by_id(self) -> Mapping[str, Entry]:
        """The entries by id."""
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Concept, ...]]:
        """The entries by every name that they bear."""
        return index_names(entry.concept for entry in self.entries)

    @cached_property
    def names(self) -> Names:
        """All names of the entries, for type-ahead."""
        return Names.of((name, entry.id) for entry in self.entries for name in (entry.label, *entry.alt_labels))

    @cached_property
    def successors(self) -> Mapping[str, str]:
        """The id of the entry that replaced another id; chains are followed to their end."""
        direct = {old: entry.id for entry in self.entries for old in entry.replaces}
        for tomb in self.removed:
            if tomb.id in direct:
                direct = dict.fromkeys(tomb.replaces, tomb.id) | direct
        return {old: _last(direct, old) for old in direct}

    @cached_property
    def tombs(self) -> Mapping[str, Tombstone]:
        """The removed concepts by id."""
        return {tomb.id: tomb for tomb in self.removed}

    def heirs(self, concept_id: str) -> tuple[str, ...]:
        """Return the ids for which a decision about an id holds too: of its successor, or of what a removed concept had replaced."""
        if (heir := self.successors.get(concept_id)) is not None:
            return (heir,)
        tomb = self.tombs.get(concept_id)
        return () if tomb is None else _unique(self.successors.get(old, old) for old in tomb.replaces if old not in self.tombs)

    @cached_property
    def digest(self) -> str:
        """Digest of the entries, empty where there are none: part of the work key."""
        told = [self.to_json(), self.graves(), *([[one.to_json() for one in self.topics]] if self.topics else [])]
        return hashlib.sha256(canonical(told)).hexdigest() if self.entries or self.removed or self.topics else ""

    def to_json(self) -> list[Json]:
        """Return what is stored of all entries."""
        return [entry.to_json() for entry in self.entries]

    def graves(self) -> list[Json]:
        """Return what is stored of the removed concepts."""
        return [tomb.to_json() for tomb in self.removed]

    def concept(self, concept_id: str, known: Callable[[str], Concept | None]) -> Concept | None:
        """Return a concept, or what replaced it, as the newsroom calls it; ``known`` asks the vocabularies below."""
        concept_id = self.successors.get(concept_id, concept_id)
        base, entry = _below(concept_id, known), self.by_id.get(concept_id)
        if entry is None:
            return None if base is None else self.named(base)
        return entry.concept if base is None else entry.over(base)

    def named(self, concept: Concept) -> Concept:
        """Return a concept of a tagger as the newsroom calls it: under its label, or what it replaced it with."""
        if (heir := self.successors.get(concept.id)) is not None:
            return self.by_id[heir].concept
        entry = self.by_id.get(concept.id)
        return concept if entry is None else entry.over(concept)

    def sought(self, known: Callable[[str], Concept | None], trained: Container[str] = ()) -> Iterator[OwnConcept]:
        """Yield the concepts with the names that no tagger looks for yet: those that only the newsroom gives them, then Media Topics.

        ``trained`` are the ids that the bundle was trained on.
        """
        for entry in self.entries:
            base = _below(entry.id, known)
            concept = entry.concept if base is None else entry.over(base)
            others = set() if base is None else {key_of(label) for label in (base.pref_label, *base.alt_labels)}
            names = tuple(name for name in _unique((entry.label,), entry.alt_labels) if key_of(name) not in others)
            if names:
                yield OwnConcept(concept, names, entry.definition)
        yield from own_concepts(self.topics, trained)

    def adding(self, entry: Entry) -> Overlay:
        """Return the vocabulary with one more entry; raise TaxonomyError when its id is taken or what it replaces is.

        A removed one that is added again replaces again what it had replaced.
        """
        if entry.id in self.by_id:
            step = f"remove it first with 'newstagger vocabulary remove {entry.id}', or tell another id with --id"
            raise TaxonomyError(f"{entry.id!r} is in the vocabulary already: {self.by_id[entry.id].label}", next_step=step)
        for old in entry.replaces:
            if old == entry.id or old in self.by_id:
                raise TaxonomyError(f"{old!r} cannot be replaced while it is in the vocabulary", next_step="remove it first")
            if old in self.successors:
                raise TaxonomyError(f"{old!r} is replaced already, by {self.successors[old]}", next_step="leave out --replaces")
        if entry.id in self.successors:
            raise TaxonomyError(f"{entry.id!r} was replaced by {self.successors[entry.id]}", next_step="tell another id with --id")
        if (tomb := self.tombs.get(entry.id)) is not None and not entry.replaces and tomb.facet is entry.facet:
            back = (old for old in tomb.replaces if old not in self.by_id and old not in self.successors)
            entry = replace(entry, replaces=tuple(back))
        removed = tuple(tomb for tomb in self.removed if tomb.id != entry.id)
        return Overlay(tuple(sorted((*self.entries, entry), key=lambda one: one.id)), removed, topics=self.topics)

    def removing(self, concept_id: str) -> Overlay:
        """Return the vocabulary without an entry; raise TaxonomyError when there is none of that id."""
        if concept_id not in self.by_id:
            raise TaxonomyError(f"no {concept_id[:100]!r} in the vocabulary", next_step="see 'newstagger vocabulary list'")
        entry = self.by_id[concept_id]
        older = (old for told in entry.replaces if told in self.tombs for old in self.tombs[told].replaces)
        tomb = Tombstone(entry.id, entry.facet, _unique(entry.replaces, older))
        others = tuple(one for one in self.entries if one.id != concept_id)
        removed = tuple(sorted((*self.removed, tomb), key=lambda one: one.id)) if _leaves_a_tomb(tomb) else self.removed
        return Overlay(others, removed, topics=self.topics)


def slug_id(label: str) -> str:
    """Return the id of a new concept made from its label, ``own:drone-warfare``; raise TaxonomyError for one without a letter."""
    if not label.strip():
        raise TaxonomyError("the label is empty", next_step="give the concept a name")
    slug = "-".join(fold(word) for word in split_words(label))[:LONGEST_SLUG].strip("-")
    if not slug:
        raise TaxonomyError(f"no id can be made from the label {label[:40]!r}", next_step="tell one with --id own:NAME")
    return OWN + slug


def key_of(label: str) -> str:
    """Return what two spellings of one label have in common: neither case nor blanks matter."""
    return " ".join(label.split()).casefold()


def index_names(concepts: Iterable[Concept]) -> Mapping[str, tuple[Concept, ...]]:
    """Return concepts by the key of every name that they bear, in the order given."""
    index: dict[str, tuple[Concept, ...]] = {}
    for concept in concepts:
        for key in dict.fromkeys(key_of(name) for name in (concept.pref_label, *concept.alt_labels)):
            index[key] = (*index.get(key, ()), concept)
    return index


def _leaves_a_tomb(tomb: Tombstone) -> bool:
    """Tell whether anything is to be remembered of a removed entry: a known concept is there without its entry too."""
    return tomb.id.startswith(OWN) or bool(tomb.replaces)


def _unique(*lists: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for items in lists for item in items))


def _below(concept_id: str, known: Callable[[str], Concept | None]) -> Concept | None:
    """Return what the vocabularies below know of an id; of the newsroom's own ones they know nothing."""
    return None if concept_id.startswith(OWN) else known(concept_id)


def _last(direct: Mapping[str, str], old: str) -> str:
    """Follow a chain of replacements to its end; a hand-made circle ends where it began."""
    seen = {old}
    at = direct[old]
    while at in direct and at not in seen:
        seen.add(at)
        at = direct[at]
    return at

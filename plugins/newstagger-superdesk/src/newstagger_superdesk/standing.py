"""Which entries are to stand on an item after a save: what people put on, what the answer gives, nothing that was refused. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from newstagger import Decision, Tag, Tagging
from newstagger.domain import ExistingTag, Origin
from newstagger_superdesk.codes import LONGEST_NAME, MACHINE, OFFERED, PERSON, Codes, Entry

BY_EDITOR = "editor"
"""The tagger of tags that stand because an editor wants them."""


@dataclass(frozen=True, slots=True)
class Held:
    """The entries of an item by field, with the concepts that the machine is known to have put on."""

    entries: Mapping[str, tuple[Any, ...]]
    machines: frozenset[str] = field(default_factory=frozenset)

    def ours(self, codes: Codes) -> Iterator[tuple[str, Entry, str]]:
        """Yield (field, entry, concept id) for each entry whose code is one of ours."""
        for name, entries in self.entries.items():
            for entry in entries:
                if (concept := codes.concept(entry)) is not None:
                    yield name, entry, concept

    def ids(self, codes: Codes) -> tuple[str, ...]:
        """Return the concepts on the item, once each, in order."""
        return tuple(dict.fromkeys(concept for _, _, concept in self.ours(codes)))

    def existing(self, codes: Codes) -> tuple[ExistingTag, ...]:
        """Return the concepts with who put them on: a person where any entry of a concept is a person's."""
        origins: dict[str, Origin] = {}
        for _, entry, concept in self.ours(codes):
            machine = self.is_machines(entry, concept)
            origins[concept] = Origin.MACHINE if machine and origins.get(concept) is not Origin.HUMAN else Origin.HUMAN
        return tuple(ExistingTag(concept, origin) for concept, origin in origins.items())

    def is_machines(self, entry: Entry, concept: str) -> bool:
        """Tell whether the machine put an entry on, here or on the story that this one was made from.

        A suggestion is a person's once it is saved, unless the machine had put the same on before: then the widget only brings it back.
        """
        source = entry.get("source")
        return source == MACHINE or (source == OFFERED and concept in self.machines)

    def settled(self, entry: Entry, concept: str) -> Entry:
        """Return an entry with who put it on, now that it is saved."""
        offered = entry.get("source") == OFFERED
        return {**entry, "source": MACHINE if self.is_machines(entry, concept) else PERSON} if offered else entry


def held(item: Mapping[str, Any], before: Mapping[str, Any], codes: Codes) -> Held:
    """Return what an item holds; the machine's are those that it had put on ``before`` this save."""
    stored = Held(_entries(before, codes))
    machines = frozenset(concept for _, entry, concept in stored.ours(codes) if entry.get("source") == MACHINE)
    return Held(_entries(item, codes), machines)


def _entries(item: Mapping[str, Any], codes: Codes) -> dict[str, tuple[Any, ...]]:
    lists = {name: item.get(name) for name in dict.fromkeys(codes.fields.values())}
    return {name: tuple(entries) if isinstance(entries, list) else () for name, entries in lists.items()}


def standing(has: Held, tagging: Tagging, codes: Codes) -> dict[str, list[Any]]:
    """Return the entries that are to stand, by field; a failed answer takes nothing away."""
    given = {tag.concept.id: tag for tag in tagging.tags if tag.decision is Decision.AUTO and len(tag.concept.pref_label) <= LONGEST_NAME}
    lists: dict[str, list[Any]] = {name: [] for name in has.entries}
    there: set[str] = set()
    for name, entries in has.entries.items():
        for entry in entries:
            concept = codes.concept(entry)
            if concept is None:
                lists[name].append(entry)
            elif _stays(has, entry, concept, tagging, given):
                there.add(concept)
                lists[name].append(has.settled(entry, concept))
    for concept, tag in given.items():
        if concept not in there and concept not in tagging.rejected:
            _add(lists, codes, tag)
    return lists


def _stays(has: Held, entry: Entry, concept: str, tagging: Tagging, given: Mapping[str, Tag]) -> bool:
    if concept in tagging.rejected:
        return False
    return not has.is_machines(entry, concept) or bool(tagging.problems) or concept in given


def _add(lists: dict[str, list[Any]], codes: Codes, tag: Tag) -> None:
    """Put a tag's entry into its field, unless one of the same code stands there: Superdesk refuses the next save of two."""
    entry = codes.entry(tag.concept, PERSON if tag.tagger == BY_EDITOR else MACHINE)
    entries = lists.setdefault(codes.fields[tag.concept.facet], [])
    if (entry["scheme"], entry["qcode"]) not in [(e.get("scheme"), e.get("qcode")) for e in entries if isinstance(e, Mapping)]:
        entries.append(entry)

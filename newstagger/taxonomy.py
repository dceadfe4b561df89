"""Taxonomies: IPTC Media Topics as the package carries them, and the labels of a corpus turned into concepts.

A label with a known prefix must exist in its vocabulary; bare labels make a taxonomy of the bundle's own. Gazetteers are not
here: whoever holds one hands it in as a ``contracts.Vocabulary``.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from newstagger.contracts import Vocabulary
from newstagger.domain import Concept, Facet
from newstagger.errors import TaxonomyError

PREFIXES = {"medtop": Facet.TOPIC, "iso": Facet.REGION, "geonames": Facet.REGION, "m49": Facet.REGION, "actor": Facet.ACTOR}
"""Known prefixes of concept ids and the facet that each belongs to."""
OWN = "own:"
"""Prefix of the ids of concepts that a newsroom made itself, of any facet: its own vocabulary knows them."""


@dataclass(frozen=True, slots=True, eq=False)
class Taxonomy:
    """A vocabulary: live concepts by id, retired ones by id, and the successor of those retired ones that have one."""

    id: str
    version: str
    concepts: Mapping[str, Concept]
    retired: Mapping[str, Concept] = field(default_factory=dict)
    successors: Mapping[str, str] = field(default_factory=dict)

    def concept(self, concept_id: str) -> Concept | None:
        """Return the live concept of that id, a retired one's successor, or None."""
        return self.concepts.get(concept_id) or self.concepts.get(self.successors.get(concept_id, ""))

    def lineage(self, concept_id: str) -> tuple[str, ...]:
        """Return the ids of a concept and of its broader ones, narrowest first; empty for an unknown id."""
        found: list[str] = []
        waiting = [concept_id]
        while waiting:
            concept = self.concept(waiting.pop(0))
            if concept is not None and concept.id not in found:
                found.append(concept.id)
                waiting += concept.broader
        return tuple(found)

    def hint(self, concept_id: str) -> str:
        """Return what to use instead of an id that is not live: the broader concept of a retired one, else the nearest id."""
        if old := self.retired.get(concept_id):
            broader = next((self.concepts[up] for up in old.broader if up in self.concepts), None)
            return f"retired; its broader concept is {broader.id} ({broader.pref_label})" if broader else "retired"
        return (
            f"did you mean {near[0]}?" if (near := difflib.get_close_matches(concept_id, self.concepts, 1, 0.6)) else "see its list of ids"
        )


@cache
def media_topics() -> Taxonomy:
    """Return IPTC Media Topics (c) IPTC, CC BY 4.0; read from the package on first use, about 5 ms."""
    import json

    table = json.loads(resources.files("newstagger").joinpath("data/mediatopics.json").read_text("utf-8"))
    live, retired = ({f"medtop:{code}": _media_topic(code, row) for code, row in table[kind].items()} for kind in ("concepts", "retired"))
    successors = {f"medtop:{old}": f"medtop:{new}" for old, new in table["successors"].items()}
    return Taxonomy("medtop", table["version"], live, retired, successors)


def stands_for(concept_id: str) -> str:
    """Return what stands for a Media Topic that the package's vocabulary retired or does not know; empty for all other ids."""
    if not concept_id.startswith("medtop:") or concept_id in media_topics().concepts:
        return ""
    found = media_topics().concept(concept_id)
    return f"retired; tagged as {found.id} ({found.pref_label})" if found else f"{media_topics().hint(concept_id)}; tagged under its old id"


def _media_topic(code: str, row: Sequence[Any]) -> Concept:
    name, broader, wikidata = row
    upper = (f"medtop:{broader}",) if broader else ()
    return Concept(f"medtop:{code}", name, Facet.TOPIC, (), upper, (f"wikidata:{wikidata}",) if wikidata else ())


def prefix_of(label: str) -> str | None:
    """Return the known prefix of a label, or None for a bare one."""
    prefix, colon, _ = label.partition(":")
    return prefix if colon and prefix in PREFIXES else None


def resolve_labels(
    facet: Facet,
    places: Mapping[str, str],
    vocabularies: Iterable[Vocabulary] = (),
    find: Callable[[str], Concept | None] = lambda _: None,
) -> dict[str, Concept]:
    """Return the concept that each label means; raise TaxonomyError naming the place of one that means none.

    ``places`` says where each label was first seen (file and line). ``vocabularies`` know regions and actors, ``find`` the
    newsroom's own concepts, which may stand beside any others. A retired id gives its successor. Bare labels are concepts of
    their own, id and name alike; a mix of bare and prefixed is refused.
    """
    own = {label: _own(facet, label, where, find) for label, where in places.items() if label.startswith(OWN)}
    return own | _not_own(facet, {label: where for label, where in places.items() if label not in own}, vocabularies)


def _own(facet: Facet, label: str, where: str, find: Callable[[str], Concept | None]) -> Concept:
    if (concept := find(label)) is None:
        step = "add it with 'newstagger vocabulary add', or take it out of the row"
        raise TaxonomyError(f"the newsroom's own vocabulary has no {label[:80]!r}", where=where, next_step=step)
    if concept.facet is not facet:
        raise TaxonomyError(f"{label[:80]!r} is no {facet} but a {concept.facet}", where=where, next_step="correct the row")
    return concept


def _not_own(facet: Facet, places: Mapping[str, str], vocabularies: Iterable[Vocabulary]) -> dict[str, Concept]:
    bare = [label for label in places if prefix_of(label) is None]
    if not bare:
        known = (media_topics(), *vocabularies)
        return {label: _known(facet, label, where, known) for label, where in places.items()}
    if len(bare) < len(places):
        other = next(label for label in places if prefix_of(label))
        what = f"the {facet} label {bare[0]!r} is bare and {other!r} ({places[other]}) has a prefix"
        raise TaxonomyError(what, where=places[bare[0]], next_step="use one kind, or translate one with --label-map")
    return {label: Concept(label, label, facet) for label in bare}


def _known(facet: Facet, label: str, where: str, vocabularies: Sequence[Vocabulary]) -> Concept:
    prefix = prefix_of(label) or ""
    if PREFIXES[prefix] is not facet:
        raise TaxonomyError(f"{label!r} is no {facet}", where=where, next_step=f"{prefix}: ids belong to the facet {PREFIXES[prefix]}")
    concept = next((found for vocabulary in vocabularies if (found := vocabulary.concept(label))), None)
    if concept is not None:
        return concept
    if prefix == "medtop":
        raise TaxonomyError(f"no Media Topic {label!r}", where=where, next_step=media_topics().hint(label))
    if len(vocabularies) == 1:
        step = "name a bundle that has one with --base"
        raise TaxonomyError(f"{label!r} cannot be checked without a gazetteer", where=where, next_step=step)
    raise TaxonomyError(f"no {facet} {label!r} in the gazetteer", where=where, next_step="correct the id, or translate it with --label-map")

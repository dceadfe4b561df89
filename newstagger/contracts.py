"""The shapes that parts of newstagger and its plugins agree on: Protocols, and the one data type a bundle is made of.

An object that fits a Protocol needs to inherit from nothing. Whoever implements one is called by ``pipeline``, ``host``,
``training`` or the command line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from newstagger.domain import Article, BundleRef, Concept, Facet, Proposal, ReuseReport, Tagging, Text
from newstagger.state import Archive, AuditLog, Ledger, SaveRecord, State, pack_copy, unpack_copy

__all__ = [
    "OPEN",
    "Archive",
    "AuditLog",
    "CorpusReader",
    "Example",
    "FacetPart",
    "FacetTrainer",
    "Ints",
    "Json",
    "Ledger",
    "LoadedBundle",
    "NameIndex",
    "OwnConcept",
    "Progress",
    "Reader",
    "Refitter",
    "Renderer",
    "ReuseDetector",
    "Row",
    "SaveRecord",
    "State",
    "Tagger",
    "Uint64s",
    "Vocabulary",
    "pack_copy",
    "unpack_copy",
]

Json = Any
"""Anything that ``json.loads`` returns."""


@runtime_checkable
class Tagger(Protocol):
    """Proposes tags of one facet for one article. Must be safe to call from several threads."""

    name: str
    facet: Facet

    def tag(self, article: Article, text: Text) -> Proposal:
        """Return the tags worth a look, silent ones included, each with evidence that adds up to its margin."""
        ...


@runtime_checkable
class ReuseDetector(Protocol):
    """Says whether an article's words came from somewhere else.

    A detector whose answer to the same article may change (an index that grows) has a property ``generation`` that changes with
    it; without one, an unchanged article is not looked at again.
    """

    name: str

    def check(self, article: Article, text: Text) -> ReuseReport:
        """Return a verdict; NOT_CHECKED with a reason rather than a guess."""
        ...


@runtime_checkable
class Reader(Protocol):
    """Reads articles out of one file format."""

    name: str
    suffixes: tuple[str, ...]

    def read(self, data: bytes, *, name: str, site: str) -> Article:
        """Return the article in ``data``; raise InputError naming ``name`` when there is none."""
        ...


@runtime_checkable
class Renderer(Protocol):
    """Writes a tagging in one exchange format."""

    name: str
    media_type: str

    def render(self, article: Article, text: Text, tagging: Tagging) -> str:
        """Return the document; what the format cannot carry is left out and listed in its documentation."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled article of a corpus. ``labels`` lacks a facet that is unlabelled; an empty tuple is a negative.

    ``line`` is 1-based in ``file``; ``group`` ties rows that must not be split (one story, one document in translations).
    ``rejected`` and ``unknown`` are those of an ``Example``, by facet.
    """

    article: Article
    labels: Mapping[Facet, tuple[str, ...]]
    file: str = ""
    line: int = 0
    date: str | None = None
    split: str | None = None
    group: str | None = None
    rejected: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    unknown: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)


OPEN = "*"
"""Among ``unknown``: every label that the row does not name; then only its ``labels`` and ``rejected`` ones were judged."""


@dataclass(frozen=True, slots=True)
class Example:
    """A row made ready for learning one facet: its text and its labels (empty: a negative).

    ``rejected`` are labels that a person took off; ``unknown`` those that nobody judged, which are neither given nor refused.
    Every other label counts as not given.
    """

    article: Article
    text: Text
    labels: tuple[str, ...]
    date: str | None = None
    group: str | None = None
    source: str = ""
    rejected: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def judges(self, label: str) -> bool:
        """Tell whether the row says yes or no to a label: an unknown one teaches nothing and is not measured."""
        if not self.unknown or label in self.labels or label in self.rejected:
            return True
        return label not in self.unknown and OPEN not in self.unknown


Progress = Callable[[str], None]
"""Told a line about what long work is doing; the command line writes it to standard error."""


class FacetTrainer(Protocol):
    """Learns one facet's part of a bundle from examples. Same input, same bytes out, whatever ``jobs`` is."""

    def __call__(
        self, examples: Sequence[Example], constants: Mapping[str, Json], base: FacetPart | None, *, jobs: int, progress: Progress
    ) -> FacetPart:
        """Return the trained part. ``constants`` come from the recipe, ``base`` is the part to build on (its gazetteer)."""
        ...


@runtime_checkable
class Refitter(Protocol):
    """A trainer that can learn again from more examples at less cost, keeping what it found out the first time."""

    def refit(
        self, examples: Sequence[Example], constants: Mapping[str, Json], before: FacetPart, *, jobs: int, progress: Progress
    ) -> FacetPart:
        """Return the trained part of all ``examples``; ``before`` was learned from some of them, with the same constants."""
        ...


@runtime_checkable
class CorpusReader(Protocol):
    """Reads labelled rows out of one file format."""

    name: str
    suffixes: tuple[str, ...]

    def rows(self, path: Path) -> Iterator[tuple[int, Mapping[str, Json]]]:
        """Yield (line number, raw row); raise CorpusError naming file and line for a broken one."""
        ...


@runtime_checkable
class Vocabulary(Protocol):
    """Knows concepts by id."""

    def concept(self, concept_id: str) -> Concept | None:
        """Return the live concept of that id, a retired one's successor, or None."""
        ...


@runtime_checkable
class NameIndex(Protocol):
    """Knows concepts by name; a tagger that has a dictionary may offer it."""

    def named(self, label: str) -> Sequence[Concept]:
        """Return the concepts that bear this name, the best known first."""
        ...


@dataclass(frozen=True, slots=True)
class OwnConcept:
    """A concept of the newsroom's own vocabulary, or a known one that it gave names of its own.

    ``concept`` is what a tag carries; ``names``, which no bundle knows, are looked for in all texts, ``languages`` in those of one.
    """

    concept: Concept
    names: tuple[str, ...]
    definition: str = ""
    languages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FacetPart:
    """What a bundle holds for one facet: JSON settings and named arrays, nothing that can execute.

    ``kind`` names the reader: ``linear`` (one-vs-rest over terms), ``places`` or ``actors`` (a gazetteer and one model over
    its candidates). Array names are lower-case words with underscores; they become file names. ``concepts`` are those of a
    linear part; a gazetteer keeps its own in arrays.
    """

    facet: Facet
    kind: str
    settings: Mapping[str, Json] = field(default_factory=dict)
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    concepts: tuple[Concept, ...] = ()


class LoadedBundle(Protocol):
    """A verified bundle in memory, as taggers are handed it."""

    @property
    def ref(self) -> BundleRef:
        """Name, version and digest."""
        ...

    @property
    def parts(self) -> Mapping[Facet, FacetPart]:
        """What the bundle holds, by facet."""
        ...


Uint64s = NDArray[np.uint64]
Ints = NDArray[np.int32]

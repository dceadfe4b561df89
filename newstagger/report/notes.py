"""Takes notes while answers are measured: numbers of every answer, words of the worst ones only. ``seen`` freezes what was noted.

Fifty thousand rows with ten scored labels each take about 30 MB; texts are not kept.
"""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar, runtime_checkable

import numpy as np

from newstagger.contracts import Example, Tagger
from newstagger.domain import Concept, Decision, Facet, Proposal, Tag, Text
from newstagger.report.cases import case_of, clipped, headline
from newstagger.report.seen import Case, Grouping, Seen, Worst
from newstagger.taxonomy import media_topics

T = TypeVar("T")
WORST, HEADLINES = 5, 30
"""So many errors of each kind are kept of a label, in full and by their headlines."""
LONGEST_NAME = 100
KINDS = ("language", "source", "month")
UNKNOWN = "not told"


@runtime_checkable
class Barred(Protocol):
    """A tagger that tells the scores from which it suggests a concept and writes it unasked."""

    def bars(self, concept_id: str) -> tuple[float, float] | None:
        """Return both scores, or None for a concept it lacks."""
        ...


@runtime_checkable
class Weighing(Protocol):
    """A tagger that can weigh a concept which it did not propose."""

    def weigh(self, text: Text, concept_id: str) -> Tag | None:
        """Return the concept's tag, however low its score."""
        ...


@dataclass(slots=True)
class _Worst(Generic[T]):
    """A heap that keeps the worst few; the least bad is on top."""

    most: int
    held: list[tuple[float, int, T]] = field(default_factory=list)

    def offer(self, badness: float, row: int, make: Callable[[], T]) -> None:
        """Keep what is among the worst; it is made only then. Of two as bad the earlier row stays."""
        if len(self.held) < self.most:
            heapq.heappush(self.held, (badness, -row, make()))
        elif (badness, -row) > self.held[0][:2]:
            heapq.heapreplace(self.held, (badness, -row, make()))

    def kept(self) -> tuple[T, ...]:
        """Return what was kept, the worst first."""
        return tuple(kept for _, _, kept in sorted(self.held, key=lambda one: one[:2], reverse=True))


@dataclass(slots=True)
class _Errors:
    """The worst errors of one kind on one label: a few with the words that spoke, more with their headlines."""

    cases: _Worst[Case] = field(default_factory=lambda: _Worst(WORST))
    headlines: _Worst[tuple[int, str]] = field(default_factory=lambda: _Worst(HEADLINES))


@dataclass(slots=True)
class _Noted:
    """What is noted of one facet. Parallel lists: one entry a row; arrays: one entry a pair of row and label."""

    ids: list[str] = field(default_factory=list)
    groups: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    abstained: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    concepts: list[Concept] = field(default_factory=list)
    row: array[int] = field(default_factory=lambda: array("i"))
    label: array[int] = field(default_factory=lambda: array("i"))
    score: array[float] = field(default_factory=lambda: array("d"))
    flags: array[int] = field(default_factory=lambda: array("b"))
    bars: dict[tuple[int, int], tuple[float, float]] = field(default_factory=dict)
    errors: dict[tuple[int, bool], _Errors] = field(default_factory=dict)
    taggers: int = 0
    last: Tagger | None = None


_WANTED, _SHOWN, _AUTO = 1, 2, 4


class Notes:
    """Watches answers (``learning.crossval.Watch``) of any facets."""

    def __init__(self) -> None:
        self._facets: dict[Facet, _Noted] = {}

    def __call__(self, tagger: Tagger, example: Example, proposal: Proposal) -> None:
        """Note one answer."""
        noted = self._facets.setdefault(tagger.facet, _Noted())
        if noted.last is not tagger:
            noted.last, noted.taggers = tagger, noted.taggers + 1
        row = len(noted.ids)
        _note_row(noted, example, proposal)
        tags = {tag.concept.id: tag for tag in proposal.tags if example.judges(tag.concept.id)}
        for tag in tags.values():
            self._note(noted, row, example, proposal, tag.concept.id, tag)
        for label in example.labels:
            if label not in tags:
                self._note(noted, row, example, proposal, label, _weighed(tagger, example, proposal, label))

    def _note(self, noted: _Noted, row: int, example: Example, proposal: Proposal, label: str, tag: Tag | None) -> None:
        number = _number(noted, label, tag)
        wanted = label in example.labels
        shown, auto = (tag is not None and tag.decision is not Decision.SILENT), (tag is not None and tag.decision is Decision.AUTO)
        score = tag.score if tag else 0.0
        noted.row.append(row)
        noted.label.append(number)
        noted.score.append(score)
        noted.flags.append(_WANTED * wanted + _SHOWN * shown + _AUTO * auto)
        if wanted != shown and not (wanted and proposal.abstained and not proposal.tags):
            errors, badness = noted.errors.setdefault((number, wanted), _Errors()), -score if wanted else score
            errors.cases.offer(badness, row, lambda: case_of(row, example, proposal, tag, _names(noted)))
            errors.headlines.offer(badness, row, lambda: (row, headline(example)))

    def seen(self, facet: Facet) -> Seen:
        """Return all that was noted of one facet."""
        noted = self._facets.get(facet, _Noted())
        flags = np.array(noted.flags, dtype=np.int8)
        return Seen(
            facet,
            tuple(noted.ids),
            tuple(Grouping.of(kind, values) for kind, values in noted.groups.items()),
            tuple(noted.abstained),
            tuple(noted.numbers),
            tuple(noted.concepts),
            np.array(noted.row, dtype=np.int32),
            np.array(noted.label, dtype=np.int32),
            np.array(noted.score, dtype=np.float64),
            (flags & _WANTED) > 0,
            (flags & _SHOWN) > 0,
            (flags & _AUTO) > 0,
            dict(_bars(noted)),
            {n: Worst(_cases(noted, n, False), _cases(noted, n, True)) for n in range(len(noted.concepts))},
            dict(kept for errors in noted.errors.values() for kept in errors.headlines.kept()),
        )


def _note_row(noted: _Noted, example: Example, proposal: Proposal) -> None:
    noted.ids.append(example.article.ref.id)
    told = (example.text.language, example.article.source or example.source, (example.date or "")[:7])
    for kind, value in zip(KINDS, told, strict=True):
        noted.groups[kind].append(clipped(value or "", LONGEST_NAME) or UNKNOWN)
    noted.abstained.append("; ".join(one.reason for one in proposal.abstained) if not proposal.tags else "")


def _weighed(tagger: Tagger, example: Example, proposal: Proposal, label: str) -> Tag | None:
    """Return what a tagger makes of a label that it did not propose, where it can tell and did not abstain."""
    return tagger.weigh(example.text, label) if isinstance(tagger, Weighing) and not proposal.abstained else None


def _number(noted: _Noted, label: str, tag: Tag | None) -> int:
    """Return the number of a label; note what it is called when it comes up first, and each tagger's bars for it."""
    if label not in noted.numbers:
        noted.numbers[label] = len(noted.concepts)
        noted.concepts.append(_concept(noted, label, tag))
    number = noted.numbers[label]
    if (noted.taggers, number) not in noted.bars and isinstance(noted.last, Barred) and (bars := noted.last.bars(label)):
        noted.bars[noted.taggers, number] = bars
    return number


def _concept(noted: _Noted, label: str, tag: Tag | None) -> Concept:
    assert noted.last is not None
    ask = getattr(noted.last, "concept", media_topics().concept)
    found = media_topics().concept(label) or (tag.concept if tag else ask(label))
    return found or Concept(label, label, noted.last.facet)


def _names(noted: _Noted) -> dict[str, str]:
    return {label: noted.concepts[number].pref_label for label, number in noted.numbers.items()}


def _cases(noted: _Noted, number: int, missed: bool) -> tuple[Case, ...]:
    return noted.errors[number, missed].cases.kept() if (number, missed) in noted.errors else ()


def _bars(noted: _Noted) -> Iterator[tuple[int, tuple[float, float]]]:
    """Yield each label's bars; of several taggers (cross-validation) the medians."""
    by_label: dict[int, list[tuple[float, float]]] = {}
    for (_, number), bars in noted.bars.items():
        by_label.setdefault(number, []).append(bars)
    for number, told in by_label.items():
        suggest, auto = np.median(np.array(told), axis=0).tolist()
        yield number, (suggest, auto)

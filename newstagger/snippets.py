"""Cuts the passages that speak for a tag, or that stand in wire copy, out of a text: what a panel or a report shows highlighted.

A snippet is plain text in marked and unmarked parts; whoever shows it escapes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from newstagger.domain import Span, Text

ELLIPSIS = "…"


class Stretch(Protocol):
    """Anything with offsets into ``Text.string``: a Quote, a Passage, a Span."""

    @property
    def start(self) -> int:
        """First character."""
        ...

    @property
    def end(self) -> int:
        """One past the last character."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a snippet; ``marked`` pieces are what the snippet is shown for."""

    string: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of the article with its marked words, and where it starts in ``Text.string``."""

    start: int
    parts: tuple[Part, ...]


def snippets(text: Text, stretches: Iterable[Stretch], *, context: int = 50, most: int = 5) -> tuple[Snippet, ...]:
    """Return at most ``most`` snippets, in reading order, each with up to ``context`` characters around its marked words.

    Stretches that overlap or stand close together share a snippet. Offsets outside of the text are ignored: they belong to
    another version of it.
    """
    length = len(text.string)
    spans = sorted({Span(s.start, s.end) for s in stretches if 0 <= s.start < s.end <= length})
    groups: list[list[Span]] = []
    for span in spans:
        if groups and span.start - max(s.end for s in groups[-1]) <= 2 * context:
            groups[-1].append(span)
        else:
            groups.append([span])
    return tuple(_snippet(text.string, group, context) for group in groups[:most])


def _snippet(string: str, spans: list[Span], context: int) -> Snippet:
    start = _word_start(string, max(0, spans[0].start - context), spans[0].start)
    last = max(span.end for span in spans)
    end = _word_end(string, min(len(string), last + context), last)
    parts = [Part(ELLIPSIS, False)] if start else []
    at = start
    for span in spans:
        if span.end <= at:
            continue
        parts += [Part(string[at : span.start], False)] if span.start > at else []
        parts.append(Part(string[max(at, span.start) : span.end], True))
        at = span.end
    parts += [Part(string[at:end], False)] if end > at else []
    return Snippet(start, tuple([*parts, Part(ELLIPSIS, False)] if end < len(string) else parts))


def _word_start(string: str, at: int, before: int) -> int:
    """Move to the start of a word, or of a line, that lies between ``at`` and ``before``."""
    line = string.rfind("\n", at, before)
    if line >= 0:
        return line + 1
    space = string.find(" ", at, before) if at else -1
    return at if space < 0 else space + 1


def _word_end(string: str, at: int, after: int) -> int:
    """Move back to the end of a word, or of the line, that lies between ``after`` and ``at``."""
    line = string.find("\n", after, at)
    if line >= 0:
        return line
    space = string.rfind(" ", after, at) if at < len(string) else -1
    return at if space < 0 else space

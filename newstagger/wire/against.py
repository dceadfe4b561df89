"""Wire stories named on the spot, in memory: what ``--against`` compares an article with. They always count as fresh."""

from __future__ import annotations

from collections.abc import Sequence

from newstagger.domain import Text, WireItem
from newstagger.wire.index import postings
from newstagger.wire.normalise import words_of
from newstagger.wire.source import TOO_COMMON, Holders, Story, day_of


class AgainstFiles:
    """A handful of stories to compare an article with, every one of them looked at."""

    def __init__(self, items: Sequence[tuple[WireItem, Text]]) -> None:
        self._stories = [Story(doc, item, words_of(text), day_of(item)) for doc, (item, text) in enumerate(items)]
        self._strings = {(item.feed, item.id, item.version): text.string for item, text in items}
        self._posts: dict[int, list[tuple[int, bool]]] = {}
        for held in self._stories:
            for value, quoted in postings(held.words):
                self._posts.setdefault(value, []).append((held.doc, bool(quoted)))

    def __len__(self) -> int:
        return len(self._stories)

    def string(self, feed: str, name: str, version: str) -> str | None:
        """Return the text to which the wire offsets of passages refer."""
        return self._strings.get((feed, name, version))

    def holders(self, hashes: Sequence[int]) -> list[Holders]:
        """Return who holds each shingle; see ``Source``."""
        return [self._posts.get(value, [])[: TOO_COMMON + 1] for value in hashes]

    def stories(self, docs: Sequence[int]) -> list[Story]:
        """Return stories in the order asked for; see ``Source``."""
        return [self._stories[doc] for doc in docs]

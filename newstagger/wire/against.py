"""Wire stories named on the spot, in memory: what ``--against`` compares an article with. They always count as fresh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from newstagger.domain import Text, WireItem
from newstagger.wire.index import postings
from newstagger.wire.normalise import words_of
from newstagger.wire.source import TOO_COMMON, Holders, Story, day_of

Key = tuple[str, str, str]
"""What tells one text from another: feed, id and version of its item."""


class AgainstFiles:
    """A handful of stories to compare an article with, every one of them looked at."""

    def __init__(self, items: Sequence[tuple[WireItem, Text]]) -> None:
        self._strings: dict[Key, str] = {}
        named = [(self._named(item, text), text) for item, text in items]
        kept = [(item, text) for item, text in named if item is not None]
        self._stories = [Story(doc, item, words_of(text), day_of(item)) for doc, (item, text) in enumerate(kept)]
        self._posts: dict[int, list[tuple[int, bool]]] = {}
        for held in self._stories:
            for value, quoted in postings(held.words):
                self._posts.setdefault(value, []).append((held.doc, bool(quoted)))

    def _named(self, item: WireItem, text: Text) -> WireItem | None:
        """Return an item under a name that no other text has (files of two folders may share theirs); None for a copy of one."""
        name, number = item.id, 1
        while (held := self._strings.get((item.feed, name, item.version))) is not None:
            if held == text.string:
                return None
            number += 1
            name = f"{item.id} ({number})"
        self._strings[item.feed, name, item.version] = text.string
        return item if number == 1 else replace(item, id=name)

    def __len__(self) -> int:
        return len(self._stories)

    def string(self, feed: str, name: str, version: str) -> str | None:
        """Return the text to which the wire offsets of passages refer."""
        return self._strings.get((feed, name, version))

    def history(self, feed: str, name: str) -> tuple[WireItem, ...]:
        """Return all versions of an item, in the order in which they were named."""
        return tuple(story.item for story in self._stories if (story.item.feed, story.item.id) == (feed, name))

    def holders(self, hashes: Sequence[int]) -> list[Holders]:
        """Return who holds each shingle; see ``Source``."""
        return [self._posts.get(value, [])[: TOO_COMMON + 1] for value in hashes]

    def stories(self, docs: Sequence[int]) -> list[Story]:
        """Return stories in the order asked for; see ``Source``."""
        return [self._stories[doc] for doc in docs]

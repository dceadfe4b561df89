"""Finds names by the beginning of any of their words, as somebody types: one long text of folded names and a search in it.

No tree and nothing to keep in a bundle: 100,000 names are made ready in a third of a second, take a few megabytes, and are looked
through in milliseconds. ``ground`` gathers the names, ``livehouse`` asks.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from newstagger.tokens import fold, split_words

LONGEST = 200
"""Characters of a query that are looked at."""
MOST_HITS = 5_000
"""So many names are looked at for one query and closeness: most concepts bear several."""


@runtime_checkable
class NameList(Protocol):
    """Tells all names that it knows; a tagger that has a dictionary may offer it, so that its concepts are found as they are typed."""

    def names(self) -> Iterable[tuple[str, str]]:
        """Yield (name, concept id), the best known first."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """Folded names in UTF-8, each on a line with a blank before every word; ``starts`` and concept ``ids`` are the lines'."""

    text: bytes
    starts: array[int]
    ids: tuple[str, ...]

    @classmethod
    def of(cls, names: Iterable[tuple[str, str]]) -> Names:
        """Return the names in the order given, which is the order of finding; those without a letter or digit are left out."""
        lines, starts, ids, at = [], array("L"), [], 0
        for name, concept_id in names:
            if key := _encoded(name):
                line = b"\n " + key
                lines.append(line)
                starts.append(at)
                ids.append(concept_id)
                at += len(line)
        return cls(b"".join([*lines, b"\n"]), starts, tuple(ids))

    def found(self, query: str, limit: int) -> Iterator[tuple[int, str]]:
        """Yield (closeness, concept id), each id once, at most ``limit`` of a closeness.

        Closeness: 0 is called so, 1 begins so, 2 has a word that begins so.
        A query without a letter or digit finds nothing.
        """
        seen: set[str] = set()
        key = _encoded(query)
        if not key or b" " + key not in self.text:
            return
        for closeness, sought in enumerate((b"\n " + key + b"\n", b"\n " + key, b" " + key)):
            before = len(seen)
            for concept_id in self._hits(sought):
                if concept_id not in seen:
                    seen.add(concept_id)
                    yield closeness, concept_id
                if len(seen) - before >= limit:
                    break

    def _hits(self, sought: bytes) -> Iterator[str]:
        at = self.text.find(sought)
        for _ in range(MOST_HITS):
            if at < 0:
                return
            yield self.ids[bisect_right(self.starts, at) - 1]
            at = self.text.find(sought, at + 1)


def _encoded(name: str) -> bytes:
    """Return the words of a name without case and accents, a blank between them: what is compared."""
    return " ".join(map(fold, split_words(name))).encode("utf-8", "surrogatepass")

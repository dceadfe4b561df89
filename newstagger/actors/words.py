"""The words of a text by number, for rules that look at neighbours; lists of Python, since single look-ups in arrays are slow."""

from __future__ import annotations

from newstagger.domain import Text
from newstagger.tokens import Tokens


class Words:
    """The words of a text by number, lower-cased and with what stands between them; None beyond the paragraph."""

    def __init__(self, text: Text, tokens: Tokens) -> None:
        self._string = text.string
        self._low: dict[int, str] = {}
        self._starts, self._ends = tokens.starts.tolist(), tokens.ends.tolist()
        self._paragraph: list[int] = tokens.paragraph.tolist()
        self._joined = tokens.joined.tolist()
        self._kind: list[int] = tokens.kind.tolist()

    def __len__(self) -> int:
        return len(self._starts)

    def raw(self, number: int, beside: int) -> str | None:
        """Return word ``number`` as it stands, or None when it is not in the paragraph of word ``beside``."""
        if not 0 <= number < len(self._starts) or self._paragraph[number] != self._paragraph[beside]:
            return None
        return self._string[self._starts[number] : self._ends[number]]

    def low(self, number: int, beside: int) -> str:
        """Return word ``number`` lower-cased, or "" when it is not in the paragraph of word ``beside``."""
        if not 0 <= number < len(self._starts) or self._paragraph[number] != self._paragraph[beside]:
            return ""
        low = self._low.get(number)
        if low is None:
            low = self._low[number] = self._string[self._starts[number] : self._ends[number]].lower()
        return low

    def kind(self, number: int) -> int:
        """Return the number of the kind of paragraph that word ``number`` stands in."""
        return self._kind[number]

    def paragraph(self, number: int) -> int:
        """Return the number of the paragraph that word ``number`` stands in."""
        return self._paragraph[number]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return where words ``first`` to ``last`` (exclusive) start and end in the text."""
        return self._starts[first], self._ends[last - 1]

    def gap(self, number: int) -> str:
        """Return what stands between word ``number`` and the one before it."""
        return self._string[self._ends[number - 1] : self._starts[number]] if number else ""

    def joined(self, number: int) -> bool:
        """Tell whether a name may run from the word before into word ``number``."""
        return 0 <= number < len(self._joined) and self._joined[number]

    def starts_sentence(self, number: int) -> bool:
        """Tell whether word ``number`` opens a paragraph or follows the end of a sentence or a quotation mark."""
        if self.raw(number - 1, number) is None:
            return True
        return any(mark in self.gap(number) for mark in '.!?:;"“”„«»‘–—')

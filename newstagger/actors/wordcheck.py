"""Which single words can stand for an actor: counted from text, so that "Target" or "Care" do not. Build time only."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from newstagger.actors.records import key_of
from newstagger.tokens import split_words

_LOWER = re.compile(r"\b[a-z]{3,}\b")
_UPPER = re.compile(r"\b[A-Z][a-z]{2,}\b")


@dataclass(frozen=True, slots=True)
class WordCheck:
    """Tells single words that can stand for an actor from words that mostly mean something else."""

    small: Counter[str]
    large: Counter[str]
    names: frozenset[str]

    @classmethod
    def count(cls, texts: list[str], names: frozenset[str]) -> WordCheck:
        """Count how often words are written small and with a capital; ``names`` are folded words that name people or places."""
        small: Counter[str] = Counter()
        large: Counter[str] = Counter()
        for text in texts:
            small.update(_LOWER.findall(text))
            large.update(word.lower() for word in _UPPER.findall(text))
        return cls(small, large, names)

    def fits(self, form: str) -> bool:
        """Tell whether a form is several words, or one word that is rarely anything but a name of this actor."""
        words = split_words(form)
        if len(words) != 1:
            return len(words) > 1 and not all(len(word) < 3 for word in words)
        key = key_of(form)
        return len(key) >= 5 and key not in self.names and not mostly_small(self.small[key], self.large[key])


def mostly_small(small: int, large: int) -> bool:
    """Tell whether words that were counted so often in small letters, so often with capitals, are more than a name."""
    return small > 0.05 * large + 2

"""Finds dictionary forms in a text and keeps those that are spelt like names: capitals where a name has capitals."""

from __future__ import annotations

from dataclasses import dataclass

from newstagger.actors.lexicon import word_set
from newstagger.actors.records import FormType
from newstagger.domain import NARRATIVE, Text
from newstagger.matcher import Match, PhraseTable, longest_first
from newstagger.tokens import KINDS, Tokens, tokens_of

_GENERIC = word_set(
    "party group movement army military agency news ministry forces force front council union government police court bank and the of for"
    " administration regime authorities troops soldiers warplanes officials network coalition organization organisation society navy air"
    " armed national state department cartel rebels opposition parliament commission committee television newspaper company militants"
)
_SMALL_WORDS = word_set("is us who it as an in on or at he we all am can act so do go no may apa uni care epa")
_NARRATIVE_KINDS = frozenset(number for number, kind in enumerate(KINDS) if kind in NARRATIVE)


@dataclass(frozen=True, slots=True)
class Found:
    """A form in a text: words ``first`` to ``last`` (exclusive), the (row, FormType number) pairs that bear it."""

    first: int
    last: int
    exact: bool
    rows: tuple[tuple[int, int], ...]


def found_forms(text: Text, folded: PhraseTable, exact: PhraseTable) -> list[Found]:
    """Return the leftmost-longest forms that stand in the narrative paragraphs and are spelt like names."""
    tokens = tokens_of(text)
    shouting = Shouting(text)
    foreign = text.language not in (None, "en")
    fits = [
        Found(match.first, match.last, match.exact, match.rows)
        for table in (exact, folded)
        for match in table.hits(tokens)
        if int(tokens.kind[match.first]) in _NARRATIVE_KINDS and _spelt(text, tokens, match, shouting, foreign)
    ]
    kept = longest_first(Match(f.first, f.last, f.exact, f.rows) for f in fits)
    return [Found(match.first, match.last, match.exact, match.rows) for match in kept]


class Shouting:
    """Knows which paragraphs of a text are written in capitals throughout; there, case says nothing."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._known: dict[int, bool] = {}

    def at(self, paragraph: int) -> bool:
        """Tell whether a paragraph is in capitals."""
        if paragraph not in self._known:
            words = self._text.words(self._text.paragraphs[paragraph])
            letters = [c for c in words if c.isalpha()]
            self._known[paragraph] = len(letters) > 8 and sum(map(str.isupper, letters)) > 0.8 * len(letters)
        return self._known[paragraph]


def _spelt(text: Text, tokens: Tokens, match: Match, shouting: Shouting, foreign: bool) -> bool:
    words = [text.string[tokens.starts[i] : tokens.ends[i]] for i in range(match.first, match.last)]
    if match.exact:
        return not (words[0].casefold() in _SMALL_WORDS and len(words) == 1 and shouting.at(int(tokens.paragraph[match.first])))
    if words[0].islower() and any(kind == FormType.ADJECTIVE for _, kind in match.rows):
        return foreign
    return any(map(_capital, words)) and all(_capital(w) or len(w) < 4 or w in _GENERIC for w in words)


def _capital(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit() or not (word[0].islower() or word[0].isupper())

"""Finds dictionary forms in a text and keeps those that are spelt like names: capitals where a name has capitals."""

from __future__ import annotations

from newstagger.actors.candidates import NARRATIVE_KINDS
from newstagger.actors.lexicon import word_set
from newstagger.actors.records import FormType
from newstagger.actors.words import Words
from newstagger.domain import Text
from newstagger.matcher import Match, PhraseTable, longest_first
from newstagger.tokens import tokens_of

_GENERIC = word_set(
    "party group movement army military agency news ministry forces force front council union government police court bank and the of for"
    " administration regime authorities troops soldiers warplanes officials network coalition organization organisation society navy air"
    " armed national state department cartel rebels opposition parliament commission committee television newspaper company militants"
)
_SMALL_WORDS = word_set("is us who it as an in on or at he we all am can act so do go no may apa uni care epa")


_SAMPLE = 100
"""So many characters, spread over a paragraph, tell whether it is in capitals."""

Found = Match
"""A form in a text, as ``PhraseTable.hits`` finds it; the tags of its rows are FormType numbers."""


def found_forms(text: Text, folded: PhraseTable, exact: PhraseTable, words: Words | None = None) -> list[Found]:
    """Return the leftmost-longest forms that stand in the narrative paragraphs and are spelt like names; ``words`` are the text's."""
    words = words or Words(text, tokens_of(text))
    shouting = Shouting(text)
    foreign = text.language not in (None, "en")
    fits = [
        match
        for table in (exact, folded)
        for match in table.hits(words.tokens)
        if words.kind(match.first) in NARRATIVE_KINDS and _spelt(words, match, shouting, foreign)
    ]
    return longest_first(fits)


class Shouting:
    """Knows which paragraphs of a text are written in capitals throughout; there, case says nothing."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._known: dict[int, bool] = {}

    def at(self, paragraph: int) -> bool:
        """Tell whether a paragraph is in capitals."""
        if paragraph not in self._known:
            words = self._text.words(self._text.paragraphs[paragraph])
            words = words[:: 1 + len(words) // _SAMPLE]
            large = sum(map(str.isupper, words))
            self._known[paragraph] = large > 8 and large > 0.8 * sum(map(str.isalpha, words))
        return self._known[paragraph]


def _spelt(words: Words, match: Match, shouting: Shouting, foreign: bool) -> bool:
    first = words.plain(match.first)
    if match.exact:
        return match.last - match.first > 1 or first.casefold() not in _SMALL_WORDS or not shouting.at(words.paragraph(match.first))
    if first[0].islower() and any(kind == FormType.ADJECTIVE for _, kind in match.rows):
        return foreign
    if match.last - match.first == 1:
        return _capital(first)
    told = [words.plain(number) for number in range(match.first, match.last)]
    return any(map(_capital, told)) and all(_capital(word) or len(word) < 4 or word in _GENERIC for word in told)


def _capital(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit() or not (word[0].islower() or word[0].isupper())

"""An article's narrative words as numbers that survive an editor's house style, each with its offsets into the text.

Words are normalised one by one (case, accents, British and American spelling, "per cent", "U.S." and "US", one name per
armed group), never by rewriting the text, so that offsets cannot drift. Paragraphs that are not the story's own words
(captions, credits, boilerplate, datelines) are left out. Called by ``shingles``, ``alignment`` and the index.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Ints
from newstagger.domain import NARRATIVE, Span, Text
from newstagger.tokens import KINDS, fold, tokens_of, word_hash
from newstagger.wire.quotes import quote_spans

Ids = NDArray[np.uint32]
Marks = NDArray[np.uint8]

QUOTED, NUMBER, CUT = np.uint8(1), np.uint8(2), np.uint8(4)

_ONE_NAME = "islamicstate"
_NAMES = {"isis": _ONE_NAME, "isil": _ONE_NAME, "daesh": _ONE_NAME, "daech": _ONE_NAME, "usa": "us"}
_EXACT_NAMES = {"IS": _ONE_NAME, "EI": _ONE_NAME}
_PHRASES: dict[tuple[str, ...], str] = {
    ("islamic", "state"): _ONE_NAME,
    ("islamischer", "staat"): _ONE_NAME,
    ("islamischen", "staat"): _ONE_NAME,
    ("etat", "islamique"): _ONE_NAME,
    ("estado", "islamico"): _ONE_NAME,
    ("stato", "islamico"): _ONE_NAME,
    ("per", "cent"): "",
    ("united", "states"): "us",
    ("united", "nations"): "un",
}
_LONGEST_PHRASE = max(map(len, _PHRASES))
_PHRASE_STARTS = frozenset(phrase[0] for phrase in _PHRASES)
_DROPPED = frozenset({"percent", "pct", "prozent", "%"})

# Applied to both sides alike, so a rule that also hits an innocent word ("promised") costs nothing.
_SPELLING = (
    (re.compile(r"is(e|ed|es|ing|ation|ations|er|ers)$"), r"iz\1"),
    (re.compile(r"(?<=.)our"), "or"),
    (re.compile(r"tre(s?)$"), r"ter\1"),
    (re.compile(r"enc(e|es)$"), r"ens\1"),
    (re.compile(r"mme(s?)$"), r"m\1"),
    (re.compile(r"ogue(s?)$"), r"og\1"),
    (re.compile(r"(?<=.)ll(?=.)"), "l"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Normalised words of the narrative, column by column: offsets, 32-bit ids, marks.

    ``marks`` are ``QUOTED``, ``NUMBER`` and ``CUT``: a caption, a credit or boilerplate stands before the word.
    """

    starts: Ints
    ends: Ints
    ids: Ids
    marks: Marks

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def quoted(self) -> NDArray[np.bool_]:
        """True for each word that stands in quotation marks or in a quote paragraph."""
        return np.asarray((self.marks & QUOTED) != 0, dtype=np.bool_)


@lru_cache(maxsize=1 << 16)
def normalise(word: str) -> str:
    """Return the one spelling of a word; empty for a word that only stands for a sign ("percent" for %)."""
    if word in _EXACT_NAMES:
        return _EXACT_NAMES[word]
    folded = fold(word)
    if folded in _DROPPED:
        return ""
    folded = _NAMES.get(folded, folded)
    if len(folded) < 5 or folded == _ONE_NAME:
        return folded
    for pattern, replacement in _SPELLING:
        folded = pattern.sub(replacement, folded)
    return folded


@lru_cache(maxsize=1 << 16)
def word_id(spelt: str) -> int:
    """Return the 32-bit id of a normalised word, the same on every machine."""
    return word_hash(spelt) & 0xFFFFFFFF


@lru_cache(maxsize=8)
def words_of(text: Text) -> Words:
    """Return the narrative words of a text, in order; linear in the length of the text."""
    tokens = tokens_of(text)
    wanted = _IS_NARRATIVE[tokens.kind]
    codes, last = _spelt(text.string, tokens.starts[wanted], tokens.ends[wanted])
    kept = codes >= 0
    begin, codes = tokens.starts[wanted][kept], codes[kept]
    marks = NUMBER * (codes & 1).astype(np.uint8)
    marks |= QUOTED * covered(begin, quote_spans(text))
    paragraph = np.searchsorted([paragraph.start for paragraph in text.paragraphs], begin, "right")
    marks |= CUT * (np.diff(paragraph, prepend=paragraph[:1]) > 1)
    return Words(begin, last[kept], (codes >> 1).astype(np.uint32), marks)


def covered(positions: Ints, spans: Sequence[Span]) -> NDArray[np.uint8]:
    """Return 1 for each position that lies in one of the spans, else 0."""
    if not spans:
        return np.zeros(len(positions), dtype=np.uint8)
    opened = np.sort(np.array([span.start for span in spans], dtype=np.int64))
    closed = np.sort(np.array([span.end for span in spans], dtype=np.int64))
    depth = np.searchsorted(opened, positions, "right") - np.searchsorted(closed, positions, "right")
    return (depth > 0).astype(np.uint8)


NOT_ALONE = -1
_IS_NARRATIVE = np.array([kind in NARRATIVE for kind in KINDS])


@lru_cache(maxsize=1 << 16)
def _plain(word: str) -> int:
    """Return the code of a word that stands alone, ``NOT_ALONE`` for one that its neighbours may change."""
    spelt = normalise(word)
    alone = spelt and spelt not in _PHRASE_STARTS and spelt != _ONE_NAME and not (len(word) == 1 and word.isupper())
    return _code(spelt) if alone else NOT_ALONE


def _code(spelt: str) -> int:
    """Return a word's id and, in the lowest bit, whether it is a number."""
    return word_id(spelt) << 1 | spelt[0].isdigit()


def _spelt(string: str, starts: Ints, ends: Ints) -> tuple[NDArray[np.int64], Ints]:
    """Return the code of each word, below 0 where a word is dropped or part of the one before it, and where each word ends."""
    first, last = starts.tolist(), ends.tolist()
    codes = np.fromiter(map(_plain, map(string.__getitem__, map(slice, first, last))), np.int64, len(first))
    ends = ends.copy()
    after = named = 0  # the word after the last one looked at; the word after the last name of the armed group
    for at in np.flatnonzero(codes == NOT_ALONE).tolist():
        if at < after:
            continue
        spelt, after = _among(string, first, last, at)
        codes[at:after] = NOT_ALONE
        if spelt and not (spelt == _ONE_NAME and at == named and at):
            codes[at], ends[at] = _code(spelt), last[after - 1]
        if spelt == _ONE_NAME or (not spelt and at == named and at):
            named = after
    return codes, ends


def _among(string: str, starts: list[int], ends: list[int], at: int) -> tuple[str, int]:
    """Return how a word is spelt together with those that belong to it, and the number of the word after them."""
    word, after = string[starts[at] : ends[at]], at + 1
    if len(word) == 1 and word.isupper():
        after = _initials(string, starts, ends, at)
        word = "".join(string[starts[i]] for i in range(at, after))
    spelt = fold(word) if after > at + 1 else normalise(word)
    return _phrase(string, starts, ends, at, spelt) if spelt in _PHRASE_STARTS and after == at + 1 else (spelt, after)


def _initials(string: str, starts: list[int], ends: list[int], at: int) -> int:
    """Return where an abbreviation such as "U.S." ends: the number of the word after its last letter."""
    after = at + 1
    while (
        after < len(starts)
        and starts[after] == ends[after - 1] + 1
        and ends[after] == starts[after] + 1
        and string[ends[after - 1]] == "."
        and string[starts[after]].isupper()
    ):
        after += 1
    return after


def _phrase(string: str, starts: list[int], ends: list[int], at: int, first: str) -> tuple[str, int]:
    """Return the one name that the phrase beginning at this word stands for, and the number of the word after it."""
    last = min(at + _LONGEST_PHRASE, len(starts))
    spelt = (first, *(fold(string[starts[i] : ends[i]]) for i in range(at + 1, last)))
    for length in range(len(spelt), 1, -1):
        if (name := _PHRASES.get(spelt[:length])) is not None:
            return name, at + length
    return first, at + 1

"""Words with their offsets and stable 64-bit hashes: what vocabularies, gazetteers and shingles are looked up by.

A text is cut once; the taggers share the result (``tokens_of`` remembers the last few texts). Hashes are BLAKE2b of the
UTF-8 word, the same on every machine and in every release: they are stored in bundles. A phrase's hash is rolled from its words'.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, pairwise

import numpy as np

from newstagger.contracts import Ints, Uint64s
from newstagger.domain import ParagraphKind, Text

_PLAIN = re.compile(r"[^\W_]+")


def _mark_ranges() -> str:
    """Return the combining marks (Mn, Mc) as ranges of a character class: in Hindi, Bengali, Tamil or Thai vowels are marks.

    Variation selectors are left out: they follow signs, and belong to no word.
    """
    marks = [c for c in range(0x300, 0x1FFFF) if unicodedata.category(chr(c)) in ("Mn", "Mc") and not 0xFE00 <= c <= 0xFE0F]
    starts = [c for before, c in pairwise([0, *marks]) if c != before + 1]
    ends = [c for c, after in pairwise([*marks, 0]) if after != c + 1]
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in zip(starts, ends, strict=True))


KINDS = tuple(ParagraphKind)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """Words of a text, column by column; all arrays have one entry a word.

    ``folded`` hashes the case-folded word without accents, ``exact`` the word as it stands; ``kind`` indexes ``KINDS``;
    ``paragraph`` is the paragraph's number; ``joined`` is true where only blanks, hyphens, apostrophes or a full stop
    stand between the word and the one before it, in the same paragraph: a name may run across it.
    """

    starts: Ints
    ends: Ints
    folded: Uint64s
    exact: Uint64s
    kind: Ints
    paragraph: Ints
    joined: np.ndarray[tuple[int], np.dtype[np.bool_]]

    def __len__(self) -> int:
        return len(self.starts)


def fold(word: str) -> str:
    """Return a word without case and without accents; one word in, one word out, of any length."""
    folded = word.casefold()
    if folded.isascii():
        return folded
    parts = unicodedata.normalize("NFKD", folded)
    return unicodedata.normalize("NFC", "".join(c for c in parts if not unicodedata.combining(c))) or folded


@lru_cache(maxsize=1 << 16)
def word_hash(word: str) -> int:
    """Return the 64-bit hash of one word."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


@lru_cache(maxsize=1 << 16)
def _hashes(word: str) -> tuple[int, int]:
    return word_hash(fold(word)), word_hash(word)


def extend(hashes: Uint64s, following: Uint64s) -> Uint64s:
    """Return the hashes of phrases made one word longer: order matters, and every length has hashes of its own."""
    with np.errstate(over="ignore"):
        return (hashes ^ (hashes >> np.uint64(29))) * _MULTIPLIER + following


def phrase_hash(words: list[str]) -> int:
    """Return the hash of a phrase, the same as rolling ``extend`` over its words' hashes."""
    rolled = np.array([word_hash(words[0])], dtype=np.uint64)
    for word in words[1:]:
        rolled = extend(rolled, np.array([word_hash(word)], dtype=np.uint64))
    return int(rolled[0])


@lru_cache(maxsize=1)
def _marked() -> re.Pattern[str]:
    return re.compile(rf"[^\W_](?:[^\W_]+|[{_mark_ranges()}]+)*")


def _word_pattern(string: str) -> re.Pattern[str]:
    """Return what finds the words of a string: letters and digits, and the marks that are written over or after them."""
    return _PLAIN if string.isascii() else _marked()


def split_words(string: str) -> list[str]:
    """Return the words of a short string such as a name, as ``tokens_of`` would cut them."""
    return _word_pattern(string).findall(string)


_JOINTS = re.compile(r"[ \t\u00a0\u202f]?[-\u2010\u2011'\u2019\u02bc.]?[ \t\u00a0\u202f]?")


def _joins(string: str, previous: int, last: int, start: int) -> bool:
    """Tell whether a name may run across the gap; a full stop and a blank belong to a name only after "St" or "J"."""
    if start - last > 3 or _JOINTS.fullmatch(string, last, start) is None:
        return False
    return not (string[last] == "." and start - last > 1) or (last - previous <= 3 and string[previous].isupper())


@lru_cache(maxsize=8)
def tokens_of(text: Text) -> Tokens:
    """Cut a text into words, paragraph by paragraph; linear in the length of the text."""
    string, pattern = text.string, _word_pattern(text.string)
    spans: list[tuple[int, int]] = []
    joined: list[bool] = []
    lengths: list[int] = []
    for paragraph in text.paragraphs:
        mine = [match.span() for match in pattern.finditer(string, paragraph.start, paragraph.end)]
        joined += _joined(string, mine)
        lengths.append(len(mine))
        spans += mine
    hashes = chain.from_iterable([_hashes(string[start:end]) for start, end in spans])
    both = np.fromiter(hashes, dtype=np.uint64, count=2 * len(spans)).reshape(-1, 2)
    places = np.fromiter(chain.from_iterable(spans), dtype=np.int32, count=2 * len(spans)).reshape(-1, 2)
    kinds = np.array([KINDS.index(paragraph.kind) for paragraph in text.paragraphs], dtype=np.int32)
    return Tokens(
        np.ascontiguousarray(places[:, 0]), np.ascontiguousarray(places[:, 1]),
        np.ascontiguousarray(both[:, 0]), np.ascontiguousarray(both[:, 1]),
        np.repeat(kinds, lengths), np.repeat(np.arange(len(kinds), dtype=np.int32), lengths), np.array(joined, dtype=np.bool_),
    )  # fmt: skip


def _joined(string: str, spans: list[tuple[int, int]]) -> list[bool]:
    """Tell of each word of a paragraph whether a name may run across the gap before it; most gaps are a blank."""
    if not spans:
        return []
    gaps = pairwise(spans)
    return [False, *(string[last:start] == " " or _joins(string, previous, last, start) for (previous, last), (start, _) in gaps)]

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
from itertools import pairwise
from typing import Any

import numpy as np

from newstagger.contracts import Ints, Uint64s
from newstagger.domain import ParagraphKind, Text

_PLAIN = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1)
def _mark_ranges() -> list[tuple[int, int]]:
    """Return the combining marks (Mn, Mc) as ranges, the last included: in Hindi, Bengali, Tamil or Thai vowels are marks.

    Variation selectors are left out: they follow signs, and belong to no word.
    """
    marks = [c for c in range(0x300, 0x1FFFF) if unicodedata.category(chr(c)) in ("Mn", "Mc") and not 0xFE00 <= c <= 0xFE0F]
    starts = [c for before, c in pairwise([0, *marks]) if c != before + 1]
    ends = [c for c, after in pairwise([*marks, 0]) if after != c + 1]
    return list(zip(starts, ends, strict=True))


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


def _digest(word: str) -> bytes:
    return blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()


@lru_cache(maxsize=1 << 16)
def word_hash(word: str) -> int:
    """Return the 64-bit hash of one word."""
    return int.from_bytes(_digest(word), "little")


class _Hashes(dict[str, bytes]):
    """The hashes of words, folded and as they stand, lowest byte first; looked up for every word of every text."""

    def __missing__(self, word: str) -> bytes:
        """Hash a word, and keep it; where too many are kept, all are forgotten."""
        exact, folded = _digest(word), fold(word)
        if len(self) >= _MOST_WORDS:
            self.clear()
        self[word] = both = (exact if folded == word else _digest(folded)) + exact
        return both


_MOST_WORDS = 1 << 16
_hashes = _Hashes()


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
    marks = "".join(f"{chr(first)}-{chr(last)}" for first, last in _mark_ranges())
    return re.compile(rf"[^\W_](?:[^\W_]+|[{marks}]+)*")


def _word_pattern(string: str) -> re.Pattern[str]:
    """Return what finds the words of a string: letters and digits, and the marks that are written over or after them."""
    return _PLAIN if string.isascii() else _marked()


def split_words(string: str) -> list[str]:
    """Return the words of a short string such as a name, as ``tokens_of`` would cut them."""
    return _word_pattern(string).findall(string)


_LONGEST_GAP = 3
_JOINTS = re.compile(r"[ \t\u00a0\u202f]?[-\u2010\u2011'\u2019\u02bc.]?[ \t\u00a0\u202f]?")


def _joins(string: str, previous: int, last: int, start: int) -> bool:
    """Tell whether a name may run across the gap; a full stop and a blank belong to a name only after "St" or "J"."""
    if start - last > _LONGEST_GAP or _JOINTS.fullmatch(string, last, start) is None:
        return False
    return not (string[last] == "." and start - last > 1) or (last - previous <= 3 and string[previous].isupper())


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """Where the words of a text are: the columns of ``Tokens`` that are not hashes."""

    starts: Ints
    ends: Ints
    paragraph: Ints
    joined: np.ndarray[tuple[int], np.dtype[np.bool_]]


@lru_cache(maxsize=8)
def tokens_of(text: Text) -> Tokens:
    """Cut a text into words, paragraph by paragraph; linear in the length of the text."""
    string = text.string
    cut = _cut_by_class(text) or _cut_by_pattern(text)
    words = [string[start:end] for start, end in zip(cut.starts.tolist(), cut.ends.tolist(), strict=True)]
    both = np.frombuffer(b"".join(map(_hashes.__getitem__, words)), dtype="<u8").reshape(-1, 2)
    kinds = np.array([KINDS.index(paragraph.kind) for paragraph in text.paragraphs], dtype=np.int32)
    folded, exact = (np.ascontiguousarray(both[:, column], dtype=np.uint64) for column in (0, 1))
    return Tokens(cut.starts, cut.ends, folded, exact, kinds[cut.paragraph], cut.paragraph, cut.joined)


OTHER, LETTER, MARK, JOINT = range(4)
_LAST_CLASS = 0x20000


@lru_cache(maxsize=2)
def _classes(size: int) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """Return what each of the first characters of Unicode is: letter or digit, a word's mark, what may join names, or other."""
    table = np.array([chr(c).isalnum() for c in range(size)], dtype=np.uint8)  # LETTER is 1
    table[[ord(c) for c in " \t\u00a0\u202f-\u2010\u2011'\u2019." if ord(c) < size]] = JOINT
    for first, last in _mark_ranges() if size > 0x300 else ():
        table[first : last + 1] = MARK
    return table


def _cut_by_class(text: Text) -> _Cut | None:
    """Cut all paragraphs at once; None for texts with marks, of rare scripts, or whose paragraphs touch."""
    ascii_only = text.string.isascii()
    codes = np.frombuffer(text.string.encode("ascii" if ascii_only else "utf-32-le", "surrogatepass"), "u1" if ascii_only else "<u4")
    firsts, lasts = (np.array([getattr(p, side) for p in text.paragraphs], dtype=np.int32) for side in ("start", "end"))
    if bool((firsts[1:] <= lasts[:-1]).any()) or codes.max(initial=0) >= _LAST_CLASS:
        return None
    classes = _classes(0x80 if ascii_only else _LAST_CLASS)[codes]
    if not ascii_only and bool((classes == MARK).any()):
        return None
    inside = np.zeros(len(codes) + 2, dtype=np.bool_)
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        inside[first + 1 : last + 1] = True
    inside[1:-1] &= classes == LETTER
    edges = np.flatnonzero(inside[1:] != inside[:-1]).astype(np.int32)
    starts, ends = np.ascontiguousarray(edges[::2]), np.ascontiguousarray(edges[1::2])
    number = (np.searchsorted(firsts, starts, side="right") - 1).astype(np.int32)
    return _Cut(starts, ends, number, _joined(text.string, _Gaps(starts, ends, number, codes, classes)))


@dataclass(frozen=True, slots=True, eq=False)
class _Gaps:
    starts: Ints
    ends: Ints
    paragraph: Ints
    codes: np.ndarray[tuple[int], np.dtype[Any]]
    classes: np.ndarray[tuple[int], np.dtype[np.uint8]]


def _joined(string: str, gaps: _Gaps) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell of each word whether a name may run across the gap before it; most gaps are a blank."""
    starts, ends = gaps.starts, gaps.ends
    joined = np.zeros(len(starts), dtype=np.bool_)
    lengths, begins = starts[1:] - ends[:-1], ends[:-1]
    near = (lengths <= _LONGEST_GAP) & (gaps.classes[begins] == JOINT) & (gaps.paragraph[1:] == gaps.paragraph[:-1])
    blank = (lengths == 1) & (gaps.codes[begins] == ord(" "))
    joined[1:] = near & blank
    for at in np.flatnonzero(near & ~blank).tolist():
        joined[at + 1] = _joins(string, int(starts[at]), int(ends[at]), int(starts[at + 1]))
    return joined


def _cut_by_pattern(text: Text) -> _Cut:
    """Cut one paragraph after the other: any script, any paragraphs."""
    string, pattern = text.string, _word_pattern(text.string)
    spans: list[tuple[int, int]] = []
    joined: list[bool] = []
    lengths: list[int] = []
    for paragraph in text.paragraphs:
        mine = [match.span() for match in pattern.finditer(string, paragraph.start, paragraph.end)]
        joined += [False] * bool(mine)
        joined += [_joins(string, previous, last, start) for (previous, last), (start, _) in pairwise(mine)]
        lengths.append(len(mine))
        spans += mine
    places = np.array(spans, dtype=np.int32).reshape(-1, 2)
    number = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    return _Cut(np.ascontiguousarray(places[:, 0]), np.ascontiguousarray(places[:, 1]), number, np.array(joined, dtype=np.bool_))

"""Terms of a text by zone: what a linear model weighs. Serving needs NumPy only; ``vocabulary`` turns terms into a vector.

A *block* is a set of zones whose words are weighed together, with weights of its own: a word in the headline may then speak
louder, or of something else, than the same word in the body. Scripts that write no blanks are cut into pairs of characters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Ints, Uint64s
from newstagger.domain import NARRATIVE, ParagraphKind, Text
from newstagger.tokens import KINDS, Tokens, extend, fold, tokens_of, word_hash

ZONES = ("headline", "lead", "body")
LEAD_WORDS = 60
"""How many of the first words after the headline are the lead: two or three sentences of news, where its facts stand."""

_TOLD = np.array([kind in NARRATIVE for kind in KINDS])
_HEADLINE = KINDS.index(ParagraphKind.HEADLINE)
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Block:
    """Zones weighed together: ``weight`` is the length of the block's vector, ``phrases`` adds pairs of adjacent words."""

    zones: tuple[str, ...]
    weight: float = 1.0
    phrases: bool = False

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> Block:
        """Return the block that a bundle or a recipe describes; raise KeyError, TypeError or ValueError for anything else."""
        zones = tuple(str(zone) for zone in table["zones"])
        if not zones or not set(zones) <= set(ZONES):
            raise ValueError(f"zones must be some of {', '.join(ZONES)}")
        return cls(zones, float(table.get("weight", 1.0)), bool(table.get("phrases", False)))

    def table(self) -> dict[str, Any]:
        """Return the block as JSON, the way ``read`` takes it."""
        return {"zones": list(self.zones), "weight": self.weight, "phrases": self.phrases}


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Occurrences of terms, block after block, one entry each.

    ``keys`` tell the same word in two blocks apart, ``words`` do not; ``starts`` and ``ends`` are offsets into the text.
    ``phrase`` tells phrases from words; ``story_words`` counts the narrative words of the text.
    """

    keys: Uint64s
    words: Uint64s
    starts: Ints
    ends: Ints
    phrase: NDArray[np.bool_]
    story_words: int


@dataclass(frozen=True, slots=True, eq=False)
class _Zoned:
    words: Uint64s
    starts: Ints
    ends: Ints
    zone: Ints
    joined: NDArray[np.bool_]

    def within(self, zones: tuple[str, ...]) -> NDArray[np.bool_]:
        """Return which words stand in one of these zones."""
        return np.array([zone in zones for zone in ZONES])[self.zone]


def terms_of(text: Text, blocks: Sequence[Block]) -> Terms:
    """Return the terms of a text's own words (headline, body and quotes), one run of entries a block."""
    zoned, story_words = _zoned(text)
    runs = [_run(zoned, block, number) for number, block in enumerate(blocks)]
    columns = [np.concatenate(column) for column in zip(*runs, strict=True)]
    return Terms(columns[0], columns[1], columns[2], columns[3], columns[4], story_words)


def block_salt(number: int) -> np.uint64:
    """Return what is mixed into the hashes of a block's words, so that each block has a vocabulary of its own."""
    return np.uint64(word_hash(f"block {number}"))


def _run(zoned: _Zoned, block: Block, number: int) -> tuple[Uint64s, Uint64s, Ints, Ints, NDArray[np.bool_]]:
    inside = zoned.within(block.zones)
    words, starts, ends = zoned.words[inside], zoned.starts[inside], zoned.ends[inside]
    if block.phrases:
        second = np.flatnonzero(zoned.joined & inside & np.roll(inside, 1))
        phrases = extend(zoned.words[second - 1], zoned.words[second])
        words = np.concatenate([words, phrases])
        starts = np.concatenate([starts, zoned.starts[second - 1]])
        ends = np.concatenate([ends, zoned.ends[second]])
    phrase = np.arange(len(words)) >= int(np.count_nonzero(inside))
    return words ^ block_salt(number), words, starts, ends, phrase


def _zoned(text: Text) -> tuple[_Zoned, int]:
    tokens = tokens_of(text)
    told = _TOLD[tokens.kind]
    headline = tokens.kind == _HEADLINE
    lead = np.cumsum(told & ~headline) <= LEAD_WORDS
    zone = np.where(headline, 0, np.where(lead, 1, 2)).astype(np.int32)
    if not text.string.isascii() and _UNSPACED.search(text.string):
        return _pairs(text, tokens, told, zone)
    keep = told & (tokens.ends - tokens.starts >= _SHORTEST)
    joined = tokens.joined & np.roll(keep, 1)
    zoned = _Zoned(tokens.folded[keep], tokens.starts[keep], tokens.ends[keep], zone[keep], joined[keep])
    return zoned, int(np.count_nonzero(told))


def _pairs(text: Text, tokens: Tokens, told: NDArray[np.bool_], zone: Ints) -> tuple[_Zoned, int]:
    """Cut the words of scripts without blanks into overlapping pairs of characters; leave other words whole."""
    rows: list[tuple[int, int, int, int]] = []
    for at in np.flatnonzero(told).tolist():
        start, end = int(tokens.starts[at]), int(tokens.ends[at])
        word = text.string[start:end]
        if _UNSPACED.search(word):
            places = range(start, max(start + 1, end - 1))
            rows += [(word_hash(fold(text.string[p : min(p + 2, end)])), p, min(p + 2, end), int(zone[at])) for p in places]
        elif end - start >= _SHORTEST:
            rows.append((int(tokens.folded[at]), start, end, int(zone[at])))
    words = np.array([row[0] for row in rows], dtype=np.uint64)
    rest = np.array([row[1:] for row in rows], dtype=np.int32).reshape(-1, 3)
    return _Zoned(words, rest[:, 0], rest[:, 1], rest[:, 2], np.zeros(len(words), dtype=np.bool_)), len(words)

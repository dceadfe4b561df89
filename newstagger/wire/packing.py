"""A story as bytes and back: its text and its normalised words with their offsets, compressed."""

from __future__ import annotations

import zlib

import numpy as np

from newstagger.wire.normalise import Words

LEVEL = 3


def pack_string(string: str) -> bytes:
    """Return a text compressed."""
    return zlib.compress(string.encode("utf-8", "surrogatepass"), 6)


def unpack_string(data: bytes) -> str:
    """Return a packed text; raises ValueError on damage."""
    try:
        return zlib.decompress(data).decode("utf-8", "surrogatepass")
    except (zlib.error, UnicodeDecodeError) as error:
        raise ValueError(f"damaged text: {type(error).__name__}") from None


def pack_words(words: Words) -> bytes:
    """Return words as four columns, offsets as differences: start to start, start to end."""
    steps = np.diff(words.starts, prepend=np.int32(0)).astype("<u4")
    lengths = (words.ends - words.starts).astype("<u4")
    return zlib.compress(steps.tobytes() + lengths.tobytes() + words.ids.astype("<u4").tobytes() + words.marks.tobytes(), LEVEL)


def unpack_words(data: bytes) -> Words:
    """Return packed words; raises ValueError on damage."""
    try:
        raw = zlib.decompress(data)
    except zlib.error:
        raise ValueError("damaged words") from None
    count, odd = divmod(len(raw), 13)
    if odd:
        raise ValueError("damaged words: odd length")
    steps, lengths, ids = (np.frombuffer(raw, "<u4", count, 4 * count * column) for column in range(3))
    starts = np.cumsum(steps.astype(np.int64))
    if count and int(starts[-1]) + int(lengths[-1]) >= 1 << 31:
        raise ValueError("damaged words: offsets out of range")
    ends = starts + lengths
    marks = np.frombuffer(raw, np.uint8, count, 12 * count)
    return Words(starts.astype(np.int32), ends.astype(np.int32), ids.astype(np.uint32), marks)

"""JSON from strangers: one clear error instead of a traceback, a silent NaN or a lost duplicate key."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import NoReturn

from newstagger.contracts import Json
from newstagger.errors import InputError


class _UnsoundError(ValueError):
    """What the parser would have let pass."""


def _no_constant(name: str) -> NoReturn:
    raise _UnsoundError(f"{name} is not JSON")


def _finite(literal: str) -> float:
    value = float(literal)
    if not math.isfinite(value):
        raise _UnsoundError(f"the number {literal[:20]} is out of range")
    return value


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    table = dict(pairs)
    if len(table) != len(pairs):
        times = Counter(key for key, _ in pairs)
        twice = next(key for key in table if times[key] > 1)
        raise _UnsoundError(f"the key {twice[:40]!r} stands twice")
    return table


def decode(data: bytes, where: str) -> str:
    """Return UTF-8 (or BOM-marked UTF-16) bytes as text without the BOM; raise InputError otherwise."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 at byte {error.start}", where=where, next_step="save the file as UTF-8") from None


def loads(data: bytes | str, where: str) -> Json:
    """Return the parsed value; refuse NaN, numbers out of range, duplicate keys and nesting beyond the interpreter's limit."""
    text = decode(data, where) if isinstance(data, bytes) else data
    try:
        return json.loads(text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_unique)
    except RecursionError:
        raise InputError("JSON is nested too deeply", where=where, next_step="flatten it") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}" if "\n" in text.strip() else f"column {error.colno}"
        raise InputError(f"broken JSON at {place}: {error.msg}", where=where, next_step="correct the file") from None
    except ValueError as error:  # of the interpreter's own there is one: a whole number that takes too long to read
        what = str(error) if isinstance(error, _UnsoundError) else "a number has too many digits"
        raise InputError(f"broken JSON: {what}", where=where, next_step="correct the file") from None


def line_of(value: Json) -> str:
    """Return a value as one line of JSON that every encoding of Unicode takes: half a surrogate pair travels escaped."""
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    halved = not line.isascii() and any("\ud800" <= character <= "\udfff" for character in line)
    return json.dumps(value, allow_nan=False) if halved else line


def canonical(value: Json) -> bytes:
    """Return the one way to write a value: sorted keys, no blanks, UTF-8; what digests are taken of."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "surrogatepass")

"""Bytes of unknown encoding as text: byte order mark, declaration, UTF-8, else Windows-1252. Never fails."""

from __future__ import annotations

import codecs
import re
from pathlib import PurePath

from newstagger.errors import InputError

MAX_ID = 1_000
"""Longest article id and site name, in characters."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}["']?([A-Za-z0-9_:.-]{2,40})|<\?xml[^>]{0,100}?encoding=["']([A-Za-z0-9_.-]{2,40})""",
    re.IGNORECASE,
)
_LOOK = 2_048


def _wide(data: bytes) -> str | None:
    """Return the UTF-16 flavour of Latin text without a byte order mark, told by where its NULs are."""
    head = data[:_LOOK]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) >= 4 and max(even, odd) * 3 > len(head):
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data[:_LOOK])
    name = (match[1] or match[2]).decode("ascii") if match else ""
    try:
        return codecs.lookup(name).name if name else None
    except LookupError:
        return None


def decode_text(data: bytes, *, markup: bool = False) -> str:
    """Return bytes as text; ``markup``: believe a ``meta charset`` or XML declaration near the top."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace")
    if wide := _wide(data):
        return data.decode(wide, "replace")
    for candidate in ("utf-8", (_declared(data) if markup else None) or "cp1252"):
        try:
            return data.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")


def checked_id(value: str, what: str, where: str) -> str:
    """Return an article id or a site's name; refuse an empty or endless one, and characters that cannot be printed."""
    if not value.strip():
        raise InputError(f"the {what} is empty", where=where, next_step=f"give the article {'an' if what == 'id' else 'a'} {what}")
    if len(value) > MAX_ID:
        raise InputError(f"the {what} is longer than {MAX_ID} characters", where=where, next_step=f"shorten the {what}")
    if not value.isprintable():
        raise InputError(f"the {what} holds characters that cannot be printed", where=where, next_step=f"correct the {what}")
    return value


def id_of(name: str) -> str:
    """Return the id of an article that came as a file: the file's name without folder and suffix."""
    return checked_id("stdin" if name in ("-", "") else PurePath(name).stem or name, "id", name)

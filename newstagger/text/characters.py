"""Characters: what must not reach a tagger is dropped or repaired, everything else is left as the editor typed it.

Nothing here knows paragraphs or markup. Called by the parsers before, and by the typing after, a text is cut.
"""

from __future__ import annotations

import re

MAX_MARKS = 8
_SURROGATE = re.compile("[\ud800-\udfff]")
_MARK = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_MARKS = re.compile(f"([{_MARK}]{{{MAX_MARKS}}})[{_MARK}]+")
_STRAY = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_BACKSLASH = re.compile("(?<!\\\\)\\\\++(?=['\"\u2018-\u201f\u00ab\u00bb])")


def _replacement(match: re.Match[str]) -> str:
    """Drop a control; turn line separators into line feeds and stray Windows-1252 bytes into what they stood for."""
    character = match.group()
    if character in "\x0b\x0c\r\u2028\u2029":
        return "\n"
    if "\x80" <= character <= "\x9f":
        return bytes([ord(character)]).decode("cp1252", "ignore")
    return ""


def clean(string: str) -> str:
    r"""Return the string without NULs, controls, zero-width and bidirectional marks, lone surrogates and heaps of accents.

    Line ends become ``\\n``. Linear in the length, and cheap where there is nothing to do.
    """
    if not string.isascii() and _SURROGATE.search(string):
        string = string.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if "\r\n" in string:
        string = string.replace("\r\n", "\n")
    if _STRAY.search(string):
        string = _STRAY.sub(_replacement, string)
    return string if string.isascii() else _MARKS.sub(r"\1", string)


def tidy(line: str) -> str:
    """Return a line cleaned, with single blanks, and without the stray backslashes that some exports put before quotes."""
    return tidy_clean(clean(line))


def tidy_clean(line: str) -> str:
    """Return what ``tidy`` returns of a line that is clean already."""
    line = " ".join(line.split())
    return _BACKSLASH.sub("", line) if "\\" in line else line

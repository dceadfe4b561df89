"""A linear reading of markup, for what no parser library survives: it never backtracks, nests or raises.

Knows just enough of HTML to tell tags from text. ``markup`` decides when it is used.
"""

from __future__ import annotations

import re
from html import unescape

from newstagger.text.blocks import BlockBuilder, Parsed
from newstagger.text.phrases import words_of

MAX_MARKUP = 32_000_000
"""Longest markup that is scanned, in characters."""

RAW = frozenset(words_of("iframe noembed noframes script style textarea title xmp"))
_TAG = re.compile(r"</?([A-Za-z][^\s/>]{0,63})")
_ATTRIBUTE = re.compile(r"([A-Za-z][\w:-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?")
_MAX_ATTRIBUTES = 4_000


def _resolve(text: str) -> str:
    """Return text with its entities resolved, one by one, so that no number is ever too long."""
    return _ENTITY.sub(lambda match: unescape(match.group()), text) if "&" in text else text


def _attributes(inside: str) -> dict[str, str]:
    if "=" not in inside and "hidden" not in inside:
        return {}
    return {m[1].lower(): _resolve(m[2] or m[3] or m[4] or "") for m in reversed(list(_ATTRIBUTE.finditer(inside[:_MAX_ATTRIBUTES])))}


def _tag_end(markup: str, start: int) -> int:
    """Return the index of the ``>`` that ends a tag, looking past those in quotes; -1 when there is none.

    Looks at six of them at most, so that the sum over all tags stays linear.
    """
    first = end = markup.find(">", start)
    for _ in range(5):
        if end < 0 or not (markup.count('"', start, end) % 2 or markup.count("'", start, end) % 2):
            break
        end = markup.find(">", end + 1)
    else:
        return first
    return end if end >= 0 else first


def _skip_declaration(markup: str, start: int) -> int:
    """Return where text goes on after a comment, a declaration or a processing instruction; the end when it never closes."""
    if markup.startswith("<!--", start):
        end = markup.find("-->", start + 4)
        return end + 3 if end >= 0 else len(markup)
    end = markup.find(">", start)
    return end + 1 if end >= 0 else len(markup)


def _skip_raw(markup: str, name: str, start: int) -> int:
    """Return where the end tag of a raw element begins; the end when there is none."""
    match = re.compile(f"</{name}", re.IGNORECASE).search(markup, start)
    return match.start() if match else len(markup)


def _take_tag(markup: str, match: re.Match[str], builder: BlockBuilder) -> int:
    """Feed one tag to the builder and return where text goes on."""
    name, end = match[1].lower(), _tag_end(markup, match.end())
    if end < 0:
        return len(markup)
    if markup[match.start() + 1] == "/":
        builder.end(name)
        return end + 1
    builder.start(name, _attributes(markup[match.end() : end]))
    return _skip_raw(markup, name, end + 1) if name in RAW else end + 1


def scan(markup: str, *, by_newline: bool = False, troubles: tuple[str, ...] = ()) -> Parsed:
    """Return the blocks of markup of any kind, in time linear in its length."""
    if len(markup) > MAX_MARKUP:
        markup, troubles = markup[:MAX_MARKUP], (*troubles, f"only the first {MAX_MARKUP:,} characters of markup were read")
    builder, here = BlockBuilder(by_newline), 0
    while here < len(markup) and not builder.full:
        opening = markup.find("<", here)
        if opening < 0:
            opening = len(markup)
        if opening > here:
            builder.text(_resolve(markup[here:opening]))
        if opening == len(markup):
            break
        if match := _TAG.match(markup, opening):
            here = _take_tag(markup, match, builder)
        elif markup.startswith(("<!", "<?", "</"), opening):
            here = _skip_declaration(markup, opening)
        else:
            builder.text("<")
            here = opening + 1
    return builder.finish(troubles)

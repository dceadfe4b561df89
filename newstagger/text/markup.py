"""HTML: BeautifulSoup is the reference, read as a stream where that gives the same; what is too wild goes to the scanner at a look.

No parser library is safe on every input (deep nesting, a million tags, unclosed comments), so none is handed any input.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from newstagger.text.blocks import BLOCKS, Block, BlockBuilder, Parsed
from newstagger.text.characters import clean
from newstagger.text.events import TreeNeededError, stream
from newstagger.text.phrases import words_of
from newstagger.text.scanner import scan

MAX_SIZE, MAX_TAGS, MAX_DEPTH, MAX_TAG_LENGTH, MAX_ENTITIES = 1_500_000, 20_000, 200, 20_000, 50_000
"""Markup beyond one of these is scanned instead of parsed: characters, tags, nesting, characters in one tag, entities."""

SIMPLE = "the markup is too large, too deep or too broken to be parsed; its text was read in the simple way"
_NAME = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_FLAT = frozenset(
    words_of("p li td th tr dd dt option area base br col embed hr img input link meta param source track wbr body html head tbody thead")
)
_INSTRUCTION = re.compile(r"<\?[^>]{0,2000}>")


@dataclass(frozen=True, slots=True)
class Look:
    """What a linear look at markup tells: the names of its tags, and whether a parser may have it."""

    names: frozenset[str]
    tame: bool

    @property
    def is_page(self) -> bool:
        """True when the markup is a whole page, with parts that are not the article."""
        return not self.names.isdisjoint(("html", "body", "main"))

    @property
    def by_newline(self) -> bool:
        """True when only line ends can be the paragraphs."""
        return self.names.isdisjoint(BLOCKS - {"html", "body"})


def _tags_fit(markup: str) -> bool:
    """Tell whether every tag ends soon after it begins."""
    pieces = markup.split("<")
    return all(len(piece) <= MAX_TAG_LENGTH or piece.find(">", 0, MAX_TAG_LENGTH) >= 0 for piece in pieces[1:])


def look(markup: str) -> Look:
    """Return what can be told in one pass, without a tree."""
    small = len(markup) <= MAX_SIZE and markup.count("<") <= MAX_TAGS and markup.count("&") <= MAX_ENTITIES
    if not small:
        return Look(frozenset(name.lower() for _, name in _NAME.findall(markup[:MAX_SIZE])[:MAX_TAGS]), tame=False)
    names: set[str] = set()
    depth = deepest = 0
    for slash, name in _NAME.findall(markup):
        if (lower := name.lower()) not in _FLAT:
            depth = max(0, depth - 1) if slash else depth + 1
            deepest = max(deepest, depth)
        names.add(lower)
    unclosed = markup.count("<!--") > markup.count("-->") + 20
    return Look(frozenset(names), deepest <= MAX_DEPTH and not unclosed and _tags_fit(markup))


def _strings(attributes: Mapping[str, object]) -> dict[str, str]:
    return {str(key): str(value) for key, value in attributes.items()}


def walk(markup: str, builder: BlockBuilder) -> None:
    """Walk BeautifulSoup's tree in document order, without recursion."""
    from bs4 import BeautifulSoup
    from bs4.element import NavigableString, PreformattedString, Tag

    soup = BeautifulSoup(markup, "lxml", multi_valued_attributes=None)
    stack = [iter(soup.contents)]
    names: list[str] = []
    while stack:
        for child in stack[-1]:
            if isinstance(child, Tag):
                builder.start(child.name, _strings(child.attrs) if child.attrs else {})
                if child.contents and not builder.dropped:
                    stack.append(iter(child.contents))
                    names.append(child.name)
                    break
                builder.end(child.name)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                builder.text(str(child))
        else:
            stack.pop()
            if names:
                builder.end(names.pop())


def _weight(blocks: list[Block]) -> int:
    return sum(len(line) for block in blocks for line in block.lines)


def _article_only(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the part of a page that is its article: what ``main`` and the largest ``article`` hold, if that is most of it."""
    chosen = [block for block in blocks if block.main] or list(blocks)
    by_article: dict[int, list[Block]] = {}
    for block in chosen:
        by_article.setdefault(block.article, []).append(block)
    by_article.pop(-1, None)
    if by_article:
        largest = max(by_article.values(), key=_weight)
        if 2 * _weight(largest) >= _weight([block for block in chosen if block.kind is None]):
            chosen = largest
    return tuple(chosen)


def parse_html(markup: str) -> Parsed:
    """Return the paragraphs of HTML, of a page only its article; never raises, whatever the string is."""
    markup = clean(markup)
    seen = look(markup)
    parsed = _parsed(markup, seen)
    return Parsed(_article_only(parsed.blocks), parsed.language, parsed.troubles) if seen.is_page else parsed


def _parsed(markup: str, seen: Look) -> Parsed:
    if not seen.tame:
        return scan(markup, by_newline=seen.by_newline, troubles=(SIMPLE,))
    if not seen.names:
        return scan(markup, by_newline=True)
    whole, builder = _INSTRUCTION.sub("", markup), BlockBuilder(seen.by_newline)
    try:
        try:
            stream(whole, builder)
        except TreeNeededError:
            builder = BlockBuilder(seen.by_newline)
            walk(whole, builder)
    except (ValueError, AssertionError, RecursionError, MemoryError):
        return scan(markup, by_newline=seen.by_newline, troubles=(SIMPLE,))
    return builder.finish()

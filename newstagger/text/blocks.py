"""Blocks: the paragraphs of a marked-up text, built from a stream of tags and text whoever parsed it.

``markup`` feeds the builder from BeautifulSoup's tree, ``scanner`` from its own linear reading: one set of rules, the same text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from newstagger.domain import ParagraphKind
from newstagger.text.characters import tidy
from newstagger.text.phrases import words_of

MAX_CHARACTERS = 2_000_000
"""Longest text that is read, in characters; what is beyond is left out with a Problem."""

VOID = frozenset(words_of("area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr"))
DROPPED = frozenset(
    words_of(
        "applet audio canvas datalist iframe map math menu-bar meter noembed noframes noscript object progress script select "
        "style svg template textarea title video"
    )
)
BLOCKS = frozenset(
    words_of(
        "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form "
        "h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre section summary table tbody tfoot "
        "thead tr ul"
    )
)
CELLS = frozenset({"td", "th"})
_HEADINGS = frozenset(words_of("h1 h2 h3 h4 h5 h6"))
_KIND_OF_TAG = {
    "blockquote": ParagraphKind.QUOTE,
    "figcaption": ParagraphKind.CAPTION,
    **dict.fromkeys(("nav", "aside", "footer", "form", "button", "dialog"), ParagraphKind.BOILERPLATE),
}
_KIND_OF_CLASS = {
    **dict.fromkeys(
        words_of("caption wp-caption-text image-caption photo-caption media-caption figure-caption credit-caption"), ParagraphKind.CAPTION
    ),
    **dict.fromkeys(words_of("pullquote pull-quote wp-block-pullquote wp-block-quote"), ParagraphKind.QUOTE),
    **dict.fromkeys(words_of("byline by-line author-name photo-credit image-credit copyright"), ParagraphKind.CREDIT),
    **dict.fromkeys(
        words_of(
            "share sharing share-bar share-buttons social social-share sharedaddy breadcrumb breadcrumbs newsletter newsletter-signup "
            "related related-articles related-posts advertisement ad-slot comments comment-form cookie-banner sr-only screen-reader-text"
        ),
        ParagraphKind.BOILERPLATE,
    ),
}
_INVISIBLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_LANGUAGE_OF = {"html": 1, "body": 2, "main": 3, "article": 4}


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of markup: its lines, what its element says it is, and where in a page it stands.

    ``weak``: the kind rests on a class name or on a form around it, so a sentence of body text overrules it. ``article`` numbers
    the outermost article element (-1: none); ``level`` is that of a heading, else 0.
    """

    lines: tuple[str, ...]
    kind: ParagraphKind | None = None
    weak: bool = False
    level: int = 0
    article: int = -1
    main: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a parser found: blocks in order, the language attribute, and what went wrong (messages)."""

    blocks: tuple[Block, ...]
    language: str | None = None
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _State:
    """What holds inside an open element."""

    dropped: bool = False
    kind: ParagraphKind | None = None
    weak: bool = False
    level: int = 0
    article: int = -1
    main: bool = False


_DROPPED = _State(dropped=True)
_TELLING = DROPPED | _HEADINGS | {*_KIND_OF_TAG, "article", "main"}
"""Elements that say something of their text without any attribute."""


def _kind(name: str, attributes: Mapping[str, str], outer: _State) -> tuple[ParagraphKind | None, bool]:
    """Return what an element says its text is, and whether that is weak; inside boilerplate everything is."""
    if outer.kind is ParagraphKind.BOILERPLATE and not outer.weak:
        return outer.kind, False
    if found := _KIND_OF_TAG.get(name):
        return found, name == "form"
    if (classes := attributes.get("class")) and name not in ("html", "body", "main", "article"):
        for token in classes.lower().split()[:20]:
            if found := _KIND_OF_CLASS.get(token):
                return found, True
    return outer.kind, outer.weak


def _hidden(attributes: Mapping[str, str]) -> bool:
    return "hidden" in attributes or bool(_INVISIBLE.search(attributes.get("style", "")[:500]))


@dataclass(slots=True)
class BlockBuilder:
    """Takes start tags, end tags and text in document order; ``blocks`` are the paragraphs so far.

    ``by_newline``: the markup has no block elements, so line ends are the paragraphs, as editors type them into some CMSs.
    """

    by_newline: bool = False
    blocks: list[Block] = field(default_factory=list)
    characters: int = 0
    languages: dict[int, str] = field(default_factory=dict)
    _stack: list[tuple[str, _State]] = field(default_factory=lambda: [("", _State())])
    _open: Counter[str] = field(default_factory=Counter)
    _lines: list[list[str]] = field(default_factory=lambda: [[]])
    _articles: int = 0

    @property
    def full(self) -> bool:
        """True when no more text will be taken."""
        return self.characters >= MAX_CHARACTERS

    @property
    def dropped(self) -> bool:
        """True inside an element whose text nobody reads."""
        return self._stack[-1][1].dropped

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Open an element; ``attributes`` in lower case."""
        if name == "br":
            self._lines.append([])
        elif name in BLOCKS:
            self._flush()
        elif name in CELLS:
            self._lines[-1].append(" ")
        if name not in VOID:
            self._stack.append((name, self._inside(name, attributes)))
            self._open[name] += 1

    def _inside(self, name: str, attributes: Mapping[str, str]) -> _State:
        """Return what holds inside an element that opens here; most elements change nothing."""
        state = self._stack[-1][1]
        if state.dropped or (not attributes and name not in _TELLING):
            return state
        if name in DROPPED or (attributes and _hidden(attributes)):
            return _DROPPED
        if name in _LANGUAGE_OF and (language := attributes.get("lang") or attributes.get("xml:lang")):
            self.languages.setdefault(_LANGUAGE_OF[name], language)
        kind, weak = _kind(name, attributes, state)
        level = int(name[1]) if name in _HEADINGS else state.level
        article = state.article
        if name == "article" and article < 0:
            article, self._articles = self._articles, self._articles + 1
        return _State(False, kind, weak, level, article, state.main or name == "main")

    def end(self, name: str) -> None:
        """Close the nearest open element of that name and all inside it; ignore an end without a start."""
        if name in BLOCKS:
            self._flush()
        if not self._open[name]:
            return
        while True:
            closed, _ = self._stack.pop()
            self._open[closed] -= 1
            if closed == name:
                return

    def text(self, data: str) -> None:
        """Take characters as they stand between tags, entities already resolved."""
        if self._stack[-1][1].dropped or self.full:
            return
        data = data[: MAX_CHARACTERS - self.characters]
        self.characters += len(data)
        if not self.by_newline:
            self._lines[-1].append(data)
            return
        first, *more = data.split("\n")
        self._lines[-1].append(first)
        self._lines.extend([line] for line in more)

    def _flush(self) -> None:
        """End the paragraph; an empty line in it (two ``br``) ends one too."""
        if self._lines == [[]]:
            return
        state, lines = self._stack[-1][1], []
        for parts in [*self._lines, []]:
            if line := tidy("".join(parts)):
                lines.append(line)
            elif lines:
                self.blocks.append(Block(tuple(lines), state.kind, state.weak, state.level, state.article, state.main))
                lines = []
        self._lines = [[]]

    def finish(self, troubles: tuple[str, ...] = ()) -> Parsed:
        """Return what was built, with the most specific language attribute."""
        self._flush()
        if self.full:
            troubles = (*troubles, f"only the first {MAX_CHARACTERS:,} characters were read")
        language = self.languages[max(self.languages)] if self.languages else None
        return Parsed(tuple(self.blocks), language, troubles)

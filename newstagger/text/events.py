"""HTML read as a stream: lxml's events go straight to the builder, as BeautifulSoup would hand them on, without a tree.

BeautifulSoup is the reference: what it does to the events of the same parser (white space, stray end tags) is done here, and what
cannot be done so is refused, for ``markup`` to ask BeautifulSoup itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from newstagger.text.blocks import BlockBuilder

SPACES = " \n\t\f\r"
_AS_TYPED = ("pre", "textarea")


class TreeNeededError(Exception):
    """The events cannot be read without a tree."""


class Events:
    """The target of an lxml parser: hands elements and text to a builder in document order."""

    def __init__(self, builder: BlockBuilder) -> None:
        self._builder = builder
        self._names: list[str] = []
        self._data: list[str] = []
        self._unread = 0
        """How many elements were open with the one whose content nobody reads; 0 outside of such."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Open an element; raise TreeNeededError for a name of an attribute that only a tree takes apart."""
        if any(key[:1] == "{" for key in attributes):
            raise TreeNeededError
        self._tell()
        self._names.append(name)
        if not self._unread:
            self._builder.start(name, dict(attributes))
            if self._builder.dropped:
                self._builder.end(name)
                self._unread = len(self._names)

    def end(self, name: str) -> None:
        """Close the nearest open element of that name and all inside it; ignore an end without a start."""
        self._tell()
        while name in self._names:
            closed = self._names.pop()
            if not self._unread:
                self._builder.end(closed)
            elif len(self._names) < self._unread:
                self._unread = 0
            if closed == name:
                return

    def data(self, data: str) -> None:
        """Take a part of the text that stands between two tags."""
        self._data.append(data)

    def comment(self, text: str) -> None:
        """Part the text before a comment from that after it."""
        self._tell()

    def pi(self, target: str, data: str | None = None) -> None:
        """Part the text before an instruction from that after it."""
        self._tell()

    def doctype(self, name: str | None, public: str | None, system: str | None) -> None:
        """Part the text before a declaration from that after it."""
        self._tell()

    def close(self) -> None:
        """Close what is open at the end of the markup."""
        self._tell()
        while self._names:
            self.end(self._names[-1])

    def _tell(self) -> None:
        """Hand the text on that came since the last tag; blanks alone count as one."""
        if not self._data:
            return
        data, self._data = "".join(self._data), []
        if self._unread:
            return
        if not data.strip(SPACES) and not any(name in self._names for name in _AS_TYPED):
            data = "\n" if "\n" in data else " "
        self._builder.text(data)


def stream(markup: str, builder: BlockBuilder) -> None:
    """Feed the builder with the markup; raise TreeNeededError, with the builder half fed, where only a tree will do."""
    from lxml import etree

    parser = etree.HTMLParser(target=Events(builder), recover=True)
    try:
        parser.feed(markup.removeprefix("\ufeff"))
        parser.close()
    except (etree.LxmlError, UnicodeError, LookupError):
        raise TreeNeededError from None

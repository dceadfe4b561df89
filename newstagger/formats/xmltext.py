"""XML from strangers: no entities, no DTD, no network, capped in size, tags and depth; broken XML is one clear error with its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newstagger.errors import InputError

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_SIZE, MAX_TAGS = 16 << 20, 500_000
"""Bytes, and tags, of one file; depth is capped at 256 by libxml2."""
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse_xml(data: bytes, where: str) -> _Element:
    """Return the root of a document; raise InputError for one that is too large, has a DTD or is broken."""
    from lxml import etree

    if len(data) > MAX_SIZE or data.count(b"<") > MAX_TAGS:
        raise InputError(f"over {MAX_SIZE >> 20} MiB or {MAX_TAGS} tags of XML", where=where, next_step="split the file")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"broken XML: {getattr(error, 'msg', error)}"[:300], where=where, next_step="correct the file") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise InputError("XML with a document type declaration is refused", where=where, next_step="take the DOCTYPE out")
    return root


def storable(text: str) -> str:
    """Return text with what XML cannot hold (control characters, half surrogate pairs) as U+FFFD."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def local(element: _Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: _Element | None, *names: str) -> list[_Element]:
    """Return the direct children of these local names, in their order; none of no element."""
    return [] if element is None else [child for child in element if isinstance(child.tag, str) and (not names or local(child) in names)]


def child(element: _Element | None, *names: str) -> _Element | None:
    """Return the first direct child of one of these names, going down one level a name; None where there is none."""
    for name in names:
        element = next(iter(children(element, name)), None)
    return element


def text_of(element: _Element | None) -> str:
    """Return the text in an element, without blanks around it; nothing of no element."""
    return "" if element is None else "".join(element.itertext()).strip()

"""A page's fields as HTML, with the shape of the story kept: headings, quotes, captions, credits, and embeds left out.

No block is rendered and no file looked up: a site's templates would bring in furniture, and an embed or an image costs a query. What
a block says of itself, by its class and its name, decides the element that it becomes; ``newstagger`` reads the kinds from those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.html import escape
from wagtail import blocks
from wagtail.rich_text import RichText

HEADINGS = frozenset({"heading", "headline", "subheading", "subhead", "title", "crosshead"})
QUOTES = frozenset({"quote", "pullquote", "blockquote", "quotation"})
CAPTIONS = frozenset({"caption", "alt", "alt_text", "legend"})
CREDITS = frozenset({"credit", "copyright", "photographer", "byline", "source"})
ASIDES = frozenset({"related", "newsletter", "advert", "advertisement", "promo", "teaser"})
PICTURE_BLOCKS = ("ImageChooserBlock", "ImageBlock", "DocumentChooserBlock", "EmbedBlock", "VideoChooserBlock")


def html_of(value: Any) -> str:
    """Return a field's value as HTML: rich text and StreamField with their structure, anything else as one escaped paragraph."""
    if isinstance(value, RichText):
        return str(value.source)
    if isinstance(value, blocks.StreamValue):
        return "".join(_stream(value))
    return _lines(str(value)) if value else ""


def rich_text(source: str) -> str:
    """Return what a RichTextField holds as HTML: its own markup is HTML already; its images and embeds carry no text."""
    return source


def _stream(value: Iterable[Any]) -> Iterator[str]:
    for child in value:
        yield _block(child.block, child.value, child.block_type)


def _block(block: Any, value: Any, name: str, *, inside: str = "") -> str:
    """Return one block as HTML; ``inside`` is the element that holds the text of everything below it."""
    if value in (None, ""):
        return ""
    if isinstance(block, blocks.BaseStreamBlock):
        return _within(ASIDES, name, "aside", "".join(_stream(value)))
    if isinstance(block, blocks.ListBlock):
        return "".join(_block(block.child_block, item, name, inside=inside) for item in value)
    if isinstance(block, blocks.BaseStructBlock):
        return _struct(block, value, name)
    return _leaf(block, value, name, inside)


def _struct(block: Any, value: Any, name: str) -> str:
    """Return a group of fields: one with a picture is a figure, one that is called a quote is a quote and whose it is."""
    inside = "figcaption" if _has_picture(block) else "blockquote" if name in QUOTES else ""
    parts = "".join(_block(child, value.get(field), field, inside=_role(field, inside)) for field, child in block.child_blocks.items())
    return f"<figure>{parts}</figure>" if inside == "figcaption" else _within(ASIDES, name, "aside", parts)


def _role(field: str, inside: str) -> str:
    """Return what holds a field of a group: of a quote only the words themselves, not whose they are."""
    return "" if inside == "blockquote" and field not in (*QUOTES, "text", "body", "content", "value") else inside


def _is_picture(block: Any) -> bool:
    return any(base.__name__ in PICTURE_BLOCKS for base in type(block).__mro__)


def _has_picture(block: Any) -> bool:
    return _is_picture(block) or any(map(_is_picture, block.child_blocks.values()))


def _leaf(block: Any, value: Any, name: str, inside: str) -> str:
    """Return a block that holds a value of its own; what is no text of the story (a date, a choice, an address) gives nothing."""
    if isinstance(block, blocks.RichTextBlock):
        return _element(inside, str(value.source))
    if isinstance(block, blocks.RawHTMLBlock):
        return _element("aside", str(value))
    if isinstance(block, blocks.BlockQuoteBlock) or (name in QUOTES and isinstance(block, (blocks.TextBlock, blocks.CharBlock))):
        return _element("blockquote", _lines(str(value)))
    if not isinstance(block, (blocks.TextBlock, blocks.CharBlock)):
        return ""
    return _words(str(value), name, inside)


def _words(value: str, name: str, inside: str) -> str:
    """Return plain words in the element that their field's name asks for."""
    if name in CREDITS:
        return f'<p class="{"photo-credit" if inside == "figcaption" else "byline"}">{escape(value)}</p>'
    if name in CAPTIONS or inside == "figcaption":
        return _element("figcaption", _lines(value))
    if name in HEADINGS and not inside:
        return _element("h2", escape(value))
    return _element(inside, _lines(value))


def _lines(value: str) -> str:
    """Return plain text as paragraphs: one a line, as editors type them into a text box."""
    return "".join(f"<p>{escape(line)}</p>" for line in value.splitlines() if line.strip())


def _element(name: str, html: str) -> str:
    return f"<{name}>{html}</{name}>" if name else html


def _within(names: frozenset[str], name: str, element: str, html: str) -> str:
    return _element(element if name in names else "", html)

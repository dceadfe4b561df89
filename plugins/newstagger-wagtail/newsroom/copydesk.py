"""Turns an article into the fields of the newsroom's story form, as the editor's browser would send them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from django.utils.text import slugify
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from newsroom.visitor import Fields
from newstagger import Article, Text
from newstagger.domain import Paragraph, ParagraphKind

FEATURES = ["bold", "italic", "link", "ol", "ul", "h2", "hr"]
Block = tuple[str, Mapping[str, str]]


def story_fields(article: Article, text: Text) -> Fields:
    """Return title, slug, body, byline and credit of a story; ``text`` is the article's text as newstagger reads it."""
    blocks = list(_blocks(text))
    named = {"title": article.headline, "slug": slugify(article.headline)[:60], "byline": article.byline, "credit": article.credit}
    return {**named, "intro": rich(""), **stream("body", blocks)}


def stream(name: str, blocks: list[Block]) -> Fields:
    """Return the fields of a StreamField: each block is its type and its values ('' names the value of a plain block)."""
    fields = {f"{name}-count": str(len(blocks))}
    for number, (kind, values) in enumerate(blocks):
        start = f"{name}-{number}"
        fields |= {f"{start}-deleted": "", f"{start}-order": str(number), f"{start}-type": kind, f"{start}-id": ""}
        fields |= {f"{start}-value{'-' if key else ''}{key}": value for key, value in values.items()}
    return fields


def stored_values(value: object) -> Fields:
    """Return a block's value, as it is stored, in the fields that its widget sends."""
    if isinstance(value, Mapping):
        return {str(name): "" if inner is None else str(inner) for name, inner in value.items()}
    told = str(value)
    return {"": str(ContentstateConverter(FEATURES).from_database_format(told)) if "<" in told else told}


def rich(words: str) -> str:
    """Return plain words as the rich text editor sends them: one block a paragraph."""
    html = "".join(f"<p>{escape(part)}</p>" for part in words.split("\n\n") if part.strip())
    return str(ContentstateConverter(FEATURES).from_database_format(html))


def _blocks(text: Text) -> Iterator[Block]:
    """Yield the story paragraph by paragraph, line by line; what is not the story (navigation, widgets) stays behind."""
    for words, kinds in _lines(text):
        if not kinds or kinds <= {ParagraphKind.HEADLINE, ParagraphKind.BOILERPLATE}:
            continue
        if kinds == {ParagraphKind.CAPTION}:
            yield "picture", {"image": "", "caption": words, "credit": ""}
        else:
            yield "paragraph", {"": rich(words)}


def _lines(text: Text) -> Iterator[tuple[str, set[ParagraphKind]]]:
    """Yield each line of the text with the kinds of the paragraphs that stand in it."""
    start = 0
    for line in text.string.split("\n"):
        end = start + len(line)
        yield line.strip(), {paragraph.kind for paragraph in text.paragraphs if _touches(paragraph, start, end)}
        start = end + 1


def _touches(paragraph: Paragraph, start: int, end: int) -> bool:
    return paragraph.start < end and paragraph.end > start

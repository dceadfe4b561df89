"""Extraction: an article becomes one plain string with typed paragraphs over it.

``extract`` is what the pipeline calls when no plugin wants to. Whatever comes in, a Text comes out; what went wrong is in its
problems. The parts: characters, plain / markup + scanner (paragraphs), kinds (their types).
"""

from __future__ import annotations

from newstagger.domain import Article, Paragraph, Problem, Text
from newstagger.language import language_of
from newstagger.text.blocks import Parsed
from newstagger.text.characters import tidy
from newstagger.text.kinds import Piece, typed
from newstagger.text.plain import parse_plain

__all__ = ["EXTRACTOR_VERSION", "extract"]

EXTRACTOR_VERSION = "1"
"""Raised whenever the same article would give another string or other paragraphs; part of the work key."""

MAX_HEADLINE = 2_000
_HTML = frozenset({"text/html", "application/xhtml+xml"})


def _parse(article: Article) -> Parsed:
    if article.media_type.split(";")[0].strip().casefold() in _HTML:
        from newstagger.text.markup import parse_html  # keeps the parser out of plain-text runs

        return parse_html(article.body)
    return parse_plain(article.body)


def _assemble(pieces: list[Piece]) -> tuple[str, tuple[Paragraph, ...]]:
    """Return the one string and the paragraphs over it."""
    parts: list[str] = []
    paragraphs: list[Paragraph] = []
    here = 0
    for piece in pieces:
        glue = piece.glue if paragraphs else ""
        start = here + len(glue)
        here = start + len(piece.string)
        parts += (glue, piece.string)
        paragraphs.append(Paragraph(piece.kind, start, here))
    return "".join(parts), tuple(paragraphs)


def extract(article: Article) -> Text:
    """Return the article's text; never raises, and takes time linear in the article's length.

    Paragraphs cover the whole string but for the separators: a blank line, a line feed inside an HTML block, or a blank after
    a dateline, an update mark or before a sign-off. The language is that of the field, the ``lang`` attribute, or detected.
    """
    parsed = _parse(article)
    string, paragraphs = _assemble(typed(parsed.blocks, tidy(article.headline[:MAX_HEADLINE])))
    language, doubts = language_of(article.language, parsed.language, string, paragraphs)
    problems = (*(Problem("extract", "newstagger", trouble) for trouble in parsed.troubles), *doubts)
    return Text(string, paragraphs, language, problems)

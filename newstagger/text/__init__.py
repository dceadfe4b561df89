"""Extraction: an article becomes one plain string with typed paragraphs over it.

``extract`` is what the pipeline calls when no plugin wants to. Whatever comes in, a Text comes out; what went wrong is in its
problems. The parts: characters, plain / markup + scanner (paragraphs), kinds (their types).
"""

from __future__ import annotations

from functools import lru_cache

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
KEPT, MAX_KEPT = 4, 100_000
"""So many texts of so many characters at most are kept as they were read: a CMS tells of one save more than once."""
_HTML = frozenset({"text/html", "application/xhtml+xml"})


def _parse(body: str, media_type: str) -> Parsed:
    if media_type.split(";", maxsplit=1)[0].strip().casefold() in _HTML:
        from newstagger.text.markup import parse_html  # keeps the parser out of plain-text runs

        return parse_html(body)
    return parse_plain(body)


def _read(headline: str, body: str, media_type: str) -> tuple[Parsed, str, tuple[Paragraph, ...]]:
    """Return what was parsed, with the one string and the paragraphs over it."""
    parsed = _parse(body, media_type)
    return parsed, *_assemble(typed(parsed.blocks, tidy(headline)))


_read_before = lru_cache(KEPT)(_read)


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
    read = _read_before if len(article.body) <= MAX_KEPT else _read
    parsed, string, paragraphs = read(article.headline[:MAX_HEADLINE], article.body, article.media_type)
    language, doubts = language_of(article.language, parsed.language, string, paragraphs)
    problems = (*(Problem("extract", "newstagger", trouble) for trouble in parsed.troubles), *doubts)
    return Text(string, paragraphs, language, problems)

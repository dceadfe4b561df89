"""Built-in extraction of text from HTML and plain text; asked after every other plugin."""

from __future__ import annotations

from newstagger.domain import Article, Text
from newstagger.hookspecs import hookimpl
from newstagger.text import extract


@hookimpl(trylast=True)
def extract_text(article: Article) -> Text:
    """Return the article's plain text with typed paragraphs."""
    return extract(article)

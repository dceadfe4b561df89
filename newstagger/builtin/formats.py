"""Built-in readers of articles and of corpora, and renderers of taggings."""

from __future__ import annotations

from collections.abc import Sequence

from newstagger.contracts import CorpusReader, Reader, Renderer
from newstagger.hookspecs import hookimpl


@hookimpl(trylast=True)
def register_readers() -> Sequence[Reader]:
    """Return the readers of plain text, HTML and our own JSON."""
    from newstagger.formats.article_json import ArticleJsonReader
    from newstagger.formats.html import HtmlReader
    from newstagger.formats.plain import PlainReader

    return (ArticleJsonReader(), HtmlReader(), PlainReader())


@hookimpl(trylast=True)
def register_corpus_readers() -> Sequence[CorpusReader]:
    """Return the readers of JSON lines and of tables."""
    from newstagger.rowfiles import READERS

    return READERS


@hookimpl(trylast=True)
def register_renderers() -> Sequence[Renderer]:
    """Return the renderer of our own JSON."""
    from newstagger.formats.tagging_json import TaggingJson

    return (TaggingJson(),)

"""Built-in readers and renderers of article formats."""

from __future__ import annotations

from collections.abc import Sequence

from newstagger.contracts import Reader, Renderer
from newstagger.hookspecs import hookimpl


@hookimpl(trylast=True)
def register_readers() -> Sequence[Reader]:
    """Return the readers of plain text, HTML and our own JSON."""
    from newstagger.formats.article_json import ArticleJsonReader
    from newstagger.formats.html import HtmlReader
    from newstagger.formats.plain import PlainReader

    return (ArticleJsonReader(), HtmlReader(), PlainReader())


@hookimpl(trylast=True)
def register_renderers() -> Sequence[Renderer]:
    """Return the renderer of our own JSON."""
    from newstagger.formats.tagging_json import TaggingJson

    return (TaggingJson(),)

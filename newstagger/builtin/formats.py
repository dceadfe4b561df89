"""Built-in readers of articles and of corpora, and renderers of taggings."""

from __future__ import annotations

from collections.abc import Sequence

from newstagger.contracts import CorpusReader, Reader, Renderer
from newstagger.hookspecs import hookimpl


@hookimpl(trylast=True)
def register_readers() -> Sequence[Reader]:
    """Return the readers of exchange formats, which know their files by content, then of our own JSON, HTML and plain text."""
    from newstagger.formats.annif import ANNIF
    from newstagger.formats.ans import ANS
    from newstagger.formats.article_json import ArticleJsonReader
    from newstagger.formats.ghost import GHOST
    from newstagger.formats.html import HtmlReader
    from newstagger.formats.newsml import NEWSML
    from newstagger.formats.ninjs import NINJS
    from newstagger.formats.plain import PlainReader
    from newstagger.formats.schemaorg import SCHEMA_ORG
    from newstagger.formats.superdesk import SUPERDESK
    from newstagger.formats.wordpress import WORDPRESS

    return (NEWSML, NINJS, SUPERDESK, ANS, SCHEMA_ORG, WORDPRESS, GHOST, ANNIF, ArticleJsonReader(), HtmlReader(), PlainReader())


@hookimpl(trylast=True)
def register_corpus_readers() -> Sequence[CorpusReader]:
    """Return the readers of JSON lines and of tables."""
    from newstagger.rowfiles import READERS

    return READERS


@hookimpl(trylast=True)
def register_renderers() -> Sequence[Renderer]:
    """Return the renderers of our own JSON and of exchange formats."""
    from newstagger.formats.annif import AnnifRenderer
    from newstagger.formats.ans import AnsRenderer
    from newstagger.formats.newsml_out import NEWSML
    from newstagger.formats.ninjs_out import NINJS2, NINJS3
    from newstagger.formats.schemaorg import SchemaOrgRenderer
    from newstagger.formats.superdesk import SuperdeskRenderer
    from newstagger.formats.tagging_json import TaggingJson

    return (TaggingJson(), NINJS3, NINJS2, NEWSML, AnsRenderer(), SchemaOrgRenderer(), SuperdeskRenderer(), AnnifRenderer())

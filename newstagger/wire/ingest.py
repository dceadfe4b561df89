"""A wire item becomes text: the same extraction as an article's, and what a wire item says about itself kept beside it."""

from __future__ import annotations

from newstagger.domain import Article, ArticleRef, Event, Text, WireItem
from newstagger.text import extract

WITHDRAWN = frozenset({"canceled", "cancelled", "withheld", "killed"})


def text_of(item: WireItem) -> Text:
    """Return the typed text of a wire item."""
    article = Article(
        ArticleRef(item.feed, item.id), item.headline, item.body, item.media_type, item.language, source=item.agency, event=Event.IMPORT
    )
    return extract(article)


def newer(version: str, than: str) -> bool:
    """Tell whether a version is newer than, or the same as, another: as numbers where both are, else as text."""
    try:
        return float(version) >= float(than)
    except ValueError:
        return (len(version), version) >= (len(than), than) if version.isdigit() == than.isdigit() else version >= than

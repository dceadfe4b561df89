"""Made-up wire copy and what an outlet makes of it; texts typed by hand, so that no extractor is needed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newstagger.domain import Article, ArticleRef, Paragraph, ParagraphKind, Text, WireItem

KINDS = {
    "#": ParagraphKind.HEADLINE,
    "^": ParagraphKind.CAPTION,
    "@": ParagraphKind.CREDIT,
    "~": ParagraphKind.BOILERPLATE,
    ">": ParagraphKind.QUOTE,
    "=": ParagraphKind.DATELINE,
}

STORY = (
    "Harbour pilots in the port of Estrel walked out on Tuesday after talks on night shifts collapsed, leaving eleven freighters waiting.",
    "The pilots' union said the operator had withdrawn an earlier offer without warning and would not name a date for further talks.",
    "A spokeswoman for the operator called the strike needless and said ferries to the islands would keep running for the time being.",
    "Fishermen at the northern quay fear that ice for their catch will run out by Thursday if the tugs do not return to work.",
)


def text(*paragraphs: str, language: str | None = "en") -> Text:
    """Return a text of paragraphs; the first character says what one is, see ``KINDS``."""
    string, typed = "", []
    for paragraph in paragraphs:
        kind = KINDS.get(paragraph[:1], ParagraphKind.BODY)
        words = paragraph.lstrip("".join(KINDS))
        string += "\n\n" if string else ""
        typed.append(Paragraph(kind, len(string), len(string) + len(words)))
        string += words
    return Text(string, tuple(typed), language)


def article(**fields: str) -> Article:
    return Article(ArticleRef("gazette", "1"), **fields)


def item(name: str, *, version: str = "1", status: str = "usable", created: str | None = None, headline: str = "") -> WireItem:
    return WireItem("wire", name, headline, "", version=version, status=status, agency="AFP", version_created=created)


@pytest.fixture
def make_text() -> Callable[..., Text]:
    return text


@pytest.fixture
def make_article() -> Callable[..., Article]:
    return article


@pytest.fixture
def make_item() -> Callable[..., WireItem]:
    return item


@pytest.fixture
def story() -> tuple[str, ...]:
    return STORY

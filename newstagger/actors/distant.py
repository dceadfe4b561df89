"""Labels that we make where no open set has any: an actor that the headline names is what the article is about.

The model then learns, from the body alone, to tell those from actors named in passing (``mask_headline``). Open sets with headlines
only: FA-KES (CC BY 4.0) and the true half of the Spanish Fake News Corpus (CC BY 4.0). Build time only.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from newstagger.actors.tagger import ActorTagger, year_of
from newstagger.contracts import Example, FacetPart, Json
from newstagger.domain import Article, ArticleRef, Paragraph, ParagraphKind, Text
from newstagger.errors import CorpusError

SOURCES = ("regions/fakes-syria.jsonl.gz", "topics/spanish-fakenews-topics.jsonl.gz")
"""The files read, below the folder of corpora."""

_WIRE_STAMP = re.compile(r"^\w{3} \d\d \w{3} \d{4} ")


def distant_examples(data: Path, part: FacetPart) -> list[Example]:
    """Return articles of the open sets, each labelled with the actors that its headline names, body and headline apart."""
    tagger = ActorTagger(part, None)
    return [example for text in _articles(data) if (example := _labelled(text, tagger)).labels]


def _labelled(example: Example, tagger: ActorTagger) -> Example:
    year = year_of(example.article)
    told = tagger.describe(example.text, year)
    named = {one.row for one in told if one.values[0] >= 0.5}
    return replace(example, labels=tuple(sorted(tagger.gazetteer.id(row) for row in named)))


def _articles(data: Path) -> Iterator[Example]:
    for name in SOURCES:
        for row in _rows(data / name):
            if row.get("title"):
                yield _example(row, row["title"], _body(row), name)


def _body(row: Json) -> str:
    body = _WIRE_STAMP.sub("", row["text"]).lstrip()
    title = row["title"]
    return body[len(title) :].lstrip(" .\n") if body.startswith(title) else body


def _example(row: Json, title: str, body: str, source: str) -> Example:
    ref = ArticleRef(source, row["id"])
    made = re.search(r"(19|20)\d\d", str(row.get("date", "")))
    article = Article(ref, title, body, language=row.get("lang", "en"), version_created=made.group() if made else None)
    return Example(article, plain_text(title, body, row.get("lang", "en")), (), date=row.get("date"), source=source)


def plain_text(title: str, body: str, language: str | None = "en") -> Text:
    """Return a Text of a headline and body paragraphs parted by line feeds: clean text needs no extraction."""
    string, paragraphs = title, [Paragraph(ParagraphKind.HEADLINE, 0, len(title))]
    for block in re.split(r"\n\s*\n?", body):
        if block.strip():
            start = len(string) + 2
            string += "\n\n" + block
            paragraphs.append(Paragraph(ParagraphKind.BODY, start, len(string)))
    return Text(string, tuple(paragraphs), language)


def _rows(path: Path) -> Iterator[Json]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)
    except (OSError, ValueError) as error:
        raise CorpusError(str(error), where=str(path), next_step="name the folder of the open sets with --data") from None

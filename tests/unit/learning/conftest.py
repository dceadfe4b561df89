"""A small archive of made-up stories in three topics, and the part that is learned from it."""

import random

import pytest

from newstagger.contracts import Example
from newstagger.domain import Article, ArticleRef, Concept, Facet, Paragraph, ParagraphKind, Text
from newstagger.learning.trainer import linear_trainer

WORDS = {
    "harvest": ["barn", "wheat", "tractor", "farmer", "field", "plough", "silo", "grain", "orchard", "seed"],
    "music": ["violin", "concert", "singer", "opera", "stage", "chorus", "melody", "album", "drum", "encore"],
    "sailing": ["regatta", "yacht", "harbour", "skipper", "sail", "mast", "anchor", "crew", "tide", "wind"],
}
COMMON = [
    "the",
    "a",
    "report",
    "says",
    "people",
    "town",
    "monday",
    "year",
    "after",
    "before",
    "new",
    "more",
    "there",
    "with",
    "local",
    "that",
]
CONCEPTS = tuple(Concept(name, name.title(), Facet.TOPIC) for name in WORDS)
CONSTANTS = {"min_words": 3, "folds": 3}


def make_text(headline: str, body: str, language: str | None = "en") -> Text:
    string = f"{headline}\n\n{body}"
    start = len(headline) + 2
    paragraphs = (Paragraph(ParagraphKind.HEADLINE, 0, len(headline)), Paragraph(ParagraphKind.BODY, start, len(string)))
    return Text(string, paragraphs, language)


def make_example(number: int, labels: tuple[str, ...], rng: random.Random, **more: str) -> Example:
    told = [word for label in labels for word in rng.sample(WORDS[label], 5)]
    words = told + rng.choices(COMMON, k=12)
    rng.shuffle(words)
    headline, body = " ".join(words[:4]), " ".join(words[4:])
    article = Article(ArticleRef("paper", f"n{number}"), headline, body, language="en")
    return Example(article, make_text(headline, body), labels, **more)


def make_archive(count: int = 90, seed: int = 1) -> list[Example]:
    rng = random.Random(seed)
    kinds = [(name,) for name in WORDS] + [("harvest", "music"), ()]
    return [make_example(n, kinds[n % len(kinds)], rng) for n in range(count)]


@pytest.fixture(scope="session")
def archive():
    return make_archive()


@pytest.fixture(scope="session")
def part(archive):
    return linear_trainer(Facet.TOPIC, CONCEPTS)(archive, CONSTANTS, None, jobs=1, progress=lambda line: None)

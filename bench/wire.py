"""Measures wire reuse: the pairs of Helsinki and of the seeds, credits, and the speed of index and check.

    python bench/wire.py [--data ../shared/corpora] [--stories 9000]

Prints one line a figure. The corpora are not part of the project; nothing of their text is printed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from newstagger.domain import Article, ArticleRef, CreditForm, Text, WireItem
from newstagger.settings import WireSettings
from newstagger.text import extract
from newstagger.tokens import tokens_of
from newstagger.wire.against import AgainstFiles
from newstagger.wire.credit import credits_of
from newstagger.wire.detector import examine
from newstagger.wire.index import WireIndex
from newstagger.wire.normalise import words_of
from newstagger.wire.shingles import fingerprint

AGENCIES = ("AP", "AFP", "Reuters")
NOW = 1_900_000_000.0


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a gzipped JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def helsinki(data: Path) -> dict[str, tuple[Article, Text]]:
    """Return the Helsinki articles by id, each with its text."""
    found = {}
    for row in rows(data / "reuse" / "helsinki-articles.jsonl.gz"):
        first, *rest = row["paras"]
        article = Article(ArticleRef("helsinki", row["id"]), first, "\n\n".join(rest), version_created=row["time"])
        found[row["id"]] = (article, extract(article))
    return found


def pairs(data: Path, articles: dict[str, tuple[Article, Text]]) -> None:
    """Print precision, recall and F1 of "was one of the two reused by the other" over the adjudicated pairs."""
    items = {
        key: (WireItem("helsinki", key, a.headline, "", version_created=a.version_created), text) for key, (a, text) in articles.items()
    }
    source = AgainstFiles(list(items.values()))
    counts = {"tp": 0, "fp": 0, "fn": 0, "tn": 0}
    for row in rows(data / "reuse" / "helsinki-pairs-dev.jsonl.gz"):
        if row["label"] == "U":
            continue
        told = matched(articles, source, row["a"], row["b"]) or matched(articles, source, row["b"], row["a"])
        counts[("tp" if told else "fn") if row["label"] == "P" else ("fp" if told else "tn")] += 1
    precision = counts["tp"] / max(1, counts["tp"] + counts["fp"])
    recall = counts["tp"] / max(1, counts["tp"] + counts["fn"])
    print(f"helsinki pairs: P {precision:.3f} R {recall:.3f} F1 {2 * precision * recall / (precision + recall):.3f} {counts}")


def matched(articles: dict[str, tuple[Article, Text]], source: AgainstFiles, one: str, other: str) -> bool:
    """Return whether ``other`` is among the matches of ``one``, all stories that share anything being compared."""
    article, text = articles[one]
    return any(match.wire_id == other for match in examine(article, text, source, WireSettings(), thorough=True).matches)


def seeds(data: Path) -> None:
    """Print how many of the seed pairs get the right verdict."""
    texts = {}
    for path in sorted((data / "seeds").glob("*.txt")):
        headline, _, body = path.read_text("utf-8").partition("\n")
        article = Article(ArticleRef("seed", path.name[:3]), headline, body)
        texts[path.name[:3]] = (article, extract(article))
    right = total = 0
    for row in rows(data / "reuse" / "seed-pairs.jsonl.gz"):
        article, text = texts[row["b"]]
        other, wire = texts[row["a"]]
        report = examine(article, text, AgainstFiles([(WireItem("seed", "a", other.headline, "", agency="AFP"), wire)]), WireSettings())
        right += str(report.verdict) == {"W": "wholly-derived", "N": "non-derived"}[row["label"]]
        total += 1
    print(f"seed pairs: {right} of {total}")


def credited(data: Path, articles: dict[str, tuple[Article, Text]]) -> None:
    """Print how often the agency that an article credits is found, and how often one is found where none was noted."""
    found = missed = extra = none = 0
    for row in rows(data / "reuse" / "helsinki-credits.jsonl.gz"):
        article, text = articles[row["id"]]
        told = {credit.agency for credit in credits_of(article, text) if credit.form is not CreditForm.CAPTION}
        if row["credit"] in AGENCIES:
            found, missed = found + (row["credit"] in told), missed + (row["credit"] not in told)
        elif row["credit"] is None:
            extra, none = extra + bool(told), none + (not told)
    print(f"helsinki credits: found {found}, missed {missed}; where none is noted: none {none}, found some {extra}")


def speed(data: Path, count: int) -> None:
    """Print adds a second, bytes a story, candidate query and whole check of an 800-word article."""
    prepared = [prepare(row) for row in islice(rows(data / "topics" / "reuters21578-train.jsonl.gz"), count)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "newsroom.sqlite3"
        index = WireIndex.open(path)
        started = time.process_time()
        index.add(prepared, NOW)
        spent = time.process_time() - started
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
        print(f"index: {len(index)} stories, {len(index) / spent:.0f} adds per CPU s, {size / len(index):.0f} bytes a story")
        others = [prepare(row) for row in islice(rows(data / "topics" / "reuters21578-unused.jsonl.gz"), 2_500)]
        for name, articles in (("of our own", long_articles(others)), ("glued from wire stories", long_articles(prepared))):
            lookups, checks = timings(index, articles)
            told = f"800-word articles {name}, CPU: "
            print(f"{told}candidate query p50 {percentile(lookups, 50):.2f} p99 {percentile(lookups, 99):.2f} ms")
            print(f"{told}check p50 {percentile(checks, 50):.2f} p99 {percentile(checks, 99):.2f} ms")
        index.close()


def prepare(row: dict[str, Any]) -> tuple[WireItem, Text]:
    """Return a row of Reuters-21578 as a wire item with its text."""
    article = Article(ArticleRef("reuters", str(row["id"])), row["title"] or "", row["text"] or "")
    return WireItem("reuters", article.ref.id, article.headline, "", agency="Reuters"), extract(article)


def long_articles(prepared: list[tuple[WireItem, Text]]) -> list[tuple[Article, Text]]:
    """Return articles of some 800 words, each glued together from neighbouring stories."""
    found, body = [], ""
    for _, text in prepared:
        body += text.string + "\n\n"
        if body.count(" ") >= 800:
            article = Article(ArticleRef("bench", str(len(found))), "", " ".join(body.split(" ")[:800]))
            found.append((article, extract(article)))
            body = ""
    return found[:300]


def timings(index: WireIndex, articles: list[tuple[Article, Text]]) -> tuple[list[float], list[float]]:
    """Return CPU milliseconds of each candidate query and of each check; the words are normalised anew in each."""
    lookups, checks = [], []
    for _, text in articles:
        hashes = fingerprint(words_of(text))[1].view("int64").tolist()
        started = time.process_time()
        index.holders(hashes)
        lookups.append((time.process_time() - started) * 1000)
    words_of.cache_clear()
    for article, text in articles:
        tokens_of(text)
        started = time.process_time()
        examine(article, text, index, WireSettings())
        checks.append((time.process_time() - started) * 1000)
    return lookups, checks


def percentile(values: list[float], percent: int) -> float:
    """Return a percentile of at least two values."""
    return statistics.quantiles(values, n=100)[percent - 1]


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parent.parent.parent / "shared" / "corpora")
    parser.add_argument("--stories", type=int, default=9_000)
    options = parser.parse_args()
    articles = helsinki(options.data)
    pairs(options.data, articles)
    seeds(options.data)
    credited(options.data, articles)
    speed(options.data, options.stories)


if __name__ == "__main__":
    main()

"""Regions on real articles: the first five, Syrian war reports, toponyms; sets that are not part of the project."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newstagger.contracts import FacetPart
from newstagger.domain import Article, ArticleRef, Decision, Paragraph, ParagraphKind, Role, Tag, Text
from newstagger.places.gazetteer import Gazetteer, Mark
from newstagger.places.resolution import mentions
from newstagger.places.starter import starter_part, syria_examples
from newstagger.places.tagger import RegionTagger
from newstagger.text import extract

pytestmark = pytest.mark.corpus
CONSTANTS = {
    "stories": 3000,
    "complete": ["wikipedia-current-events"],
    "thinned": 3,
    "levels": ["ADMIN1", "CITY", "COUNTRY", "REGION"],
    "beta": {"country": 1.0, "local": 2.0},
    "rules": {"headline": 1.0, "lead": 0.8, "dateline": 0.8, "share": 3.0, "capital_only": -1.0, "quoted": -0.3, "region": -1.0},
}
PLACES = {"Aleppo": {"iso:SY-HL", "geonames:170063"}, "Palmyra": {"geonames:163808", "iso:SY-HI"}}


def _quiet(line: str) -> None:
    """Say nothing of progress."""


@pytest.fixture(scope="module")
def part(corpora: Path) -> FacetPart:
    """A starter part from fewer stories than the real one."""
    return starter_part(corpora, extract, CONSTANTS, jobs=1, progress=_quiet)


@pytest.fixture(scope="module")
def tagger(part: FacetPart) -> RegionTagger:
    """The tagger of that part."""
    return RegionTagger(part)


def _seeds(corpora: Path) -> Iterator[tuple[str, Article]]:
    for path in sorted((corpora / "seeds").glob("*.txt")):
        headline, body = path.read_text("utf-8").split("\n", 1)
        yield path.stem[:3], Article(ArticleRef("seeds", path.stem), headline, body)


def test_first_articles_are_about_syria_with_its_places_found(corpora: Path, tagger: RegionTagger) -> None:
    for name, article in _seeds(corpora):
        text = extract(article)
        tags: dict[str, Tag] = {tag.concept.id: tag for tag in tagger.tag(article, text).tags}
        assert tags["iso:SY"].role is Role.FOCUS and tags["iso:SY"].decision is not Decision.SILENT, name
        shown = {concept for concept, tag in tags.items() if tag.decision is not Decision.SILENT}
        for place, ids in PLACES.items():
            assert place not in text.string or shown & ids, (name, place)
        elsewhere = [tag for tag in tags.values() if "iso:SY" not in (tag.concept.id, *tag.concept.broader)]
        assert all(tag.role is Role.MENTIONED for tag in elsewhere), name


def test_governorates_of_syrian_war_reports(corpora: Path, tagger: RegionTagger) -> None:
    right = total = 0
    for example in syria_examples(corpora, extract):
        tags = [t.concept.id for t in tagger.tag(example.article, example.text).tags if t.concept.id.startswith("iso:SY-")]
        right, total = right + bool(set(tags[:1]) & set(example.labels)), total + 1
    assert right / total >= 0.82


@pytest.mark.parametrize(("name", "least"), [("geovirus", 0.85), ("lgl", 0.70)])
def test_toponyms(corpora: Path, part: FacetPart, name: str, least: float) -> None:
    gazetteer = Gazetteer.read(part)
    found = wanted = hits = 0
    for row in _rows(corpora / f"regions/{name}.jsonl.gz"):
        text = Text(row["text"], (Paragraph(ParagraphKind.BODY, 0, len(row["text"])),), "en")
        ours = [m for m in mentions(text, gazetteer) if name == "lgl" or not m.mark & Mark.ADJECTIVE]
        found, wanted = found + len(ours), wanted + len(row["toponyms"])
        hits += sum(any(m.start < gold["end"] and gold["start"] < m.end for m in ours) for gold in row["toponyms"])
    assert 2 * hits / (found + wanted) >= least


def test_no_part_of_another_licence_ships(corpora: Path, part: FacetPart) -> None:
    matches = part.arrays["place_matches_data"].tobytes().decode("utf-8")
    odbl = [row["wikidata_odbl"] for row in _rows(corpora / "gazetteers/places.jsonl.gz") if row.get("wikidata_odbl")]
    countries = {row["wikidata"] for row in _rows(corpora / "gazetteers/places.jsonl.gz") if row.get("wikidata")}
    known = {word for place in matches.replace("geonames:", " ").split("wikidata:")[1:] for word in place.split()[:1]}
    assert not known & (set(odbl) - countries)


def test_part_is_small(part: FacetPart) -> None:
    assert sum(array.nbytes for array in part.arrays.values()) <= 7_000_000


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)

"""Measures the region tagger on labelled sets: toponyms, focus, Reuters places, speed.

    python bench/places.py --data DIR [--what toponyms,syria,reuters,seeds,speed] [--bundle starter]

Prints one line a figure. LGL (Lieberman et al. 2010), GeoVirus (Gritta et al. 2018) and Reuters-21578 serve measuring only.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from newstagger.contracts import Example, FacetPart
from newstagger.domain import Article, ArticleRef, Decision, Paragraph, ParagraphKind, Role, Text
from newstagger.places.fit import fit_places, fold_of
from newstagger.places.gazetteer import Gazetteer, Level, Mark
from newstagger.places.labels import read_labels
from newstagger.places.resolution import Mention, mentions
from newstagger.places.starter import starter_part, syria_examples
from newstagger.places.tagger import RegionTagger
from newstagger.text import extract

CONSTANTS = {
    "complete": ["wikipedia-current-events"],
    "thinned": 3,
    "levels": ["ADMIN1", "CITY", "COUNTRY", "REGION"],
    "beta": {"country": 1.0, "local": 2.0},
    "rules": {"headline": 1.0, "lead": 0.8, "dateline": 0.8, "share": 3.0, "capital_only": -1.0, "quoted": -0.3, "region": -1.0},
}


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a gzipped JSON-lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def quiet(line: str) -> None:
    """Say nothing of progress."""


def toponyms(data: Path, part: FacetPart) -> None:
    """Print precision, recall, F1 of the names found (spans that overlap), and how often their country is right."""
    gazetteer = Gazetteer.read(part)
    cities = np.flatnonzero(gazetteer.columns["level"] == Level.CITY)
    grid = _unit(gazetteer.columns["latitude"][cities], gazetteer.columns["longitude"][cities])
    for name in ("lgl", "geovirus"):
        found = wanted = hits = located = right = 0
        for row in rows(data / f"regions/{name}.jsonl.gz"):
            text = Text(row["text"], tuple(_paragraphs(row["text"])), "en")
            unwanted = Mark.SEAT if name == "lgl" else Mark.ADJECTIVE | Mark.SEAT  # LGL marks peoples, GeoVirus does not
            ours = [m for m in mentions(text, gazetteer) if not m.mark & unwanted]
            gold = row["toponyms"]
            found, wanted = found + len(ours), wanted + len(gold)
            for toponym in gold:
                match = next((m for m in ours if m.start < toponym["end"] and toponym["start"] < m.end), None)
                if match is None:
                    continue
                hits += 1
                if toponym.get("lat") is not None:
                    located += 1
                    right += _same_country(match, toponym, gazetteer, cities, grid)
        precision, recall = hits / found, hits / wanted
        f1 = 2 * precision * recall / (precision + recall)
        print(f"toponyms {name}: P {precision:.3f} R {recall:.3f} F1 {f1:.3f} country {right / located:.3f} ({wanted} names)")


def _paragraphs(string: str) -> Iterator[Paragraph]:
    at = 0
    for line in string.split("\n"):
        if line.strip():
            yield Paragraph(ParagraphKind.BODY, at, at + len(line))
        at += len(line) + 1


def _unit(latitude: Any, longitude: Any) -> np.ndarray[Any, Any]:
    lat, lon = np.radians(latitude), np.radians(longitude)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def _same_country(match: Mention, toponym: dict[str, Any], gazetteer: Gazetteer, cities: Any, grid: Any) -> bool:
    if country := toponym.get("country"):
        return any(row == gazetteer.countries[match.row] for row, _ in gazetteer.folded.rows_of(country))
    near = int(cities[int(np.argmax(grid @ _unit(toponym["lat"], toponym["lon"])))])
    return gazetteer.countries[near] == gazetteer.countries[match.row]


def reuters(data: Path, base: FacetPart, folds: int = 5) -> None:
    """Print micro and macro F1 of Reuters places mapped to ids, cross-validated, thresholds chosen inside the folds."""
    ids = _reuters_ids(data, Gazetteer.read(base))
    examples = [
        Example(article, extract(article), tuple(sorted({ids[place] for place in row["places"] if place in ids})))
        for row in rows(data / "topics/reuters21578-train.jsonl.gz")
        if row["modapte90"]
        for article in [Article(ArticleRef("reuters", row["id"]), row["title"] or "", _body(row), language="en")]
    ]
    guesses: list[tuple[set[str], set[str]]] = []
    for fold in range(folds):
        inside = [example for example in examples if fold_of(example, folds) != fold]
        tagger = RegionTagger(fit_places(inside, {}, base, jobs=1, progress=quiet))
        outside = (example for example in examples if fold_of(example, folds) == fold)
        guesses += [(set(example.labels), _shown(tagger, example)) for example in outside]
    _print_f1("reuters places", guesses)


def _reuters_ids(data: Path, gazetteer: Gazetteer) -> dict[str, str]:
    """Map the names of Reuters places to ids by the gazetteer's own names; successor states stand for those gone."""
    names = sorted({place for row in rows(data / "topics/reuters21578-train.jsonl.gz") for place in row["places"]})
    known = read_labels([((name,), []) for name in names], gazetteer)
    print("reuters places without an id:", ", ".join(known.unknown) or "none")
    return {name: gazetteer.id(row) for name, row in known.rows.items()}


def _body(row: dict[str, Any]) -> str:
    return f"{row['dateline']} - {row['text']}" if row["dateline"] else str(row["text"] or "")


def _shown(tagger: RegionTagger, example: Example) -> set[str]:
    tags = tagger.tag(example.article, example.text).tags
    return {tag.concept.id for tag in tags if tag.decision is not Decision.SILENT}


def _print_f1(name: str, guesses: Sequence[tuple[set[str], set[str]]]) -> None:
    counts: dict[str, list[int]] = {label: [0, 0, 0] for gold, _ in guesses for label in sorted(gold)}
    for gold, ours in guesses:
        for label in gold | ours:
            both = counts.setdefault(label, [0, 0, 0])
            both[0] += label in gold and label in ours
            both[1] += label in gold
            both[2] += label in ours
    hits, wanted, found = (sum(column) for column in zip(*counts.values(), strict=True))
    macro = np.mean([2 * h / (w + f) if w + f else 0.0 for h, w, f in counts.values()])
    borne = [2 * h / (w + f) for h, w, f in counts.values() if w]
    rare = [2 * h / (w + f) for h, w, f in counts.values() if 0 < w < 10]
    print(
        f"{name}: micro F1 {2 * hits / (wanted + found):.3f} P {hits / found:.3f} R {hits / wanted:.3f} macro F1 {macro:.3f}"
        f" (of the {len(borne)} labels that articles bear {np.mean(borne):.3f})"
        f" rare (<10) {np.mean(rare) if rare else 0:.3f} ({len(guesses)} articles, {len(counts)} labels)"
    )


def syria(data: Path, base: FacetPart, folds: int = 5) -> None:
    """Print how often the likeliest governorate is the one that a FA-KES article is about, in articles left out of training."""
    examples = list(syria_examples(data, extract))
    right = total = country = 0
    for fold in range(folds):
        inside = [example for example in examples if fold_of(example, folds) != fold]
        tagger = RegionTagger(fit_places(inside, CONSTANTS, base, jobs=1, progress=quiet))
        for example in (example for example in examples if fold_of(example, folds) == fold):
            tags = tagger.tag(example.article, example.text).tags
            divisions = [tag.concept.id for tag in tags if tag.concept.id.startswith("iso:SY-")]
            wanted = set(example.labels) - {"iso:SY"}
            total += bool(wanted)
            right += bool(wanted & set(divisions[:1]))
            country += any(tag.concept.id == "iso:SY" and tag.role is Role.FOCUS for tag in tags)
    print(f"fa-kes: governorate first {right / total:.3f} ({total}), country focus {country / len(examples):.3f}")


def seeds(data: Path, part: FacetPart) -> None:
    """Print the shown regions of the first articles."""
    tagger = RegionTagger(part)
    for path in sorted((data / "seeds").glob("*.txt")):
        article = _seed(path)
        tags = [tag for tag in tagger.tag(article, extract(article)).tags if tag.decision is not Decision.SILENT]
        print(f"{path.stem[:3]}:", ", ".join(f"{t.concept.id} {t.concept.pref_label} {t.score:.2f} {t.role}/{t.decision}" for t in tags))


def _seed(path: Path) -> Article:
    headline, body = path.read_text("utf-8").split("\n", 1)
    return Article(ArticleRef("seeds", path.stem), headline, body)


def speed(data: Path, part: FacetPart) -> None:
    """Print milliseconds of processor time an article of some 800 words, words cut beforehand."""
    tagger = RegionTagger(part)
    read = [(article, extract(article)) for article in map(_seed, sorted((data / "seeds").glob("*.txt")))]
    best = []
    for article, text in read:
        tagger.tag(article, text)
        best.append(min(_timed(tagger, article, text) for _ in range(20)))
    print(f"speed: {1000 * sum(best) / len(best):.2f} ms an article of {sum(len(t.string.split()) for _, t in read) // len(read)} words")


def _timed(tagger: RegionTagger, article: Article, text: Text) -> float:
    start = time.process_time()
    tagger.tag(article, text)
    return time.process_time() - start


def main() -> None:
    """Run the measurements named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--what", default="toponyms,syria,reuters,seeds,speed")
    chosen = parser.parse_args()
    part = starter_part(chosen.data, extract, CONSTANTS, jobs=1, progress=print)
    measures: dict[str, Callable[[Path, FacetPart], None]] = {
        "toponyms": toponyms, "syria": syria, "reuters": reuters, "seeds": seeds, "speed": speed,
    }  # fmt: skip
    for what in chosen.what.split(","):
        measures[what](chosen.data, part)


if __name__ == "__main__":
    main()

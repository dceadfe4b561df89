"""Measures the actor tagger on the corpora: state or place, linking, Reuters PEOPLE and ORGS, the five seeds, speed.

    python bench/actors.py [--data DIR] [--part actors.npz]

The gazetteer is built from the open sets (half a minute) unless ``--part`` names the arrays of an earlier run; the file is written
when it does not exist. Research-only sets are measured here, never learnt from.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from newstagger.actors.build import build_actors
from newstagger.actors.distant import distant_examples, plain_text
from newstagger.actors.fit import fit_actors, starting_part
from newstagger.actors.gazetteer import ActorGazetteer
from newstagger.actors.records import COUNTRY_TYPES, FormType
from newstagger.actors.starter import context_weights
from newstagger.actors.statecraft import probability, reading
from newstagger.actors.surfaces import found_forms
from newstagger.actors.tagger import ActorTagger
from newstagger.actors.words import Words
from newstagger.contracts import Example, FacetPart
from newstagger.domain import Article, ArticleRef, Decision
from newstagger.text import extract
from newstagger.tokens import tokens_of

ROOT = Path(__file__).resolve().parents[1]

_ORGS = {
    "ec": "european-community", "opec": "opec", "worldbank": "world-bank", "gatt": "gatt", "imf": "imf", "oecd": "oecd", "iea": "iea",
    "fao": "fao", "un": "un", "gcc": "gcc", "bis": "bis", "asean": "asean",
}  # fmt: skip


def lines(path: Path) -> Iterator[Any]:
    """Yield the rows of a gzipped JSON-lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def starter(data: Path, cache: Path | None) -> FacetPart:
    """Return the actor part that the starter recipe trains."""
    if cache and cache.is_file():
        with np.load(cache) as stored:
            arrays = dict(stored)
    else:
        arrays = build_actors(data)
        if cache:
            np.savez(cache, **arrays)
    print(f"gazetteer: {len(arrays['kinds'])} actors, {sum(a.nbytes for a in arrays.values()) / 1e6:.2f} MB")
    start = starting_part(arrays)
    context = context_weights(data, ActorGazetteer.read(start))
    base = replace(start, settings={**start.settings, "context": context})
    recipe = tomllib.loads((ROOT / "recipes" / "starter.toml").read_text("utf-8"))
    return fit_actors(distant_examples(data, base), recipe["facets"]["actor"]["constants"], base, jobs=1, progress=print)


def shares(hits: int, given: int, wanted: int) -> str:
    """Return precision, recall and F1 as one line."""
    precision, recall = hits / max(1, given), hits / max(1, wanted)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return f"P {precision:.3f} R {recall:.3f} F1 {f1:.3f} ({hits}/{given}/{wanted})"


def metonymy(data: Path, tagger: ActorTagger) -> None:
    """Countries and capitals that our table knows: how often the rule reads "literal" or "metonym" as the annotators did."""
    right: dict[str, list[bool]] = defaultdict(list)
    table: Counter[tuple[str, str, bool]] = Counter()
    for row in lines(data / "regions/metonymy.jsonl.gz"):
        text = plain_text("", row["text"])
        offset = text.string.find(row["text"])
        tokens, words = tokens_of(text), Words(text, tokens_of(text))
        spots = [f for f in found_forms(text, tagger.gazetteer.folded, tagger.gazetteer.exact) if f.rows[0][1] in COUNTRY_TYPES]
        numbers = frozenset(n for f in spots for n in range(f.first, f.last))
        at = [f for f in spots if tokens.starts[f.first] == row["start"] + offset]
        if at and row["label"] in ("lit", "met"):
            told = reading(words, at[0].first, at[0].last, FormType(at[0].rows[0][1]), numbers)
            said = probability(told, tagger.model.context) >= 0.5
            right[f"{row['set']}-{row['split']}"].append(said == (row["label"] == "met"))
            table[row["set"], row["label"], said] += 1
    for name, hits in sorted(right.items()):
        print(f"metonymy {name}: accuracy {np.mean(hits):.3f} of {len(hits)}")
    print("  confusion (set, gold, said):", dict(sorted(table.items())))


def linking(data: Path, tagger: ActorTagger) -> None:
    """Mentions of people and organisations of AIDA whose Wikidata id we hold: found at that place, with that id."""
    held = set().union(*(_wikidata(tagger, row) for row in range(len(tagger.gazetteer))))
    hits = wanted = given = wrong = 0
    for row in lines(data / "actors/aida-conll-dev.jsonl.gz"):
        text = plain_text("", row["text"])
        offset = text.string.find(row["text"])
        named = tagger._finder.find(text)
        ours: dict[tuple[int, int], set[str]] = {}
        for candidate in named.candidates.values():
            ids = _wikidata(tagger, candidate.row)
            for m in candidate.mentions:
                spot = (int(named.tokens.starts[m.first]) - offset, int(named.tokens.ends[m.last - 1]) - offset)
                ours.setdefault(spot, set()).update(ids)
        gold = {(g["start"], g["end"]): g["qid"] for g in row["labels"]}
        linked = {spot: ids for spot, ids in ours.items() if ids}
        wanted += sum(qid in held for qid in gold.values())
        hits += sum(gold.get(spot) in ids for spot, ids in linked.items())
        given += sum(spot in gold for spot in linked)
        wrong += sum(spot not in gold for spot in linked)
    print(f"aida-conll-dev, mentions with an id that we hold: {shares(hits, given, wanted)}; {wrong} links where the gold has none")


def _wikidata(tagger: ActorTagger, row: int) -> set[str]:
    return {m.removeprefix("wikidata:") for m in tagger.gazetteer.matches[row].split("\n") if m.startswith("wikidata:")}


def reuters(data: Path, part: FacetPart) -> None:
    """PEOPLE and ORGS that map to our ids: the starter as it is, and retrained, 5-fold cross-validated by document."""
    tagger = ActorTagger(part, None)
    rows = [{**row, "title": row["title"] or ""} for row in lines(data / "topics/reuters21578-train.jsonl.gz")]
    ids = {name: found for name in {p for r in rows for p in r["people"]} if (found := _person(tagger, name, rows))}
    ids |= {name: f"actor:{slug}" for name, slug in _ORGS.items()}
    mapped = sum(name in ids for r in rows for name in [*r["people"], *r["orgs"]])
    print(f"reuters: {len(ids)} labels map to our ids, {mapped} of {sum(len(r['people']) + len(r['orgs']) for r in rows)} label uses")
    examples = []
    for row in rows:
        article = Article(ArticleRef("reuters", row["id"]), row["title"], row["text"], version_created="1987")
        labels = tuple(sorted({ids[name] for name in [*row["people"], *row["orgs"]] if name in ids}))
        examples.append(Example(article, plain_text(row["title"], row["text"]), labels))
    space = set(ids.values())
    print("reuters PEOPLE+ORGS, starter:", _score(tagger, examples, space))
    counts: Counter[str] = Counter()
    for fold in range(5):
        train = [e for n, e in enumerate(examples) if n % 5 != fold and (e.labels or n % 3 == 0)]
        learnt = ActorTagger(fit_actors(train, {}, part, jobs=1, progress=lambda _: None), None)
        _score(learnt, examples[fold::5], space, counts)
    print("reuters PEOPLE+ORGS, retrained, 5-fold:", shares(counts["hits"], counts["given"], counts["wanted"]))


def _person(tagger: ActorTagger, name: str, rows: list[Any]) -> str | None:
    """Return our id for a Reuters person: the person that texts with this label name most often under that family name."""
    family = name.rsplit("-", maxsplit=1)[-1]
    seen: Counter[str] = Counter()
    for row in rows:
        if name in row["people"]:
            named = tagger._finder.find(plain_text(row["title"], row["text"]), 1987)
            found = [tagger.gazetteer.id(r) for r in named.candidates if tagger.gazetteer.kind(r) == "person"]
            seen.update(i for i in found if family in i)
    return seen.most_common(1)[0][0] if seen else None


def _score(tagger: ActorTagger, examples: list[Example], space: set[str], counts: Counter[str] | None = None) -> str:
    counts = Counter() if counts is None else counts
    for example in examples:
        tags = tagger.tag(example.article, example.text).tags
        given = {tag.concept.id for tag in tags if tag.decision is not Decision.SILENT} & space
        counts.update(hits=len(given & set(example.labels)), given=len(given), wanted=len(example.labels))
    return shares(counts["hits"], counts["given"], counts["wanted"])


def seeds(data: Path, tagger: ActorTagger) -> None:
    """Print what is shown for each of the five seeds."""
    for path in sorted((data / "seeds").glob("*.txt")):
        head, _, body = path.read_text("utf-8").partition("\n")
        article = Article(ArticleRef("seeds", path.stem), head, body)
        print(path.name[:3], end=" ")
        for tag in tagger.tag(article, extract(article)).tags:
            if tag.decision is not Decision.SILENT:
                print(f"{tag.concept.id.removeprefix('actor:')} {tag.score:.2f} {tag.role}", end=" · ")
        print()


def speed(data: Path, tagger: ActorTagger, words: int = 800, rounds: int = 150) -> None:
    """Median CPU milliseconds of one tag() on articles cut to about 800 words, tokens shared with the other taggers."""
    body = " ".join(p.read_text("utf-8") for p in sorted((data / "seeds").glob("*.txt"))).split()
    spent = []
    for number in range(rounds):
        start = number * 17 % (len(body) - words)
        text = plain_text("Notes", " ".join(body[start : start + words]))
        tokens_of(text)
        before = time.process_time()
        tagger.tag(Article(ArticleRef("speed", str(number))), text)
        spent.append(1000 * (time.process_time() - before))
    print(f"speed: median {np.median(spent):.2f} ms, p90 {np.quantile(spent, 0.9):.2f} ms per {words} words")


def main() -> None:
    """Measure everything in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "corpora")
    parser.add_argument("--part", type=Path)
    told = parser.parse_args()
    part = starter(told.data, told.part)
    print("threshold", part.settings["threshold"], "auto", part.settings["auto"])
    tagger = ActorTagger(part, None)
    metonymy(told.data, tagger)
    linking(told.data, tagger)
    reuters(told.data, part)
    seeds(told.data, tagger)
    speed(told.data, tagger)


if __name__ == "__main__":
    main()

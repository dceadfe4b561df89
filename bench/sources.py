"""Measures how the starter's topics carry to sources never learned from: each labelled set is left out of training in turn.

    python bench/sources.py --data DIR [--recipe recipes/starter.toml] [--pool open|all] [--only SET,SET] [--rows 3000] [--learn N]

Pool ``open`` learns from the recipe's own sources but the one left out; ``all`` learns from every other set at hand too: research,
never shipped. Beside it stands plain scikit-learn (``TfidfVectorizer()``, one ``LinearSVC()`` a topic) on the same rows. Rows of
one label count the first topic only; a topic's F1 is that of first topics. ECE: 15 bins of equal mass over pairs of score .1 or
more (rows of one label: the first topic's pair). Prints one JSON object with a table a pool: topic by set, plain beside ours.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from newstagger.builtin.parts import tagger_for
from newstagger.contracts import Example, FacetPart
from newstagger.domain import Facet
from newstagger.learning.evaluation import score
from newstagger.learning.trainer import linear_trainer
from newstagger.recipe import Recipe, Source, read_recipe
from newstagger.taxonomy import media_topics
from newstagger.text import extract
from newstagger.training.elsewhere import Answer, ask, carried
from newstagger.training.examples import Tools, feed_of, labelled, read_material
from newstagger.training.line import constants_of

RECIPE = Path(__file__).resolve().parent.parent / "recipes" / "starter.toml"
MAPS = "topics/label_map_iptc.json"
FEWEST = 100
"""Rows of a topic in a set before the set says anything about it."""
LEAST_SETS = 2


@dataclass(frozen=True, slots=True)
class Held:
    """A set that is left out and measured: who gave its labels (``hand``, or the ``section`` or query it came from), and its rows."""

    labels: str
    source: Source


def _of(labels: str, name: str, field: str = "labels", where: tuple[str, ...] = (), mapped: str = "", group: str = "group") -> Held:
    label_map = f"{MAPS}#{mapped}/l1" if mapped else ""
    return Held(labels, Source(f"topics/{name}", field, where, label_map, group=group))


SETS = {
    "wikipedia": _of("hand", "wikipedia-current-events", "medtop_l1", ("medtop_l1",), group="title"),
    "sib200_en": _of("hand", "sib200-newsroom-langs", where=("lang=eng_Latn",), mapped="sib200_newsroom_langs", group="index_id"),
    "muc34": _of("hand", "muc34-wires", "medtop_l1", ("labels=terror-incident",)),
    "masakhanews_en": _of("hand", "masakhanews-train-dev", where=("lang=en",), mapped="masakhanews"),
    "reuters": _of("hand", "reuters21578-train", "topics", ("modapte90=true",), "reuters21578"),
    "nyt_front_page": _of("hand", "nyt-frontpage-cap", mapped="nyt_cap_headlines"),
    "huffpost": _of("section", "huffpost-part", "medtop_l1"),
    "tagmynews": _of("section", "tagmynews-headlines", mapped="tagmynews_headlines"),
    "nyt_migration": _of("section", "nyt-migration", "medtop_l1"),
}


def read(sources: Sequence[Source], data: Path, beside: Path) -> list[Example]:
    """Return the labelled examples of some sources."""
    tools = Tools(extract, tagger_for, progress=_tell)
    material = read_material([feed_of(source, Facet.TOPIC, data, beside) for source in sources], tools)
    return list(labelled(material, Facet.TOPIC, ()).examples)


def pool(recipe: Recipe, held: str, with_closed: bool) -> list[Source]:
    """Return what is learned from when a set is left out: the recipe's sources, with ``with_closed`` all other sets too."""
    own = [source for source in recipe.facet(Facet.TOPIC).sources if source.id != SETS[held].source.id]
    if not with_closed:
        return own
    known = {source.id for source in own}
    return own + [one.source for name, one in SETS.items() if name != held and one.source.id not in known]


@dataclass(frozen=True, slots=True)
class Plain:
    """scikit-learn's defaults: TF-IDF, one linear SVM a topic, the topic of the highest margin."""

    terms: Any
    models: Mapping[str, Any]

    @classmethod
    def learn(cls, learned: Sequence[Example]) -> Plain:
        """Fit the terms and a model a topic."""
        terms = TfidfVectorizer()
        rows = terms.fit_transform([example.text.string for example in learned])
        names = sorted({label for example in learned for label in example.labels})
        return cls(terms, {name: LinearSVC(random_state=0).fit(rows, [name in e.labels for e in learned]) for name in names})

    def firsts(self, asked: Sequence[Example]) -> list[tuple[str, ...]]:
        """Return the first topic of each article."""
        rows, names = self.terms.transform([example.text.string for example in asked]), list(self.models)
        margins = np.stack([model.decision_function(rows) for model in self.models.values()], axis=1)
        return [(names[at],) for at in np.argmax(margins, axis=1)]


def carried_figures(part: FacetPart, examples: Sequence[Example], answers: Sequence[Answer]) -> dict[str, Any]:
    """Return how right the first topic and the unasked ones are, how many articles get one, and the calibration error."""
    found = carried("", "", part, examples, answers)
    precise = None if found.auto_precision is None else round(found.auto_precision, 3)
    figures = {"first_right": found.first_right, "with_auto": found.with_auto, "ece": found.calibration_error}
    return {"rows": len(examples), "auto_precision": precise} | {name: round(value, 3) for name, value in figures.items()}


def firsts(examples: Sequence[Example], given: Iterable[Sequence[str]]) -> dict[str, tuple[int, float]]:
    """Return by topic how many rows carry it and the F1 of first topics; a first topic that is one of the row's stands for all of them."""
    single = [(set(e.labels), set(g[:1])) for e, g in zip(examples, given, strict=True)]
    wanted = [w & g or w for w, g in single]
    names = {label for example in examples for label in example.labels}
    found = score(Facet.TOPIC, wanted, [g for _, g in single], names)
    return {label.label: (label.support, label.f1) for label in found.per_label}


@dataclass(frozen=True, slots=True)
class Systems:
    """Both systems, trained on the same rows, with the CPU seconds that each took."""

    rows: int
    part: FacetPart
    plain: Plain
    seconds: float
    plain_seconds: float


def learn(learned: Sequence[Example], recipe: Recipe) -> Systems:
    """Train both systems."""
    concepts = [media_topics().concept(label) for label in sorted({label for example in learned for label in example.labels})]
    train = linear_trainer(Facet.TOPIC, [concept for concept in concepts if concept])
    started = time.process_time()
    part = train(learned, constants_of(recipe.facet(Facet.TOPIC), "linear"), None, jobs=1, progress=_tell)
    trained = time.process_time()
    plain = Plain.learn(learned)
    return Systems(len(learned), part, plain, trained - started, time.process_time() - trained)


def measure(name: str, systems: Systems, data: Path, beside: Path, most: int) -> dict[str, Any]:
    """Return the figures of a set that the systems did not learn from, topic by topic plain beside ours."""
    asked = [example for example in read([replace(SETS[name].source, max_rows=most)], data, beside) if example.labels]
    _tell(f"{name}: measuring {len(asked)} rows")
    started = time.process_time()
    tagger = tagger_for(systems.part, None)
    answers = [ask(tagger, example) for example in asked]
    tagged = time.process_time() - started
    plain = systems.plain.firsts(asked)
    ours, theirs = firsts(asked, [answer.shown for answer in answers]), firsts(asked, plain)
    right = [first[0] in example.labels for first, example in zip(plain, asked, strict=True)]
    return carried_figures(systems.part, asked, answers) | {
        "labels": SETS[name].labels,
        "learned_from": systems.rows,
        "plain_first_right": round(float(np.mean(right)), 3),
        "train_cpu_s": round(systems.seconds, 1),
        "plain_cpu_s": round(systems.plain_seconds, 1),
        "tag_ms": round(tagged * 1000 / len(asked), 2),
        "topics": {t: {"rows": n, "plain": round(theirs[t][1], 3), "ours": round(f1, 3)} for t, (n, f1) in sorted(ours.items())},
    }


def by_topic(sets: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the mean F1 of each topic over the sets with enough rows of it, plain beside ours, and the topics that too few sets have."""
    rows: dict[str, list[tuple[str, float, float]]] = {}
    for name, figures in sets.items():
        for topic, one in figures["topics"].items():
            rows.setdefault(topic, []).extend([(name, one["plain"], one["ours"])] if one["rows"] >= FEWEST else [])
    tables = {topic: _means(found) for topic, found in sorted(rows.items()) if len(found) >= LEAST_SETS}
    top = {concept.id for concept in media_topics().concepts.values() if not concept.broader}
    return {"measured": tables, "not_measured": sorted(top - tables.keys())}


def _means(found: Sequence[tuple[str, float, float]]) -> dict[str, Any]:
    plain, ours = (float(np.mean(column)) for column in (list(zip(*found, strict=True))[1:]))
    return {"sets": [name for name, _, _ in found], "plain": round(plain, 3), "ours": round(ours, 3), "gain": round(ours - plain, 3)}


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """Leave out each set in turn and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--pool", choices=("open", "all"), help="only this pool")
    parser.add_argument("--only", default=",".join(SETS), help="sets to leave out")
    parser.add_argument("--rows", type=int, default=3000, help="rows measured of a set, at most")
    parser.add_argument("--learn", type=int, default=0, help="rows learned of a set, at most (0: all); both systems learn the same")
    told = parser.parse_args()
    recipe, beside = read_recipe(told.recipe), told.recipe.resolve().parent
    figures: dict[str, Any] = {}
    for name in (told.pool,) if told.pool else ("open", "all"):
        trained: dict[tuple[Source, ...], Systems] = {}
        sets = {}
        for one in told.only.split(","):
            sources = [replace(source, max_rows=told.learn) for source in pool(recipe, one, name == "all")]
            key = tuple(sources)
            if key not in trained:
                trained[key] = learn(read(sources, told.data, beside), recipe)
            sets[one] = measure(one, trained[key], told.data, beside, told.rows)
            _tell(f"{name} {one}: {json.dumps(sets[one])}")
        figures[name] = {"sets": sets, "topics": by_topic(sets)}
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Cross-validates topics on Reuters-21578 beside plain scikit-learn on the same folds.

    python bench/reuters.py --data DIR [--jobs N]

The 7,770 training documents of ModApte's split that carry one of its 90 categories (those with a document on both sides of
the split); five shuffled folds, seed 0; out-of-fold predictions pooled; macro F1 over all 90 labels. The baseline is
``TfidfVectorizer()`` and ``OneVsRestClassifier(LinearSVC())``, a label where the margin is over 0. Ours is what
``recipes/reuters.toml`` says, thresholds chosen inside each fold.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

from newstagger.contracts import Example
from newstagger.domain import Article, ArticleRef, Concept, Facet, FacetScore
from newstagger.learning.crossval import cross_validate
from newstagger.learning.evaluation import score
from newstagger.learning.split import folds
from newstagger.learning.tagger import LinearTagger
from newstagger.learning.trainer import linear_trainer
from newstagger.recipe import read_recipe
from newstagger.text import extract

FOLDS = 5
SEED = 0
RECIPE = Path(__file__).resolve().parent.parent / "recipes" / "reuters.toml"
_NAMES = """
    acq alum barley bop carcass castor-oil cocoa coconut coconut-oil coffee copper copra-cake corn cotton cotton-oil cpi cpu crude
    dfl dlr dmk earn fuel gas gnp gold grain groundnut groundnut-oil heat hog housing income instal-debt interest ipi iron-steel jet
    jobs l-cattle lead lei lin-oil livestock lumber meal-feed money-fx money-supply naphtha nat-gas nickel nkr nzdlr oat oilseed
    orange palladium palm-oil palmkernel pet-chem platinum potato propane rand rape-oil rapeseed reserves retail rice rubber rye
    ship silver sorghum soy-meal soy-oil soybean strategic-metal sugar sun-meal sun-oil sunseed tea tin trade veg-oil wheat wpi yen
    zinc"""
CATEGORIES = tuple(_NAMES.split())
"""The 90 categories of ModApte that have a training and a test document."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The two systems' figures and their CPU seconds in this process."""

    plain: FacetScore
    ours: FacetScore
    plain_seconds: float
    our_seconds: float


def documents(data: Path) -> list[Example]:
    """Return the documents with those of their labels that are among the 90."""
    return list(_examples(data / "topics" / "reuters21578-train.jsonl.gz"))


def _examples(path: Path) -> Iterator[Example]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["modapte90"]:
                article = Article(ArticleRef("reuters", row["id"]), row["title"] or "", row["text"] or "", language="en")
                yield Example(article, extract(article), tuple(label for label in row["topics"] if label in CATEGORIES))


def plain(examples: Sequence[Example]) -> FacetScore:
    """Return the figures of scikit-learn's defaults."""
    texts = [f"{example.article.headline}\n{example.article.body}" for example in examples]
    wanted = np.array([[label in example.labels for label in CATEGORIES] for example in examples])
    given = np.zeros_like(wanted)
    for test in folds(len(texts), [], FOLDS, SEED):
        train = np.setdiff1d(np.arange(len(texts)), test)
        terms = TfidfVectorizer()
        rows = terms.fit_transform([texts[i] for i in train])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a label that is absent from a training fold
            model = OneVsRestClassifier(LinearSVC(random_state=SEED)).fit(rows, wanted[train])
        given[test] = model.decision_function(terms.transform([texts[i] for i in test])) > 0
        given[np.ix_(test, ~wanted[train].any(axis=0))] = False
    names = np.array(CATEGORIES)
    return score(Facet.TOPIC, [e.labels for e in examples], [names[row].tolist() for row in given], CATEGORIES)


def ours(examples: Sequence[Example], jobs: int = 1) -> FacetScore:
    """Return the figures of the recipe for Reuters."""
    concepts = tuple(Concept(label, label, Facet.TOPIC) for label in CATEGORIES)
    constants = read_recipe(RECIPE).facet(Facet.TOPIC).constants
    trainer = linear_trainer(Facet.TOPIC, concepts)
    return cross_validate(
        examples, trainer, lambda part: LinearTagger(part, None), CATEGORIES, constants, k=FOLDS, seed=SEED, jobs=jobs, progress=_tell
    )


def _tell(line: str) -> None:
    print(line, file=sys.stderr)


def compare(data: Path, jobs: int = 1) -> Comparison:
    """Return both systems' figures on the same folds."""
    examples = documents(data)
    start = time.process_time()
    first = plain(examples)
    middle = time.process_time()
    second = ours(examples, jobs)
    return Comparison(first, second, middle - start, time.process_time() - middle)


def main() -> None:
    """Print the figures, one system a line, and the gain."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    options = parser.parse_args()
    found = compare(options.data, options.jobs)
    for name, one, seconds in (("plain scikit-learn", found.plain, found.plain_seconds), ("newstagger", found.ours, found.our_seconds)):
        print(f"{name}: micro {one.micro_f1:.4f} macro {one.macro_f1:.4f} document {one.document_f1:.4f} CPU {seconds:.0f} s")
    unasked = found.ours
    print(
        f"auto: precision {unasked.auto_precision or 0:.4f} articles {unasked.with_auto or 0:.4f} ECE {unasked.calibration_error or 0:.4f}"
    )
    micro, macro = found.ours.micro_f1 - found.plain.micro_f1, found.ours.macro_f1 - found.plain.macro_f1
    print(f"gain: micro {micro:+.4f} macro {macro:+.4f}")


if __name__ == "__main__":
    main()

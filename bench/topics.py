"""Measures the starter's topics on hand-labelled sets that it never learned from: first topic right, and how right *auto* is.

    python bench/topics.py --data DIR [--bundle NAME@VERSION] [--rows 1500]

Prints one JSON object: by set its rows, the share whose first topic is right, the share with a topic written unasked (``auto``)
and the precision of those, the share on which the tagger abstains, and the expected calibration error of the scores (15 bins of
equal mass over pairs of score .1 or more). Rows of one label count the first topic only; abstentions count as wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from newstagger.builtin.parts import tagger_for
from newstagger.bundles.store import Store, package_models
from newstagger.contracts import Example, Tagger
from newstagger.domain import Decision, Facet
from newstagger.learning.reliability import expected_error
from newstagger.recipe import Source
from newstagger.text import extract
from newstagger.training.examples import Tools, feed_of, read_material

MAPS = "topics/label_map_iptc.json"
SETS = {
    "masakhanews_en": Source("topics/masakhanews-train-dev", where=("lang=en",), label_map=f"{MAPS}#masakhanews/l1"),
    "reuters": Source("topics/reuters21578-train", "topics", where=("modapte90=true",), label_map=f"{MAPS}#reuters21578/l1"),
    "huffpost": Source("topics/huffpost-part", "medtop_l1"),
    "nyt_front_page_lines": Source("topics/nyt-frontpage-cap", label_map=f"{MAPS}#nyt_cap_headlines/l1"),
    "tagmynews_headlines": Source("topics/tagmynews-headlines", label_map=f"{MAPS}#tagmynews_headlines/l1"),
    "masakhanews_fr": Source("topics/masakhanews-train-dev", where=("lang=fr",), label_map=f"{MAPS}#masakhanews/l1"),
    "spanish": Source("topics/spanish-fakenews-topics", label_map=f"{MAPS}#spanish_fakenews_topics/l1"),
    "10kgnad_de": Source("topics/10kgnad-de-half", label_map=f"{MAPS}#10kgnad_test_de/l1"),
}


def measured(examples: list[Example], tagger: Tagger) -> dict[str, Any]:
    """Return the figures of one set."""
    first = auto = auto_right = with_auto = abstained = 0
    pairs: list[tuple[float, bool]] = []
    for example in examples:
        proposal = tagger.tag(example.article, example.text)
        tags = proposal.tags
        abstained += bool(proposal.abstained)
        counted = sorted(tags, key=lambda tag: -tag.score)[: 1 if len(example.labels) == 1 else None]
        pairs += [(tag.score, tag.concept.id in example.labels) for tag in counted]
        shown = [tag.concept.id for tag in tags if tag.decision is not Decision.SILENT]
        written = [tag.concept.id for tag in tags if tag.decision is Decision.AUTO]
        written = written[:1] if len(example.labels) == 1 else written
        first += bool(shown) and shown[0] in example.labels
        with_auto += bool(written)
        auto += len(written)
        auto_right += sum(concept in example.labels for concept in written)
    rows = max(1, len(examples))
    precision = round(auto_right / auto, 3) if auto else None
    return {
        "rows": len(examples),
        "first_right": round(first / rows, 3),
        "with_auto": round(with_auto / rows, 3),
        "auto_precision": precision,
        "abstained": round(abstained / rows, 3),
        "ece": round(expected_error(np.array([score for score, _ in pairs]), np.array([hit for _, hit in pairs], dtype=np.bool_)), 3),
    }


def main() -> int:
    """Measure every set that is at hand."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--bundle", default="starter")
    parser.add_argument("--models", type=Path, default=package_models())
    parser.add_argument("--rows", type=int, default=1500)
    told = parser.parse_args()
    bundle = Store((told.models,)).load(told.bundle)
    tagger = tagger_for(bundle.parts[Facet.TOPIC], bundle.ref)
    tools = Tools(extract, tagger_for, progress=lambda line: print(line, file=sys.stderr))
    figures = {}
    for name, source in SETS.items():
        drawn = Source(source.id, source.labels, source.where, source.label_map, max_rows=told.rows)
        material = read_material([feed_of(drawn, Facet.TOPIC, told.data, None)], tools)
        labelled = [example for example, _ in material.rows.get(Facet.TOPIC, []) if example.labels]
        figures[name] = measured(labelled, tagger)
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())

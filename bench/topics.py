"""Measures the starter's topics on labelled sets that it never learned from: first topic right, and how right *auto* is.

    python bench/topics.py --data DIR [--bundle NAME@VERSION] [--rows 1500]

Prints one JSON object: by set its rows, the share whose first topic is right, the share with a topic written unasked (``auto``)
and the precision of those, the share that gets no topic at all, and the expected calibration error of the scores (15 bins of
equal mass over pairs of score .1 or more). Rows of one label count the first topic only; no topic counts as wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from newstagger.builtin.parts import tagger_for
from newstagger.bundles.store import Store, package_models
from newstagger.contracts import Example, FacetPart, Tagger
from newstagger.domain import Facet
from newstagger.recipe import Source
from newstagger.text import extract
from newstagger.training.elsewhere import ask, carried
from newstagger.training.examples import Tools, feed_of, read_material

MAPS = "topics/label_map_iptc.json"
SETS = {
    "masakhanews_en": Source("topics/masakhanews-train-dev", where=("lang=en",), label_map=f"{MAPS}#masakhanews/l1"),
    "reuters": Source("topics/reuters21578-train", "topics", where=("modapte90=true",), label_map=f"{MAPS}#reuters21578/l1"),
    "huffpost": Source("topics/huffpost-part", "medtop_l1"),
    "nyt_front_page_lines": Source("topics/nyt-frontpage-cap", label_map=f"{MAPS}#nyt_cap_headlines/l1"),
    "tagmynews_headlines": Source("topics/tagmynews-headlines", label_map=f"{MAPS}#tagmynews_headlines/l1"),
    "masakhanews_fr": Source("topics/masakhanews-train-dev", where=("lang=fr",), label_map=f"{MAPS}#masakhanews/l1"),
    "newsfeed_en": Source("topics/newsfeed2022-silver-en", "medtop_l1"),
    "newsfeed_fr": Source("topics/newsfeed2022-silver-other", "medtop_l1", where=("lang=fr",)),
    "newsfeed_ru": Source("topics/newsfeed2022-silver-other", "medtop_l1", where=("lang=ru",)),
    "newsfeed_hi": Source("topics/newsfeed2022-silver-other", "medtop_l1", where=("lang=hi",)),
    "10kgnad_de": Source("topics/10kgnad-de-half", label_map=f"{MAPS}#10kgnad_test_de/l1"),
}


def measured(examples: list[Example], part: FacetPart, tagger: Tagger) -> dict[str, Any]:
    """Return the figures of one set."""
    answers = [ask(tagger, example) for example in examples]
    found = carried("", "", part, examples, answers)
    figures = {"first_right": found.first_right, "with_auto": found.with_auto, "ece": found.calibration_error}
    figures |= {"no_tag": sum(not answer.shown for answer in answers) / max(1, len(answers))}
    precision = None if found.auto_precision is None else round(found.auto_precision, 3)
    return {"rows": found.documents, "auto_precision": precision} | {name: round(value, 3) for name, value in figures.items()}


def main() -> int:
    """Measure every set that is at hand."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--bundle", default="starter")
    parser.add_argument("--models", type=Path, default=package_models())
    parser.add_argument("--rows", type=int, default=1500)
    told = parser.parse_args()
    bundle = Store((told.models,)).load(told.bundle)
    part = bundle.parts[Facet.TOPIC]
    tagger = tagger_for(part, bundle.ref)
    tools = Tools(extract, tagger_for, progress=lambda line: print(line, file=sys.stderr))
    figures = {}
    for name, source in SETS.items():
        drawn = Source(source.id, source.labels, source.where, source.label_map, max_rows=told.rows)
        material = read_material([feed_of(drawn, Facet.TOPIC, told.data, None)], tools)
        labelled = [example for example, _ in material.rows.get(Facet.TOPIC, []) if example.labels]
        figures[name] = measured(labelled, part, tagger)
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())

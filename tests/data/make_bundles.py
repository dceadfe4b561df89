"""Makes the tiny bundle of the present format under ``tests/data/bundles``; run it once when the format number is raised.

Usage: python tests/data/make_bundles.py

The articles are made up here. Bundles of past formats are never made again: they must stay as that release wrote them.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from newstagger.bundles.manifest import FORMAT
from newstagger.cli import run

TARGET = Path(__file__).resolve().parent / "bundles"
STORIES = {
    "harbour": [
        "The ferry left the harbour late",
        "Fishing boats stayed in port",
        "A tanker ran aground off the cape",
        "The lighthouse was repaired",
    ],
    "railway": [
        "The night train was late again",
        "Signals failed at the junction",
        "A new tram line opens in spring",
        "Conductors met at the depot",
    ],
}


def rows() -> list[dict[str, object]]:
    """Return forty short articles, two desks in turn, one a day."""
    made = []
    for number in range(40):
        desk = ("harbour", "railway")[number % 2]
        text = ". ".join(STORIES[desk][(number // 2 + step) % 4] for step in range(3))
        made.append(
            {"id": f"t{number:02}", "title": "Local news", "text": f"{text}.", "labels": [desk], "date": f"2024-01-{number % 28 + 1:02}"}
        )
    return made


def main() -> int:
    """Train ``formatN@1`` and promote it; return the exit code of the training."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "tiny.jsonl"
        corpus.write_text("".join(f"{json.dumps(row)}\n" for row in rows()), "utf-8")
        told = ["--models", str(TARGET), "--home", folder, "--date", "2024-02-01"]
        return run(["train", "--corpus", str(corpus), "--name", f"format{FORMAT}", "--promote", *told])


if __name__ == "__main__":
    sys.exit(main())

"""Fits the weights of Media Topics found by name (``newstagger/newsroom/namedtopics.py``) on 145 judgements.

Usage: python recipes/fit_topic_names.py

Each row of ``topic_name_judgements.csv`` is one topic that an article names: whether the headline does, how many times, by a name of
several words, the starter's score of its broader topic, and whether a desk would file the article under it, in the judgement of one
reader (a language model). Half the weight lies on news of 2022, half on the articles written for the starter; within a source half
of it follows how often such a row occurs there.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

from newstagger.logistic import Doubles, fit_map

ROWS = Path(__file__).resolve().parent / "topic_name_judgements.csv"
PULL, FREE = 0.5, 0.01


def fitted() -> tuple[Doubles, Doubles]:
    """Return bias, headline, doubled, several words and broader topic; then the same without the last, for where no model speaks."""
    with ROWS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    broader = np.array([float(row["broader"]) for row in rows])
    columns = [[1.0, float(row["headline"]), np.log2(float(row["times"])), float(row["words"])] for row in rows]
    design = np.column_stack([np.array(columns), np.log(broader / (1.0 - broader))])
    right = np.array([row["right"] == "1" for row in rows])
    weight = np.array([float(row["weight"]) for row in rows])
    return tuple(
        fit_map(design[:, :size], right, np.zeros(size), np.array([FREE, *[PULL] * (size - 1)]), weight)
        for size in (design.shape[1], design.shape[1] - 1)
    )  # type: ignore[return-value]


def main() -> None:
    """Print the weights as the module holds them."""
    for weights in fitted():
        sys.stdout.write(", ".join(f"{weight:.3f}" for weight in weights) + "\n")


if __name__ == "__main__":
    main()

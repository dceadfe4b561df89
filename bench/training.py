"""Measures what training costs beside one bare fit of scikit-learn on the same features.

    python bench/training.py --data DIR [--runs 3] [--only reuters,newsfeed]

Prints one JSON object, by problem: rows, labels and terms; CPU seconds of ``OneVsRestClassifier(LinearSVC()).fit`` (defaults); of
training what the recipe says, cross-validation for scores and thresholds included; the same when a tenth is first held out to
measure on and all rows are learned then, as ``newstagger train`` does; how often the bare fit goes into each; what extracting
the features costs besides; and the peak memory of all processes together (proportional set size), with one job and with two.
Every fit runs in a process of its own, on one thread; figures are medians. Needs Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from _processes import family, memory
from joblib.externals.loky import get_reusable_executor
from reuters import CATEGORIES
from reuters import RECIPE as REUTERS
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

from newstagger.contracts import Example
from newstagger.domain import Concept, Facet
from newstagger.learning.analysis import Analysis
from newstagger.learning.constants import LinearConstants
from newstagger.learning.matrix import count_terms
from newstagger.learning.trainer import linear_trainer
from newstagger.recipe import Recipe, Source, read_recipe
from newstagger.text import extract
from newstagger.training.examples import Tools, feed_of, read_material

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
PROBLEMS = {
    "reuters": (Source("topics/reuters21578-train", "topics", where=("modapte90=true",)), REUTERS),
    "newsfeed": (Source("topics/newsfeed2022-silver-en", "medtop_l1"), None),
}
"""Each problem's rows, and the recipe of its constants (None: what ``newstagger train`` does without one)."""


@dataclass(frozen=True, slots=True)
class Case:
    """A problem made ready: its examples, its concepts and the recipe's constants."""

    examples: Sequence[Example]
    concepts: Sequence[Concept]
    constants: dict[str, Any]


def read_case(data: Path, problem: str) -> Case:
    """Return the examples of a problem with the concepts that they carry."""
    source, recipe = PROBLEMS[problem]
    material = read_material([feed_of(source, Facet.TOPIC, data, None)], Tools(extract, lambda *_: None, progress=lambda line: None))
    examples = [example for example, _ in material.rows[Facet.TOPIC]]
    names = sorted({label for example in examples for label in example.labels})
    if problem == "reuters":
        names = [name for name in names if name in CATEGORIES]
    told = Recipe() if recipe is None else read_recipe(recipe)
    return Case(examples, [Concept(name, name, Facet.TOPIC) for name in names], dict(told.facet(Facet.TOPIC).constants))


def cpu() -> float:
    """Return the CPU seconds of this process and of the processes that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def bare(case: Case, jobs: int) -> dict[str, float]:
    """Fit scikit-learn's defaults on the features of the recipe."""
    constants = LinearConstants.read(case.constants)
    counts = count_terms((example.text for example in case.examples), constants.blocks)
    rows = Analysis.learn(counts, constants).rows(counts)
    wanted = np.array([[concept.id in example.labels for concept in case.concepts] for example in case.examples])
    started = cpu()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        OneVsRestClassifier(LinearSVC()).fit(rows, wanted)
    return {"fit": cpu() - started, "rows": len(case.examples), "labels": len(case.concepts), "terms": rows.shape[1]}


def trained(case: Case, jobs: int) -> dict[str, float]:
    """Train what the recipe says."""
    stages = Stages()
    linear_trainer(Facet.TOPIC, case.concepts)(case.examples, case.constants, None, jobs=jobs, progress=stages)
    return stages.seconds()


def retrained(case: Case, jobs: int) -> dict[str, float]:
    """Train on nine tenths of the rows, then on all of them with the calibration of the first."""
    trainer, stages = linear_trainer(Facet.TOPIC, case.concepts), Stages()
    most = [example for number, example in enumerate(case.examples) if number % 10]
    before = trainer(most, case.constants, None, jobs=jobs, progress=stages)
    trainer.refit(case.examples, case.constants, before, jobs=jobs, progress=stages)
    return stages.seconds()


class Stages:
    """Told what training is doing, parts its CPU seconds into fits and features."""

    def __init__(self) -> None:
        self._spent = {"fit": 0.0, "features": 0.0}
        self._stage, self._since = "features", cpu()

    def __call__(self, line: str) -> None:
        """Note which stage begins."""
        stage = "fit" if ": fitting" in line else "features"
        if stage != self._stage:
            self._close(stage)

    def _close(self, stage: str) -> None:
        if self._stage == "fit":
            get_reusable_executor().shutdown(wait=True)  # what its processes spent is known once they ended
        now = cpu()
        self._spent[self._stage] += now - self._since
        self._stage, self._since = stage, now

    def seconds(self) -> dict[str, float]:
        """Return the CPU seconds of each stage."""
        self._close("features")
        return self._spent


SIDES: dict[str, Callable[[Case, int], dict[str, float]]] = {"bare": bare, "trained": trained, "retrained": retrained}


def alone(data: Path, problem: str, side: str, jobs: int = 1) -> dict[str, float]:
    """Run one side in a process of its own and return what it measured, with the peak memory of all of its processes in MB."""
    command = [sys.executable, __file__, "--data", str(data), "--only", problem, "--side", side, "--jobs", str(jobs)]
    done = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **ONE_THREAD})
    peak = 0.0
    while done.poll() is None:
        peak = max(peak, sum(memory(pid) for pid in family(done.pid)))
        time.sleep(0.2)
    if done.returncode or done.stdout is None:
        raise RuntimeError(f"{problem} {side} failed")
    return {**json.loads(done.stdout.read()), "peak": peak}


def measured(data: Path, problem: str, runs: int) -> dict[str, Any]:
    """Return the figures of one problem."""
    rounds = [{side: alone(data, problem, side) for side in SIDES} for _ in range(runs)]  # in turn: a busy minute slows all alike
    sides = {side: [one[side] for one in rounds] for side in SIDES}
    fit, features = (
        {side: statistics.median(one.get(what, 0.0) for one in found) for side, found in sides.items()} for what in ("fit", "features")
    )
    peaks = [max(one["peak"] for one in sides["retrained"]), alone(data, problem, "retrained", 2)["peak"]]
    return {
        **{name: int(sides["bare"][0][name]) for name in ("rows", "labels", "terms")},
        "bare_cpu_s": round(fit["bare"], 2),
        "train_cpu_s": round(fit["trained"], 2),
        "train_ratio": round(fit["trained"] / fit["bare"], 2),
        "measured_and_refitted_cpu_s": round(fit["retrained"], 2),
        "measured_and_refitted_ratio": round(fit["retrained"] / fit["bare"], 2),
        "features_cpu_s": round(features["trained"], 1),
        "peak_mb": round(peaks[0]),
        "peak_mb_2_jobs": round(peaks[1]),
        "runs": runs,
    }


def main() -> None:
    """Print the figures, or those of one side of one problem."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--runs", type=int, default=3, help="how often each side runs")
    parser.add_argument("--only", default=",".join(PROBLEMS))
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--jobs", type=int, default=1, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.side:
        print(json.dumps(SIDES[told.side](read_case(told.data, told.only), told.jobs)))
        return
    print(json.dumps({problem: measured(told.data, problem, told.runs) for problem in told.only.split(",")}))


if __name__ == "__main__":
    main()

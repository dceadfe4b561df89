"""Measures what the documents claim and writes it to one JSON file.

    python bench/measure.py --data DIR --out docs/figures.json [--only cold,saves,service,storm,...]

Figures that were measured before and are not measured now stay in the file. Times are those of the machine that the file names.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from newstagger.bundles.store import package_models
from newstagger.domain import ArticleRef, Decision
from newstagger.host import Host
from newstagger.settings import Settings
from newstagger.testing import FOLDER, sample_article, samples

HERE = Path(__file__).resolve().parent
ROUNDS = 25
COLD_RUNS = 7
OWN = ("measure.py", "reuters.py", "service.py", "sources.py", "storm.py", "topics.py", "training.py", "wagtail_save.py", "wordpress.py")
"""Scripts that have a measure of their own here, or that take an hour: ``sources.py`` trains once for each set that it leaves out."""
VERB = str(Path(sys.executable).with_name("newstagger"))
Figures = dict[str, Any]


def cpu_of(*command: str) -> float:
    """Return the CPU seconds (user and system) that a command takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cold(data: Path) -> Figures:
    """Measure a cold ``newstagger tag`` of one article against importing numpy and bs4, in CPU seconds."""
    article = str(FOLDER / "meridian-telescope.html")
    with tempfile.TemporaryDirectory() as home:
        pairs = [
            (cpu_of(VERB, "tag", article, "--json", "--home", home), cpu_of(sys.executable, "-c", "import numpy, bs4"))
            for _ in range(COLD_RUNS)
        ]
    tag, imports = (statistics.median(values) for values in zip(*pairs, strict=True))
    return {"tag_cpu_s": round(tag, 3), "imports_cpu_s": round(imports, 3), "ratio": round(tag / imports, 2)}


def saves(data: Path) -> Figures:
    """Measure saves of the sample articles by a warm host that keeps state: new, and unchanged."""
    articles = [sample_article(sample.file) for sample in samples() if sample.kind == "article"]
    times: dict[str, list[float]] = {"new": [], "unchanged": []}
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as home:
            host = Host(Settings(home=Path(home)), discover=False)
            host.article_saved(replace(articles[0], ref=ArticleRef("warm", "up")))
            for taken in times.values():
                for article in articles:
                    started = time.perf_counter()
                    host.article_saved(article)
                    taken.append((time.perf_counter() - started) * 1000)
    return {kind: quantiles(values) for kind, values in times.items()}


def quantiles(values: list[float]) -> Figures:
    """Return median and 99th percentile in milliseconds."""
    cuts = statistics.quantiles(values, n=100)
    return {"p50_ms": round(cuts[49], 2), "p99_ms": round(cuts[98], 2), "count": len(values)}


def starter(data: Path) -> Figures:
    """Measure how large the starter bundle is on disk."""
    sizes = [path.stat().st_size for path in (package_models() / "starter").rglob("*") if path.is_file()]
    return {"mb": round(sum(sizes) / 1e6, 1), "files": len(sizes)}


def sample_tags(data: Path) -> Figures:
    """Count the sample articles that get a topic, whose first topic is their author's, and whose focus regions are all found."""
    with tempfile.TemporaryDirectory() as home:
        host = Host(Settings(home=Path(home)), discover=False, stateless=True)
        chosen = [(sample, host.article_saved(sample_article(sample.file)).tags) for sample in samples() if sample.kind == "article"]
    shown = [(sample, [tag.concept.id for tag in tags if tag.decision is not Decision.SILENT]) for sample, tags in chosen]
    firsts = [(sample, c) for sample, ids in shown if (c := next((c for c in ids if c.startswith("medtop:")), None))]
    right = sum(concept in sample.topics for sample, concept in firsts)
    regions = sum(set(sample.regions) <= set(ids) for sample, ids in shown)
    return {"articles": len(shown), "with_topics": len(firsts), "first_topic_right": right, "regions_found": regions}


def scripts(data: Path) -> Figures:
    """Run every other benchmark of this folder; each prints one line a figure."""
    found = {}
    for path in sorted(HERE.glob("*.py")):
        if path.name not in OWN and not path.name.startswith("_"):
            done = subprocess.run([sys.executable, str(path), "--data", str(data)], capture_output=True, text=True, check=False)
            found[path.stem] = done.stdout.splitlines() if done.returncode == 0 else f"failed: {done.stderr.strip()[-300:]}"
    return found


def reuters(data: Path) -> Figures:
    """Cross-validate topics on Reuters-21578 beside plain scikit-learn; the figures are those that ``bench/reuters.py`` prints."""
    command = [sys.executable, str(HERE / "reuters.py"), "--data", str(data)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    systems = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    figures = {name: dict(re.findall(r"(micro|macro|document|precision|articles|ECE) ([-+.0-9]+)", line)) for name, line in systems.items()}
    return {name.split()[0]: {key: float(value) for key, value in table.items()} for name, table in figures.items()}


def topics(data: Path) -> Figures:
    """Measure the starter's topics on hand-labelled sets that it never learned from, with ``bench/topics.py``."""
    command = [sys.executable, str(HERE / "topics.py"), "--data", str(data)]
    figures: Figures = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return figures


def training(data: Path) -> Figures:
    """Measure what training costs beside one bare fit of scikit-learn on the same features, with ``bench/training.py``."""
    command = [sys.executable, str(HERE / "training.py"), "--data", str(data)]
    figures: Figures = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return figures


def wagtail(_: Path) -> Figures:
    """Measure what a save in Wagtail's editor costs with the plugin and without, with ``bench/wagtail_save.py``; needs the CMS plugins."""
    command = [sys.executable, str(HERE / "wagtail_save.py"), "--saves", "30"]
    figures: Figures = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return figures


def service(data: Path) -> Figures:
    """Measure the HTTP service beside Annif's with ``bench/service.py``; ``$ANNIF_ENVIRONMENT`` is what ``annif_environment.sh`` made."""
    if not (environment := os.environ.get("ANNIF_ENVIRONMENT")):
        raise RuntimeError("ANNIF_ENVIRONMENT does not say where bench/annif_environment.sh put Annif")
    command = [sys.executable, str(HERE / "service.py"), "--data", str(data), "--annif", environment, "--json"]
    figures: Figures = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return figures


def storm(_: Path) -> Figures:
    """Send the service 10,000 saves, killing it every 15 seconds, with ``bench/storm.py``; fails when a save or a decision was lost."""
    figures: Figures = json.loads(
        subprocess.run([sys.executable, str(HERE / "storm.py")], capture_output=True, text=True, check=True).stdout
    )
    return figures


MEASURES: dict[str, Callable[[Path], Figures]] = {
    "cold": cold,
    "saves": saves,
    "starter": starter,
    "samples": sample_tags,
    "scripts": scripts,
    "reuters": reuters,
    "topics": topics,
    "training": training,
    "wagtail": wagtail,
    "service": service,
    "storm": storm,
}


def main() -> int:
    """Measure, and write after each measure, so that nothing is lost; return 1 when one of them failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default=",".join(MEASURES))
    told = parser.parse_args()
    figures = json.loads(told.out.read_text("utf-8")) if told.out.is_file() else {}
    figures["machine"] = {"python": platform.python_version(), "cores": os.cpu_count(), "system": platform.system()}
    failed = 0
    for name in told.only.split(","):
        started = time.monotonic()
        try:
            figures[name] = MEASURES[name](told.data)
        except Exception as error:  # one measure that fails must not cost the others
            failed, figures[name] = 1, {"failed": f"{type(error).__name__}: {error}"[:300]}
        told.out.parent.mkdir(parents=True, exist_ok=True)
        told.out.write_text(json.dumps(figures, indent=2, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
        print(f"{name} ({time.monotonic() - started:.0f} s): {json.dumps(figures[name], ensure_ascii=False)[:400]}", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())

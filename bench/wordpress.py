"""Measures what newstagger adds to a save in WordPress: wall-clock time of a REST update, case by case in turns, on one real site.

    python bench/wordpress.py [--saves 30] [--wait-ms 300] [--out FILE]

WordPress 6.8 on PHP's own server with SQLite on disk, a post of 800 words in which each save changes a sentence, the starter bundle in
newstagger's service beside it. Prints a table, or JSON with ``--json``: medians and 95th percentiles in milliseconds, and what each case
adds to the median without the plugin. Needs what ``plugins/newstagger-wordpress/rig/install.sh`` installs.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wagtail_save import article

from newstagger.domain import Article
from newstagger.hookspecs import hookimpl
from newstagger.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "plugins" / "newstagger-wordpress"))

from rig import ways  # noqa: E402
from rig.people import Program  # noqa: E402
from rig.service import Service  # noqa: E402
from rig.site import free_port, site  # noqa: E402

PLUGIN = "newstagger/newstagger.php"
WARM = 3
"""Rounds that are not measured."""
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Case:
    """One state of the world: what it is called, the address that the plugin asks, whether the plugin is on, its breaker open."""

    name: str
    address: str = ""
    on: bool = True
    open: bool = False


class Thinker:
    """A plugin that lets every save of an article wait for some seconds before the taggers see it."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    @hookimpl
    def article_saved(self, article: Article) -> None:
        """Think, and leave the answer to the others."""
        time.sleep(self.seconds)


@contextmanager
def services(folder: Path) -> Iterator[Mapping[str, str]]:
    """Serve one that answers in time, two whose tagger thinks, and one that hangs; yield their addresses, and one where nobody is."""
    kinds = {"in time": (0.0, 0.0), "tagger 0.8 s": (0.8, 0.0), "tagger 3 s": (3.0, 0.0), "service hangs": (0.0, 3.0)}
    with ExitStack() as stack:
        found = {"dead": f"http://127.0.0.1:{free_port()}"}
        for number, (name, (thinks, delay)) in enumerate(kinds.items()):
            settings = Settings(home=folder / str(number), site="courier.example", budget_ms=10_000)
            served = Service(settings, [("thinker", Thinker(thinks))] if thinks else [])
            served.delay = delay
            served.start()
            stack.callback(served.stop)
            found[name] = served.address
        yield found


def cases(found: Mapping[str, str]) -> list[Case]:
    """Return what is measured, in turns."""
    asked = [Case(name, found[name]) for name in ("in time", "tagger 0.8 s", "tagger 3 s", "service hangs", "dead")]
    return [
        Case("without the plugin", on=False),
        Case("plugin, no address"),
        *asked,
        Case("breaker open", found["service hangs"], open=True),
    ]


class Bench:
    """One site with a published post, and somebody who may set everything."""

    def __init__(self, served: Any, wait_ms: int) -> None:
        self.chief, self.wait_ms, self.number = Program(served, "chief"), wait_ms, 0
        self.posts: dict[str, int] = {}

    def option(self, name: str, value: Any) -> None:
        """Set an option of the site."""
        self.chief.call("POST", "/rig/v1/option", {"name": name, "value": value})

    def into(self, case: Case) -> None:
        """Bring the site into a case, with nothing left of the one before."""
        self.option("active_plugins", [PLUGIN] if case.on else [])
        self.option("newstagger_settings", {"url": case.address, "wait_ms": self.wait_ms})
        self.option("newstagger_failures", 3 if case.open else 0)
        self.option("newstagger_open_until", int(time.time()) + MINUTE if case.open else 0)

    def save(self, case: Case) -> tuple[float, bool]:
        """Save the case's own post with another text; return the milliseconds that it took and whether tags came with it."""
        self.number += 1
        text = ways.blocks(article(self.number))
        if case.name not in self.posts:
            self.posts[case.name] = ways.create(self.chief, "Quay", article(0), status="publish")
        started = time.perf_counter()
        answer = ways.update(self.chief, self.posts[case.name], content=text)
        took = (time.perf_counter() - started) * 1000
        told = answer.get("newstagger") or {}
        return took, told.get("status") == "tagged" and bool(told["tags"] or told["suggestions"])


def measure(saves: int, wait_ms: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """Return the figures of every case, measured in turns."""
    with tempfile.TemporaryDirectory() as folder, services(Path(folder)) as found, site(memory=False) as served:
        bench, taken = Bench(served, wait_ms), {case: [] for case in cases(found)}
        for number in range(saves + WARM):
            tell(f"round {number + 1} of {saves + WARM}")
            for case, figures in taken.items():
                bench.into(case)
                figures.append(bench.save(case))
        bare = statistics.median(took for took, _ in taken[next(iter(taken))][WARM:])
        return {case.name: _figure(figures[WARM:], bare) for case, figures in taken.items()}


def _figure(figures: list[tuple[float, bool]], bare: float) -> dict[str, float]:
    times = sorted(took for took, _ in figures)
    median = statistics.median(times)
    return {
        "median_ms": round(median, 1), "p95_ms": round(times[min(len(times) - 1, int(len(times) * 0.95))], 1),
        "more_ms": round(median - bare, 1), "tagged_in_the_answer": round(sum(with_tags for _, with_tags in figures) / len(figures), 2),
    }  # fmt: skip


def table(figures: Mapping[str, Mapping[str, float]]) -> str:
    """Return the figures as text."""
    lines = [f"{'':<22}{'median ms':>10}{'p95 ms':>9}{'more ms':>9}{'tagged in the answer':>23}"]
    lines += [
        f"{name:<22}{row['median_ms']:>10.1f}{row['p95_ms']:>9.1f}{row['more_ms']:>9.1f}{row['tagged_in_the_answer']:>22.0%}"
        for name, row in figures.items()
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--saves", type=int, default=30, help="saves of each case that are measured")
    parser.add_argument("--wait-ms", type=int, default=300, help="most that a save waits for its tags")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--out", type=Path, help="write the JSON there, too")
    told = parser.parse_args()
    words = len(article(0).split())
    found = measure(told.saves, told.wait_ms, lambda line: print(line, file=sys.stderr))
    figures = {"saves": told.saves, "words": words, "wait_ms": told.wait_ms, "cases": found}
    print(json.dumps(figures, indent=1) if told.json else table(found))
    if told.out:
        told.out.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

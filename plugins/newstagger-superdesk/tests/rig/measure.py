# ruff: noqa: E402 (the stand-ins come first)
"""How much longer a save takes with newstagger in it: PATCH archive over the HTTP interface, in process, an article of about 800 words.

python tests/rig/measure.py [SAVES]   one line of JSON: milliseconds by the clock (p50, p99) and of the processor, without the plugin, with
it, and with a host that hangs (which is waited for three times, then rests).
The stores are in memory: a real Superdesk's own share is larger.
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2] / "src")]

import newsdesk
import stand_ins
from newstagger_superdesk.conf import Options

from newstagger.host import Host
from newstagger.settings import Settings
from newstagger.testing import sample_article

STORIES = ("lantern-kosti-independent.txt", "courier-court.json")
WORDS = 800
HANG_MS = 300


class Hung:
    """A host that never answers."""

    def warm(self) -> None:
        """Be ready at once."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: threading.Event().wait()


def saves(desk: newsdesk.Newsdesk, item: Any, count: int) -> list[tuple[float, float]]:
    """Save another text ``count`` times; return the milliseconds of each, by the clock and of the processor."""
    body, times = " ".join(" ".join(sample_article(story).body for story in STORIES).split()[:WORDS]), []
    for number in range(count):
        started, worked = time.perf_counter(), time.process_time()
        item = desk.save(item, body_html=f"{body} Update {time.time()} {number}.")
        times.append(((time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000))
    return times


def figures(times: list[tuple[float, float]]) -> dict[str, float]:
    """Return the median and the slowest of a hundred by the clock, and the median of the processor's time."""
    walls, works = (sorted(column) for column in zip(*times, strict=True))
    middle, slow = len(times) // 2, int(len(times) * 0.99)
    return {"p50_ms": round(walls[middle], 1), "p99_ms": round(walls[slow], 1), "cpu_p50_ms": round(works[middle], 1)}


def main(count: int) -> dict[str, Any]:
    """Measure the three cases by turns, so that a busy machine is busy for all of them."""
    with tempfile.TemporaryDirectory() as folder, stand_ins.redis(Path(folder)) as address:
        desk = newsdesk.Newsdesk(address)
        desk.fresh()
        logging.disable()
        settings, process = Settings(home=Path(folder) / "home"), desk.app.extensions["newstagger"].process
        hosts = {"with": Host(settings), "hung": Hung()}
        hosts["with"].warm()
        item, plugin = desk.create(headline="News", body_html="<p>First.</p>"), desk.app.extensions["newstagger"]
        times: dict[str, list[tuple[float, float]]] = {"without": [], "with": [], "hung": []}
        for _ in range(5):
            for name in times:
                desk.app.extensions["newstagger"] = plugin if name in hosts else None
                if name in hosts:
                    process.restart(Options(settings, HANG_MS if name == "hung" else 500), lambda _, name=name: hosts[name])
                times[name] += saves(desk, desk.read(item["_id"]), count // 5)
        return {"saves": count, "words": WORDS, **{name: figures(found) for name, found in times.items()}}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)))  # noqa: T201

# ruff: noqa: E402 (the stand-ins come first)
"""How much longer a save takes with newstagger in it: PATCH archive over the HTTP interface, in process, an article of about 800 words.

python tests/rig/measure.py [SAVES]   one line of JSON: milliseconds, p50 and p99, without the plugin, with it, with a host that hangs
(which is waited for three times, then rests). The stores are in memory: a real Superdesk's own share is larger.
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


def saves(desk: newsdesk.Newsdesk, item: Any, count: int) -> list[float]:
    """Save another text ``count`` times; return the milliseconds, shortest first."""
    body, times = " ".join(" ".join(sample_article(story).body for story in STORIES).split()[:WORDS]), []
    for number in range(count):
        started = time.perf_counter()
        item = desk.save(item, body_html=f"{body} Update {time.time()} {number}.")
        times.append((time.perf_counter() - started) * 1000)
    return sorted(times)


def figures(times: list[float]) -> dict[str, float]:
    """Return the median and the slowest of a hundred."""
    return {"p50_ms": round(times[len(times) // 2], 1), "p99_ms": round(times[int(len(times) * 0.99)], 1), "max_ms": round(times[-1], 1)}


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
        times: dict[str, list[float]] = {"without": [], "with": [], "hung": []}
        for _ in range(5):
            for name in times:
                desk.app.extensions["newstagger"] = plugin if name in hosts else None
                if name in hosts:
                    process.restart(Options(settings, HANG_MS if name == "hung" else 500), lambda _, name=name: hosts[name])
                times[name] += saves(desk, desk.read(item["_id"]), count // 5)
        return {"saves": count, "words": WORDS, **{name: figures(sorted(found)) for name, found in times.items()}}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)))  # noqa: T201

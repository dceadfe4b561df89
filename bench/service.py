"""Measures newstagger's HTTP service beside Annif's REST service: the same rows learned, the same texts asked, the same workers.

    bench/annif_environment.sh ENV
    python bench/service.py --data DIR --annif ENV [--rounds 3] [--texts 600] [--workers 1,2] [--connections 1,8,32] [--json]

Annif runs as its authors run it in production (gunicorn with uvicorn's workers), omikuji with its default parameters. Newstagger is
asked three ways: its face of Annif's API (the same requests byte for byte but for the address), ``/v1/tag`` with articles that are
new (policy, audit log on disk before the answer leaves), and ``/v1/tag`` with the same articles once more. Topics only. No text is
sent twice to a running server but for that last way. All services run and are asked in turn, some requests each, in rounds with
servers of their own; figures are medians of the rounds. Both classify: micro F1 on rows held out is told, each at the threshold
that is best for it there. Needs Linux.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import _servers
from _client import Sent, body_of, ceiling, post, send
from _material import Material, Row, read_material, train_annif, train_newstagger
from _servers import LANGUAGE, Server

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
WARM = 60
TURN = 10
"""So many requests a connection are sent to one service before it is another's turn."""
PARALLEL = 4
DEEP = 100_000
LARGE = 5_000_000
Figures = dict[str, Any]
Start = Callable[[int], AbstractContextManager[Server]]
Plan = Mapping[int, Sequence[tuple[int, str]]]
"""By number of connections the texts to be sent, each with its number."""
Asked = Callable[[Server, int, str], bytes]
"""Makes a request of a text and its number."""


@dataclass(frozen=True, slots=True)
class Side:
    """A service with the ways to ask it, in turn and on one running server."""

    start: Start
    ways: Mapping[str, Asked]


def suggest(server: Server, number: int, text: str) -> bytes:
    """Ask for subjects in Annif's words."""
    return post(f"{server.project}/suggest", FORM, urlencode({"text": text, "limit": "10"}).encode(), server.key)


def tag(server: Server, number: int, text: str) -> bytes:
    """Save an article."""
    headline, _, body = text.partition("\n")
    value = {"id": f"article-{number}", "revision": 1, "language": LANGUAGE, "headline": headline, "text": body, "budget_ms": 10_000}
    return post("/v1/tag", JSON, json.dumps(value).encode(), server.key)


def sides(environment: Path, folder: Path) -> dict[str, Side]:
    """Return the services; those of newstagger are two, since what remembers and what does not are measured on servers of their own."""

    def theirs(workers: int) -> AbstractContextManager[Server]:
        return _servers.annif(environment, folder / "annif", workers)

    def ours(workers: int) -> AbstractContextManager[Server]:
        return _servers.newstagger(folder / "newstagger", workers)

    return {
        "annif": Side(theirs, {"annif suggest": suggest}),
        "face": Side(ours, {"newstagger suggest": suggest}),
        "tag": Side(ours, {"newstagger tag, new": tag, "newstagger tag, unchanged": tag}),
    }


@dataclass(slots=True)
class Tally:
    """What one way of asking has come to so far: latencies in ms, wall seconds, CPU seconds of the service's processes."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0

    def add(self, server: Server, requests: Sequence[bytes], connections: int) -> None:
        """Send some more; raise RuntimeError when any answer is not 200."""
        before = server.cpu()
        sent = send(server.port, requests, connections)
        self.cpu += server.cpu() - before
        self.latencies += sent.latencies
        self.seconds += sent.seconds
        if set(sent.statuses) != {200}:
            raise RuntimeError(f"answers by status: {sent.statuses}")

    def figures(self) -> Figures:
        """Return throughput, latencies and CPU a request."""
        cuts, count = statistics.quantiles(self.latencies, n=100), len(self.latencies)
        return {"per_s": count / self.seconds, "p50_ms": cuts[49], "p99_ms": cuts[98], "cpu_ms": self.cpu / count * 1000}


def one_round(found: Mapping[str, Side], workers: int, plan: Plan, warm: Sequence[str]) -> Iterator[tuple[str, Figures]]:
    """Start all services and ask them in turn, some requests each, so that a busy minute slows all alike."""
    with ExitStack() as stack:
        servers = {name: stack.enter_context(side.start(workers)) for name, side in found.items()}
        for server in servers.values():
            send(server.port, [suggest(server, 0, text) for text in warm], PARALLEL)
        for connections, texts in plan.items():
            tallies: dict[str, Tally] = {}
            for part in _parts(texts, connections * TURN):
                for name, side in found.items():
                    for way, ask in side.ways.items():
                        requests = [ask(servers[name], number, text) for number, text in part]
                        tallies.setdefault(way, Tally()).add(servers[name], requests, connections)
            yield from ((f"{way}|{connections}", tally.figures()) for way, tally in tallies.items())
        for name, server in servers.items():
            yield f"{name} service", {"memory_mb": server.memory(), "start_cpu_s": server.start_cpu, "start_s": server.start_wall}


def _parts(texts: Sequence[tuple[int, str]], size: int) -> Iterator[Sequence[tuple[int, str]]]:
    yield from (texts[at : at + size] for at in range(0, len(texts), size))


def rounds(found: Mapping[str, Side], told: argparse.Namespace, texts: Sequence[str]) -> Figures:
    """Return the medians over all rounds, by number of workers."""
    runs: dict[int, dict[str, list[Figures]]] = {workers: {} for workers in told.workers}
    for turn in range(told.rounds):
        plan = _plan(texts[WARM:], told.connections, told.texts, turn)
        for workers in told.workers:
            for way, figures in one_round(found, workers, plan, texts[:WARM]):
                runs[workers].setdefault(way, []).append(figures)
    return {f"{workers} workers": {way: _median(figures) for way, figures in ways.items()} for workers, ways in runs.items()}


def _plan(texts: Sequence[str], connections: Sequence[int], count: int, turn: int) -> Plan:
    """Return which texts each number of connections is measured with: others in each, and moved on from round to round."""
    if count * len(connections) > len(texts):
        raise SystemExit(f"there are {len(texts)} texts: ask for fewer")
    numbers = [(turn * 97 + at) % len(texts) for at in range(count * len(connections))]
    return {lines: [(number, texts[number]) for number in numbers[at * count : (at + 1) * count]] for at, lines in enumerate(connections)}


def _median(runs: Sequence[Figures]) -> Figures:
    return {name: round(statistics.median(run[name] for run in runs), 2) for name in runs[0]}


def ratios(figures: Figures, connections: Sequence[int]) -> Figures:
    """Return how much more newstagger answers in a second than Annif, and what part of Annif's p99 its own is."""
    found: Figures = {}
    for workers, ways in figures.items():
        for way in (way.partition("|")[0] for way in ways if way.endswith(f"|{connections[0]}") and not way.startswith("annif")):
            for lines in connections:
                one, theirs = ways[f"{way}|{lines}"], ways[f"annif suggest|{lines}"]
                shares = {"throughput": one["per_s"] / theirs["per_s"], "cpu": one["cpu_ms"] / theirs["cpu_ms"]}
                shares |= {name: one[f"{name}_ms"] / theirs[f"{name}_ms"] for name in ("p50", "p99")}
                found.setdefault(workers, {})[f"{way}|{lines}"] = {name: round(share, 2) for name, share in shares.items()}
    return found


def quality(found: Mapping[str, Side], rows: Sequence[Row]) -> Figures:
    """Return micro F1 of what each service suggests for rows held out, at the threshold that is best for it."""
    scores: Figures = {}
    for name in ("annif", "face"):
        with found[name].start(1) as server:
            answers = send(server.port, [suggest(server, 0, row.text) for row in rows], PARALLEL).answers
        given = [[(one["label"], one["score"]) for one in json.loads(body_of(answer))["results"]] for answer in answers]
        scores["newstagger" if name == "face" else name] = round(max(micro_f1(given, rows, step / 100) for step in range(1, 100)), 3)
    return scores


def micro_f1(given: Sequence[Sequence[tuple[str, float]]], rows: Sequence[Row], threshold: float) -> float:
    """Return micro F1 of the suggestions that reach a threshold."""
    chosen = [{label for label, score in one if score >= threshold} for one in given]
    right = sum(len(labels & set(row.labels)) for labels, row in zip(chosen, rows, strict=True))
    return 2 * right / max(1, sum(map(len, chosen)) + sum(len(row.labels) for row in rows))


def hostile(found: Mapping[str, Side], texts: Sequence[str]) -> Figures:
    """Return what each service answers to a text of 5 MB and to JSON nested 100,000 deep: status, and ms."""
    large = " ".join(texts)
    large = (large * (LARGE // len(large) + 1))[:LARGE]
    deep = b"[" * DEEP + b"]" * DEEP
    said: Figures = {}
    for name in ("annif", "face"):
        with found[name].start(1) as server:
            send(server.port, [suggest(server, 0, texts[0])], 1)
            asked = {"5 MB": suggest(server, 0, large), "deep JSON": post(f"{server.project}/suggest-batch", JSON, deep, server.key)}
            if server.key:
                asked |= {"5 MB, /v1/tag": tag(server, 0, large), "deep JSON, /v1/tag": post("/v1/tag", JSON, deep, server.key)}
            for what, request in asked.items():
                sent = send(server.port, [request], 1)
                said[f"{name}: {what}"] = {"status": next(iter(sent.statuses)), "ms": round(sent.latencies[0])}
    return said


def figures(told: argparse.Namespace) -> Figures:
    """Return everything that is measured."""
    material = read_material(told.data)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(told.folder or made)
        trained(material, told.annif, folder)
        found = sides(told.annif, folder)
        measured_rounds = rounds(found, told, material.texts)
        words = statistics.median(len(text.split()) for text in material.texts)
        return {
            "rows": len(material.learned), "words": words, "texts": told.texts, "rounds": told.rounds,
            "client_per_s": {lines: round(_per_second(ceiling(_bare(material), lines))) for lines in told.connections},
            "ways": measured_rounds, "ratios": ratios(measured_rounds, told.connections),
            "micro_f1": quality(found, material.held_out), "hostile": hostile(found, material.texts),
        }  # fmt: skip


def trained(material: Material, environment: Path, folder: Path) -> None:
    """Train both sides where the folder does not hold them yet."""
    if not (folder / "annif").exists():
        train_annif(material.learned, environment, folder / "annif", "snowball(english)")
    if not (folder / "newstagger").exists():
        train_newstagger(material.learned, folder / "newstagger")


def _per_second(sent: Sent) -> float:
    return len(sent.latencies) / sent.seconds


def _bare(material: Material) -> list[bytes]:
    return [post("/", FORM, urlencode({"text": text}).encode()) for text in material.texts]


def table(found: Figures) -> str:
    """Return the figures for reading."""
    lines = [f"{found['rows']} rows learned; texts of {found['words']:.0f} words, {found['texts']} a run, {found['rounds']} rounds"]
    lines += [f"micro F1 on held-out rows: {found['micro_f1']}", f"the client alone, answers/s by connections: {found['client_per_s']}", ""]
    lines += [f"{'':10}{'':26}{'conn.':>6}{'per s':>9}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>8}{'x':>7}{'of p99':>8}"]
    for workers, ways in found["ways"].items():
        lines += [f"{workers:10}{_row(way, one, found['ratios'][workers].get(way, {}))}" for way, one in ways.items()]
    return "\n".join([*lines, "", *(f"{what}: {said['status']} in {said['ms']} ms" for what, said in found["hostile"].items())])


def _row(way: str, one: Figures, ratio: Figures) -> str:
    name, _, connections = way.partition("|")
    if not connections:
        return f"{name:26} {one['memory_mb']:.0f} MB, started in {one['start_s']:.1f} s, {one['start_cpu_s']:.1f} CPU s"
    row = f"{name:26}{connections:>6}{one['per_s']:9.0f}{one['p50_ms']:9.1f}{one['p99_ms']:9.1f}{one['cpu_ms']:8.2f}"
    return f"{row}{ratio.get('throughput', 1.0):7.2f}{ratio.get('p99', 1.0):8.2f}"


def numbers(told: str) -> list[int]:
    """Return the numbers of a list such as 1,8,32."""
    return [int(one) for one in told.split(",")]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--annif", type=Path, required=True, help="environment that annif_environment.sh made")
    parser.add_argument("--folder", type=Path, help="where the trained models are, or will be kept (default: nowhere)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--texts", type=int, default=600, help="texts a run")
    parser.add_argument("--workers", type=numbers, default=[1, 2])
    parser.add_argument("--connections", type=numbers, default=[1, 8, 32])
    parser.add_argument("--json", action="store_true", help="print JSON for machines")
    told = parser.parse_args()
    found = figures(told)
    print(json.dumps(found) if told.json else table(found))


if __name__ == "__main__":
    main()

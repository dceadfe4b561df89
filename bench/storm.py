"""Send a storm of saves to the real service, kill it every now and then, and see what is lost (nothing) and what it costs.

    python bench/storm.py [--saves 10000] [--seconds 120] [--connections 32] [--workers 2] [--kill-every 15]

Prints one JSON object; ends with 1 when a promise was broken, and says which.
"""

from __future__ import annotations

import argparse
import http.client
import json
import socket
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from _stormplan import ADDED, Plan, Step, Story, make_plan
from _stormproof import prove
from _stormservice import KEY, Callbacks, Service, ask, callbacks

PAUSE_S = 0.1
GIVE_UP_S = 300.0
ALIVE_S = 1.0
REJECTED_NEVER = frozenset(ADDED)


@dataclass(slots=True)
class Record:
    """What the clients saw. Latencies are in ms, of attempts that were answered 200 or 202."""

    latencies: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    answered: dict[tuple[str, int], int] = field(default_factory=dict)
    last: dict[str, Sequence[str]] = field(default_factory=dict)
    decided: dict[str, dict[str, str]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Client(threading.Thread):
    """One connection of the CMS: tells what its lane says, again and again until it is answered."""

    def __init__(self, port: int, lane: Sequence[Step], started: float, record: Record) -> None:
        super().__init__(daemon=True)
        self._port, self._lane, self._begin, self._record = port, lane, started, record
        self._connection: http.client.HTTPConnection | None = None
        self.failed = ""

    def run(self) -> None:
        """Work the lane off."""
        try:
            for step in self._lane:
                time.sleep(max(0.0, self._begin + step.at - time.monotonic()))
                if step.number is None:
                    self._decide(step.story)
                else:
                    self._save(step.story, step.number, step.budget_ms)
        except TimeoutError:
            return  # ``failed`` says it
        finally:
            self._close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _save(self, story: Story, number: int, budget_ms: int | None) -> None:
        more = {} if budget_ms is None else {"budget_ms": budget_ms}
        status, value = self._until_answered("/v1/tag", story.body(number, **more), {})
        with self._record.lock:
            self._record.answered[story.id, number] = min(status, self._record.answered.get((story.id, number), 999))
            if status == 200:
                self._record.last[story.id] = [tag["concept"] for tag in value["tags"]]

    def _decide(self, story: Story) -> None:
        """Reject a tag that was shown, or put one on; nothing is decided twice."""
        with self._record.lock:
            known = self._record.decided.setdefault(story.id, {})
            shown = [told for told in self._record.last.get(story.id, ()) if told not in known and told not in REJECTED_NEVER]
            free = [told for told in ADDED if told not in known]
            concept, action = (shown[0], "rejected") if shown and len(known) % 2 == 0 else (free[0], "added")
            known[concept] = action
        body = json.dumps({"id": story.id, "concept": concept, "action": action, "by": "anna", "shown": True}).encode()
        self._until_answered("/v1/decisions", body, {"Idempotency-Key": uuid.uuid4().hex})

    def _until_answered(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        """Send a request until it is answered 200 or 202, as a CMS that keeps what it has to tell."""
        until = time.monotonic() + GIVE_UP_S
        while time.monotonic() < until:
            status, value = self._attempt(path, body, headers)
            if status in (200, 202):
                return status, value
            time.sleep(PAUSE_S)
        self.failed = f"{path} was not answered in {GIVE_UP_S:g} seconds"
        raise TimeoutError(self.failed)

    def _attempt(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        told = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", **headers}
        started = time.perf_counter()
        try:
            self._connection = self._connection or http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
            self._connection.request("POST", path, body, told)
            answer = self._connection.getresponse()
            status, value = answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._close()
            self._note(path, "refused" if isinstance(error, ConnectionRefusedError) else "cut off", None)
            return 0, None
        self._note(path, str(status), (time.perf_counter() - started) * 1000 if status in (200, 202) and path == "/v1/tag" else None)
        if status not in (200, 202, 503):
            self.failed = f"{path} answered {status}: {value}"
        return status, value

    def _note(self, path: str, what: str, ms: float | None) -> None:
        with self._record.lock:
            self._record.statuses[f"{path} {what}"] += 1
            if ms is not None:
                self._record.latencies.append(ms)


def storm(folder: Path, plan: Plan, *, workers: int, kill_every: float) -> tuple[dict[str, Any], list[str]]:
    """Run a plan against a service in ``folder``; return the figures and the promises that were broken."""
    record = Record()
    with callbacks() as received:
        service = Service(folder, _free_port(), workers, received.url)
        service.start()
        try:
            starts = [service.wait()]
            seconds, kills, clients = _rage(service, plan, record, kill_every)
            starts.append(service.wait())
            drained = _drain(service.port)
            broken = [client.failed for client in clients if client.failed]
            broken += prove(service.port, plan, record, received)
            broken += _jobs_left(service.port)
            broken += [f"the service ended with {code}"] if (code := service.stop()) not in (0, -15) else []
        finally:
            service.kill()
        return _figures(plan, record, received, seconds, kills, max(starts), drained, service.log()), broken


def _rage(service: Service, plan: Plan, record: Record, kill_every: float) -> tuple[float, int, list[Client]]:
    started = time.monotonic()
    clients = [Client(service.port, lane, started, record) for lane in plan.lanes]
    for client in clients:
        client.start()
    last, kills = max(step.at for lane in plan.lanes for step in lane), 0
    while any(client.is_alive() for client in clients):
        next_kill = started + (kills + 1) * kill_every
        while time.monotonic() < next_kill and any(client.is_alive() for client in clients):
            time.sleep(0.05)
        if time.monotonic() - started > last:
            break  # the last saves may find it alive
        if any(client.is_alive() for client in clients):
            service.wait()  # on a busy machine a start may take longer than that: each life is to see some saves
            time.sleep(ALIVE_S)
            service.kill()
            service.start()
            kills += 1
    for client in clients:
        client.join()
    return time.monotonic() - started, kills, clients


def _drain(port: int, seconds: float = 150.0) -> float:
    """Wait until no job waits; return how long that took."""
    started = time.monotonic()
    while time.monotonic() - started < seconds and ask(port, "GET", "/v1/jobs")[1]["count"]:
        time.sleep(0.2)
    return time.monotonic() - started


def _jobs_left(port: int) -> list[str]:
    return [
        f"{told['count']} jobs are {state}: {told['jobs'][:3]}"
        for state in ("waiting", "dead")
        if (told := ask(port, "GET", f"/v1/jobs?state={state}")[1])["count"]
    ]


def _figures(
    plan: Plan, record: Record, received: Callbacks, seconds: float, kills: int, start_s: float, drained: float, log: str
) -> dict[str, Any]:  # fmt: skip
    ms = sorted(record.latencies)
    return {
        "saves": plan.saves,
        "articles": len(plan.stories),
        "seconds": round(seconds, 1),
        "kills": kills,
        "slowest_start_s": round(start_s, 1),
        "answered_per_s": round(len(ms) / seconds, 1),
        "p50_ms": round(ms[len(ms) // 2], 1),
        "p99_ms": round(ms[len(ms) * 99 // 100], 1),
        "max_ms": round(ms[-1], 1),
        "attempts": dict(sorted(record.statuses.items())),
        "decisions": sum(map(len, record.decided.values())),
        "callbacks": len(received.answers),
        "callbacks_doubled": received.doubled,
        "drained_s": round(drained, 1),
        "log_warnings": sum(" WARNING " in line or " ERROR " in line for line in log.splitlines()),
    }


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def main() -> int:
    """Run the storm of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--saves", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kill-every", type=float, default=15.0)
    parser.add_argument("--seed", type=int, default=5)
    told = parser.parse_args()
    plan = make_plan(told.saves, told.seconds, told.connections, told.seed)
    with tempfile.TemporaryDirectory(prefix="newstagger-storm-") as folder:
        figures, broken = storm(Path(folder), plan, workers=told.workers, kill_every=told.kill_every)
        if broken:
            with suppress(OSError):
                Path("storm.log").write_text((Path(folder) / "serve.log").read_text("utf-8", "replace"), "utf-8")
    print(json.dumps({**figures, "broken": broken[:20], "broken_count": len(broken)}, indent=1))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

"""A client that costs next to nothing: bytes that are ready go out over N connections, latencies come back.

Keep-alive HTTP/1.1 without pipelining, answers with a Content-Length or in chunks; the clock of a request runs from its first byte
out to its last byte in. ``ceiling`` says how much the client itself can do, against a server that only says yes.
"""

from __future__ import annotations

import asyncio
import collections
import multiprocessing
import socket
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import uvloop

T = TypeVar("T")
YES = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
END = b"\r\n\r\n"
CHUNKS_END = b"\r\n0\r\n\r\n"
LENGTH = b"\r\ncontent-length:"
TIMEOUT = 120.0


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a run: latencies in ms, wall seconds, the client's CPU seconds, and the answers as they were asked for."""

    latencies: Sequence[float]
    seconds: float
    client_cpu: float
    answers: Sequence[bytes]

    @property
    def statuses(self) -> dict[int, int]:
        """How many answers came with each status."""
        return dict(collections.Counter(int(answer[9:12]) for answer in self.answers))


class _Connection(asyncio.Protocol):
    """Sends one request after the other from a list that all connections share."""

    def __init__(self, run: _Run) -> None:
        self._run, self._parts, self._started, self._number = run, b"", 0.0, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._next()

    def _next(self) -> None:
        taken = self._run.take()
        if taken is None:
            self._transport.close()
            return
        self._number, request = taken
        self._parts, self._started = b"", time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._parts += data
        if _whole(self._parts):
            self._run.note(self._number, self._parts, (time.perf_counter() - self._started) * 1000)
            self._next()

    def connection_lost(self, error: Exception | None) -> None:
        self._run.lost(error)


def _whole(answer: bytes) -> bool:
    head = answer.find(END)
    if head < 0:
        return False
    names = answer[:head].lower()
    if (at := names.find(LENGTH)) >= 0:
        return len(answer) >= head + len(END) + int(names[at + len(LENGTH) :].split(b"\r\n", 1)[0])
    return answer.endswith(CHUNKS_END)


class _Run:
    """One list of requests on its way over all connections."""

    def __init__(self, requests: Sequence[bytes], connections: int) -> None:
        self._queue = collections.deque(enumerate(requests))
        self._open = connections
        self.latencies: list[float] = []
        self.answers = [b""] * len(requests)
        self.done = asyncio.get_running_loop().create_future()

    def take(self) -> tuple[int, bytes] | None:
        """Return the next request with its number, or None when all are on their way."""
        return self._queue.popleft() if self._queue else None

    def note(self, number: int, answer: bytes, ms: float) -> None:
        """Keep one answer."""
        self.latencies.append(ms)
        self.answers[number] = answer

    def lost(self, error: Exception | None) -> None:
        """Count a connection that ended: the run is over with the last one."""
        self._open -= 1
        if self._open == 0 and not self.done.done():
            if all(self.answers):
                self.done.set_result(None)
            else:
                missing = self.answers.count(b"")
                self.done.set_exception(error or ConnectionError(f"{missing} of {len(self.answers)} requests were not answered"))


def send(port: int, requests: Sequence[bytes], connections: int) -> Sent:
    """Send all requests over so many connections and return what came of it; raise ConnectionError where an answer is missing."""
    return _on_uvloop(_send(port, requests, connections))


async def _send(port: int, requests: Sequence[bytes], connections: int) -> Sent:
    loop, run = asyncio.get_running_loop(), _Run(requests, connections)
    cpu, started = time.process_time(), time.perf_counter()
    await asyncio.gather(*(loop.create_connection(lambda: _Connection(run), "127.0.0.1", port) for _ in range(connections)))
    await asyncio.wait_for(run.done, TIMEOUT)
    return Sent(run.latencies, time.perf_counter() - started, time.process_time() - cpu, run.answers)


def post(path: str, kind: str, body: bytes, key: str = "") -> bytes:
    """Return the bytes of a POST; ``key`` goes as a bearer."""
    lines = [f"POST {path} HTTP/1.1", "host: 127.0.0.1", f"content-type: {kind}", f"content-length: {len(body)}"]
    lines += [f"authorization: Bearer {key}"] if key else []
    return "\r\n".join([*lines, "", ""]).encode() + body


def body_of(answer: bytes) -> bytes:
    """Return the body of an answer, which tells its length."""
    return answer.partition(END)[2]


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def ceiling(requests: Sequence[bytes], connections: int) -> Sent:
    """Return what the client reaches with these requests against a server that reads them and says yes."""
    port, ready = free_port(), multiprocessing.Event()
    server = multiprocessing.Process(target=_say_yes, args=(port, ready), daemon=True)
    server.start()
    try:
        ready.wait(10)
        return send(port, requests, connections)
    finally:
        server.terminate()
        server.join()


class _Yes(asyncio.Protocol):
    """Answers every whole request at once."""

    def __init__(self) -> None:
        self._seen = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._seen += data
        if _whole(self._seen):
            self._seen = b""
            self._transport.write(YES)


def _say_yes(port: int, ready: Any) -> None:
    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(_Yes, "127.0.0.1", port)
        ready.set()
        await server.serve_forever()

    _on_uvloop(serve())


def _on_uvloop(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)

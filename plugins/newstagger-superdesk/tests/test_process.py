"""A save waits for its host no longer than it is told to, and not at all once the host has hung three times. Needs no Superdesk."""

from __future__ import annotations

import os
import threading
import time

import pytest
from newstagger_superdesk import process as module
from newstagger_superdesk.conf import Options
from newstagger_superdesk.process import LATE, MOST_WAITING, THREADS, TOO_LATE, Process

from newstagger.errors import StateError
from newstagger.settings import Settings

PATIENT, HASTY = 30_000, 20


class Host:
    """Counts; hangs until it is let go."""

    def __init__(self, *, hangs: bool = False) -> None:
        self.go, self.warmed, self.done = threading.Event(), 0, 0
        if not hangs:
            self.go.set()

    def warm(self) -> None:
        self.warmed += 1

    def work(self) -> str:
        assert self.go.wait(30)
        self.done += 1
        return "done"


def process(host, wait_ms, tmp_path):
    return Process(Options(Settings(home=tmp_path), wait_ms), lambda _: host)


def until(condition):
    for _ in range(3000):
        if condition():
            return True
        time.sleep(0.01)
    return False


def test_work_is_done_by_one_host_that_is_warm(tmp_path):
    host = Host()
    mine = process(host, PATIENT, tmp_path)
    assert [mine.ask(lambda host: host.work()).value for _ in range(THREADS * 2)] == ["done"] * THREADS * 2
    assert (host.warmed, host.done) == (1, THREADS * 2)


@pytest.mark.parametrize("error, said", [
    (ValueError("words of the article"), "newstagger failed: ValueError"),
    (SystemExit(3), "newstagger failed: SystemExit"),
    (StateError("the file cannot be written"), "the file cannot be written"),
])  # fmt: skip
def test_what_goes_wrong_is_told_without_its_text(tmp_path, error, said):
    def fails(_):
        raise error

    mine = process(Host(), PATIENT, tmp_path)
    outcome = mine.ask(fails)
    assert (outcome.value, outcome.problem) == (None, said)
    assert mine.ask(lambda host: host.work()).value == "done"


def test_who_is_late_finishes_and_hands_nothing_over_afterwards(tmp_path):
    host = Host(hangs=True)
    outcome = process(host, HASTY, tmp_path).ask(lambda host: host.work())
    assert (outcome.value, outcome.problem) == (None, TOO_LATE)
    host.go.set()
    assert until(lambda: host.done == 1)
    assert outcome.value is None


def test_after_three_late_answers_nobody_waits_until_a_minute_is_over(tmp_path, monkeypatch):
    host, clock = Host(hangs=True), [100.0]
    mine = process(host, PATIENT, tmp_path)
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    waits = []
    monkeypatch.setattr(threading.Event, "wait", lambda _, seconds=None: waits.append(seconds) or False)
    for _ in range(LATE + 2):
        mine._staff.begin = lambda _: module.Outcome()
        mine.ask(lambda host: host.work())
    clock[0] += module.REST_SECONDS
    mine.ask(lambda host: host.work())
    assert waits == [30.0] * LATE + [0.0, 0.0] + [30.0]


def test_no_more_waits_than_memory_bears(tmp_path):
    host = Host(hangs=True)
    mine = process(host, 0, tmp_path)
    for _ in range(MOST_WAITING + THREADS + 50):
        mine.ask(lambda host: host.work())
    host.go.set()
    assert until(lambda: host.done >= MOST_WAITING and mine._staff._works.qsize() == 0)
    assert host.done <= MOST_WAITING + THREADS


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes are forked here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_builds_its_own_host(tmp_path):
    made = []
    mine = Process(Options(Settings(home=tmp_path), PATIENT), lambda _: made.append(1) or Host())
    assert mine.ask(lambda host: host.work()).value == "done"
    child = os.fork()
    if child == 0:
        os._exit(0 if mine.ask(lambda host: host.work()).value == "done" and len(made) == 2 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(made) == 1

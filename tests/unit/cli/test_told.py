"""Lines of progress as a person at a terminal and as a log file gets them, by a clock that the test turns."""

import io
import sys

import pytest

from newstagger.cli.corpora import Told


class Screen(io.StringIO):
    def __init__(self, terminal):
        super().__init__()
        self._terminal = terminal

    def isatty(self):
        return self._terminal


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    now = [0.0]

    def read():
        return now[0]

    read.later = lambda seconds: now.__setitem__(0, now[0] + seconds)
    return read


def shown(monkeypatch, clock, lines, terminal):
    monkeypatch.setattr(sys, "stderr", Screen(terminal))
    told = Told(clock)
    for wait, line in lines:
        clock.later(wait)
        told(line)
    told.flush()
    return sys.stderr.getvalue()


LINES = [(2, "topic: fitting 9 labels"), *((2, f"topic: fitting 9 labels, {n} of 54 fits") for n in range(1, 8)), (1, "topic: measuring")]


def test_a_log_gets_a_line_of_the_same_work_every_ten_seconds(monkeypatch, clock):
    told = shown(monkeypatch, clock, LINES, terminal=False)
    assert told.splitlines() == ["topic: fitting 9 labels", "topic: fitting 9 labels, 5 of 54 fits", "topic: measuring"]


def test_a_terminal_shows_the_last_line_of_each_work(monkeypatch, clock):
    told = shown(monkeypatch, clock, LINES, terminal=True)
    assert told.count("\x1b[1A\x1b[2K") == 7
    screen = []
    for line in told.splitlines():
        screen = [*screen[:-1], line.removeprefix("\x1b[1A\x1b[2K")] if line.startswith("\x1b") else [*screen, line]
    assert screen == ["topic: fitting 9 labels, 7 of 54 fits", "topic: measuring"]


def test_a_dumb_terminal_gets_no_control_characters(monkeypatch, clock):
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in shown(monkeypatch, clock, LINES, terminal=True)


def test_a_line_longer_than_the_terminal_is_cut_where_it_is_written_over(monkeypatch, clock):
    monkeypatch.setenv("COLUMNS", "30")
    told = shown(monkeypatch, clock, [(2, "topic: counting"), (2, f"topic: counting, {'9' * 50} of 10")], terminal=True)
    assert max(len(line.removeprefix("\x1b[1A\x1b[2K")) for line in told.splitlines()) == 29


def test_what_is_quick_is_held_back(monkeypatch, clock):
    monkeypatch.setattr(sys, "stderr", Screen(True))
    told = Told(clock)
    told("reading a.jsonl")
    told("reading a.jsonl, 5000 rows")
    assert sys.stderr.getvalue() == ""
    told.flush()
    assert sys.stderr.getvalue() == "reading a.jsonl, 5000 rows\n"

"""How far long work is, by a clock that the test turns."""

import pytest

from newstagger.progress import Steps, lasting


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def lines():
    return []


def test_tells_the_work_at_once_and_then_how_long_the_rest_takes(clock, lines):
    steps = Steps(lines.append, "topic: fitting 90 labels", 540, "fits", clock)
    assert lines == ["topic: fitting 90 labels"]
    clock.now += 10
    steps(120)
    assert lines[1:] == ["topic: fitting 90 labels, 120 of 540 fits, about 35 s left"]


def test_tells_a_line_every_two_seconds_at_most(clock, lines):
    steps = Steps(lines.append, "topic: counting", 100, "examples", clock)
    for _ in range(100):
        clock.now += 0.5
        steps()
    told = [line.split(", ")[1] for line in lines[1:]]
    assert told == [f"{count} of 100 examples" for count in range(4, 101, 4)]
    assert lines[-1] == "topic: counting, 100 of 100 examples"


def test_things_count_once_they_were_dealt_with(clock, lines):
    steps, dealt = Steps(lines.append, "work", 3, "rows", clock), []
    for thing in steps.over("abc"):
        dealt.append(thing)
        clock.now += 2.0
    assert dealt == ["a", "b", "c"]
    assert [line.split(", ")[1] for line in lines[1:]] == ["1 of 3 rows", "2 of 3 rows", "3 of 3 rows"]


def test_more_steps_than_were_announced_break_nothing(clock, lines):
    steps = Steps(lines.append, "work", 1, "rows", clock)
    clock.now += 5
    steps(3)
    assert lines[-1] == "work, 3 of 1 rows"


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.2, "1 s"), (35.4, "35 s"), (89, "89 s"), (91, "2 min"), (3000, "50 min"), (9000, "2.5 h")]
)
def test_lengths_of_time_are_told_as_people_do(seconds, told):
    assert lasting(seconds) == told

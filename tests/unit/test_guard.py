import threading
import time

import pytest

from newstagger.errors import ConfigError, PluginContractError
from newstagger.guard import Budget, Guard


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_a_value_comes_back_with_its_time():
    outcome = Guard().call("tag", "good", lambda: 42, trusted=False, budget=Budget(1000))
    assert outcome.value == 42
    assert outcome.problem is None
    assert outcome.ms >= 0


@pytest.mark.parametrize("error", [ValueError("the text of an article"), SystemExit(3), RecursionError(), MemoryError()])
@pytest.mark.parametrize("trusted", [True, False])
def test_whatever_is_raised_becomes_a_problem_without_the_article_s_words(error, trusted):
    def work():
        raise error

    outcome = Guard().call("tag", "bad", work, trusted=trusted, budget=Budget(1000))
    assert outcome.value is None
    assert outcome.problem.plugin == "bad"
    assert type(error).__name__ in outcome.problem.message
    assert "the text of an article" not in outcome.problem.message


def test_our_own_errors_speak_for_themselves():
    def work():
        raise ConfigError("no such key", where="a.toml")

    assert Guard().call("configure", "p", work, trusted=True, budget=Budget(None)).problem.message == "a.toml: no such key"


def test_a_sleeper_is_left_behind_when_the_budget_is_spent():
    release = threading.Event()
    outcome = Guard().call("tag", "slow", lambda: release.wait(30), trusted=False, budget=Budget(20))
    release.set()
    assert outcome.value is None
    assert "in time" in outcome.problem.message


def test_three_overruns_bench_a_plugin_for_a_minute():
    clock, release, calls = Clock(), threading.Event(), []
    guard = Guard(clock=clock)

    def slow():
        calls.append(1)
        release.wait(30)

    for _ in range(3):
        guard.call("tag", "slow", slow, trusted=False, budget=Budget(5, time.monotonic))
    benched = guard.call("tag", "slow", slow, trusted=False, budget=Budget(5))
    assert len(calls) == 3
    assert "rests" in benched.problem.message
    clock.now = 61
    release.set()
    assert guard.call("tag", "slow", slow, trusted=False, budget=Budget(5000)).problem is None
    assert len(calls) == 4


def test_an_answer_in_time_forgives_earlier_overruns():
    guard, release = Guard(), threading.Event()
    for _ in range(4):
        guard.call("tag", "p", lambda: release.wait(30), trusted=False, budget=Budget(2))
        assert guard.call("tag", "p", lambda: 1, trusted=False, budget=Budget(5000)).value == 1
    release.set()


def test_strict_raises_what_would_have_been_a_problem():
    with pytest.raises(PluginContractError, match="ZeroDivisionError"):
        Guard(strict=True).call("tag", "p", lambda: 1 / 0, trusted=False, budget=Budget(1000))


def test_keyboard_interrupt_passes_through():
    def work():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Guard().call("tag", "p", work, trusted=True, budget=Budget(None))

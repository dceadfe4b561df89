"""Killing ``train``, ``promote`` and ``rollback`` of the real command line at any moment leaves the store as it was, or as it was to be."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from newstagger.bundles.store import Store
from newstagger.bundles.writing import TEMPORARY

from .test_life_cycle import archive, save

pytestmark = pytest.mark.slow
MOMENTS = 10


def start(*words):
    command = [sys.executable, "-m", "newstagger", *words, "--models", "models", "--home", "home"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def killed_after(seconds, *words):
    """Run a command line and kill it after so many seconds; tell whether it was still running."""
    process = start(*words)
    time.sleep(seconds)
    running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return running


def timed(*words):
    """Return how many seconds a command line takes that is left alone."""
    began = time.monotonic()
    assert start(*words).wait() == 0
    return time.monotonic() - began


@pytest.fixture
def store(tmp_path, monkeypatch):
    """Return a store with desk@1 and desk@2, which serves, in a newsroom whose corpus has another desk@3 in it."""
    monkeypatch.chdir(tmp_path)
    save("first.jsonl", archive(120))
    save("second.jsonl", archive(140))
    for corpus in ("first.jsonl", "second.jsonl"):
        assert start("train", "--corpus", corpus, "--name", "desk", "--promote").wait() == 0
    return Store((Path("models"),))


def expect_whole(store, versions, current):
    """Check with the command line that what is listed is whole, that nothing half-written shows, and which version serves."""
    done = subprocess.run(
        [sys.executable, "-m", "newstagger", "models", "list", "--json", "--models", "models", "--home", "home"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    listed = [one for one in map(json.loads, done.stdout.splitlines()) if one["name"] == "desk"]
    assert [one["problem"] for one in listed] == [None] * len(listed)
    assert {one["version"] for one in listed} in versions
    assert [one["version"] for one in listed if one["current"]] in ([version] for version in current)
    for one in listed:
        store.verify(f"desk@{one['version']}")
    assert not [
        entry.name for entry in os.scandir("models/desk") if not entry.name.startswith(".") and entry.name not in {"1", "2", "3", "current"}
    ]


def tree(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def reset(to):
    """Make the store what it was."""
    for entry in os.scandir("models/desk"):
        if entry.name == "current" or entry.name not in {"1", "2"}:
            subprocess.run(["rm", "-rf", entry.path], check=True)
    Path("models/desk/current").write_bytes(to)


def test_a_training_killed_at_ten_random_moments(store):
    before = tree(Path("models"))
    words = ("train", "--corpus", "second.jsonl", "--name", "desk")
    whole = timed(*words)
    reset(before["desk/current"])
    moments = random.Random(7)
    alive = sum(killed_after(moments.uniform(0, whole), *words) for _ in range(MOMENTS))
    assert alive >= MOMENTS // 2
    after = tree(Path("models"))
    assert {name: after.get(name) for name in before} == before
    expect_whole(store, [{"1", "2"}, {"1", "2", "3"}], ["2"])


def test_a_training_killed_while_it_writes_leaves_litter_that_the_next_write_takes_away(store):
    """The moment is found by looking: as soon as a file is in the temporary folder, and a little later."""
    before = tree(Path("models"))
    littered = 0
    for attempt in range(15):
        delay = (0.0, 0.001, 0.002, 0.004, 0.008)[attempt % 5]
        process = start("train", "--corpus", "second.jsonl", "--name", "desk")
        while process.poll() is None and not writing():
            pass
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        littered += bool(litter())
        after = tree(Path("models"))
        assert {name: after.get(name) for name in before} == before
        expect_whole(store, [{"1", "2"}, {"1", "2", "3"}], ["2"])
        assert start("models", "promote", "desk@1").wait() == 0
        assert not litter()
        assert store.load("desk").ref.version == "1"
        reset(before["desk/current"])
        if littered and attempt >= 4:
            return
    raise AssertionError("no kill came while files were being written")


def writing():
    """Tell whether a file stands in a temporary folder; one that is there for a moment only may go while it is looked at."""
    for entry in litter():
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            if entry.name.startswith(TEMPORARY) and any(entry.iterdir()):
                return True
    return False


def litter():
    return [entry for entry in Path("models/desk").iterdir() if entry.name.startswith(".")]


@pytest.mark.parametrize(("verb", "spec", "to"), [("promote", "desk@1", "1"), ("rollback", "desk", "1")])
def test_a_promotion_and_a_rollback_killed_at_ten_random_moments(store, verb, spec, to):
    before = tree(Path("models"))
    whole = timed("models", verb, spec)
    assert store.load("desk").ref.version == to
    done = Path("models/desk/current").read_bytes()
    moments = random.Random(8)
    alive = 0
    for _ in range(MOMENTS):
        reset(before["desk/current"])
        alive += killed_after(moments.uniform(0, whole), "models", verb, spec)
        assert Path("models/desk/current").read_bytes() in (before["desk/current"], done)
        expect_whole(store, [{"1", "2"}], ["2", to])
    assert alive >= MOMENTS // 2
    assert start("models", verb, spec).wait() in (0, 2)
    assert not litter()

"""Turns: one save of an article at a time over threads and processes; nothing that ends, however it ends, keeps a turn."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest

from newstagger.domain import ArticleRef
from newstagger.service.turns import FILE, Turns

REF = ArticleRef("gazette", "1")
OTHER = ArticleRef("gazette", "2")
HOLDER = """
import sys
from pathlib import Path
from newstagger.domain import ArticleRef
from newstagger.service.turns import Turns
with Turns(Path(sys.argv[1])).turn(ArticleRef("gazette", "1"), 5) as mine:
    print(mine, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Run another process that has the turn of REF until its input ends."""
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"True\n"
        yield process
        process.kill()


def test_free_turn_is_had_at_once_and_again(tmp_path):
    turns = Turns(tmp_path)
    for _ in range(3):
        with turns.turn(REF, 0) as mine:
            assert mine
    assert not turns._lanes, "lanes of articles that nobody waits for are let go"


def test_second_thread_waits_its_time_and_no_other_article_waits(tmp_path):
    turns, told = Turns(tmp_path), []

    def ask(ref, wait_s):
        with turns.turn(ref, wait_s) as mine:
            told.append(mine)

    with turns.turn(REF, 0):
        for ref in (REF, OTHER):
            thread = threading.Thread(target=ask, args=(ref, 0.01))
            thread.start()
            thread.join()
        waiting = threading.Thread(target=ask, args=(REF, 30))
        waiting.start()
    waiting.join()
    assert told == [False, True, True]


def test_threads_never_share_a_turn(tmp_path):
    turns, inside, most = Turns(tmp_path), [], []

    def work():
        for _ in range(50):
            with turns.turn(REF, 30) as mine:
                assert mine
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(most), max(most)) == (400, 1)


def test_turn_of_another_process_is_waited_for(tmp_path, holder):
    turns = Turns(tmp_path)
    with turns.turn(REF, 0.05) as mine:
        assert not mine
    with turns.turn(OTHER, 0) as mine:
        assert mine
    holder.stdin.close()
    with turns.turn(REF, 30) as mine:
        assert mine


def test_kernel_takes_the_turn_of_a_killed_process_back(tmp_path, holder):
    os.kill(holder.pid, signal.SIGKILL)
    with Turns(tmp_path).turn(REF, 30) as mine:
        assert mine


def test_turn_ends_with_its_block_though_that_raises(tmp_path):
    turns = Turns(tmp_path)
    with pytest.raises(ValueError, match="boom"), turns.turn(REF, 0):
        raise ValueError("boom")
    with turns.turn(REF, 0) as mine:
        assert mine


def test_home_that_cannot_be_written_leaves_the_turns_of_threads(tmp_path):
    (tmp_path / "file").write_text("")
    turns, told = Turns(tmp_path / "file" / "home"), []

    def ask():
        with turns.turn(REF, 0.01) as mine:
            told.append(mine)

    with turns.turn(REF, 0) as mine:
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert (mine, told) == (True, [False])


def test_file_of_the_turns_is_the_newsrooms_alone_and_stays_empty(tmp_path):
    with Turns(tmp_path / "home").turn(REF, 0):
        pass
    made = tmp_path / "home" / FILE
    assert (made.stat().st_mode & 0o777, made.stat().st_size) == (0o600, 0)


@pytest.mark.parametrize("name", ["", "\ud800", "a\0b", "x" * 10_000, "../../etc"])
def test_wild_ids_have_turns(tmp_path, name):
    with Turns(tmp_path).turn(ArticleRef(name, name), 0) as mine:
        assert mine

"""Jobs: claimed once, lost never, in one order within an article, over threads, processes, kills and clocks that are put back."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing

import pytest

from newstagger.domain import ArticleRef
from newstagger.errors import StateError
from newstagger.newsroom import sqlite_newsroom
from newstagger.newsroom.jobs import DELIVER, LONGEST_WAIT, SLACK, TAG, Jobs
from newstagger.newsroom.memory import forget

REF, OTHER = ArticleRef("gazette", "1"), ArticleRef("gazette", "2")
RARE = b"quixotryzumba went over the river " * 3


class Clock:
    """A clock that is put where the test wants it."""

    def __init__(self, now=1_000_000.0):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def jobs(tmp_path, clock):
    return Jobs(tmp_path / "newsroom.sqlite3", clock=clock, dice=lambda most: most, tries=4)


def ids(found):
    return [job.id for job in found]


def bytes_of(folder):
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_nothing_is_made_before_something_is_put(tmp_path, jobs):
    assert (jobs.claim(), jobs.mark(), jobs.waiting(), jobs.dead()) == (None, 0, (), ())
    assert jobs.counts() == {"waiting": 0, "held": 0, "dead": 0}
    assert (jobs.drop(1), jobs.forget(REF)) == (False, 0)
    assert list(tmp_path.iterdir()) == []


def test_put_claim_done(jobs, clock):
    number = jobs.put(TAG, REF, b"text", revision=3)
    assert jobs.fresh[TAG].is_set() and not jobs.fresh[DELIVER].is_set()
    assert jobs.claim(kind=DELIVER) is None
    job = jobs.claim(lease_s=10)
    assert (job.id, job.kind, job.ref, job.revision, job.tries, job.payload) == (number, TAG, REF, 3, 1, b"text")
    assert jobs.claim() is None and jobs.holds(job)
    assert jobs.counts() == {"waiting": 0, "held": 1, "dead": 0}
    assert jobs.done(job) and not jobs.holds(job) and not jobs.done(job)
    assert jobs.waiting() == ()


def test_later_job_is_not_due_yet(jobs, clock):
    jobs.put(TAG, REF, b"", due=clock.now + 30)
    assert jobs.claim() is None
    clock.now += 30
    assert jobs.claim() is not None


def test_job_that_is_due_longest_comes_first(jobs, clock):
    late, early = jobs.put(TAG, REF, b"", due=clock.now - 1), jobs.put(TAG, OTHER, b"", due=clock.now - 2)
    assert [jobs.claim().id, jobs.claim().id] == [early, late]


def test_sites_that_rest_are_passed_over(jobs):
    jobs.put(TAG, REF, b"")
    assert jobs.claim(without=("elsewhere", "gazette")) is None
    assert jobs.claim(without=("elsewhere",)) is not None


@pytest.mark.parametrize(("first", "second", "left"), [(1, 2, 2), (2, 2, 2), (None, 2, 2), (2, None, None), (None, None, None), (2, 1, 2)])
def test_newer_text_takes_the_place_of_one_that_waits(jobs, first, second, left):
    one, two = jobs.put(TAG, REF, b"1", revision=first), jobs.put(TAG, REF, b"2", revision=second)
    jobs.put(TAG, OTHER, b"", revision=1)
    jobs.put(DELIVER, REF, b"", revision=1)
    overtaken = (first, second) == (2, 1)
    assert (two == one) is overtaken
    job = jobs.claim()
    assert (job.id, job.revision, job.payload) == (two, left, b"1" if overtaken else b"2")
    assert jobs.counts()["waiting"] == 2


def test_job_that_runs_is_not_replaced_and_the_next_waits_for_it(jobs, clock):
    jobs.put(TAG, REF, b"1", revision=1)
    first = jobs.claim(lease_s=60)
    jobs.put(TAG, REF, b"2", revision=2)
    assert jobs.claim() is None
    assert jobs.done(first)
    assert jobs.claim().payload == b"2"


def test_job_that_brings_an_editors_word_keeps_its_place(jobs):
    kept = jobs.put(TAG, REF, b"form", revision=1, keep=True)
    assert jobs.put(TAG, REF, b"form", revision=1, keep=True) == kept, "the CMS told of it twice"
    jobs.put(TAG, REF, b"2", revision=2)
    jobs.put(TAG, REF, b"3", revision=3)
    assert jobs.put(TAG, REF, b"late form", revision=2, keep=True) != kept
    assert [job.revision for job in jobs.waiting()] == [1, 3, 2]


def test_job_that_tells_nothing_of_editors_takes_nobodys_place(jobs):
    first = jobs.put(TAG, REF, b"tags taken off", revision=3)
    blind = jobs.put(TAG, REF, b"a backfill", revision=3, replaces=False)
    assert ids(jobs.waiting()) == [first, blind]


def test_dead_letters_expire_and_waiting_jobs_do_not(tmp_path, jobs, clock):
    jobs.put(TAG, REF, RARE)
    jobs.failed(jobs.claim(), "does not read back", final=True)
    clock.now += 100
    waiting = jobs.put(TAG, OTHER, b"")
    assert jobs.expire(clock.now - 200) == 0
    assert jobs.expire(clock.now + 200) == 1
    assert jobs.dead() == () and ids(jobs.waiting()) == [waiting]


def test_text_without_a_revision_overtakes_those_that_came_before_it(jobs):
    jobs.put(TAG, REF, b"1")
    held = jobs.claim()
    jobs.put(TAG, OTHER, b"other")
    jobs.put(DELIVER, REF, b"")
    mark = jobs.mark()
    after = jobs.put(TAG, REF, b"came after it")
    assert jobs.overtake(REF, mark) == 1
    assert not jobs.holds(held) and not jobs.done(held)
    assert after in ids(jobs.waiting()) and jobs.counts()["waiting"] == 3


def test_revisions_are_not_overtaken_by_arrival(jobs):
    jobs.put(TAG, REF, b"1", revision=1)
    assert jobs.overtake(REF, jobs.mark()) == 0


def test_lease_that_ran_out_is_given_to_the_next_and_the_first_is_kept_out(jobs, clock):
    jobs.put(TAG, REF, b"")
    first = jobs.claim(lease_s=10)
    clock.now += 11
    second = jobs.claim(lease_s=10)
    assert second.id == first.id and second.tries == 2
    assert not jobs.done(first) and not jobs.follow(first, DELIVER, b"")
    jobs.failed(first, "too late to say so")
    assert jobs.holds(second)
    assert jobs.follow(second, DELIVER, b"answer")
    assert [(job.kind, job.error) for job in jobs.waiting()] == [(DELIVER, "")]


def test_waits_double_up_to_a_limit_and_then_the_job_is_dead(jobs, clock):
    jobs.put(TAG, REF, RARE)
    waits = []
    for _ in range(4):
        job = jobs.claim()
        jobs.failed(job, "no\x1b[31m disk\n\ud800")
        waits += [waiting.due - clock.now for waiting in jobs.waiting()]
        clock.now += LONGEST_WAIT
    assert waits == [1.0, 2.0, 4.0]
    (dead,) = jobs.dead()
    assert (dead.error, dead.dead, dead.held, dead.payload) == ("no [31m disk ?", True, False, b"")
    assert (jobs.claim(), jobs.waiting(), jobs.counts()) == (None, (), {"waiting": 0, "held": 0, "dead": 1})


def test_wait_is_drawn_from_the_whole_range_and_never_beyond_the_limit(tmp_path, clock):
    asked = []
    jobs = Jobs(tmp_path / "n.sqlite3", clock=clock, dice=lambda most: asked.append(most) or 0.0, tries=40)
    jobs.put(TAG, REF, b"")
    for _ in range(39):
        jobs.failed(jobs.claim(), "no")
    assert asked[:3] == [1.0, 2.0, 4.0] and asked[-1] == LONGEST_WAIT == max(asked)


def test_receiver_that_asks_for_time_is_given_it(jobs, clock):
    jobs.put(DELIVER, REF, b"")
    jobs.failed(jobs.claim(kind=DELIVER), "503", after=100)
    assert jobs.waiting()[0].due == clock.now + 101


def test_broken_job_is_dead_at_once_and_replayed_when_asked(jobs, clock):
    number = jobs.put(TAG, REF, b"broken")
    jobs.failed(jobs.claim(), "does not read back", final=True)
    assert ids(jobs.dead()) == [number] and jobs.claim() is None
    jobs.fresh[TAG].clear()
    assert jobs.replay(number) and not jobs.replay(number) and jobs.fresh[TAG].is_set()
    job = jobs.claim()
    assert (job.id, job.tries, job.payload) == (number, 1, b"broken")


def test_try_that_is_free_does_not_count_and_is_repeated_soon(jobs, clock):
    jobs.put(TAG, REF, b"")
    for _ in range(40):
        job = jobs.claim()
        jobs.failed(job, "no model", after=5.0, free=True)
        assert not jobs.holds(job) and jobs.claim() is None
        clock.now += 6.0
    assert jobs.claim().tries == 1


def test_failed_job_gives_way_to_a_newer_text_unless_it_keeps_its_place(jobs, clock):
    for keep, left in ((False, [2]), (True, [1, 2])):
        jobs.put(TAG, REF, b"1", revision=1, keep=keep)
        job = jobs.claim()
        jobs.put(TAG, REF, b"2", revision=2)
        jobs.failed(job, "no")
        assert sorted(job.revision for job in jobs.waiting()) == left
        jobs.forget(REF)


def test_finished_job_takes_the_dead_letters_that_it_made_needless_with_it(jobs):
    for payload, revision in ((b"1", 1), (b"2", 5)):
        jobs.put(TAG, REF, payload, revision=revision)
        jobs.failed(jobs.claim(), "no", final=True)
    jobs.put(TAG, OTHER, b"", revision=1)
    jobs.failed(jobs.claim(), "no", final=True)
    jobs.put(TAG, REF, b"3", revision=3)
    jobs.done(jobs.claim())
    assert [(job.ref, job.revision) for job in jobs.dead()] == [(REF, 5), (OTHER, 1)]


def test_job_that_ends_its_process_each_time_is_given_up(jobs, clock):
    jobs.put(TAG, REF, b"")
    jobs.put(TAG, OTHER, b"next")
    for _ in range(8):
        assert jobs.claim(lease_s=1) is not None
        clock.now += 2
    assert jobs.claim() is None
    assert len(jobs.dead()) == 2 and "4 tries" in jobs.dead()[0].error


@pytest.mark.parametrize("back", [60, 86_400 * 365])
def test_clock_that_is_put_back_holds_nothing_up(jobs, clock, back):
    jobs.put(TAG, REF, b"waits for its next try")
    jobs.failed(jobs.claim(), "no")
    jobs.put(TAG, OTHER, b"held by a process that is gone")
    assert jobs.claim(lease_s=30).ref == OTHER
    clock.now -= back
    assert {jobs.claim().ref, jobs.claim().ref} == {REF, OTHER}
    assert jobs.claim() is None


def test_clocks_of_two_processes_may_differ_a_little(jobs, clock):
    jobs.put(TAG, REF, b"")
    jobs.claim(lease_s=30)
    assert jobs.claim(now=clock.now - SLACK / 2) is None


@pytest.mark.parametrize("revision", [None, 3])
def test_work_that_was_done_without_a_claim_takes_its_job_away(jobs, revision):
    number = jobs.put(TAG, REF, b"text", revision=revision)
    assert jobs.settle(number, revision, DELIVER, b"answer")
    assert not jobs.settle(number, revision, DELIVER, b"answer")
    (job,) = jobs.waiting()
    assert (job.kind, job.ref, job.revision) == (DELIVER, REF, revision)
    assert jobs.claim(kind=DELIVER).payload == b"answer"


@pytest.mark.parametrize("keep", [True, False])
def test_late_work_on_an_older_text_leaves_the_job_of_the_newer_alone(jobs, keep):
    newer = jobs.put(TAG, REF, b"2", revision=2, keep=keep)
    assert jobs.put(TAG, REF, b"1", revision=1) == newer
    assert not jobs.settle(newer, 1, DELIVER, b"answer")
    assert [(job.id, job.kind) for job in jobs.waiting()] == [(newer, TAG)]


def test_jobs_are_dropped_and_forgotten_for_good(tmp_path, jobs):
    newsroom = sqlite_newsroom(tmp_path / "newsroom.sqlite3")
    number = newsroom.jobs.put(TAG, REF, RARE)
    newsroom.jobs.put(DELIVER, REF, RARE[:20])
    assert forget(REF, newsroom.state).waiting == 2
    assert newsroom.jobs.counts()["waiting"] == 0 and not newsroom.jobs.drop(number)
    number = newsroom.jobs.put(TAG, REF, RARE)
    assert newsroom.jobs.drop(number)
    for erased in (RARE, b"quixotryzumba"):
        assert erased not in bytes_of(tmp_path)


def test_jobs_and_decisions_are_stored_together_or_not_at_all(tmp_path):
    newsroom = sqlite_newsroom(tmp_path / "newsroom.sqlite3")
    newsroom.jobs.put(TAG, OTHER, b"")
    with pytest.raises(ValueError, match="boom"), newsroom.state.transaction():
        newsroom.jobs.put(TAG, REF, b"")
        assert not newsroom.keys.seen("key", "digest", 9e9)
        raise ValueError("boom")
    assert newsroom.jobs.counts()["waiting"] == 1
    assert not newsroom.keys.seen("key", "digest", 9e9) and newsroom.keys.seen("key", "digest", 9e9)


def test_file_of_an_earlier_release_gets_its_tables(tmp_path):
    path = tmp_path / "newsroom.sqlite3"
    sqlite_newsroom(path).jobs.put(TAG, REF, b"")
    with closing(sqlite3.connect(path)) as database:
        database.executescript("DROP TABLE job; DROP TABLE seen_key;")
    again = sqlite_newsroom(path).jobs
    assert again.put(TAG, REF, b"") == 1 and again.counts()["waiting"] == 1


def test_home_that_cannot_be_written_is_one_clear_error(tmp_path):
    (tmp_path / "home").write_text("a file stands in its place")
    jobs = Jobs(tmp_path / "home" / "newsroom.sqlite3")
    with pytest.raises(StateError, match="home"):
        jobs.put(TAG, REF, RARE)


def test_unusable_file_is_one_clear_error(tmp_path):
    (tmp_path / "newsroom.sqlite3").write_bytes(b"this is no database at all, " * 200)
    jobs = Jobs(tmp_path / "newsroom.sqlite3")
    for call in (lambda: jobs.put(TAG, REF, b""), jobs.claim, jobs.counts):
        with pytest.raises(StateError, match="not a database"):
            call()


def work_off(path, done):
    """Claim and finish jobs until none is left; tell which."""
    jobs = Jobs(path)
    while job := jobs.claim(lease_s=60):
        done.append(job.id)
        assert jobs.done(job)


def test_several_processes_share_the_jobs_and_none_is_done_twice(tmp_path):
    path, context = tmp_path / "newsroom.sqlite3", multiprocessing.get_context("spawn")
    jobs = Jobs(path)
    put = {jobs.put(TAG, ArticleRef("gazette", str(number)), b"x") for number in range(120)}
    with context.Manager() as manager:
        done = manager.list()
        workers = [context.Process(target=work_off, args=(path, done)) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert Counter(done) == Counter(put)


CRASHING = """
import sys
from pathlib import Path
from newstagger.domain import ArticleRef
from newstagger.newsroom.jobs import Jobs
jobs, number = Jobs(Path(sys.argv[1])), int(sys.argv[2])
while True:
    print("put", jobs.put("tag", ArticleRef("gazette", f"{number}"), b"x", revision=number), flush=True)
    number += 1
    if number % 3 == 0 and (job := jobs.claim(lease_s=0.2)):
        print("claimed", job.id, flush=True)
        jobs.done(job)
        print("done", job.id, flush=True)
"""


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path):
    path, told = tmp_path / "newsroom.sqlite3", []
    for kill in range(4):
        with subprocess.Popen([sys.executable, "-c", CRASHING, str(path), str(kill * 100_000)], stdout=subprocess.PIPE) as process:
            told += [process.stdout.readline() for _ in range(60 + 7 * kill)]
            os.kill(process.pid, signal.SIGKILL)
            told += process.stdout.readlines()
    said = {
        word: {int(line.split()[1]) for line in told if line.startswith(word) and line.endswith(b"\n")}
        for word in (b"put", b"done", b"claimed")
    }
    left = set(ids(Jobs(path).waiting(limit=100_000)))
    assert said[b"put"] - said[b"claimed"] <= left, "put and never claimed: it waits"
    assert not said[b"done"] & left
    assert not said[b"put"] - left - said[b"claimed"]

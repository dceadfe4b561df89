"""Works off the jobs of a newsroom: saves that were accepted to be answered later, and answers that are to be posted.

Daemon threads, one or two for each kind; every process of the service has its own, and the newsroom's file tells who has which job.
A job is let go only when its work is stored, so that a process may end at any moment.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from newstagger.domain import Event, Tagging
from newstagger.errors import InputError, StateError
from newstagger.guard import Budget, Guard
from newstagger.newsroom.jobrows import Job
from newstagger.newsroom.jobs import DELIVER, TAG
from newstagger.service.delivery import Awaited, Courier, Outcome, callbacks_of, message_id, message_of
from newstagger.service.newsrooms import Newsrooms
from newstagger.service.payloads import Later

THREADS = {TAG: 1, DELIVER: 2}
POLL_S = 0.5
"""How long a thread waits before it looks for jobs that other processes have put, or that have come due."""
LEASE_S = {TAG: 30.0, DELIVER: 60.0}
"""How long a job is held; longer than any sound try takes, and the wait after a process was killed."""
TURN_S = 5.0
"""How long a job waits for its article's turn before it is put back."""
REST_S = 0.1
"""Longest rest between two jobs while live saves run."""
MODEL_S = 5.0
"""How long tagging rests after a job for which there was no model, unless one is loaded before."""
SWEEP_S = 3_600.0
"""How often what is too old is erased."""
PAUSE_S = 30.0
"""How long a site's answers wait after its callback did not answer at all: the other sites' are not held up."""

BROKEN = (ValueError, LookupError, TypeError, RecursionError)
"""What a payload raises that nobody of ours packed, or that was damaged since."""
UNSTORED = ("state", "save")
"""Stages whose problem means that a save left nothing behind."""

log = logging.getLogger("newstagger.service")


class Runner:
    """The threads of one process that work jobs off. ``start`` them once; they end when ``stop`` is set (``join`` waits for it).

    ``busy`` tells whether live saves run: a thread then rests as long as its last job took, so that they come first.
    """

    def __init__(self, newsrooms: Newsrooms, stop: threading.Event, *, busy: Callable[[], bool] = lambda: False) -> None:
        self._guard = Guard()
        self._newsrooms, self._stop, self._busy = newsrooms, stop, busy
        self._jobs = newsrooms.jobs
        self._callbacks = callbacks_of(newsrooms.settings.service)
        self._courier = Courier()
        self._next_sweep = 0.0
        self._paused: dict[str, float] = {}
        self._bare_until = 0.0
        work: dict[str, Callable[[Job], Outcome]] = {TAG: self._tag, DELIVER: self._deliver}
        self._threads = [
            threading.Thread(target=self._run, args=(kind, work[kind]), name=f"newstagger-{kind}-{number}", daemon=True)
            for kind, count in THREADS.items()
            for number in range(count)
        ]

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def join(self, timeout_s: float) -> bool:
        """Wait, for at most so many seconds, until the threads have ended with the jobs they have; tell whether all did."""
        for kind in THREADS:
            self._jobs.fresh[kind].set()  # who waits for a job learns that there is none to come
        until = time.monotonic() + timeout_s
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, until - time.monotonic()))
        ended = not any(thread.is_alive() for thread in self._threads)
        if ended:
            self._courier.close()
        return ended

    def _run(self, kind: str, work: Callable[[Job], Outcome]) -> None:
        fresh = self._jobs.fresh[kind]
        while not self._stop.is_set():
            fresh.clear()
            if kind == TAG:
                self._sweep()
            started = time.monotonic()
            if not self._worked(kind, work):
                fresh.wait(POLL_S)
            elif self._busy():
                self._stop.wait(min(time.monotonic() - started, REST_S))

    def _sweep(self) -> None:
        """Erase, once an hour, what may be kept no longer."""
        if time.monotonic() < self._next_sweep:
            return
        self._next_sweep = time.monotonic() + SWEEP_S
        try:
            self._newsrooms.expire(datetime.now(UTC))
        except StateError as error:
            log.warning("what is too old was not erased: %s", error)

    def _worked(self, kind: str, work: Callable[[Job], Outcome]) -> bool:
        """Do one job; tell whether there was one. While nothing can be stored, its lease brings it back."""
        if kind == TAG and self._lacks_model():
            return False
        try:
            job = self._jobs.claim(lease_s=LEASE_S[kind], kind=kind, without=self._resting() if kind == DELIVER else ())
            if job is None:
                return False
            told = self._guard.call("job", kind, partial(work, job), trusted=True, budget=Budget(None))
            outcome = told.value or Outcome(told.problem.message if told.problem else "no outcome")
            if outcome.error:
                self._jobs.failed(job, outcome.error, after=outcome.after, final=outcome.final, free=outcome.free)
        except StateError as error:
            log.warning("jobs wait: %s", error)
            self._stop.wait(POLL_S)
        return True

    def _tag(self, job: Job) -> Outcome:
        """Tag an article that was accepted, in its turn; what comes after it stands in its place."""
        try:
            later = Later.unpacked(job.payload)
        except (InputError, *BROKEN):
            return Outcome("the article in the job does not read back", final=True)
        with self._newsrooms.turns.turn(job.ref, TURN_S) as mine:
            if not mine:
                return Outcome("other saves of the article took too long")
            if not self._jobs.holds(job):  # a newer text came in between, or somebody dropped it
                return Outcome()
            tagging = self._newsrooms.host(job.ref.site).article_saved(later.article)
            if lacking := lack_of(tagging, later.article.event):
                return self._lacking(tagging, lacking)
            if job.ref.site in self._callbacks:
                self._jobs.follow(job, DELIVER, later.answer(tagging.text_hash))
            else:
                self._jobs.done(job)
        return Outcome()

    def _deliver(self, job: Job) -> Outcome:
        """Post the answer as it stands now; there is nothing to post where the article was forgotten or the callback taken away."""
        try:
            order = Awaited.unpacked(job.payload)
        except BROKEN:
            return Outcome("the message in the job does not read back", final=True)
        last = self._newsrooms.state.audit.last(job.ref)
        tagging = self._newsrooms.host(job.ref.site).explain(job.ref)
        callback = self._callbacks.get(job.ref.site)
        outcome = Outcome()
        if last is not None and tagging is not None and callback is not None:
            outcome = self._courier.post(callback, message_id(job), message_of(tagging, last.revision, order))
            self._note(job.ref.site, outcome)
        if not outcome.error:
            self._jobs.done(job)
        return outcome

    def _lacking(self, tagging: Tagging, why: str) -> Outcome:
        """Have an answer again; where only a model is missing, as soon as there is one and as often as it takes."""
        if is_unstored(tagging):
            return Outcome(why)
        self._bare_until = time.monotonic() + MODEL_S
        return Outcome(why, after=MODEL_S, free=True)

    def _lacks_model(self) -> bool:
        """Tell whether tagging rests; asking for the bundles has those that failed tried again."""
        if time.monotonic() >= self._bare_until:
            return False
        return any(host.bundle is None for host in self._newsrooms.hosts)

    def _note(self, site: str, outcome: Outcome) -> None:
        """Let a site's answers rest for a while after its callback was not there or asked for it."""
        if outcome.unreached or outcome.after:
            self._paused[site] = time.monotonic() + max(PAUSE_S if outcome.unreached else 0.0, outcome.after)

    def _resting(self) -> tuple[str, ...]:
        now = time.monotonic()
        return tuple(site for site, until in tuple(self._paused.items()) if until > now)


def lack_of(tagging: Tagging, event: Event) -> str:
    """Return why an answer is to be had again ('': it stands): it was not stored, or nothing could tag. Never a word of the article."""
    without_model = not tagging.tags and event is not Event.KILL
    stages = (*UNSTORED, "bundle") if without_model else UNSTORED
    return next((problem.message for problem in tagging.problems if problem.stage in stages), "")


def is_unstored(tagging: Tagging) -> bool:
    """Tell whether an answer, or an editor's word that came with its save, stands nowhere."""
    return any(problem.stage in UNSTORED for problem in tagging.problems)

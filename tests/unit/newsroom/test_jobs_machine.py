"""Jobs under any order of events: the newest text of an article is never lost, an editor's word never, and nothing is done twice."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from newstagger.domain import ArticleRef
from newstagger.newsroom.jobs import LONGEST_WAIT, TAG, Jobs

NUMBERED, BY_ARRIVAL = [ArticleRef("gazette", name) for name in "ab"], [ArticleRef("gazette", name) for name in "xy"]
REVISIONS = st.integers(0, 5)


class JobsMachine(RuleBasedStateMachine):
    """Two processes over one file, one clock that goes on, back, and jumps."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.now, self.number = 1_000_000.0, 0
        path = Path(self.folder.name) / "newsroom.sqlite3"
        self.processes = [Jobs(path, clock=lambda: self.now, dice=lambda most: most / 2, tries=3) for _ in range(2)]
        self.claims = [[], []]
        self.put, self.done = [], []

    def teardown(self):
        with self.folder:
            self.drain()
            self.check_the_end()

    def put_one(self, who, ref, revision, *, keep=False):
        self.number += 1
        payload = f"{self.number}".encode()
        self.put.append((ref, revision, keep, payload))
        return self.processes[who].put(TAG, ref, payload, revision=revision, keep=keep), payload

    @rule(who=st.integers(0, 1), ref=st.sampled_from(NUMBERED), revision=REVISIONS, keep=st.booleans())
    def put_revision(self, who, ref, revision, keep):
        self.put_one(who, ref, revision, keep=keep)

    @rule(who=st.integers(0, 1), ref=st.sampled_from(BY_ARRIVAL))
    def put_as_it_comes(self, who, ref):
        self.put_one(who, ref, None)

    @rule(who=st.integers(0, 1), ref=st.sampled_from(NUMBERED), revision=REVISIONS, keep=st.booleans())
    def settle_late(self, who, ref, revision, keep):
        """A save that was accepted is done by the process that accepted it: the job goes, a newer one's stays."""
        number, payload = self.put_one(who, ref, revision, keep=keep)
        self.processes[who].settle(number, revision)
        self.done.append((ref, payload))

    @rule(who=st.integers(0, 1))
    def claim(self, who):
        if job := self.processes[who].claim(lease_s=10):
            self.claims[who].append(job)

    @precondition(lambda self: any(self.claims))
    @rule(who=st.integers(0, 1), fails=st.booleans())
    def finish(self, who, fails):
        if not self.claims[who]:
            return
        job = self.claims[who].pop(0)
        if fails:
            self.processes[who].failed(job, "no")
        elif self.processes[who].done(job):
            self.done.append((job.ref, job.payload))

    @rule(who=st.integers(0, 1))
    def kill(self, who):
        self.claims[who].clear()

    @rule(ref=st.sampled_from(BY_ARRIVAL))
    def save_live(self, ref):
        """A live save without a revision is a newer text than all that were put before it."""
        self.processes[0].overtake(ref, self.processes[0].mark())
        self.number += 1
        payload = f"live {self.number}".encode()
        self.put.append((ref, None, False, payload))
        self.done.append((ref, payload))

    @rule(seconds=st.sampled_from([1, 11, 100, 100_000, -3, -50, -100_000]))
    def time_goes_on(self, seconds):
        self.now += seconds

    @rule()
    def replay(self):
        for job in self.processes[1].dead():
            assert self.processes[1].replay(job.id)

    @invariant()
    def each_is_done_once(self):
        assert len(set(self.done)) == len(self.done)

    @invariant()
    def counts_agree_with_the_lists(self):
        counts = self.processes[0].counts()
        waiting = self.processes[0].waiting()
        assert (counts["waiting"] + counts["held"], counts["dead"]) == (len(waiting), len(self.processes[0].dead()))
        assert counts["held"] == sum(job.held for job in waiting)

    def drain(self):
        """Let both processes die, and a third do what is left, dead letters too."""
        self.now += LONGEST_WAIT
        while any(self.processes[0].counts().values()):
            self.replay()
            while job := self.processes[0].claim():
                if self.processes[0].done(job):
                    self.done.append((job.ref, job.payload))

    def check_the_end(self):
        done = set(self.done)
        assert self.processes[0].counts() == {"waiting": 0, "held": 0, "dead": 0}
        for ref in NUMBERED:
            told = [(revision, payload) for other, revision, _, payload in self.put if other == ref]
            newest = max((revision for revision, _ in told), default=None)
            assert newest is None or any((ref, payload) in done for revision, payload in told if revision == newest)
        for ref in BY_ARRIVAL:
            told = [payload for other, _, _, payload in self.put if other == ref]
            assert [payload for other, payload in self.done if other == ref][-1:] == told[-1:]
        for ref, _, keep, payload in self.put:
            assert not keep or (ref, payload) in done, "an editor's word was lost"


TestJobs = JobsMachine.TestCase
TestJobs.settings = settings(max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))

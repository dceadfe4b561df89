"""Durable jobs in the newsroom's SQLite file: saves that are answered later, and answers that are to be delivered.

Several processes put and claim. A claim is a lease: who does not come back in time (a killed process) gives the job to the next.
Within one article jobs follow the order in which they came, and a newer text takes the place of one that still waits. Jobs that
failed too often are kept as dead letters until somebody replays or drops them; those that are done vanish.
"""

from __future__ import annotations

import json
import random
import threading
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from newstagger.domain import ArticleRef
from newstagger.newsroom.jobrows import ANY, CLAIM, COLUMNS, MINE, NEEDLESS, OLDER, READY, Job, error_line, job_of, mine
from newstagger.newsroom.statefile import StateFile

TAG, DELIVER = "tag", "deliver"
"""Kinds: an article to be tagged, an answer to be sent to its site."""
TRIES = 24
"""Claims before a job is dead; with the waits below that takes most of a day."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 14_400.0
"""Seconds: the first wait is at most the one, doubled with each try up to the other."""
SLACK = 5.0
"""Seconds by which a stamp may lie ahead of a process that looked at the clock earlier; more means that the clock was put back."""
FAST = 1


class Jobs:
    """The jobs in the newsroom's SQLite file; safe to share between threads. Every change is durable on return or raises StateError.

    ``fresh[kind]`` is set when this process puts a job: who works jobs off need not ask again and again. ``clock`` and ``dice`` (a number
    from 0 to its argument) are for tests.
    """

    def __init__(
        self,
        file: Path | StateFile,
        *,
        tries: int = TRIES,
        clock: Callable[[], float] = time.time,
        dice: Callable[[float], float] = lambda most: random.uniform(0, most),  # noqa: S311 (no secret)
    ) -> None:
        self._file = file if isinstance(file, StateFile) else StateFile(file)
        self._tries, self._clock, self._dice = tries, clock, dice
        self.fresh: defaultdict[str, threading.Event] = defaultdict(threading.Event)

    def put(
        self, kind: str, ref: ArticleRef, payload: bytes, *, revision: int | None = None, due: float | None = None, keep: bool = False,
        replaces: bool = True,
    ) -> int:  # fmt: skip
        """Store a job and return its id; it takes the place of those of this kind and article that wait with no newer revision.

        ``due`` (None: now) is when it may be claimed first. With ``keep`` (the payload brings an editor's word) and a revision
        the job is never replaced. Where a newer revision waits already, or the very same job, nothing is stored, unless
        ``keep`` says so, and the id is that one's. One that tells nothing of what editors did takes nobody's place (``replaces``).
        """
        now, packed = self._clock(), zlib.compress(payload, FAST)
        keep = keep and revision is not None
        with self._file.together():
            if known := self._known(kind, ref, revision, packed, keep=keep):
                return known
            if replaces:
                self._drop_older(kind, ref, revision, ANY, "held = 0 AND dead = 0")
            row = (kind, ref.site, ref.id, revision, int(keep), packed, now if due is None else due, now)
            stored = self._file.change(
                "INSERT INTO job(kind, site, id, revision, keep, payload, due, stamped) VALUES (?,?,?,?,?,?,?,?) RETURNING seq", row
            )
        self.fresh[kind].set()
        return int(stored[0][0])

    def _known(self, kind: str, ref: ArticleRef, revision: int | None, packed: bytes, *, keep: bool) -> int:
        """Return the id of the waiting job that makes a new one needless, 0 where there is none.

        That is one with a newer revision; of jobs that keep their place only the very same, which the CMS told of twice.
        """
        if revision is None:
            return 0
        which = "revision = ? AND keep = 1 AND payload = ?" if keep else "revision > ?"
        query = f"SELECT seq FROM job WHERE site = ? AND id = ? AND kind = ? AND dead = 0 AND held = 0 AND {which} ORDER BY seq LIMIT 1"  # noqa: S608
        rows = self._file.rows(query, (ref.site, ref.id, kind, revision, *([packed] if keep else [])))
        return int(rows[0][0]) if rows else 0

    def _drop_older(self, kind: str, ref: ArticleRef, revision: int | None, upto: int, which: str) -> int:
        newest = ANY if revision is None else revision
        dropped = self._file.change(
            f"DELETE FROM job WHERE {OLDER} AND {which} RETURNING seq", (ref.site, ref.id, kind, upto, newest)  # noqa: S608
        )  # fmt: skip
        return len(dropped)

    def mark(self) -> int:
        """Return the id of the newest job so far: who notes it when a save arrives can tell later which jobs are older (``overtake``)."""
        rows = self._file.rows("SELECT seq FROM sqlite_sequence WHERE name = 'job'")
        return int(rows[0][0]) if rows else 0

    def overtake(self, ref: ArticleRef, mark: int) -> int:
        """Drop the jobs to tag an article that came without a revision no later than ``mark``; return how many.

        For the save of a text without a revision, while it has the article's turn: whoever holds such a job sees that it is gone
        (``holds``) and leaves the newer text alone. With revisions the pipeline itself tells late from new.
        """
        query = f"SELECT 1 FROM job WHERE {OLDER} AND revision IS NULL LIMIT 1"  # noqa: S608 (words of our own)
        if not self._file.rows(query, (ref.site, ref.id, TAG, mark, ANY)):
            return 0
        return self._drop_older(TAG, ref, None, mark, "revision IS NULL")

    def claim(self, now: float | None = None, lease_s: float = 60.0, kind: str = TAG, *, without: Sequence[str] = ()) -> Job | None:
        """Return the job that is due longest, held until the lease has run out, or None; each claim counts as a try.

        Jobs of the sites in ``without`` are passed over. Where another job of the same kind and article is held, the job waits for
        it. A clock that was put back holds nothing up: what was stamped in its future is due.
        """
        now = self._clock() if now is None else now
        ready = (kind, now, now + SLACK, json.dumps(list(without)))
        while self._file.rows(f"SELECT 1 FROM job WHERE {READY} LIMIT 1", ready):  # noqa: S608 (words of our own)
            rows = self._file.change(CLAIM, (now + lease_s, now, *ready, now, now + SLACK))
            if not rows:
                return None
            job = job_of(rows[0])
            if job.tries <= self._tries:
                return job
            self._bury(job, f"given up: {self._tries} tries ended without an answer, {job.error or 'each with its process'}")
        return None

    def holds(self, job: Job) -> bool:
        """Tell whether a claim still stands: the job was not dropped, and its lease was not given to another."""
        return bool(self._file.rows(f"SELECT 1 FROM job WHERE {MINE}", mine(job)))  # noqa: S608 (words of our own)

    def done(self, job: Job) -> bool:
        """Take a finished job away, with all older ones that it made needless; tell whether the claim still stood.

        An older one may be dead, or held by a process that was taken for dead: that one finds it gone (``holds``). Called while the
        article's turn lasts, so that nobody saves the older text after the newer.
        """
        with self._file.together():
            gone = bool(self._file.change(f"DELETE FROM job WHERE {MINE} RETURNING seq", mine(job)))  # noqa: S608
            if gone:
                self._drop_older(job.kind, job.ref, job.revision, job.id, "1")
        return gone

    def follow(self, job: Job, kind: str, payload: bytes) -> bool:
        """Put a job of another kind in the place of a finished one, in one step; tell whether the claim still stood."""
        with self._file.together():
            stood = self.done(job)
            if stood:
                self.put(kind, job.ref, payload, revision=job.revision)
        return stood

    def settle(self, id: int, revision: int | None, kind: str = "", payload: bytes = b"") -> bool:  # noqa: A002 (the field's word)
        """Take a job away whose work was done without a claim, with all older ones; a job of ``kind``, if any, stands in its place.

        ``revision`` is that of the work: the job that ``put`` returned may be a newer one's, which stays. Tell whether it was there.
        """
        with self._file.together():
            gone = self._file.change(
                "DELETE FROM job WHERE seq = ? AND revision IS ? AND dead = 0 RETURNING kind, site, id", (id, revision)
            )
            for done, site, article in gone:
                self._drop_older(done, ArticleRef(site, article), revision, id, "1")
                if kind:
                    self.put(kind, ArticleRef(site, article), payload, revision=revision)
        return bool(gone)

    def failed(
        self, job: Job, error: str, now: float | None = None, *, after: float = 0.0, final: bool = False, free: bool = False
    ) -> None:
        """Let a job wait for its next try, or make it a dead letter: after too many, or at once when ``final``.

        A ``free`` try does not count: what it waits for is no fault of the job's.

        ``error`` is shown to people and must hold nothing of the article. The wait is drawn from zero to a limit that doubles with
        each try (exponential backoff with full jitter, AWS Architecture Blog, 2015), and lasts at least ``after`` seconds. One that
        a newer job makes needless is dropped.
        """
        now = self._clock() if now is None else now
        with self._file.together():
            if self._file.change(f"DELETE FROM job WHERE {MINE} AND {NEEDLESS} RETURNING seq", mine(job)):  # noqa: S608
                return
            if final or (job.tries >= self._tries and not free):
                self._bury(job, error)
                return
            wait = self._dice(FIRST_WAIT if free else min(LONGEST_WAIT, FIRST_WAIT * 2 ** (job.tries - 1)))
            values = (now + max(after, 0.0) + wait, now, error_line(error), int(free), *mine(job))
            self._file.change(f"UPDATE job SET held = 0, due = ?, stamped = ?, error = ?, tries = tries - ? WHERE {MINE}", values)  # noqa: S608

    def _bury(self, job: Job, error: str) -> None:
        self._file.change(f"UPDATE job SET dead = 1, held = 0, error = ? WHERE {MINE}", (error_line(error), *mine(job)))  # noqa: S608

    def waiting(self, limit: int = 100) -> tuple[Job, ...]:
        """Return the jobs that are to be done, those that are held included, the next first."""
        return self._listed("dead = 0 ORDER BY due, seq", limit)

    def dead(self, limit: int = 100) -> tuple[Job, ...]:
        """Return the dead letters, oldest first."""
        return self._listed("dead = 1 ORDER BY seq", limit)

    def _listed(self, which: str, limit: int) -> tuple[Job, ...]:
        return tuple(map(job_of, self._file.rows(f"SELECT {COLUMNS} FROM job WHERE {which} LIMIT ?", (limit,))))  # noqa: S608

    def replay(self, id: int) -> bool:  # noqa: A002 (the field's word)
        """Let a dead letter wait again, due now and with all its tries; tell whether there was such a one."""
        now = self._clock()
        values = (now, now, min(id, ANY))
        found = self._file.change(
            "UPDATE job SET dead = 0, tries = 0, due = ?, stamped = ? WHERE seq = ? AND dead = 1 RETURNING kind", values
        )
        for (kind,) in found:
            self.fresh[kind].set()
        return bool(found)

    def drop(self, id: int) -> bool:  # noqa: A002 (the field's word)
        """Erase a job, dead or waiting; tell whether there was such a one."""
        return bool(self._file.erase("job", "seq = ?", (min(id, ANY),)))

    def counts(self) -> Mapping[str, int]:
        """Return how many jobs are ``waiting``, ``held`` and ``dead``."""
        rows = self._file.rows("SELECT COALESCE(SUM(dead = 0 AND held = 0), 0), COALESCE(SUM(held), 0), COALESCE(SUM(dead), 0) FROM job")
        return dict(zip(("waiting", "held", "dead"), rows[0] if rows else (0, 0, 0), strict=True))

    def expire(self, before: float) -> int:
        """Erase the dead letters that nothing was done with since a moment (seconds since 1970); return how many."""
        return self._file.erase("job", "dead = 1 AND stamped < ?", (before,))

    def forget(self, ref: ArticleRef) -> int:
        """Erase every job of an article; return how many; raise StateError when they could not be erased."""
        return self._file.erase("job", "site = ? AND id = ?", (ref.site, ref.id))

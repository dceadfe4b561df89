"""The newsroom's own state: what editors decided, what was answered, texts that may be kept, jobs and rows that wait, the policy."""

from pathlib import Path
from typing import NamedTuple

from newstagger.contracts import State
from newstagger.newsroom.archive import SqliteArchive
from newstagger.newsroom.audit import SqliteAudit
from newstagger.newsroom.jobs import Jobs
from newstagger.newsroom.ledger import SqliteLedger
from newstagger.newsroom.reviewqueue import ReviewQueue
from newstagger.newsroom.seenkeys import SeenKeys
from newstagger.newsroom.statefile import StateFile


class Newsroom(NamedTuple):
    """What one SQLite file holds beside the wire index; ``state.transaction()`` makes writes to any of them one."""

    state: State
    jobs: Jobs
    keys: SeenKeys
    review: ReviewQueue
    file: StateFile


def sqlite_state(path: Path) -> State:
    """Return the state of a newsroom without a database of its own: one SQLite file, made when something is first stored."""
    return sqlite_newsroom(path).state


def sqlite_newsroom(path: Path, *, patience: float = 0.25) -> Newsroom:
    """Return state, jobs, idempotency keys and review queue in one file, over one connection, and the file itself.

    ``patience`` is how long a write waits for another process's, in seconds.
    """
    file = StateFile(path, patience=patience)
    jobs, review = Jobs(file), ReviewQueue(file)
    state = State(SqliteLedger(file), SqliteAudit(file), SqliteArchive(file), file.together, (jobs, review))
    return Newsroom(state, jobs, SeenKeys(file), review, file)

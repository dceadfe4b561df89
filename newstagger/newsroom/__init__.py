"""The newsroom's own state: what editors decided, what was answered, the texts that may be kept, and the policy."""

from pathlib import Path

from newstagger.contracts import State
from newstagger.newsroom.archive import SqliteArchive
from newstagger.newsroom.audit import SqliteAudit
from newstagger.newsroom.ledger import SqliteLedger
from newstagger.newsroom.statefile import StateFile


def sqlite_state(path: Path) -> State:
    """Return the state of a newsroom without a database of its own: one SQLite file, made when something is first stored."""
    file = StateFile(path)
    return State(SqliteLedger(file), SqliteAudit(file), SqliteArchive(file), file.together)

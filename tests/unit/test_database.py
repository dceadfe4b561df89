import threading
import time

import pytest

from newstagger.database import connect, transaction
from newstagger.errors import StateError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "newsroom.sqlite3"


def write(connection, path):
    with transaction(connection, path) as cursor:
        cursor.execute("INSERT INTO word(w) VALUES ('kosti')")


def opened(path, timeout):
    return connect(path, "CREATE TABLE IF NOT EXISTS word(w)", timeout=timeout)


def test_a_write_waits_for_another_and_keeps_its_patience(path):
    first, second = opened(path, 30.0), opened(path, 30.0)
    begun, release = threading.Event(), threading.Event()

    def hold():
        with transaction(first, path):
            begun.set()
            release.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    assert begun.wait(10)
    waiter = threading.Thread(target=write, args=(second, path))
    waiter.start()
    time.sleep(0.05)
    assert waiter.is_alive()
    release.set()
    holder.join(10)
    waiter.join(10)
    assert second.execute("SELECT count(*) FROM word").fetchone() == (1,)
    assert second.execute("PRAGMA busy_timeout").fetchone() == (30_000,)


def test_who_waits_too_long_is_told_and_may_write_later(path):
    first, second = opened(path, 0.0), opened(path, 0.01)
    with transaction(first, path), pytest.raises(StateError, match="locked"):
        write(second, path)
    write(second, path)
    assert second.execute("PRAGMA busy_timeout").fetchone() == (10,)

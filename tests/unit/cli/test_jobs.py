"""``newstagger jobs``: what waits and what is dead is told without a word of the copy, replayed and dropped."""

from __future__ import annotations

import json

import pytest

from newstagger.cli import run
from newstagger.domain import ArticleRef
from newstagger.newsroom.jobs import DELIVER, TAG, Jobs

RARE = "quixotryzumba"


@pytest.fixture
def jobs(tmp_path):
    return Jobs(tmp_path / "newsroom.sqlite3")


@pytest.fixture
def told(tmp_path, capsys):
    """Return a function that runs the verb and returns its exit code and its lines."""

    def call(*words):
        code = run(["jobs", *words, "--home", str(tmp_path)])
        printed = capsys.readouterr()
        return code, (printed.out + printed.err).splitlines()

    return call


def fill(jobs):
    """Put three jobs: one waits, two are dead."""
    for name in ("a", "b\x1b[31m"):
        jobs.put(TAG, ArticleRef("gazette", name), RARE.encode(), revision=3)
        jobs.failed(jobs.claim(), "the disk is full", final=True)
    jobs.put(DELIVER, ArticleRef("gazette", "c"), RARE.encode())


def test_empty_newsroom_is_told_so_and_nothing_is_made(told, tmp_path):
    assert told("list") == (0, ["no jobs"])
    assert told("list", "--dead") == (0, ["no job is dead"])
    assert told("list", "--json") == (0, [])
    assert told("replay", "--all") == (0, ["0 jobs replayed"])
    assert list(tmp_path.iterdir()) == []


def test_list_tells_state_article_and_error_but_no_copy(told, jobs):
    fill(jobs)
    code, lines = told("list")
    assert code == 0 and [line.split()[:3] for line in lines] == [["1", "dead", "tag"], ["2", "dead", "tag"], ["3", "waiting", "deliver"]]
    assert "the disk is full" in lines[0] and "r3" in lines[0]
    assert not any(RARE in line or "\x1b" in line for line in lines)
    assert len(told("list", "--dead")[1]) == 2


def test_list_for_machines(told, jobs):
    fill(jobs)
    rows = [json.loads(line) for line in told("list", "--json")[1]]
    assert [(row["job"], row["state"], row["tries"], row["error"]) for row in rows] == [
        (1, "dead", 1, "the disk is full"),
        (2, "dead", 1, "the disk is full"),
        (3, "waiting", 0, ""),
    ]
    assert rows[0].keys() == {"job", "kind", "site", "id", "revision", "tries", "due", "error", "state"}
    assert RARE not in json.dumps(rows)


def test_replay_one_and_all(told, jobs):
    fill(jobs)
    assert told("replay", "2") == (0, ["1 job replayed"])
    assert jobs.counts() == {"waiting": 2, "held": 0, "dead": 1}
    assert told("replay", "--all", "--json") == (0, ['{"replayed": 1, "waiting": 3, "held": 0, "dead": 0}'])


def test_drop_one_and_all(told, jobs):
    fill(jobs)
    assert told("drop", "3") == (0, ["1 job dropped"])
    assert told("drop", "--all") == (0, ["2 jobs dropped"])
    assert jobs.counts() == {"waiting": 0, "held": 0, "dead": 0}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("replay",), "--all"),
        (("drop", "1", "--all"), "--all"),
        (("replay", "3"), "no such job"),
        (("drop", "99"), "no such job"),
        (("drop", "99999999999999999999"), "no such job"),
        (("replay", "99999999999999999999"), "no such job"),
        (("replay", "x"), "not a valid integer"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(told, jobs, words, said):
    fill(jobs)
    code, lines = told(*words)
    assert (code, len(lines)) == (2, 1) and said in lines[0]
    assert jobs.counts() == {"waiting": 1, "held": 0, "dead": 2}

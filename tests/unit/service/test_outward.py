"""What leaves over HTTP tells nobody where on its machine the newsroom lies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newstagger.domain import ArticleRef, Problem, Tagging
from newstagger.errors import ConfigError, StateError
from newstagger.newsroom.jobs import Jobs
from newstagger.service.delivery import Awaited, message_of
from newstagger.service.outward import without_folders
from newstagger.service.problems import refusal_of

from .callers import article


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("/srv/news/newsroom.sqlite3: disk is full", "newsroom.sqlite3: disk is full"),
        ("not read: '/srv/news/a.json' (see /srv/log/b.txt)", "not read: 'a.json' (see b.txt)"),
        ("path=/srv/a/b and /srv/c", "path=b and c"),
        (r"C:\Users\anna\news.db is locked", "news.db is locked"),
        ("the folder /srv/news/ is gone", "the folder news/ is gone"),
        ("see https://cms.example/a/b/c", "see https://cms.example/a/b/c"),
        ("see /v1/concepts and /openapi.json", "see /v1/concepts and /openapi.json"),
        ("and/or 24/7, 1/2", "and/or 24/7, 1/2"),
        ("", ""),
    ],
)
def test_of_a_path_the_last_part_is_told(line, left):
    assert without_folders(line) == left


def test_refusals_hold_no_folder():
    assert "/srv" not in str(refusal_of(ConfigError("altered", where="/srv/news/vocabulary.json")))
    assert "/srv" not in str(refusal_of(StateError("/srv/news/newsroom.sqlite3 cannot be written")))


def test_nor_do_deliveries():
    tagging = Tagging(
        ArticleRef("courier", "1"), "", None, None, problems=(Problem("bundle", "newstagger", "/srv/a/manifest.json: altered"),)
    )
    assert message_of(tagging, None, Awaited())["data"]["problems"][0]["message"] == "manifest.json: altered"


def test_nor_answers_to_saves(opened, kit):
    told = opened(replace(kit, bundle="no-such-bundle")).post("/v1/tag", json=article()).json()
    assert any("no-such-bundle" in one["message"] for one in told["problems"])
    assert str(kit.home.parent) not in str(told)


def test_nor_the_errors_of_jobs(opened, kit):
    client = opened(kit)
    jobs = Jobs(kit.state_file)
    jobs.put("kept", ArticleRef("courier", "1"), b"{}")  # a kind that nobody works off
    job = jobs.claim(kind="kept")
    assert job is not None
    jobs.failed(job, "/srv/news/models/a.json: altered", after=3_600)
    assert [one["error"] for one in client.get("/v1/jobs").json()["jobs"]] == ["a.json: altered"]

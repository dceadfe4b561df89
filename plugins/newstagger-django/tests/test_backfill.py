"""``tag_articles``: finds what no save has told of, tags nothing twice, survives SIGKILL; and the verbs on the site's own state."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from newsapp.models import Article, Story
from newstagger_django.bindings import binding_of
from newstagger_django.models import Answer, Decision, Standing, Term

from newstagger.testing import promote

HARVEST = "The harvest in Norway came in late after the strike."
MANAGE = Path(__file__).with_name("manage.py")


def run(*arguments, **options):
    out, err = io.StringIO(), io.StringIO()
    call_command("tag_articles", *arguments, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def stories(number):
    return Story.objects.bulk_create([Story(headline=f"Late {n}", body=HARVEST) for n in range(number)])


def test_bulk_created_articles_are_found_once(house, script):
    rows = stories(3)
    Article.objects.bulk_create([Article(title="Gone", text=HARVEST, status="killed")])
    assert script.saves == []
    assert run()[1].strip() == "3 tagged, 1 skipped"
    assert [sorted(map(str, row.topics.all())) for row in rows] == [["agriculture"]] * 3
    work = script.asked
    assert run()[1].strip() == "3 unchanged, 1 skipped"
    assert script.asked == work
    assert not Decision.objects.exists()


def test_a_new_bundle_is_work(house, script):
    stories(1)
    run()
    promote(house._settings)
    house.refresh() if hasattr(house, "refresh") else house.reload()
    assert run()[1].strip() == "1 tagged"


def test_dry_run_stores_and_writes_nothing(house):
    (row,) = stories(1)
    out, err = run("--dry-run", "--json")
    told = json.loads(out)
    assert (told["outcome"], told["tags"]) == ("tagged", ["agriculture", "labour strike", "Norway"])
    assert err.startswith("dry run: 1 tagged")
    assert [model.objects.count() for model in (Answer, Standing, Term)] == [0, 0, 0]
    assert not row.topics.exists()


def test_apply_writes_into_a_model_that_suggests(house):
    (row,) = Article.objects.bulk_create([Article(title="Late", text=HARVEST)])
    run("--model", "newsapp.article")
    assert list(row.tags.names()) == []
    run("--model", "newsapp.Article", "--apply")
    assert sorted(row.tags.names()) == ["Norway", "agriculture"]
    assert Standing.objects.get().applied == ["iso:NO", "medtop:20000210"]


def test_limit_after_and_since(house):
    rows = stories(4)
    assert run("--limit", "2")[1].strip() == "2 tagged"
    assert run("--model", "newsapp.Story", "--after", str(rows[2].pk))[1].strip() == "1 tagged"
    Article.objects.bulk_create([Article(title="Late", text=HARVEST)])
    assert run("--model", "newsapp.Article", "--since", "2999-01-01")[1].strip() == "nothing to do"
    assert run("--model", "newsapp.Article", "--since", "2020-01-01")[1].strip() == "1 tagged"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--model", "news.Artikle"], "is not declared"),
        (["--since", "yesterday"], "is no date"),
        (["--since", "2026-01-01"], "needs 'changed'"),
        (["--limit", "-1"], "negative"),
        (["--after", "3"], "of one model"),
        (["--model", "newsapp.Story", "--after", "x"], "is no key"),
    ],
)
def test_wrong_options_are_one_line(house, arguments, words):
    with pytest.raises(CommandError, match=words):
        run(*arguments)


def test_incomplete_answers_are_told_and_done_again(house, script):
    from newstagger.testing import Trouble

    stories(1)
    script.trouble = Trouble.RAISE
    assert "1 incomplete" in run()[1]
    script.trouble = Trouble.NONE
    assert "1 tagged" in run()[1]


@pytest.fixture
def site(tmp_path):
    """Return what runs ``manage.py`` on a site of its own, with the starter bundle."""
    around = {**os.environ, "NEWSAPP_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    around.pop("DJANGO_SETTINGS_MODULE", None)

    def manage(*words, **options):
        return subprocess.Popen(
            [sys.executable, str(MANAGE), *words], env=around, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
        )

    finish(manage("migrate", "-v0", "--run-syncdb"))
    finish(manage("migrate", "-v0", "--run-syncdb", "--database", "archive"))
    manage.file = tmp_path / "site.sqlite3"
    return manage


def ask(file, query):
    with closing(sqlite3.connect(file, timeout=20)) as connection:
        return connection.execute(query).fetchall()


def finish(process):
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out, err


def test_sigkill_loses_nothing_and_tags_nothing_twice(site):
    text = "Parliament in Oslo voted on the budget after a long debate about taxes and schools; the opposition called for an election."
    with closing(sqlite3.connect(site.file)) as connection, connection:
        rows = [(f"Budget vote {n}", f"{text} This is report number {n} from the capital.") for n in range(60)]
        connection.executemany("INSERT INTO newsapp_story(headline, body) VALUES (?, ?)", rows)
    process = site("tag_articles", "--model", "newsapp.Story")
    deadline = time.monotonic() + 60
    while not (done := ask(site.file, "SELECT COUNT(*) FROM newstagger_answer")[0][0]) > 5 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert 5 < done < 60
    before = ask(site.file, "SELECT COUNT(*) FROM newstagger_answer WHERE work_key <> ''")[0][0]
    _, err = finish(site("tag_articles", "--model", "newsapp.Story"))
    assert f"{60 - before} tagged" in err
    assert f"{before} unchanged" in err
    assert ask(site.file, "SELECT COUNT(DISTINCT article) FROM newstagger_answer") == [(60,)]
    doubled = "SELECT article FROM newstagger_answer GROUP BY article, work_key, seen, tagging HAVING COUNT(*) > 1"
    assert ask(site.file, doubled) == []
    assert "60 unchanged" in finish(site("tag_articles", "--model", "newsapp.Story"))[1]


def test_verbs_run_on_the_sites_state(site):
    with closing(sqlite3.connect(site.file)) as connection, connection:
        connection.execute("INSERT INTO newsapp_story(headline, body) VALUES ('Budget vote in Oslo', 'Parliament voted on the budget.')")
    finish(site("tag_articles"))
    out, _ = finish(site("newstagger", "explain", "courier.example", "newsapp.story:1"))
    assert "courier.example" in out
    finish(site("newstagger", "feedback", "list"))
    finish(site("newstagger", "forget", "--yes", "courier.example", "newsapp.story:1"))
    for table in ("answer", "decision", "kepttext", "standing"):
        assert ask(site.file, f"SELECT COUNT(*) FROM newstagger_{table}") == [(0,)]


def test_an_unknown_verb_ends_with_its_code(house):
    with pytest.raises(SystemExit):
        call_command("newstagger", "explane")


def test_explain_of_a_call(house, capsys):
    story = Story.objects.create(headline="Late", body=HARVEST)
    ref = binding_of(story).ref(story)
    call_command("newstagger", "explain", ref.site, ref.id)
    assert "agriculture" in capsys.readouterr().out

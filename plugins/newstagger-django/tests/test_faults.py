"""A bad day: whatever is wrong on our side, the site's save succeeds and the editor is told in one line."""

from __future__ import annotations

import shutil
import sqlite3

import pytest
from desk import Page
from django.core.management import call_command
from django.db import connection, transaction
from newsapp.models import Article, Brief, Cutting, Story
from newstagger_django import process
from newstagger_django.bindings import binding_of
from newstagger_django.models import Answer, Decision
from newstagger_django.panel import panel_for
from newstagger_django.process import host, reset_host, set_host, use_host

from newstagger.testing import Trouble, newsroom

HARVEST = "The harvest in Norway came in late after the strike."


@pytest.fixture
def no_ledger(transactional_db):
    """Take the ledger's table away."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE newstagger_decision RENAME TO newstagger_decision_gone")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE newstagger_decision_gone RENAME TO newstagger_decision")


def test_decision_rolls_back_with_the_page(house, desk, monkeypatch):
    article = Article.objects.create(title="Late", text=HARVEST)
    page = Page(desk, Article, article.pk)
    page.say("rejected", page.panel.suggestions[0])
    monkeypatch.setattr("newsapp.admin.ArticleAdmin.log_change", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        page.save(title="Later")
    assert Article.objects.get().title == "Late"
    assert not Decision.objects.exists()
    assert house.feedback(binding_of(article).ref(article)) == ()


def test_broken_ledger_is_told_and_the_page_is_saved(house, desk, no_ledger, script):
    with transaction.atomic():
        article = Article.objects.create(title="Late", text=HARVEST)
    page = Page(desk, Article, article.pk)
    page.said["rejected"] = ["iso:NO"]
    page.save(title="Later")
    assert Article.objects.get().title == "Later"
    (message,) = page.messages
    assert "newstagger_decision" in message
    assert HARVEST not in message


def test_lost_decision_is_told(house, desk, monkeypatch):
    article = Article.objects.create(title="Late", text=HARVEST)
    page = Page(desk, Article, article.pk)
    page.say("rejected", page.panel.suggestions[0])
    with connection.cursor() as cursor:
        cursor.execute("CREATE TRIGGER refuse BEFORE INSERT ON newstagger_decision BEGIN SELECT RAISE(ABORT, 'full'); END")
    try:
        page.save(title="Later")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER refuse")
    assert Article.objects.get().title == "Later"
    assert "a decision on a tag was not saved" in page.messages[0]
    assert page.panel.notices == tuple(page.messages)
    assert "agriculture" in [tag.label for tag in page.panel.suggestions]


@pytest.mark.parametrize("trouble", [Trouble.RAISE, Trouble.SLEEP, Trouble.EXIT])
def test_trouble_of_a_tagger_fails_no_save(house, script, trouble):
    script.trouble = trouble
    story = Story.objects.create(headline="Late", body=HARVEST)
    (line,) = panel_for(story).notices
    assert "tags may be missing" in line


def test_missing_bundle_fails_no_save(tmp_path, script):
    settings = newsroom(tmp_path)
    shutil.rmtree(settings.models)
    with use_host(plugins=[("scripted", script)], settings=settings):
        story = Story.objects.create(headline="Late", body=HARVEST)
        assert "tags may be missing" in panel_for(story).notices[0]


def test_host_that_cannot_be_built_fails_no_save(settings, caplog):
    settings.NEWSTAGGER = settings.NEWSTAGGER | {"CONFIG": {"budget": 3}}
    reset_host()
    story = Story.objects.create(headline="Late", body=HARVEST)
    assert Story.objects.count() == 1
    assert HARVEST not in caplog.text
    assert "did you mean budget_ms?" in panel_for(story).notices[0]


@pytest.mark.parametrize("error", [ImportError("no numpy"), SystemExit(3), MemoryError()])
def test_import_that_fails_fails_no_save(monkeypatch, error):
    def broken(*_, **__):
        raise error

    monkeypatch.setattr(process, "new_host", broken)
    set_host(None)
    story = Story.objects.create(headline="Late", body=HARVEST)
    assert type(error).__name__ in panel_for(story).notices[0]


@pytest.mark.parametrize("state", ["locked", "read-only", "a folder", "junk"])
def test_newsroom_file_that_cannot_be_used_fails_no_save(tmp_path, script, state):
    settings = newsroom(tmp_path)
    file = settings.state_file
    file.parent.mkdir(parents=True, exist_ok=True)
    with use_host(plugins=[("scripted", script)], settings=settings):
        other = None
        if state == "a folder":
            file.mkdir()
        elif state == "junk":
            file.write_bytes(b"junk" * 5000)
        else:
            other = sqlite3.connect(file, isolation_level=None)
            other.execute("CREATE TABLE t(x)")
            other.execute("BEGIN EXCLUSIVE") if state == "locked" else file.chmod(0o400)
        story = Story.objects.create(headline="Late", body=HARVEST)
        assert [str(topic) for topic in story.topics.all()] == ["agriculture"]
        if other is not None:
            other.close()


def test_missing_migration_fails_no_save(house, transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE newstagger_term RENAME TO newstagger_term_gone")
    try:
        with transaction.atomic():
            story = Story.objects.create(headline="Late", body=HARVEST)
        assert "manage.py migrate newstagger" in panel_for(story).notices[0]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE newstagger_term_gone RENAME TO newstagger_term")
    story.save()
    assert panel_for(story).notices == ()
    assert [str(topic) for topic in story.topics.all()] == ["agriculture"]


def test_loaddata_tags_nothing(house, script, tmp_path):
    Story.objects.create(headline="Late", body=HARVEST)
    fixture = tmp_path / "stories.json"
    with fixture.open("w") as out:
        call_command("dumpdata", "newsapp.Story", stdout=out)
    calls = len(script.saves)
    call_command("loaddata", str(fixture), verbosity=0)
    assert len(script.saves) == calls


def test_article_in_another_database(house, script):
    with transaction.atomic(using="archive"):
        Cutting.objects.create(headline="Late", body=HARVEST)
        assert script.saves == []
    assert len(script.saves) == 1
    assert Answer.objects.using("default").count() == 1


def test_deleted_article_is_retracted(house, script):
    story = Story.objects.create(headline="Late", body=HARVEST)
    ref = binding_of(story).ref(story)
    with transaction.atomic():
        story.delete()
        assert script.retracted == []
    assert script.retracted == [ref]


def test_save_and_delete_in_one_transaction(house, script):
    with transaction.atomic():
        Story.objects.create(headline="Late", body=HARVEST).delete()
    assert script.saves == []


def test_records_are_never_changed(house):
    Brief.objects.create(headline="Late", body=HARVEST)
    answer = Answer.objects.get()
    with pytest.raises(TypeError):
        answer.save()
    with pytest.raises(TypeError):
        Answer.objects.update(at="")


def test_queries_of_a_save(house, django_assert_max_num_queries):
    story = Story.objects.create(headline="Late", body=HARVEST)
    with django_assert_max_num_queries(13):
        story.save()
    story.body = "An earthquake in Norway."
    with django_assert_max_num_queries(43):
        story.save()


def test_queries_of_a_model_that_is_no_article(house, django_assert_num_queries, django_user_model):
    with django_assert_num_queries(1):
        django_user_model.objects.create(username="bo")


def test_host_of_a_fork_is_built_anew(house):
    from newstagger_django.process import _process

    mine = host()
    _process.empty()  # what happens in a child
    assert _process.host is None
    set_host(mine)

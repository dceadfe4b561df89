"""A copy inherits its source's decisions once, whenever it is first told and stored that it is one."""

from __future__ import annotations

import pytest

from newstagger.domain import Action, ArticleRef, EditorDecision, Event
from newstagger.errors import StateError

WAR, SPORT = "medtop:16000000", "medtop:15000000"
REF, COPY = ArticleRef("gazette", "1"), ArticleRef("gazette", "2")


@pytest.fixture
def host(build, make_article):
    host = build()
    host.article_saved(make_article())
    host.editor_decided(EditorDecision(REF, WAR, Action.REJECTED))
    return host


def tags(host, article):
    return [tag.concept.id for tag in host.article_saved(article).tags]


def refuse(*_, **__):
    raise StateError("the disk is full")


@pytest.mark.parametrize("method", ["ledger.SqliteLedger.decisions", "ledger.SqliteLedger.record", "audit.SqliteAudit.remember"])
def test_a_copy_made_while_storage_fails_inherits_with_its_next_save(host, make_article, monkeypatch, method):
    with monkeypatch.context() as patch:
        patch.setattr(f"newstagger.newsroom.{method}", refuse)
        tags(host, make_article(id="2", copied_from=REF))
    assert tags(host, make_article(id="2", copied_from=REF)) == []
    assert [decision.concept for decision in host.feedback(COPY)] == [WAR]


def test_a_copy_that_was_overtaken_inherits_when_it_is_told_at_last(host, make_article):
    assert tags(host, make_article(id="2", revision=8)) == [WAR]
    assert tags(host, make_article(id="2", revision=7, copied_from=REF)) == []
    assert tags(host, make_article(id="2", revision=9, body="The army again.")) == []


@pytest.mark.parametrize("event", [Event.DRAFT, Event.KILL])
def test_what_is_decided_on_the_source_later_is_no_word_about_the_copy(build, make_article, event):
    host = build()
    host.article_saved(make_article())
    host.article_saved(make_article(id="2", copied_from=REF, event=event))
    host.article_saved(make_article(id="2"))  # one that does not tell, in between
    host.editor_decided(EditorDecision(REF, WAR, Action.REJECTED))
    assert tags(host, make_article(id="2", copied_from=REF)) == [WAR]
    assert host.feedback(COPY) == ()


def test_the_copys_own_word_counts_more(host, make_article):
    tags(host, make_article(id="2", copied_from=REF))
    host.editor_decided(EditorDecision(COPY, WAR, Action.ADDED))
    assert tags(host, make_article(id="2", copied_from=REF)) == [WAR]
    assert [decision.action for decision in host.feedback(COPY)] == [Action.REJECTED, Action.ADDED]

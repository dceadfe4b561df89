"""The newsroom's memory in the site's database keeps the Protocols of newstagger."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection, transaction
from newstagger_django.models import Answer
from newstagger_django.state import DjangoArchive, DjangoAudit, DjangoLedger, django_state, latest_answers

from newstagger.domain import Action, Article, ArticleRef, Concept, Decision, EditorDecision, Evidence, Facet, Quote, Role, Tag, Tagging
from newstagger.errors import StateError
from newstagger.state import Archive, AuditLog, Ledger, SaveRecord

REF, OTHER = ArticleRef("courier.example", "news.article:1"), ArticleRef("courier.example", "news.article:2")
TAG = Tag(
    Concept("medtop:1", "ministre d'État", Facet.TOPIC), 0.5, Decision.SUGGEST, Role.MAIN, 1.5, -0.5, 0.0,
    (Evidence("État", 2.0, (Quote(3, 7, "État"),)),), "topic",
)  # fmt: skip
RECORD = SaveRecord(
    REF, "2026-01-01T00:00:00+00:00", "key", "wire 3", "w", ("medtop:1",), Tagging(REF, "h", "fr", None, (TAG,)), 7, "rules"
)


def test_protocols():
    state = django_state()
    assert isinstance(state.ledger, Ledger)
    assert isinstance(state.audit, AuditLog)
    assert isinstance(state.archive, Archive)


def test_ledger():
    ledger = DjangoLedger()
    first = EditorDecision(REF, "medtop:1", Action.REJECTED, "ana", "2026-01-01", "h", "starter@1", True, "wrong", 3)
    second = replace(first, action=Action.ADDED, revision=None, shown=False)
    for decision in (first, second, replace(first, ref=OTHER)):
        ledger.record(decision)
    assert ledger.decisions(REF) == (first, second)
    assert len(tuple(ledger.all())) == 3
    assert (ledger.forget(REF), ledger.decisions(REF), len(ledger.decisions(OTHER))) == (2, (), 1)


def test_audit():
    audit = DjangoAudit()
    assert audit.last(REF) is None
    audit.remember(replace(RECORD, at="2025"))
    audit.remember(RECORD)
    audit.remember(replace(RECORD, ref=OTHER, seen=None, tagging=replace(RECORD.tagging, ref=OTHER)))
    assert audit.last(REF) == RECORD
    assert [(record.ref, record.at) for record in audit.latest()] == [(REF, RECORD.at), (OTHER, RECORD.at)]
    assert latest_answers().count() == 2
    assert (audit.forget(REF), audit.last(REF)) == (2, None)


def test_a_record_that_does_not_read_back_is_none():
    DjangoAudit().remember(RECORD)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE newstagger_answer SET tagging = x'00'")
    assert DjangoAudit().last(REF) is None
    assert list(DjangoAudit().latest()) == []


def test_archive():
    archive = DjangoArchive()
    article = Article(REF, "Vote", "Parliament voted.", "text/plain", "en", byline="Ana", version_created="2026")
    archive.keep(article, "h", "2026-02-01")
    archive.keep(replace(article, headline="another"), "h", "2026-03-01")
    assert archive.article(REF, "h") == article
    assert archive.article(REF, "other") is None
    assert (archive.expire("2026-01-01"), archive.expire("2026-02-01"), archive.expire("2026-02-02")) == (0, 0, 1)
    assert archive.article(REF, "h") is None
    assert archive.expire("2026-02-03") == 0
    archive.keep(article, "h", "2026-04-01")
    assert (archive.forget(REF), archive.article(REF, "h")) == (1, None)


@pytest.mark.parametrize("inside", [True, False])
def test_trouble_is_a_state_error_and_breaks_no_transaction(inside):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE newstagger_decision RENAME TO gone")
    try:
        if inside:
            with transaction.atomic():
                _expect_trouble()
                Answer.objects.count()
        else:
            _expect_trouble()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE gone RENAME TO newstagger_decision")


def _expect_trouble():
    for work in (lambda: DjangoLedger().decisions(REF), lambda: DjangoLedger().record(EditorDecision(REF, "a", Action.ADDED))):
        with pytest.raises(StateError, match="newstagger_decision"):
            work()


def test_a_character_that_a_database_refuses_is_a_state_error():
    with pytest.raises(StateError):
        DjangoLedger().record(EditorDecision(REF, "\ud800", Action.ADDED))

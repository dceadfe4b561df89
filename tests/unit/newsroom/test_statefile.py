"""The newsroom's SQLite file: what is kept of the copy, what is erased for good, files of earlier releases, one transaction a save."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newstagger.domain import Action, Article, ArticleRef, EditorDecision, Event
from newstagger.errors import StateError
from newstagger.newsroom import sqlite_state
from newstagger.settings import KeepText, PrivacySettings
from newstagger.state import pack_copy

WAR = "medtop:16000000"
REF = ArticleRef("gazette", "1")
RARE = "quixotryzumba"
BODY = f"The army crossed the river before dawn, and nobody in {RARE} had heard of it."

FIRST_SCHEMA = """
CREATE TABLE ledger_decision(
    seq INTEGER PRIMARY KEY, site TEXT NOT NULL, id TEXT NOT NULL, concept TEXT NOT NULL, action TEXT NOT NULL, by TEXT NOT NULL,
    at TEXT NOT NULL, text_hash TEXT NOT NULL, bundle TEXT NOT NULL, shown INTEGER NOT NULL, reason TEXT NOT NULL);
CREATE INDEX ledger_article ON ledger_decision(site, id);
CREATE TABLE audit_save(
    seq INTEGER PRIMARY KEY, site TEXT NOT NULL, id TEXT NOT NULL, at TEXT NOT NULL, work_key TEXT NOT NULL, reuse_state TEXT NOT NULL,
    wishes TEXT NOT NULL, seen TEXT NOT NULL, tagging BLOB NOT NULL);
CREATE INDEX audit_article ON audit_save(site, id, seq);
INSERT INTO ledger_decision VALUES (1, 'gazette', '1', 'medtop:16000000', 'rejected', 'anna', '2026-01-01T08:00:00+00:00', '', '', 1, '');
INSERT INTO audit_save VALUES (1, 'gazette', '1', '2026-01-01T08:00:00+00:00', 'key', '', 'wishes', '[]', x'00');
"""


@pytest.fixture
def state(settings):
    return sqlite_state(settings.state_file)


def bytes_of(settings):
    """Return everything that the newsroom's files hold, the write-ahead log and freed pages included."""
    return b"".join(path.read_bytes() for path in sorted(settings.home.iterdir()) if path.is_file())


def stretches(blob, width=12):
    """Return the stretches of a compressed text that would give it away."""
    return [blob[at : at + width] for at in range(12, len(blob) - width, width)]


def texts(settings):
    with closing(sqlite3.connect(settings.state_file)) as database:
        return [row[0] for row in database.execute("SELECT article FROM kept_text")]


@pytest.mark.parametrize(
    ("rule", "event", "decided", "kept"),
    [
        (KeepText.NONE, Event.PUBLISH, True, 0),
        (KeepText.DECIDED, Event.PUBLISH, False, 0),
        (KeepText.DECIDED, Event.DRAFT, True, 1),
        (KeepText.PUBLISHED, Event.DRAFT, False, 0),
        (KeepText.PUBLISHED, Event.PUBLISH, False, 1),
        (KeepText.PUBLISHED, Event.CORRECT, False, 1),
        (KeepText.PUBLISHED, Event.DRAFT, True, 1),
    ],
)
def test_copy_is_kept_only_as_the_settings_say(build, make_article, settings, rule, event, decided, kept):
    host = build(privacy=PrivacySettings(rule))
    article = make_article(BODY, event=event)
    if decided:
        host.editor_decided(EditorDecision(REF, WAR, Action.REJECTED), article)
        assert len(texts(settings)) == kept
    tagging = host.article_saved(article)
    assert len(texts(settings)) == kept
    if kept:
        stored = sqlite_state(settings.state_file).archive.article(REF, tagging.text_hash)
        assert (stored.body, stored.headline, stored.language) == (BODY, "At the river", "en")


def test_copy_is_kept_when_a_draft_is_published_as_it_is(build, make_article, settings):
    host = build(privacy=PrivacySettings(KeepText.PUBLISHED))
    host.article_saved(make_article(BODY, event=Event.DRAFT))
    assert texts(settings) == []
    assert host.article_saved(make_article(BODY, event=Event.PUBLISH)).unchanged
    assert len(texts(settings)) == 1


def test_no_byte_of_the_copy_is_stored_where_none_is_to_be_kept(build, make_article, settings):
    """What speaks for a tag is stored with it, by design; the rest of the text is not."""
    host, article = build(privacy=PrivacySettings(KeepText.NONE)), make_article(BODY, event=Event.PUBLISH)
    host.article_saved(article)
    host.editor_decided(EditorDecision(REF, WAR, Action.REJECTED), article)
    host.article_saved(make_article(f"{BODY} More."))
    found = bytes_of(settings)
    assert RARE.encode() not in found
    assert not [part for part in stretches(pack_copy(article)) if part in found]
    with closing(sqlite3.connect(settings.state_file)) as database:
        answers = [row[0] for row in database.execute("SELECT tagging FROM audit_save")]
    assert answers
    assert not [blob for blob in answers if RARE.encode() in zlib.decompress(blob)]


def test_copy_goes_when_its_days_are_over_or_the_rule_says_none(build, make_article, settings, state):
    past = (datetime.now(UTC) - timedelta(days=31)).isoformat()
    old, new = make_article(BODY, id="old"), make_article(BODY, id="new")
    for privacy, left in ((PrivacySettings(keep_days=40), 2), (PrivacySettings(keep_days=30), 1), (PrivacySettings(KeepText.NONE), 0)):
        state.archive.keep(old, "hash", past)
        state.archive.keep(new, "hash", datetime.now(UTC).isoformat())
        build(privacy=privacy).article_saved(make_article(f"The army, {left}."))
        assert len(texts(settings)) == left
    assert not [part for part in stretches(pack_copy(old)) if part in bytes_of(settings)]


def test_copy_goes_at_a_save_that_changes_nothing_too_once_none_is_to_be_kept(build, make_article, settings):
    article = make_article(BODY, event=Event.PUBLISH)
    build(privacy=PrivacySettings(KeepText.PUBLISHED)).article_saved(article)
    assert len(texts(settings)) == 1
    assert build(privacy=PrivacySettings(KeepText.NONE)).article_saved(article).unchanged
    assert texts(settings) == []


def test_the_newsroom_s_files_are_its_own(build, make_article, settings):
    host = build(privacy=PrivacySettings(KeepText.PUBLISHED))
    host.article_saved(make_article(event=Event.PUBLISH))
    modes = {path.name: path.stat().st_mode & 0o777 for path in settings.home.iterdir() if path.is_file()}
    assert set(modes.values()) == {0o600}
    assert {"newsroom.sqlite3", "newsroom.sqlite3-wal"} <= modes.keys()


def test_what_is_forgotten_leaves_no_byte_behind(build, make_article, settings, state):
    host = build(privacy=PrivacySettings(KeepText.PUBLISHED))
    others = [make_article(f"The army of valley {n} rests. " * (n % 40), id=f"other-{n}", event=Event.PUBLISH) for n in range(60)]
    gone = make_article(f"{BODY} " + " ".join(f"word{n * 7919 % 1000}" for n in range(900)), event=Event.PUBLISH, saved_by=RARE)
    for number, article in enumerate(others):
        host.article_saved(article)
        if number == 30:
            host.article_saved(gone)
            host.editor_decided(EditorDecision(REF, WAR, Action.REJECTED, by=RARE))
    assert RARE.encode() in bytes_of(settings)
    assert [part for part in stretches(pack_copy(gone)) if part in bytes_of(settings)]
    erased = host.forget(REF)
    assert (erased.decisions, erased.answers, erased.texts) == (1, 1, 1)
    found = bytes_of(settings)
    assert RARE.encode() not in found
    assert not [part for part in stretches(pack_copy(gone)) if part in found]
    assert host.explain(REF) is None
    assert len(texts(settings)) == len(others)
    assert host.forget(REF) == type(erased)()


def test_a_file_of_the_first_release_opens_and_its_decisions_hold(build, make_article, settings, words):
    settings.home.mkdir()
    with closing(sqlite3.connect(settings.state_file)) as database:
        database.executescript(FIRST_SCHEMA)
    host = build()
    tagging = host.article_saved(make_article(revision=7))
    assert (tagging.tags, tagging.rejected) == ((), (WAR,))
    assert [(d.by, d.revision) for d in host.feedback(REF)] == [("anna", None)]
    host.editor_decided(EditorDecision(REF, WAR, Action.ACCEPTED))
    assert host.feedback(REF)[-1].revision == 7
    with closing(sqlite3.connect(settings.state_file)) as database:
        columns = {row[1] for table in ("ledger_decision", "audit_save") for row in database.execute(f"PRAGMA table_info({table})")}
    assert {"revision", "rules"} <= columns


def test_a_save_is_stored_whole_or_not_at_all(state, settings, make_article):
    state.ledger.record(EditorDecision(REF, WAR, Action.ADDED))
    with pytest.raises(StateError), state.transaction():
        state.ledger.record(EditorDecision(REF, WAR, Action.REJECTED))
        with state.transaction():
            state.archive.keep(make_article(), "hash", "now")
        raise StateError("the house is on fire")
    assert [decision.action for decision in state.ledger.decisions(REF)] == [Action.ADDED]
    assert state.archive.article(REF, "hash") is None
    state.ledger.record(EditorDecision(REF, WAR, Action.REMOVED))
    assert len(state.ledger.decisions(REF)) == 2


def test_long_tables_are_read_page_by_page(state, build, make_article, monkeypatch):
    monkeypatch.setattr("newstagger.newsroom.audit.PAGE", 2)
    monkeypatch.setattr("newstagger.newsroom.ledger.PAGE", 2)
    host = build()
    for number in (3, 1, 2, 5, 4):
        for _ in range(2):
            host.article_saved(make_article(id=str(number), headline=f"At the river {_}"))
        state.ledger.record(EditorDecision(ArticleRef("gazette", str(number)), WAR, Action.ADDED))
    assert [record.ref.id for record in state.audit.latest()] == ["1", "2", "3", "4", "5"]
    assert {record.tagging.text_hash for record in state.audit.latest()} == {state.audit.last(REF).tagging.text_hash}
    assert [decision.ref.id for decision in state.ledger.all()] == ["3", "1", "2", "5", "4"]


def test_decisions_are_never_changed(state, settings):
    state.ledger.record(EditorDecision(REF, WAR, Action.ADDED))
    with closing(sqlite3.connect(settings.state_file)) as database, pytest.raises(sqlite3.IntegrityError, match="never changed"):
        database.execute("UPDATE ledger_decision SET action = 'rejected'")


def test_a_copy_inherits_what_was_decided_even_if_someone_decides_before_its_first_save(build, make_article):
    host, copy = build(), ArticleRef("gazette", "2")
    host.editor_decided(EditorDecision(REF, WAR, Action.REJECTED))
    host.editor_decided(EditorDecision(copy, "iso:SY", Action.ADDED))
    tagging = host.article_saved(replace(make_article(id="2"), copied_from=REF))
    assert ([tag.concept.id for tag in tagging.tags], tagging.rejected) == (["iso:SY"], (WAR,))


def test_an_article_is_read_as_it_was_kept(state):
    article = Article(REF, "H \ud800", "<p>B</p>", "text/html", "ar", byline="By A")
    state.archive.keep(article, "hash", "now")
    state.archive.keep(replace(article, headline="later"), "hash", "later")
    assert state.archive.article(REF, "hash") == article

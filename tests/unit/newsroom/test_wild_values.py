"""Values that no database takes: a decision that holds one is refused, a save goes on without it, a damaged row hides nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from newstagger.cli import run
from newstagger.domain import Action, ArticleRef, EditorDecision, ExistingTag, FormState
from newstagger.errors import NewstaggerError, StateError

WAR, SPORT = "medtop:16000000", "medtop:15000000"
REF = ArticleRef("gazette", "1")
HALF = "medtop:\ud800"
WILD = [None, 7, b"bytes", HALF, "a\0b", ["list"]]


def ids(tagging):
    return [tag.concept.id for tag in tagging.tags]


@pytest.mark.parametrize("field", ["concept", "by", "reason", "text_hash", "bundle", "at"])
@pytest.mark.parametrize("value", WILD)
def test_a_decision_that_no_ledger_could_store_is_refused_before_anything_is(build, make_article, field, value):
    host = build()
    host.article_saved(make_article())
    with pytest.raises(StateError, match=f"not stored: its {field}"):
        host.editor_decided(replace(EditorDecision(REF, WAR, Action.REJECTED), **{field: value}))
    assert host.feedback(REF) == ()
    assert ids(host.article_saved(make_article())) == [WAR]


@pytest.mark.parametrize(
    "change",
    [
        {"action": "nonsense"}, {"action": None}, {"action": ["rejected"]}, {"concept": " "}, {"revision": "x"}, {"revision": 1 << 63},
        {"shown": None}, {"ref": ArticleRef("gazette", 5)}, {"ref": ArticleRef("\ud800", "1")}, {"ref": None},
    ],
)  # fmt: skip
def test_every_other_wild_decision_is_refused_the_same_way(build, make_article, change):
    host = build()
    host.article_saved(make_article())
    with pytest.raises(StateError, match="not stored"):
        host.editor_decided(replace(EditorDecision(REF, WAR, Action.REJECTED), **change))
    assert host.feedback(REF) == ()


def test_an_action_may_be_told_by_its_word(build, make_article):
    host = build()
    host.editor_decided(EditorDecision(REF, WAR, "rejected"))
    assert host.feedback(REF)[0].action is Action.REJECTED
    assert ids(host.article_saved(make_article())) == []


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=())), st.text(st.characters(exclude_categories=())))
def test_a_decision_is_stored_as_it_is_or_refused(build, concept, by):
    host, ref = build(), ArticleRef("gazette", "wild")
    before = len(host.feedback(ref))
    try:
        host.editor_decided(EditorDecision(ref, concept, Action.ADDED, by=by))
    except NewstaggerError:
        assert len(host.feedback(ref)) == before
    else:
        assert (host.feedback(ref)[-1].concept, host.feedback(ref)[-1].by) == (concept, by)


def test_a_row_that_does_not_read_back_hides_no_other_decision(build, settings, make_article, capsys):
    host = build()
    host.editor_decided(EditorDecision(REF, WAR, Action.REJECTED))
    with closing(sqlite3.connect(settings.state_file)) as database, database:
        columns = "site, id, concept, action, by, at, text_hash, bundle, shown, reason"
        database.execute(f"INSERT INTO ledger_decision({columns}) VALUES ('gazette', '1', ?, 'nonsense', '', '', '', '', 1, '')", (SPORT,))
    told = host.article_saved(make_article("The army scored a goal."))
    assert ids(told) == [SPORT]
    assert "does not read back" in str(told.problems)
    assert len(host.feedback(REF)) == 1
    for words in (["feedback", "list"], ["feedback", "list", "gazette", "1"], ["explain", "gazette", "1"]):
        assert run([*words, "--home", str(settings.home)]) == 0
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("value", WILD)
def test_a_tag_that_cannot_be_stored_is_left_out_of_a_save_and_told(build, make_article, value):
    host = build()
    held = (ExistingTag(value), ExistingTag(SPORT))
    told = host.article_saved(make_article(existing_tags=held, form=FormState((), (value,)), revision=value, saved_by=value))
    assert WAR in ids(told)
    assert SPORT in ids(told)
    assert {problem.stage for problem in told.problems} >= {"article"}
    assert not any("raised" in problem.message for problem in told.problems)


def test_a_tag_without_an_id_troubles_no_later_save(build, make_article):
    host = build()
    told = host.article_saved(make_article(existing_tags=(ExistingTag(""), ExistingTag(" "))))
    assert ["is empty" in problem.message for problem in told.problems if problem.stage == "article"] == [True]
    later = host.article_saved(make_article(existing_tags=()))
    assert not [problem for problem in later.problems if problem.stage in ("article", "state")]


@pytest.mark.parametrize("ref", [ArticleRef("\ud800", "1"), ArticleRef("gazette", None), ArticleRef("gazette", "a\0")])
def test_an_article_whose_name_cannot_be_stored_is_answered_with_one_clear_problem(build, make_article, ref):
    told = build().article_saved(replace(make_article(), ref=ref))
    assert (told.tags, len(told.problems)) == ((), 1)
    assert "site or id" in told.problems[0].message


@pytest.mark.parametrize("field", ["headline", "body", "byline", "credit", "source", "language"])
def test_half_a_character_in_the_copy_costs_no_tag(build, make_article, field):
    told = build(budget_ms=60_000).article_saved(replace(make_article(), **{field: "The army \ud800"}))
    assert WAR in ids(told)
    assert not any("raised" in problem.message for problem in told.problems)

"""What the state machine of the editor's word found, each told as one short story."""

from __future__ import annotations

import pytest

from newstagger.domain import Action, ArticleRef, EditorDecision, Event, ExistingTag, FormState, Origin
from newstagger.errors import StateError

WAR, SPORT = "medtop:16000000", "medtop:15000000"
REF = ArticleRef("gazette", "1")
OURS = (ExistingTag(WAR, Origin.MACHINE),)


def concepts(tagging):
    return [tag.concept.id for tag in tagging.tags]


def click(host, concept, action):
    host.editor_decided(EditorDecision(REF, concept, action))


def test_a_late_save_is_not_answered_with_a_tag_that_was_taken_off_since(build, make_article):
    host = build()
    host.article_saved(make_article(revision=2))
    click(host, WAR, Action.REJECTED)
    late = host.article_saved(make_article(revision=1))
    assert (concepts(late), late.rejected) == ([], (WAR,))


def test_what_was_answered_is_not_shown_with_a_tag_that_was_taken_off_since(build, make_article):
    host = build()
    host.article_saved(make_article())
    click(host, WAR, Action.REJECTED)
    assert concepts(host.explain(REF)) == []
    assert host.explain(REF).rejected == (WAR,)


def test_a_save_that_is_told_twice_does_not_overrule_what_was_decided_in_between(build, make_article):
    host = build()
    typed = make_article("Nothing.", revision=1, existing_tags=(ExistingTag(SPORT),), form=FormState())
    host.article_saved(typed)
    click(host, SPORT, Action.REJECTED)
    assert concepts(host.article_saved(typed)) == []
    assert [decision.action for decision in host.feedback(REF)] == [Action.ADDED, Action.REJECTED]


def test_what_a_form_said_is_read_though_its_save_is_told_late(build, make_article):
    host = build()
    host.article_saved(make_article(revision=3, existing_tags=(), form=FormState()))
    host.article_saved(make_article(revision=2, existing_tags=(), form=FormState(held=(WAR,))))
    assert [(decision.action, decision.revision) for decision in host.feedback(REF)] == [(Action.REMOVED, 2)]
    assert concepts(host.article_saved(make_article("The army.", revision=4))) == []


def test_a_late_form_does_not_overrule_a_later_one(build, make_article):
    host = build()
    host.article_saved(make_article(revision=3, existing_tags=(ExistingTag(SPORT),), form=FormState()))
    host.article_saved(make_article(revision=2, existing_tags=(), form=FormState(held=(SPORT,))))
    assert concepts(host.article_saved(make_article(revision=4))) == [SPORT, WAR]


def test_a_tag_that_we_took_back_ourselves_was_removed_by_nobody(build, make_article):
    host = build()
    for body, held in (("The army.", ()), ("The army.", OURS), ("Nothing.", OURS), ("Nothing.", ())):
        host.article_saved(make_article(body, existing_tags=held))
    assert host.feedback(REF) == ()
    assert concepts(host.article_saved(make_article("The army.", existing_tags=()))) == [WAR]


def test_what_a_kill_takes_off_was_removed_by_nobody(build, make_article):
    host = build()
    host.article_saved(make_article(existing_tags=OURS))
    host.article_saved(make_article(existing_tags=OURS, event=Event.KILL))
    host.article_saved(make_article(existing_tags=()))
    assert host.feedback(REF) == ()


def test_what_the_form_said_that_killed_a_story_is_read(build, make_article):
    host = build()
    host.article_saved(make_article(existing_tags=(), form=FormState(held=(WAR,)), event=Event.KILL))
    assert [decision.action for decision in host.feedback(REF)] == [Action.REMOVED]


@pytest.mark.parametrize("with_form", [True, False])
def test_a_change_that_could_not_be_stored_is_read_again_at_the_next_save(build, make_article, monkeypatch, with_form):
    """The adapter leaves the form's state as it was, since the answer has a problem of the state."""
    host = build()
    host.article_saved(make_article(existing_tags=OURS))
    gone = make_article(existing_tags=(), form=FormState(held=(WAR,)) if with_form else None)

    def refuse(*_):
        raise StateError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr("newstagger.newsroom.ledger.SqliteLedger.record", refuse)
        told = host.article_saved(gone)
    assert concepts(told) == []
    assert "state" in {problem.stage for problem in told.problems}
    assert host.feedback(REF) == ()
    assert concepts(host.article_saved(gone)) == []
    assert [decision.action for decision in host.feedback(REF)] == [Action.REMOVED]


def test_a_person_s_tag_on_a_copy_does_not_bring_back_what_was_refused_on_the_original(build, make_article):
    host = build()
    host.article_saved(make_article())
    click(host, WAR, Action.REJECTED)
    copy = make_article(id="2", copied_from=REF, existing_tags=(ExistingTag(WAR),))
    assert concepts(host.article_saved(copy)) == []


def test_a_save_that_was_overtaken_at_work_does_not_become_the_last_answer(build, words, make_article):
    host = build()
    host.article_saved(make_article(revision=1))
    answer, overtaken = words.tagger.tag, []

    def tag(article, text):
        if article.revision == 2 and not overtaken:  # the newer save comes while this one is being tagged
            overtaken.append(host.article_saved(make_article(body="A late goal.", revision=3)))
        return answer(article, text)

    words.tagger.tag = tag
    host.article_saved(make_article(headline="Earlier", revision=2))
    assert host.explain(make_article().ref).text_hash == overtaken[0].text_hash


def test_a_tag_that_was_there_before_newstagger_and_that_a_stale_form_lost_is_kept(build, make_article):
    host, mine = build(), "typed:fair"
    host.article_saved(make_article(existing_tags=(ExistingTag(mine),), form=FormState((mine,)), revision=1))
    assert host.feedback(REF) == ()
    told = host.article_saved(make_article(existing_tags=(), form=FormState(), revision=2))
    assert mine in concepts(told)
    assert [(one.action, one.reason) for one in host.feedback(REF)] == [(Action.ADDED, "a stale form had lost it")]


@pytest.mark.parametrize("fields", [{"form": FormState(("typed:fair",))}, {"form": None}, {"form": FormState(), "event": Event.RESTORE}])
def test_who_takes_such_a_tag_off_is_believed(build, make_article, fields):
    host, mine = build(), "typed:fair"
    host.article_saved(make_article(existing_tags=(ExistingTag(mine),), form=FormState((mine,)), revision=1))
    assert mine not in concepts(host.article_saved(make_article(existing_tags=(), revision=2, **fields)))


def test_a_tag_of_ours_that_a_stale_form_lacks_becomes_no_person_s(build, make_article):
    host = build()
    host.article_saved(make_article(existing_tags=OURS, form=FormState((WAR,)), revision=1))
    host.article_saved(make_article("Nothing.", existing_tags=(), form=FormState(), revision=2))
    assert host.feedback(REF) == ()


def test_a_tag_that_a_save_on_its_way_took_off_is_not_taken_for_lost(build, make_article):
    host, mine = build(), "typed:fair"
    host.article_saved(make_article(existing_tags=(ExistingTag(mine),), event=Event.IMPORT, revision=1))
    taken_off = make_article(existing_tags=(), form=FormState((mine,)), revision=2)
    told_before_it = make_article(existing_tags=(), form=FormState(), revision=3)
    assert mine not in concepts(host.article_saved(told_before_it))
    host.article_saved(taken_off)
    assert [(one.concept, one.action) for one in host.feedback(REF)] == [(mine, Action.REMOVED)]
    assert mine not in concepts(host.article_saved(make_article("The army.", revision=4)))


def test_what_a_rejection_took_off_the_page_was_not_removed_again_after_it_was_accepted(build, make_article):
    """Rejected, so the adapter takes it off the page; accepted in a form that is not saved yet; and then a client saves the page."""
    host = build()
    host.article_saved(make_article(existing_tags=(ExistingTag(WAR),), revision=1))
    click(host, WAR, Action.REJECTED)
    click(host, WAR, Action.ACCEPTED)
    assert concepts(host.article_saved(make_article("The army again.", existing_tags=(), revision=2))) == [WAR]
    assert Action.REMOVED not in {one.action for one in host.feedback(REF)}


def test_who_takes_a_tag_off_that_was_rejected_and_put_on_again_is_believed(build, make_article):
    host = build()
    host.article_saved(make_article(existing_tags=(ExistingTag(WAR),), revision=1))
    click(host, WAR, Action.REJECTED)
    host.article_saved(make_article("The army, again.", existing_tags=(), revision=2))
    host.article_saved(make_article("Once more the army.", existing_tags=(ExistingTag(WAR),), revision=3))
    assert concepts(host.article_saved(make_article("The army.", existing_tags=(), revision=4))) == []

"""The panel in the form and on its own: who may see it, what it holds, and that it keeps what an editor said."""

from __future__ import annotations

import json

import pytest
from desk import colleague
from django.test import Client
from django.urls import reverse
from newsroom.furnish import front_of
from newsroom.stories.models import FrontPage, StoryPage
from newsroom.visitor import Page as Seen

from newstagger.domain import Action
from newstagger.errors import StateError
from newstagger.testing.rules.desk import AGRICULTURE, HEADLINE, NORWAY, STRIKE, story


def fragment(client, page) -> Seen:
    answer = client.get(reverse("newstagger_panel", args=[page]))
    assert answer.status_code == 200
    return Seen("panel", answer.content.decode())


def test_the_panel_stands_in_the_form_once(suggest):
    form = suggest.open(suggest.create(HEADLINE, story("harvest")))
    assert len(form.seen.soup.select("input[name=newstagger]")) == 1
    assert len(form.seen.soup.select(".newstagger")) == 1
    assert AGRICULTURE in form.suggestions


def test_the_panel_of_a_new_page_waits(client, house):
    answer = client.get(reverse("wagtailadmin_pages:add", args=["stories", "storypage", front_of("en").pk]))
    seen = Seen("new", answer.content.decode())
    assert seen.soup.select_one(".newstagger__empty")
    assert seen.form()["newstagger"]


def test_a_page_type_that_is_not_tagged_has_no_panel(client, house):
    answer = client.get(reverse("wagtailadmin_pages:edit", args=[front_of("en").pk]))
    assert not Seen("front", answer.content.decode()).soup.select(".newstagger, input[name=newstagger]")
    assert client.get(reverse("newstagger_panel", args=[front_of("en").pk])).status_code == 404


def test_the_fragment_is_what_the_form_shows(suggest):
    article = suggest.create(HEADLINE, story("harvest", "strike"))
    form = suggest.open(article)
    seen = fragment(suggest.client, article)
    told = json.loads(seen.soup.select_one("input[name=newstagger]")["value"])
    assert told["shown"] == json.loads(form.fields["newstagger"])["shown"]
    assert {row["data-label"] for row in seen.soup.select("[data-newstagger-row]")} == {AGRICULTURE, STRIKE}


def test_only_who_may_edit_the_page_sees_it(suggest):
    article = suggest.create(HEADLINE, story("harvest"))
    address = reverse("newstagger_panel", args=[article])
    assert Client().get(address).status_code == 302
    stranger = colleague("add_page", page=front_of("de"))
    assert stranger.get(address).status_code in (302, 403)
    assert AGRICULTURE not in stranger.get(address).content.decode()
    assert suggest.client.post(address).status_code == 405


def test_who_may_edit_some_pages_sees_theirs(suggest):
    article = suggest.create(HEADLINE, story("harvest"))
    friend = colleague("change_page", page=front_of("en"))
    assert AGRICULTURE in friend.get(reverse("newstagger_panel", args=[article])).content.decode()


def test_a_form_that_comes_back_with_errors_keeps_what_was_said(suggest):
    form = suggest.open(suggest.create(HEADLINE, story("harvest", "strike")))
    form.reject(STRIKE)
    form.fields["title"] = ""
    answer = form.post(action_publish="1")
    assert answer.status_code == 200
    again = Seen("again", answer.content.decode()).form()
    assert again["newstagger"] == form.fields["newstagger"]


def test_a_forged_form_says_nothing(suggest):
    one, other = (suggest.create(f"{HEADLINE} {n}", story("harvest", "strike")) for n in (1, 2))
    theirs, ours = suggest.open(other), suggest.open(one)
    theirs.reject(STRIKE)
    ours.fields["newstagger"] = theirs.fields["newstagger"]
    ours.save()
    assert not suggest.decisions(one)
    assert "not saved" in suggest.notice(one)


@pytest.mark.parametrize("junk", ["", "{", "[]", "null", '{"sealed": 7}', "\x00", "x" * 300_000])
def test_junk_in_the_hidden_field_fails_no_save(suggest, junk):
    article = suggest.create(HEADLINE, story("harvest"))
    form = suggest.open(article)
    form.fields["newstagger"] = junk
    form.save()
    assert not suggest.decisions(article)


def test_a_decision_that_cannot_be_stored_is_told(suggest, house, monkeypatch):
    article = suggest.create(HEADLINE, story("strike"))
    form = suggest.open(article)
    form.reject(STRIKE)
    monkeypatch.setattr(house._state.ledger, "record", lambda _: (_ for _ in ()).throw(StateError("the disk is full")))
    form.save()
    assert "not saved" in suggest.notice(article)
    assert len(suggest.notice(article).splitlines()) == 1
    assert STRIKE in suggest.suggestions(article)


def test_a_rejected_tag_that_a_restored_version_holds_is_taken_out(suggest):
    article = suggest.create(HEADLINE, story("strike", "Norway"))
    form = suggest.open(article)
    form.accept(STRIKE)
    form.save()
    old = suggest.revisions(article)
    form = suggest.open(article)
    form.reject(STRIKE)
    form.save()
    suggest.restore(article, old)
    assert STRIKE not in suggest.draft_tags(article)
    assert [d.action for d in suggest.decisions(article)] == [Action.ACCEPTED, Action.REJECTED]
    assert NORWAY in suggest.suggestions(article)


def test_who_puts_a_rejected_tag_into_a_restored_version_gets_it(suggest):
    article = suggest.create(HEADLINE, story("strike"))
    form = suggest.open(article)
    form.reject(STRIKE)
    form.save()
    from driver import WagtailForm

    first = suggest._row(article).revisions.earliest("pk")
    form = WagtailForm(suggest.client, int(article), revision=first.pk)
    form.add(STRIKE)
    form.save()
    assert STRIKE in suggest.draft_tags(article)


def test_apply_tells_the_open_form_what_it_put_on_and_removal_is_the_editors_word(apply):
    article = apply.create(HEADLINE, story())
    form = apply.open(article)
    form.write(body=story("harvest"))
    told = form.autosave()
    assert told["field_updates"]["tags"] == '"agriculture"'
    assert AGRICULTURE in form.tags
    form.remove(AGRICULTURE)
    assert "tags" not in form.autosave()["field_updates"]
    form.write(body=story("harvest", update=1))
    form.autosave()
    assert AGRICULTURE not in form.tags
    assert [d.action for d in apply.decisions(article)] == [Action.REMOVED]


def test_a_new_note_is_published_with_its_tags(apply):
    article = apply.create(HEADLINE, story("harvest"), published=True)
    assert AGRICULTURE in apply.tags(article)
    assert apply.revisions(article) == 1


def test_a_page_without_a_tag_field_has_suggestions_alone(client, house):
    from driver import WagtailCms
    from newstagger_django import bindings
    from newstagger_django.conf import ArticleFields
    from newstagger_wagtail.pages import PageBinding

    before = bindings.binding_of(StoryPage)
    bindings.bind(StoryPage, PageBinding(StoryPage, ArticleFields(headline="title", body=("intro", "body"))))
    try:
        cms = WagtailCms(client, "storypage")
        article = cms.create(HEADLINE, story("harvest", "strike"))
        form = cms.open(article)
        form._say("rejected", STRIKE)
        form.save()
        assert cms.suggestions(article) == {AGRICULTURE}
        form._say("accepted", AGRICULTURE)
        form.save()
        assert [d.action for d in cms.decisions(article)] == [Action.REJECTED, Action.ACCEPTED]
        assert not cms.draft_tags(article)
    finally:
        bindings.bind(StoryPage, before)


def test_front_pages_are_left_alone(house, script):
    FrontPage.objects.first().save_revision()
    assert not script.saves

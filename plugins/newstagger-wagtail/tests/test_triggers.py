"""When the host is told, of what, and under which name: every way that a page can be saved, go live, be copied and be withdrawn."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from unittest import mock

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from newsroom.furnish import front_of
from newsroom.stories.models import NotePage, StoryPage
from wagtail.models import Locale, Page

from newstagger.domain import Action, Event
from newstagger.testing.rules.desk import AGRICULTURE, HEADLINE, STRIKE, story


def events(script) -> list[Event]:
    return [article.event for article in script.saves]


def texts(script) -> str:
    return "\n".join(article.body for article in script.saves)


def test_a_form_that_publishes_is_told_once(suggest, script):
    suggest.create(HEADLINE, story("harvest"), published=True)
    assert events(script) == [Event.PUBLISH]


def test_a_second_version_is_a_correction(suggest, script):
    article = suggest.create(HEADLINE, story("harvest"), published=True)
    form = suggest.open(article)
    form.write(body=story("earthquake"))
    form.publish()
    assert events(script) == [Event.PUBLISH, Event.CORRECT]


def test_drafts_and_autosaves(suggest, script):
    form = suggest.open(suggest.create(HEADLINE, story("harvest")))
    for update in (1, 2):
        form.write(body=story("harvest", update=update))
        form.autosave()
    assert events(script) == [Event.DRAFT, Event.DRAFT, Event.AUTOSAVE]
    assert [article.revision for article in script.saves] == sorted(article.revision for article in script.saves)
    assert {article.saved_by for article in script.saves} == {"editor"}


@pytest.mark.parametrize("kind", ["suggest", "apply"])
def test_a_scheduled_page_is_published_when_it_is_live(kind, request, script):
    cms = request.getfixturevalue(kind)
    form = cms.open(cms.create(HEADLINE, story()))
    script.saves.clear()
    form.write(body=story("harvest"))
    form.schedule()
    assert Event.PUBLISH not in events(script)
    assert Event.SCHEDULE in events(script)
    cms.publish_due()
    assert events(script)[-1] is Event.PUBLISH
    assert events(script).count(Event.PUBLISH) == 1


def test_a_new_version_of_a_live_page_under_embargo_is_not_told_as_published(suggest, script):
    article = suggest.create(HEADLINE, story("harvest"), published=True)
    script.saves.clear()
    form = suggest.open(article)
    form.write(body=story("earthquake"))
    form.schedule()
    assert set(events(script)) <= {Event.SCHEDULE, Event.DRAFT}
    assert "earthquake" not in suggest.live_text(article)
    suggest.publish_due()
    assert events(script)[-1] is Event.CORRECT
    assert "earthquake" in suggest.live_text(article)


def test_publishing_an_older_version_tells_nothing_of_the_newer_draft(suggest, script):
    article = suggest.create(HEADLINE, story("harvest"))
    older = Page.objects.get(pk=article).get_latest_revision()
    form = suggest.open(article)
    form.write(body=story("earthquake"))
    form.save()
    offered = suggest.suggestions(article)
    script.saves.clear()
    older.publish()
    assert "earthquake" not in texts(script)
    assert suggest.suggestions(article) == offered, "the newest draft's suggestions are those of its own text"


def test_taken_down_is_a_kill_and_a_new_save_tags_again(suggest, script):
    article = suggest.create(HEADLINE, story("harvest"), published=True)
    suggest.kill(article)
    assert [ref.id for ref in script.retracted] == [f"stories.storypage:{article}"]
    assert not suggest.suggestions(article)
    suggest.open(article).save()
    assert AGRICULTURE in suggest.suggestions(article)


def test_a_killed_field_is_a_kill(suggest, script):
    article = suggest.create(HEADLINE, story("harvest"))
    script.saves.clear()
    form = suggest.open(article)
    form.fields["killed"] = "on"
    form.save()
    assert script.retracted
    assert not script.saves
    assert not suggest.suggestions(article)


def test_an_expired_page_is_told_of_and_keeps_its_suggestions(suggest, script):
    article = suggest.create(HEADLINE, story("harvest"), published=True)
    StoryPage.objects.filter(pk=article).update(expire_at=timezone.now() - timedelta(hours=1))
    call_command("publish_scheduled", stdout=StringIO())
    assert len(script.retracted) == 1
    assert AGRICULTURE in suggest.suggestions(article)


def test_a_deleted_page_is_told_once(suggest, script):
    article = suggest.create(HEADLINE, story("harvest"), published=True)
    suggest.client.post(reverse("wagtailadmin_pages:delete", args=[article]))
    assert not Page.objects.filter(pk=article).exists()
    assert [ref.id for ref in script.retracted] == [f"stories.storypage:{article}"]


def test_a_script_that_makes_a_live_page(apply, script):
    page = front_of("en").add_child(instance=NotePage(title=HEADLINE, slug="by-script", text="<p>The harvest is in.</p>"))
    assert AGRICULTURE in apply.tags(str(page.pk))
    assert not apply.decisions(str(page.pk))


def test_a_script_that_saves_a_draft(apply):
    article = apply.create(HEADLINE, story(), published=True)
    before = apply.revisions(article)
    page = apply._draft(article)
    page.text = "<p>The harvest is in.</p>"
    page.save_revision()
    assert apply.revisions(article) - before == 1
    assert AGRICULTURE in apply.draft_tags(article)
    assert AGRICULTURE not in apply.tags(article)


def test_a_restored_version_by_a_script_decides_nothing(apply):
    article = apply.create(HEADLINE, story("strike"))
    old = apply._row(article).get_latest_revision()
    form = apply.open(article)
    form.accept(STRIKE)
    form.save()
    form = apply.open(article)
    form.remove(STRIKE)
    form.save()
    decided = len(apply.decisions(article))
    old.as_object().save_revision(previous_revision=old, log_action=True)
    assert len(apply.decisions(article)) == decided


def decided_article(cms) -> str:
    """Return a page whose editor rejected one suggestion and accepted none."""
    article = cms.create(HEADLINE, story("harvest", "strike"))
    form = cms.open(article)
    form.reject(STRIKE)
    form.save()
    assert STRIKE not in cms.suggestions(article)
    return article


@pytest.mark.parametrize("way", ["form", "method", "tree"])
def test_every_copy_takes_its_decisions_along(suggest, script, way):
    article = decided_article(suggest)
    if way == "form":
        copy = suggest.copy(article)
    elif way == "method":
        copy = str(suggest._row(article).copy(update_attrs={"slug": "copied"}).pk)
    else:
        tree = front_of("en").copy(recursive=True, update_attrs={"slug": "second-front"})
        copy = str(StoryPage.objects.descendant_of(tree).get().pk)
    assert copy != article
    told = script.saves[-1]
    assert told.copied_from is not None
    assert told.copied_from.id == f"stories.storypage:{article}"
    assert AGRICULTURE in suggest.suggestions(copy)
    assert STRIKE not in suggest.suggestions(copy)
    assert [d.action for d in suggest.decisions(copy)] == [Action.REJECTED]


def test_a_copy_is_told_once(suggest, script):
    article = decided_article(suggest)
    script.saves.clear()
    suggest._row(article).copy(update_attrs={"slug": "copied"}, copy_revisions=True)
    assert events(script) == [Event.IMPORT]


def test_a_translation_is_another_article(suggest, script):
    article = decided_article(suggest)
    page = suggest._row(article).copy_for_translation(Locale.objects.get(language_code="de"))
    assert script.saves[-1].copied_from is None
    assert script.saves[-1].language == "de"
    assert STRIKE in suggest.suggestions(str(page.pk))
    assert not suggest.decisions(str(page.pk))


def test_an_alias_is_no_article(suggest, script):
    article = suggest.create(HEADLINE, story("harvest"), published=True)
    script.saves.clear()
    alias = suggest._row(article).create_alias(update_slug="alias")
    assert not script.saves
    suggest._row(article).get_latest_revision().publish()
    assert {saved.ref.id for saved in script.saves} == {f"stories.storypage:{article}"}
    assert suggest.client.get(reverse("newstagger_panel", args=[alias.pk])).status_code == 404


def test_a_locked_page_is_not_saved_and_nothing_is_told(suggest, script):
    from django.contrib.auth import get_user_model
    from django.test import Client

    article = suggest.create(HEADLINE, story("harvest"))
    form = suggest.open(article)
    other = get_user_model().objects.create_superuser("desk", "desk@courier.example", "words")
    StoryPage.objects.filter(pk=article).update(locked=True, locked_by=other, locked_at=timezone.now())
    script.saves.clear()
    form.write(body=story("earthquake"))
    form.reject(AGRICULTURE)
    assert form.post().status_code == 200
    assert not script.saves
    assert not suggest.decisions(article)
    assert isinstance(form.client, Client)


def test_a_workflow_is_told_of_what_it_saves_and_publishes(suggest, script):
    from wagtail.models import GroupApprovalTask, Task, Workflow, WorkflowPage, WorkflowTask

    workflow = Workflow.objects.create(name="Desk")
    task = GroupApprovalTask.objects.create(name="Editor in chief")
    WorkflowTask.objects.create(workflow=workflow, task=Task.objects.get(pk=task.pk), sort_order=1)
    WorkflowPage.objects.create(workflow=workflow, page=Page.objects.get(pk=front_of("en").pk))
    article = suggest.create(HEADLINE, story("harvest"))
    script.saves.clear()
    form = suggest.open(article)
    form.write(body=story("earthquake"))
    form.post(action_submit="1")
    assert Event.PUBLISH not in events(script)
    assert "earthquake" in texts(script)
    state = Page.objects.get(pk=article).current_workflow_task_state
    state.approve(user=None)
    assert events(script)[-1] is Event.PUBLISH


def test_a_form_that_a_hook_stops_from_publishing_is_tagged_as_a_draft(suggest, script):
    from django.http import HttpResponse
    from wagtail import hooks

    article = suggest.create(HEADLINE, story())
    script.saves.clear()
    form = suggest.open(article)
    form.write(body=story("harvest"))
    with hooks.register_temporarily("before_publish_page", lambda *_: HttpResponse("not today")):
        form.post(action_publish="1")
    assert events(script) == [Event.DRAFT]
    assert AGRICULTURE in suggest.suggestions(article)


def test_a_page_that_is_rolled_back_is_not_tagged(suggest, script):
    from django.db import transaction

    article = suggest.create(HEADLINE, story())
    script.saves.clear()
    with mock.patch.object(Page, "save_revision", side_effect=RuntimeError), pytest.raises(RuntimeError):
        form = suggest.open(article)
        form.write(body=story("harvest"))
        form.post()
    with pytest.raises(RuntimeError), transaction.atomic():
        suggest._draft(article).save_revision()
        raise RuntimeError
    assert not script.saves

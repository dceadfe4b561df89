"""Two ways of tagging a page that look right, break on the real Wagtail, and are therefore not ours."""

from __future__ import annotations

import pytest
from desk import Refused
from django.db.models.signals import post_save
from wagtail import hooks
from wagtail.models import Revision

from newstagger.testing.rules.desk import AGRICULTURE, HEADLINE, story


def save_revision_after_edit(request, page):
    page.tags.add("naive")
    page.save_revision(user=request.user)


def save_instance_after_revision(sender, instance, **_):
    page = instance.as_object()
    page.tags.add("naive")
    page.save()


def test_a_revision_after_edit_makes_two_and_stops_the_next_autosave(suggest):
    article = suggest.create(HEADLINE, story())
    form, before = suggest.open(article), suggest.revisions(article)
    with hooks.register_temporarily("after_edit_page", save_revision_after_edit):
        form.write(body=story("harvest", update=1))
        form.autosave()
        assert suggest.revisions(article) - before == 2
        form.write(body=story("harvest", update=2))
        with pytest.raises(Refused, match="invalid_revision"):
            form.autosave()


@pytest.mark.parametrize("kind", ["suggest", "apply"])
def test_ours_makes_one_and_the_next_autosave_succeeds(kind, request):
    cms = request.getfixturevalue(kind)
    article = cms.create(HEADLINE, story())
    form, before = cms.open(article), cms.revisions(article)
    for update in (1, 2, 3):
        form.write(body=story("harvest", update=update))
        form.autosave()
    assert cms.revisions(article) - before == 1
    assert AGRICULTURE in cms.draft_tags(article) | cms.suggestions(article)


def test_saving_the_instance_writes_the_draft_to_the_live_table(suggest):
    article = suggest.create(HEADLINE, story("harvest"), published=True)
    post_save.connect(save_instance_after_revision, sender=Revision)
    try:
        form = suggest.open(article)
        form.write(body=story("earthquake"))
        form.save()
    finally:
        post_save.disconnect(save_instance_after_revision, sender=Revision)
    assert "An earthquake" in suggest.live_text(article), "the naive way is safe now: drop this test and say so"


@pytest.mark.parametrize("kind", ["suggest", "apply"])
def test_ours_leaves_the_live_table_alone(kind, request):
    cms = request.getfixturevalue(kind)
    article = cms.create(HEADLINE, story("harvest"), published=True)
    row = cms.model.objects.filter(pk=article).values().get()
    form = cms.open(article)
    form.write(body=story("earthquake"))
    form.save()
    after = cms.model.objects.filter(pk=article).values().get()
    moved = {name for name in row if row[name] != after[name]}
    assert moved == {"latest_revision_id", "latest_revision_created_at", "has_unpublished_changes"}

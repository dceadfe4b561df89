"""What happens after the commit of a save."""

from __future__ import annotations

import pytest
from django.db import transaction
from newsapp.models import Article, Brief, Story

HARVEST = "The harvest in Norway came in late after the strike."


def names(obj, field):
    return sorted(getattr(obj, field).values_list(obj._meta.get_field(field).related_model._meta.concrete_fields[1].name, flat=True))


def test_apply_writes_many_to_many(house):
    story = Story.objects.create(headline="Late harvest", body=HARVEST)
    assert names(story, "topics") == ["agriculture"]
    assert names(story, "places") == ["Norway"]


def test_apply_writes_lists_and_texts_and_leaves_modified_alone(house):
    brief = Brief.objects.create(headline="Late harvest", body=HARVEST)
    now = Brief.objects.get()
    assert (now.keywords, now.places, now.modified) == (["agriculture"], "Norway", brief.modified)


def test_suggest_writes_nothing(house, script):
    article = Article.objects.create(title="Late harvest", text=HARVEST)
    assert list(article.tags.names()) == []
    assert [tag.concept.pref_label for tag in script.taggings[-1].tags] == ["agriculture", "labour strike", "Norway"]


def test_rolled_back_transaction_tags_nothing(house, script):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Story.objects.create(headline="Late harvest", body=HARVEST)
        1 / 0  # noqa: B018
    assert script.saves == []


def test_saves_of_one_transaction_are_one_call(house, script):
    with transaction.atomic():
        story = Story.objects.create(headline="Late harvest", body="x")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            story.save()
            1 / 0  # noqa: B018
        story.body = HARVEST
        story.save()
    assert len(script.saves) == 1
    assert script.saves[0].body == HARVEST
    assert names(story, "topics") == ["agriculture"]

"""The real admin, through the test client."""

from __future__ import annotations

import json

from django.urls import reverse
from newsapp.models import Article, Keyword, Story
from newstagger_django.bindings import binding_of
from newstagger_django.panel import panel_for

HARVEST = "The harvest in Norway came in late after the strike."


def url(obj):
    return reverse(f"admin:newsapp_{obj._meta.model_name}_change", args=[obj.pk])


def form_of(desk, address):
    """Return what a browser would post back from a form, untouched."""
    form = desk.get(address).context["adminform"].form
    values = {name: field.value() for name in form.fields if (field := form[name]).value() is not None}
    if "tags" in values and not isinstance(values["tags"], str):
        values["tags"] = form.fields["tags"].widget.format_value(values["tags"])
    return values | {"newstagger": desk.get(address).context["newstagger_panel"].value}


def post(desk, address, values):
    answer = desk.post(address, {key: value for key, value in values.items() if value is not None}, follow=True)
    assert answer.redirect_chain, answer.context["errors"]
    return [str(message) for message in answer.context["messages"]]


def said(values, **lists):
    return values | {"newstagger": json.dumps(json.loads(values["newstagger"]) | lists)}


def test_tags_survive_save_m2m(house, desk):
    kept = Keyword.objects.create(name="my own", slug="my-own")
    values = form_of(desk, reverse("admin:newsapp_story_add")) | {"headline": "Late", "body": HARVEST, "topics": [kept.pk]}
    post(desk, reverse("admin:newsapp_story_add"), values)
    story = Story.objects.get()
    assert sorted(story.topics.values_list("name", flat=True)) == ["agriculture", "my own"]
    assert [str(place) for place in story.places.all()] == ["Norway"]


def test_what_the_machine_wrote_is_not_accepted(house, desk):
    story = Story.objects.create(headline="Late", body=HARVEST)
    post(desk, url(story), form_of(desk, url(story)) | {"headline": "Later"})
    assert house.feedback(binding_of(story).ref(story)) == ()


def test_accept_and_reject(house, desk):
    article = Article.objects.create(title="Late", text=HARVEST)
    ref = binding_of(article).ref(article)
    values = form_of(desk, url(article))
    assert [tag.label for tag in panel_for(article).suggestions] == ["agriculture", "labour strike", "Norway"]
    post(desk, url(article), said(values, accepted=["iso:NO"], rejected=["medtop:20000530"]) | {"tags": "Norway"})
    assert [(d.concept, str(d.action), d.by) for d in house.feedback(ref)] == [
        ("iso:NO", "accepted", "ana"),
        ("medtop:20000530", "rejected", "ana"),
    ]
    panel = panel_for(article)
    assert [tag.label for tag in panel.suggestions] == ["agriculture"]
    assert [(tag.label, tag.by) for tag in panel.applied] == [("Norway", "human")]
    assert [tag.concept for tag in panel.rejected] == ["medtop:20000530"]

"""The real admin, through the test client."""

from __future__ import annotations

import json

import pytest
from desk import Page, living
from django.core.management import call_command
from django.urls import reverse
from newsapp.models import Article, Keyword, Leaflet, Story
from newstagger_django.bindings import binding_of
from newstagger_django.forms import read_form, record
from newstagger_django.models import Answer, Term
from newstagger_django.panel import panel_for

from newstagger.testing import LABELS

HARVEST = "The harvest in Norway came in late after the strike."


def test_tags_survive_save_m2m(house, desk):
    kept = Keyword.objects.create(name="my own", slug="my-own")
    page = Page(desk, Story)
    page.values |= {"headline": "Late", "body": HARVEST, "topics": [kept.pk]}
    page.save()
    story = Story.objects.get()
    assert sorted(story.topics.values_list("name", flat=True)) == ["agriculture", "my own"]
    assert [str(place) for place in story.places.all()] == ["Norway"]


def test_a_key_that_is_there_before_the_row(house, desk):
    page = Page(desk, Leaflet)
    page.save(headline="Late harvest in Norway")
    assert page.messages == []
    page.said["accepted"] = [page.panel.suggestions[0].concept]
    page.values["keywords"] = "agriculture"
    page.save()
    assert [tag.label for tag in page.panel.applied] == ["agriculture"]
    assert [str(d.action) for d in house.feedback(binding_of(Leaflet).ref(Leaflet.objects.get()))] == ["accepted"]


def test_what_the_machine_wrote_is_not_accepted(house, desk):
    story = Story.objects.create(headline="Late", body=HARVEST)
    Page(desk, Story, story.pk).save(headline="Later")
    assert house.feedback(binding_of(story).ref(story)) == ()


def test_accept_and_reject(house, desk):
    article = Article.objects.create(title="Late", text=HARVEST)
    ref = binding_of(article).ref(article)
    page = Page(desk, Article, article.pk)
    assert [tag.label for tag in page.panel.suggestions] == ["agriculture", "labour strike", "Norway"]
    page.say("accepted", page.panel.suggestions[2])
    page.say("rejected", page.panel.suggestions[1])
    page.save()
    assert [(d.concept, str(d.action), d.by) for d in house.feedback(ref)] == [
        ("iso:NO", "accepted", "ana"),
        ("medtop:20000530", "rejected", "ana"),
    ]
    assert [tag.label for tag in page.panel.suggestions] == ["agriculture"]
    assert [(tag.label, tag.by) for tag in page.panel.applied] == [("Norway", "human")]
    assert [tag.concept for tag in page.panel.rejected] == ["medtop:20000530"]


def test_accepted_without_a_script_for_the_widget(house, desk):
    """The hidden field alone is enough: what an editor accepts is put on, what they reject is taken off."""
    article = Article.objects.create(title="Late", text=HARVEST)
    page = Page(desk, Article, article.pk)
    page.said["accepted"] = ["iso:NO"]
    page.save()
    assert list(Article.objects.get().tags.names()) == ["Norway"]
    page.said["rejected"] = ["iso:NO"]
    page.save()
    assert list(Article.objects.get().tags.names()) == []


def test_a_click_that_is_posted_twice_is_one_decision(house, desk):
    article = Article.objects.create(title="Late", text=HARVEST)
    page = Page(desk, Article, article.pk)
    told = page.panel.suggestions[1]
    answer = read_form(json.dumps(json.loads(page.panel.value) | {"rejected": [told.concept]}), article)
    assert record(article, answer, "ana") == record(article, answer, "ana") == ()
    assert [str(d.action) for d in house.feedback(binding_of(article).ref(article))] == ["rejected"]


def test_a_rejected_tag_may_be_allowed_again(house, desk):
    article = Article.objects.create(title="Late", text=HARVEST)
    page = Page(desk, Article, article.pk)
    page.say("rejected", page.panel.suggestions[2])
    page.save()
    page.say("accepted", page.panel.rejected[0])
    page.save()
    assert list(Article.objects.get().tags.names()) == ["Norway"]
    assert page.panel.rejected == ()


def test_a_term_that_the_site_does_not_have_yet_is_made(house, desk):
    story = Story.objects.create(headline="Late", body=HARVEST)
    page = Page(desk, Story, story.pk)
    strike = next(tag for tag in page.panel.suggestions if tag.label == "labour strike")
    page.say("accepted", strike)
    page.save()
    assert Keyword.objects.get(name="labour strike").slug == "labour-strike"
    assert "labour strike" in page.names("topics")


def test_a_form_with_errors_keeps_what_was_said(house, desk):
    article = Article.objects.create(title="Late", text=HARVEST)
    page = Page(desk, Article, article.pk)
    page.say("rejected", page.panel.suggestions[0])
    told = json.dumps(page.said)
    answer = desk.post(page.address, {"title": "", "lang": "en", "status": "draft", "tags": "", "newstagger": told})
    assert answer.context["errors"]
    assert answer.context["newstagger_panel"].value == told


@pytest.mark.parametrize("forged", ["", "{", "[]", '{"sealed": "x"}', '{"sealed": {}}', "\0", "[" * 50_000, '{"sealed": "a:b:c"}'])
def test_a_forged_field_says_nothing(house, desk, forged):
    article = Article.objects.create(title="Late", text=HARVEST)
    page = Page(desk, Article, article.pk)
    page.save(newstagger=forged)
    assert len(page.messages) == bool(forged)
    assert house.feedback(binding_of(article).ref(article)) == ()


def test_a_field_of_another_article_says_nothing(house, desk):
    one, other = (Article.objects.create(title="Late", text=HARVEST) for _ in range(2))
    page, elsewhere = Page(desk, Article, one.pk), Page(desk, Article, other.pk)
    elsewhere.say("rejected", elsewhere.panel.suggestions[0])
    page.save(newstagger=json.dumps(elsewhere.said))
    assert "could not be read" in page.messages[0]
    assert house.feedback(binding_of(one).ref(one)) == ()


def test_reasons_stand_in_their_context(house, desk):
    article = Article.objects.create(title="Late", text=f"<p>{HARVEST}</p>")
    tag = panel_for(article).suggestions[0]
    assert (tag.sure, tag.percent, tag.reasons[0].signed) == ("almost certain", 90, "+2.50")
    assert [piece.string for snippet in tag.snippets for piece in snippet if piece.marked] == ["harvest"]
    assert "<mark>harvest</mark> in Norway" in Page(desk, Article, article.pk).html


def test_hostile_labels_are_text(house, desk):
    text = "hostile, backwards and endless: <img src=x onerror=alert(1) data-hostile=1> harvest"
    article = Article.objects.create(title="Late <script data-hostile=2>alert(1)</script>", text=text.replace("<", "&lt;"))
    page = Page(desk, Article, article.pk)
    assert living(page.html) == []
    assert {LABELS["hostile"], LABELS["backwards"]} <= {tag.label for tag in page.panel.suggestions}
    endless = next(tag for tag in page.panel.suggestions if tag.label.startswith("endless"))
    assert (len(endless.short), len(endless.name), len(endless.label)) == (80, 100, 10_000)
    for model in (Answer, Term):
        for address in (f"admin:newstagger_{model._meta.model_name}_changelist",):
            assert living(desk.get(reverse(address)).content.decode()) == []


def test_panel_is_readable_without_scripts(house, desk):
    article = Article.objects.create(title="Late", text=HARVEST)
    html = Page(desk, Article, article.pk).html
    panel = html[html.index("data-newstagger aria-label") : html.index("data-newstagger-live")]
    assert "<script" not in panel
    assert " on" + "click" not in panel
    for words in ("agriculture", "labour strike", "almost certain", "Why?"):
        assert words in panel


def test_changelist_filters(house, desk):
    with_tags, without = (Article.objects.create(title=title, text=title) for title in ("harvest", "nothing"))
    (new,) = Article.objects.bulk_create([Article(title="imported", text="harvest")])
    address = reverse("admin:newsapp_article_changelist")
    for choice, expected in (("yes", with_tags), ("no", without), ("new", new)):
        assert list(desk.get(address, {"newstagger": choice}).context["cl"].queryset) == [expected]
    assert list(desk.get(address, {"newstagger_wire": "wholly-derived"}).context["cl"].queryset) == []
    assert desk.get(address, {"newstagger_wire": "unchecked"}).context["cl"].queryset.count() == 3


def test_our_own_pages_are_read_only(house, desk):
    Story.objects.create(headline="Late", body=HARVEST)
    for name in ("decision", "answer", "term"):
        assert desk.get(reverse(f"admin:newstagger_{name}_changelist")).status_code == 200
        assert desk.get(reverse(f"admin:newstagger_{name}_add")).status_code == 403
    answer = Answer.objects.get()
    assert desk.post(reverse("admin:newstagger_answer_delete", args=[answer.pk]), {"post": "yes"}).status_code == 403


def test_pages_show_nothing_to_those_who_may_not_look(house, client, django_user_model):
    client.force_login(django_user_model.objects.create_user("guest", is_staff=True))
    assert client.get(reverse("admin:newstagger_decision_changelist")).status_code == 403


def test_migrations_are_complete():
    call_command("makemigrations", "newstagger", check=True, dry_run=True, verbosity=0)

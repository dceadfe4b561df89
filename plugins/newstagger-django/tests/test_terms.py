"""Names of tags and the concepts that they mean; the four ways to hold tags; what a hostile form may say."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.core import signing
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from newsapp.models import Article, Brief, Keyword, Story
from newstagger_django.bindings import Binding, Changes, bind, binding_of
from newstagger_django.forms import SALT, read_form, seal
from newstagger_django.models import Term
from newstagger_django.panel import panel_for
from newstagger_django.standing import standing
from newstagger_django.terms import concepts_of, names_of, remember_terms

from newstagger.domain import Concept, Facet, FormState, Origin

COUNTRY = Concept("iso:GE", "Georgia", Facet.REGION)
STATE = Concept("iso:US-GA", "Georgia", Facet.REGION)
PERSON = Concept("actor:georgia", "georgia", Facet.ACTOR)
HARVEST = "The harvest in Norway came in late after the strike."


def test_two_concepts_with_one_name_are_told_apart(house):
    names = remember_terms([COUNTRY, STATE, PERSON])
    assert names == {"iso:GE": "Georgia", "iso:US-GA": "Georgia (region)", "actor:georgia": "georgia (actor)"}
    assert names_of([STATE, COUNTRY]) == {"iso:US-GA": "Georgia (region)", "iso:GE": "Georgia"}
    assert concepts_of(["GEORGIA", " georgia  (region)", "nothing of ours"]) == {"GEORGIA": "iso:GE", " georgia  (region)": "iso:US-GA"}
    other = Concept("geonames:1", "Georgia", Facet.REGION)
    assert remember_terms([other]) == {"geonames:1": "Georgia (geonames:1)"}
    assert Term.objects.count() == 4


def test_names_are_proposed_before_they_are_stored(house):
    assert names_of([COUNTRY, STATE]) == {"iso:GE": "Georgia", "iso:US-GA": "Georgia (region)"}
    assert not Term.objects.exists()


def test_a_tag_typed_by_hand_is_recognised(house):
    story = Story.objects.create(headline="Late", body="Nothing here.")
    story.topics.add(Keyword.objects.create(name="Gardening", slug="g"), Keyword.objects.create(name="my own", slug="m"))
    assert binding_of(story).held(story) == {"medtop:20001257": Origin.HUMAN}


def test_tags_of_people_are_never_touched(house):
    brief = Brief.objects.create(headline="Late", body="Nothing.", keywords=["my own", 7, None, "other"], places="Home, Away")
    brief.body = HARVEST
    brief.save()
    assert (brief.refresh_from_db(), brief.keywords, brief.places)[1:] == (
        ["my own", 7, None, "other", "agriculture"],
        "Home, Away, Norway",
    )
    brief.body = "Nothing again."
    brief.save()
    brief.refresh_from_db()
    assert (brief.keywords, brief.places) == (["my own", 7, None, "other"], "Home, Away")


def test_a_tag_without_room_is_told(house):
    brief = Brief.objects.create(headline="Late", body=HARVEST, places="x" * 39)
    brief.refresh_from_db()
    assert brief.places == "x" * 39
    assert "'Norway' does not fit" in panel_for(brief).notices[0]


def test_existing_terms_only(house):
    before = binding_of(Story)
    bind(Story, Binding(Story, replace(before.fields, existing_terms_only=True)))
    try:
        Keyword.objects.create(name="agriculture", slug="a")
        story = Story.objects.create(headline="Late", body=HARVEST)
        assert [str(topic) for topic in story.topics.all()] == ["agriculture"]
        assert not story.places.exists()
        assert "Norway" in [tag.label for tag in panel_for(story).suggestions]
    finally:
        bind(Story, before)


def test_origin_is_remembered(house):
    story = Story.objects.create(headline="Late", body=HARVEST)
    assert set(binding_of(story).held(story).values()) == {Origin.MACHINE}
    story.topics.clear()
    story.save()
    story.topics.add(Keyword.objects.get(name="agriculture"))
    assert standing(binding_of(story).ref(story)).applied <= {"iso:NO", "medtop:20000210"}


def test_a_label_with_a_comma_in_a_text_field(house):
    brief = Brief.objects.create(headline="x", body="y")
    concept = Concept("iso:XX", "Sea, the", Facet.REGION)
    binding_of(brief).write(brief, Changes(add=(concept,)))
    assert brief.places == "Sea the"
    assert binding_of(brief).held(brief) == {"iso:XX": Origin.HUMAN}


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lists=st.dictionaries(st.sampled_from(["accepted", "rejected", "held", "shown", "text_hash"]), junk), sealed=junk)
def test_no_form_raises(sealed, lists):
    article = Article(pk=3)
    ref = binding_of(article).ref(article)
    true = json.loads(seal(ref, FormState(("a",), ("b", "c"))))
    answer = read_form({"newstagger": json.dumps(true | lists)}, article)
    assert set(answer.accepted) | set(answer.rejected) <= {"a", "b", "c"}
    assert answer.form == FormState(("a",), ("b", "c"))
    for value in (json.dumps({"sealed": signing.dumps(sealed, salt=SALT)} | lists), json.dumps(sealed), sealed):
        assert read_form(value, article).accepted == ()
        assert read_form({"newstagger": value}, article).form is None


@pytest.mark.parametrize("data", [{}, None, "", 3, b"x", object(), {"newstagger": ["x"]}])
def test_no_data_raises(data):
    assert read_form(data, Article(pk=3)).form is None


def test_a_seal_of_another_site_or_kind_is_not_believed():
    article = Article(pk=3)
    ref = binding_of(article).ref(article)
    for other in (replace(ref, site="other"), replace(ref, id="newsapp.story:3"), replace(ref, id="newsapp.article:4")):
        assert read_form(seal(other, FormState()), article).notices
    assert read_form(seal(ref, FormState(("a",))), article).form == FormState(("a",))
    assert read_form(seal(ref, FormState(("a",))), Article()).copied_from == ref

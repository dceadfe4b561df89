"""Entries and concepts: whatever stands in an item, only what is ours is told and touched. Needs no Superdesk."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newstagger_superdesk.codes import LONGEST_NAME, Codes
from newstagger_superdesk.conf import FIELDS, SCHEMES
from newstagger_superdesk.standing import held, standing

from newstagger import ArticleRef, Concept, Decision, Facet, Problem, Role, Tag, Tagging
from newstagger.domain import ExistingTag, Origin

CODES = Codes(FIELDS, SCHEMES, lambda scheme, codes: None)
FARMING = Concept("medtop:20000210", "agriculture", Facet.TOPIC, broader=("medtop:04000000",), exact_match=("wikidata:Q11451",))
NORWAY = Concept("iso:NO", "Norway", Facet.REGION)
OURS = {"name": "agriculture", "qcode": "medtop:20000210", "scheme": "mediatopics", "source": "newstagger"}


def tag(concept, decision=Decision.AUTO, tagger="topics"):
    return Tag(concept, 0.9, decision, Role.MAIN, tagger=tagger)


def tagging(*tags, rejected=(), problems=()):
    return Tagging(ArticleRef("s", "1"), "", "en", None, tags=tags, rejected=rejected, problems=problems)


def after(entries, answer, before=None):
    item = {"subject": entries}
    return standing(held(item, item if before is None else {"subject": before}, CODES), answer, CODES)["subject"]


@pytest.mark.parametrize("entry, concept", [
    (OURS, "medtop:20000210"),
    ({"qcode": "20000210", "scheme": "mediatopics"}, "medtop:20000210"),
    ({"qcode": "x7", "scheme": "own", "altids": {"medtop": "medtop:20000210"}}, "medtop:20000210"),
    ({"qcode": "x7", "altids": {"newstagger": "actor:un"}}, "actor:un"),
    ({"qcode": "own:quay", "scheme": "anything"}, "own:quay"),
    ({"qcode": "Q1", "scheme": "newstagger_actor"}, "Q1"),
    ({"qcode": "20000210", "scheme": "iptc_subject_code"}, None),
    ({"qcode": "15000000", "name": "sport"}, None),
    ({"name": "no code"}, None), ("a text", None), (None, None),
])  # fmt: skip
def test_what_an_entry_means(entry, concept):
    assert CODES.concept(entry) == concept


def test_an_entry_is_read_back_as_its_concept():
    for concept in (FARMING, NORWAY, Concept("own:quay", "Quay", Facet.ACTOR), Concept("typed:fair", "Fair", Facet.TOPIC)):
        assert CODES.concept(CODES.entry(concept, "newstagger")) == concept.id


def test_the_newsrooms_vocabulary_has_the_say():
    own = {"name": "Farming", "qcode": "20000210", "is_active": True, "translations": {"name": {"de": "Landwirtschaft"}}}
    asked = []
    codes = Codes(FIELDS, SCHEMES, lambda *key: asked.append(key) or own)
    assert codes.entry(FARMING, "newstagger") == {
        "name": "Farming", "qcode": "20000210", "scheme": "mediatopics", "source": "newstagger", "parent": "medtop:04000000", "aliases": [],
        "translations": own["translations"],
        "altids": {"newstagger": "medtop:20000210", "medtop": "20000210", "wikidata": "Q11451"},
    }  # fmt: skip
    assert asked == [("mediatopics", ("medtop:20000210", "20000210"))]


def test_the_machines_go_with_the_text_and_peoples_stay():
    person = {**OURS, "qcode": "medtop:15000000", "source": "editor"}
    assert after([OURS, person], tagging()) == [person]


def test_a_failed_answer_takes_nothing_away():
    assert after([OURS], tagging(problems=(Problem("tag", "topics", "broken"),))) == [OURS]


def test_what_was_refused_goes_whoever_put_it_on_and_is_not_given():
    refused = tagging(tag(FARMING), rejected=(FARMING.id,))
    assert after([OURS], refused) == after([{**OURS, "source": "editor"}], refused) == after([], refused) == []


def test_only_sure_tags_are_written_and_no_label_too_long_to_index():
    long = Concept("medtop:20000001", "x" * (LONGEST_NAME + 1), Facet.TOPIC)
    assert after([], tagging(tag(FARMING, Decision.SUGGEST), tag(FARMING, Decision.SILENT), tag(long))) == []


def test_a_suggestion_that_is_saved_is_the_persons_unless_the_machine_had_it_there():
    offered = {**OURS, "source": "newstagger-suggestion"}
    assert held({"subject": [offered]}, {}, CODES).existing(CODES) == (ExistingTag(FARMING.id, Origin.HUMAN),)
    assert held({"subject": [offered]}, {"subject": [OURS]}, CODES).existing(CODES) == (ExistingTag(FARMING.id, Origin.MACHINE),)
    assert held({"subject": [OURS]}, {}, CODES).existing(CODES) == (ExistingTag(FARMING.id, Origin.MACHINE),)
    assert after([offered], tagging(), before=[]) == [{**OURS, "source": "editor"}]
    assert after([offered], tagging(tag(FARMING)), before=[OURS]) == [OURS]


def test_no_two_entries_have_one_code():
    same_code = {"name": "something else", "qcode": "medtop:20000210", "scheme": "mediatopics", "altids": {"newstagger": "own:other"}}
    assert after([same_code], tagging(tag(FARMING))) == [same_code]


def test_what_an_editor_wants_is_written_as_theirs():
    (entry,) = after([], tagging(tag(FARMING, tagger="editor")))
    assert entry["source"] == "editor"


keys = st.sampled_from(["name", "qcode", "scheme", "source", "altids", "medtop", "newstagger"])
leaves = st.none() | st.integers() | st.text(max_size=8)
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=5), max_leaves=12)
coded = st.fixed_dictionaries({"qcode": st.text(max_size=5), "scheme": st.text(max_size=5)})
entries = st.lists(values | st.just(OURS) | coded, max_size=6)


@given(entries, entries, st.booleans())
def test_whatever_stands_there_foreign_entries_stay_in_order(now, before, auto):
    answer = tagging(*([tag(FARMING), tag(NORWAY)] if auto else []))
    lists = standing(held({"subject": now, "place": before}, {"subject": before}, CODES), answer, CODES)
    foreign = [entry for entry in now if CODES.concept(entry) is None]
    assert [entry for entry in lists["subject"] if CODES.concept(entry) is None] == foreign
    assert set(lists) == {"subject", "place", "organisation"}


@given(values)
def test_a_field_that_is_no_list_is_taken_for_empty(value):
    if not isinstance(value, list):
        assert held({"subject": value}, {"subject": value}, CODES).entries["subject"] == ()

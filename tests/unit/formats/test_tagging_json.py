import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import newstagger
from newstagger.domain import (
    Abstention,
    Action,
    ArticleRef,
    BundleRef,
    Concept,
    Credit,
    CreditForm,
    CreditReport,
    CreditState,
    Decision,
    EditorDecision,
    Evaluation,
    Evidence,
    Facet,
    FacetScore,
    LabelScore,
    Passage,
    Problem,
    Quote,
    ReuseReport,
    Role,
    Tag,
    Tagging,
    Verdict,
    WireMatch,
)
from newstagger.formats.tagging_json import decision_to_json, evaluation_to_json, reuse_to_json, tagging_from_json, tagging_to_json

SCHEMAS = Path(newstagger.__file__).parent / "data" / "schemas"
REF = BundleRef("starter", "1", "ab")
words, share = st.text(max_size=12), st.floats(0, 1).map(lambda x: round(x, 4))
offsets = st.integers(0, 10_000)
quotes = st.builds(Quote, offsets, offsets, words)
evidence = st.builds(Evidence, words, st.floats(-5, 5), st.lists(quotes, max_size=3).map(tuple))
concepts = st.builds(Concept, words, words, st.sampled_from(Facet), exact_match=st.lists(words, max_size=2).map(tuple))
margins = st.floats(-9, 9)
tags = st.builds(
    Tag, concepts, share, st.sampled_from(Decision), st.sampled_from(Role), margins, margins, margins,
    st.lists(evidence, max_size=3).map(tuple), words, st.just(REF),
)  # fmt: skip
passages = st.lists(st.builds(Passage, offsets, offsets, words, offsets, offsets, offsets), max_size=2).map(tuple)
found = st.lists(st.builds(Credit, words, st.sampled_from(CreditForm), st.none() | offsets, st.none() | offsets, words), max_size=2)
credit = st.builds(CreditReport, st.sampled_from(CreditState), st.lists(words, max_size=2).map(tuple), found.map(tuple))
matches = st.builds(WireMatch, words, words, share, passages, words, st.just("usable"), words, st.sampled_from(CreditState))
looked = [Verdict.WHOLLY_DERIVED, Verdict.PARTIALLY_DERIVED, Verdict.NON_DERIVED]
reuse = st.builds(ReuseReport, st.sampled_from(looked), share, credit, st.lists(matches, max_size=2).map(tuple), passages)
taggings = st.builds(
    Tagging, st.builds(ArticleRef, words, words), words, st.none() | st.just("en"), st.just(REF), st.lists(tags, max_size=3).map(tuple),
    st.none() | reuse, st.lists(st.builds(Abstention, st.sampled_from(Facet), words), max_size=2).map(tuple),
    st.lists(st.builds(Problem, words, words, words), max_size=2).map(tuple), st.dictionaries(words, share, max_size=2), st.booleans(),
)  # fmt: skip


def schema(name):
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))


@given(taggings)
def test_a_tagging_reads_back_as_it_was_and_fits_its_schema(tagging):
    value = tagging_to_json(tagging, everything=True)
    jsonschema.validate(value, schema("tagging"))
    back = tagging_from_json(json.loads(json.dumps(value)))
    assert tagging_to_json(back, everything=True) == value
    assert (back.ref, back.reuse, back.abstained, back.problems) == (tagging.ref, tagging.reuse, tagging.abstained, tagging.problems)


def test_silent_tags_are_told_only_when_asked_for():
    tag = Tag(Concept("medtop:15000000", "sport", Facet.TOPIC), 0.1, Decision.SILENT, Role.MAIN)
    tagging = Tagging(ArticleRef("s", "1"), "h", "en", REF, (tag,))
    assert tagging_to_json(tagging)["tags"] == []
    assert len(tagging_to_json(tagging, everything=True)["tags"]) == 1


def test_tags_stand_by_facet_then_score_then_concept():
    def tag(concept, facet, score):
        return Tag(Concept(concept, concept, facet), score, Decision.AUTO, Role.MAIN)

    given = (
        tag("z", Facet.ACTOR, 0.9),
        tag("b", Facet.TOPIC, 0.5),
        tag("a", Facet.TOPIC, 0.5),
        tag("c", Facet.TOPIC, 0.8),
        tag("r", Facet.REGION, 1),
    )
    told = tagging_to_json(Tagging(ArticleRef("s", "1"), "h", "en", None, given))["tags"]
    assert [t["concept"] for t in told] == ["c", "a", "b", "r", "z"]


@given(reuse)
def test_a_reuse_report_fits_its_schema(report):
    jsonschema.validate(reuse_to_json(report), schema("reuse"))


def test_not_checked_comes_with_its_reason():
    value = reuse_to_json(ReuseReport(Verdict.NOT_CHECKED, reason="no wire index"))
    jsonschema.validate(value, schema("reuse"))
    assert value["reason"] == "no wire index"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({k: v for k, v in value.items() if k != "reason"}, schema("reuse"))


def test_one_facet_s_figures_stand_at_the_top_too():
    score = FacetScore(Facet.TOPIC, 10, 0.9, 0.6, 0.85, 0.91, 0.89, (LabelScore("x", 1, 0.5, 0.667, 4, 2),))
    one = evaluation_to_json(Evaluation((score,), "test"))
    two = evaluation_to_json(Evaluation((score, FacetScore(Facet.REGION, 10, 0, 0, 0, 0, 0)), "test"))
    for value in (one, two):
        jsonschema.validate(value, schema("evaluation"))
    assert one["micro_f1"] == one["facets"]["topic"]["micro_f1"] == 0.9
    assert "micro_f1" not in two


def test_a_decision_fits_its_schema():
    jsonschema.validate(decision_to_json(EditorDecision(ArticleRef("s", "1"), "iso:SY", Action.ADDED)), schema("decision"))

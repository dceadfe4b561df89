from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newstagger.domain import Action, ArticleRef, Concept, Decision, EditorDecision, Facet, Role, Tag
from newstagger.host import Host
from newstagger.newsroom.policy import RELUCTANCE, apply_policy, obey
from newstagger.settings import Mode, PolicySettings
from newstagger.taxonomy import media_topics

IDS = ["medtop:1", "iso:SY", "iso:FR", "actor:x", "own"]
FACETS = {"medtop:1": Facet.TOPIC, "iso:SY": Facet.REGION, "iso:FR": Facet.REGION, "actor:x": Facet.ACTOR, "own": Facet.TOPIC}


def tag(concept, score=0.5, decision=Decision.SUGGEST):
    return Tag(Concept(concept, concept, FACETS.get(concept, Facet.TOPIC)), score, decision, Role.MAIN)


def test_a_denied_concept_is_gone_and_the_least_sure_of_too_many_fall_silent():
    tags = [tag(f"t{n}", n / 10) for n in range(5)]
    told = apply_policy(tags, PolicySettings(max_tags=2, deny=("t4",)))
    assert [(t.concept.id, t.decision) for t in told] == [
        ("t3", Decision.SUGGEST), ("t2", Decision.SUGGEST), ("t1", Decision.SILENT), ("t0", Decision.SILENT),
    ]  # fmt: skip


def test_roles_are_counted_apart():
    agencies = [Tag(Concept(f"a{n}", "", Facet.ACTOR), 0.9, Decision.SUGGEST, Role.SOURCE) for n in range(3)]
    told = apply_policy([*agencies, Tag(Concept("x", "", Facet.ACTOR), 0.1, Decision.SUGGEST, Role.ACTOR)], PolicySettings(max_tags=2))
    assert [t.concept.id for t in told if t.decision is Decision.SUGGEST] == ["a0", "a1", "x"]


def test_silent_tags_take_no_place():
    told = apply_policy([tag("a", 0.9, Decision.SILENT), tag("b", 0.1)], PolicySettings(max_tags=1))
    assert [t.decision for t in told] == [Decision.SILENT, Decision.SUGGEST]


def test_a_newsroom_may_forbid_that_anything_is_written():
    assert apply_policy([tag("a", 0.9, Decision.AUTO)], PolicySettings(mode=Mode.SUGGEST))[0].decision is Decision.SUGGEST


@pytest.mark.parametrize("by_tag", [None, *Mode])
@pytest.mark.parametrize("by_facet", [None, *Mode])
@pytest.mark.parametrize("over_all", Mode)
def test_the_closest_mode_counts_and_is_a_ceiling(over_all, by_facet, by_tag):
    policy = PolicySettings(mode=over_all, facets={Facet.REGION: by_facet} if by_facet else {}, tags={"iso:SY": by_tag} if by_tag else {})
    counts = by_tag or by_facet or over_all
    for proposed in Decision:
        told = [t.decision for t in apply_policy([tag("iso:SY", decision=proposed)], policy)]
        assert told == ([] if counts is Mode.NEVER else [max(proposed, Decision(counts), key=RELUCTANCE.index)])
    other = apply_policy([tag("medtop:1", decision=Decision.AUTO)], policy)
    assert [t.decision for t in other] == ([] if over_all is Mode.NEVER else [Decision(over_all)])


def test_deny_and_only_stand_above_every_mode():
    modes = {"a": Mode.AUTO, "b": Mode.AUTO, "c": Mode.AUTO}
    told = apply_policy([tag(i) for i in "abc"], PolicySettings(tags=modes, deny=("a",), only=("a", "b")))
    assert [t.concept.id for t in told] == ["b"]


forbidding = st.sampled_from(
    [
        PolicySettings(mode=Mode.NEVER), PolicySettings(deny=tuple(IDS)), PolicySettings(only=("nothing",)), PolicySettings(max_tags=0),
        PolicySettings(tags=dict.fromkeys(IDS, Mode.NEVER)), PolicySettings(facets=dict.fromkeys(Facet, Mode.SILENT)),
    ]
)  # fmt: skip
tags = st.lists(st.sampled_from(IDS), unique=True).map(lambda ids: [tag(i) for i in ids])
wishes = st.dictionaries(st.sampled_from(IDS), st.booleans())


@given(tags, wishes, forbidding)
def test_no_policy_touches_what_an_editor_put_on(given_tags, wanted, policy):
    told = {t.concept.id: t.decision for t in obey(apply_policy(given_tags, policy), wanted, lambda _: None)}
    assert all(told.get(concept) is (Decision.AUTO if keep else None) for concept, keep in wanted.items())


@given(tags, wishes)
def test_what_is_gone_from_the_vocabulary_is_given_only_where_a_tagger_still_proposes_it(given_tags, wanted):
    proposed = {t.concept.id for t in given_tags}
    told = {t.concept.id for t in obey(given_tags, wanted, lambda _: None, gone=lambda concept: concept == "own")}
    assert ("own" in told) == ("own" in proposed and wanted.get("own", True))


@given(tags, wishes)
def test_the_editor_s_word_is_law(given_tags, wanted):
    told = {t.concept.id: t for t in obey(given_tags, wanted, lambda _: None)}
    assert all((concept in told) == keep for concept, keep in wanted.items())
    assert all(told[concept].decision is Decision.AUTO for concept, keep in wanted.items() if keep)
    assert {t.concept.id for t in given_tags} - set(wanted) <= set(told)
    assert all(told[concept].concept.facet is FACETS[concept] for concept in told)


SOCCER, SPORT = media_topics().concepts["medtop:20001065"], media_topics().concepts["medtop:15000000"]
DERIVED = [Tag(SOCCER, 0.9, Decision.SUGGEST, Role.MAIN), Tag(SPORT, 0.9, Decision.SUGGEST, Role.DERIVED)]


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        ({}, {SOCCER.id, SPORT.id}),
        ({SOCCER.id: False}, set()),
        ({SOCCER.id: False, SPORT.id: True}, {SPORT.id}),
        ({SPORT.id: False}, {SOCCER.id}),
    ],
)
def test_a_derived_concept_goes_with_what_it_was_derived_from(wanted, left):
    assert {tag.concept.id for tag in obey(DERIVED, wanted, lambda _: None)} == left


def policy_problems(tagging):
    return [problem.message for problem in tagging.problems if problem.stage == "policy"]


def test_ids_that_no_vocabulary_knows_are_told_with_the_nearest_known_one(build, make_article):
    policy = PolicySettings(deny=("medtop:1600000", "sport"), only=("own:x", "medtop:16000000"), tags={"medtop:15000000": Mode.SUGGEST})
    told = policy_problems(build(policy=policy, bundle="starter").article_saved(make_article()))
    assert len(told) == 2
    assert any("policy.deny names 'medtop:1600000'" in message and "did you mean medtop:16000000?" in message for message in told)
    assert any("policy.only names 'own:x'" in message for message in told)


def test_a_label_in_the_place_of_an_id_is_told_with_its_id(settings, make_article):
    host = Host(replace(settings, bundle="starter", policy=PolicySettings(deny=("Sport", "iso:XX", "iso:SY"))), discover=False)
    told = policy_problems(host.article_saved(make_article()))
    assert len(told) == 2
    assert "did you mean medtop:15000000?" in told[0] and "'iso:XX'" in told[1]


def test_many_unknown_ids_are_told_in_a_few_lines(build, make_article):
    policy = PolicySettings(deny=tuple(f"medtop:x{number}" for number in range(50)))
    told = policy_problems(build(policy=policy).article_saved(make_article()))
    assert len(told) == 6 and "45 more" in told[-1]


def test_ids_that_only_a_silent_plugin_can_know_are_let_pass(build, make_article):
    policy = PolicySettings(deny=("desk:night", "actor:nobody"))
    assert policy_problems(build(policy=policy).article_saved(make_article())) == []


def test_a_host_obeys_its_editors_under_the_strictest_policy(build, make_article):
    host = build(policy=PolicySettings(mode=Mode.NEVER, only=("medtop:15000000",)))
    host.editor_decided(EditorDecision(ArticleRef("gazette", "1"), "medtop:16000000", Action.ADDED))
    assert [tag.concept.id for tag in host.article_saved(make_article()).tags] == ["medtop:16000000"]

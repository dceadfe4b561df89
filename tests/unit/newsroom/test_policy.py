from hypothesis import given
from hypothesis import strategies as st

from newstagger.domain import Concept, Decision, Facet, Role, Tag
from newstagger.newsroom.policy import apply_policy, obey
from newstagger.settings import Mode, PolicySettings

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


tags = st.lists(st.sampled_from(IDS), unique=True).map(lambda ids: [tag(i) for i in ids])
wishes = st.dictionaries(st.sampled_from(IDS), st.booleans())


@given(tags, wishes)
def test_the_editor_s_word_is_law(given_tags, wanted):
    told = {t.concept.id: t for t in obey(given_tags, wanted, lambda _: None)}
    assert all((concept in told) == keep for concept, keep in wanted.items())
    assert all(told[concept].decision is Decision.AUTO for concept, keep in wanted.items() if keep)
    assert {t.concept.id for t in given_tags} - set(wanted) <= set(told)
    assert all(told[concept].concept.facet is FACETS[concept] for concept in told)

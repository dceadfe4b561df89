"""How tags are received: counts from the last answers and the last words about each tag."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newstagger.contracts import SaveRecord
from newstagger.domain import Action, ArticleRef, BundleRef, Concept, Decision, EditorDecision, Facet, Role, Tag, Tagging
from newstagger.newsroom.statistics import GroupBy, facet_sums, receptions, wilson

WAR, SYRIA = Concept("medtop:16000000", "conflict", Facet.TOPIC), Concept("iso:SY", "Syria", Facet.REGION)
BUNDLE = BundleRef("starter", "3", "d" * 64)


def answer(number, *tags):
    ref = ArticleRef("gazette", str(number))
    return SaveRecord(ref, "", "", "", "", None, Tagging(ref, "", "en", BUNDLE, tags))


def tag(concept, decision=Decision.AUTO, tagger="topic"):
    return Tag(concept, 0.9, decision, Role.MAIN, tagger=tagger)


def decision(number, concept, action, by="anna", **fields):
    return EditorDecision(ArticleRef("gazette", str(number)), concept, action, by, bundle="starter@3", **fields)


ANSWERS = [
    answer(1, tag(WAR), tag(SYRIA, Decision.SUGGEST)),
    answer(2, tag(WAR)),
    answer(3, tag(SYRIA, Decision.SILENT), tag(WAR, tagger="editor")),
]
DECISIONS = [
    decision(1, WAR.id, Action.REJECTED),
    decision(1, WAR.id, Action.ACCEPTED, by="ben"),
    decision(2, WAR.id, Action.REMOVED),
    decision(3, WAR.id, Action.ADDED),
    decision(1, SYRIA.id, Action.REJECTED, shown=False),
]


def test_the_last_word_about_each_tag_counts():
    [war, syria] = receptions(ANSWERS, DECISIONS)
    assert (war.name, war.label, war.facet) == (WAR.id, "conflict", Facet.TOPIC)
    assert (war.shown, war.accepted, war.rejected, war.removed, war.added) == (2, 1, 0, 1, 1)
    assert war.rate == 0.5
    assert (syria.shown, syria.decided, syria.rate, syria.interval) == (1, 0, None, None)


def test_a_tag_that_a_person_put_on_and_took_off_again_says_nothing():
    told = receptions([], [decision(1, WAR.id, Action.ADDED), decision(1, WAR.id, Action.REMOVED)])
    assert told == ()


@pytest.mark.parametrize(
    ("by", "names"),
    [
        (GroupBy.BUNDLE, ["starter@3"]),
        (GroupBy.PERSON, ["anna", "ben"]),
        (GroupBy.SITE, ["gazette"]),
        (GroupBy.CONCEPT, [WAR.id, SYRIA.id]),
    ],
)
def test_counts_are_told_apart_as_asked(by, names):
    counted = receptions(ANSWERS, DECISIONS, by)
    assert [one.name for one in counted] == names
    assert sum(one.accepted + one.removed + one.added for one in counted) == 3
    assert sum(one.shown for one in counted) == (0 if by is GroupBy.PERSON else 3)


def test_facets_are_sums_of_concepts():
    topic, region = facet_sums(receptions(ANSWERS, DECISIONS))
    assert (topic.name, topic.shown, topic.decided, topic.added) == ("topic", 2, 2, 1)
    assert (region.name, region.shown) == ("region", 1)


def test_wilson_s_interval_is_the_published_one():
    """Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to 0.1611."""
    assert [round(bound, 4) for bound in wilson(81, 263)] == [0.2553, 0.3662]
    assert [round(bound, 4) for bound in wilson(0, 20)] == [0.0, 0.1611]
    with pytest.raises(ValueError, match="no proportion"):
        wilson(0, 0)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_s_interval_holds_the_share(counted):
    low, high = wilson(*counted)
    assert 0 <= low <= counted[0] / counted[1] <= high <= 1
    assert math.isfinite(low + high)

"""What counts as judged on an article: the decisions that stand now, and nothing that only the machine said."""

from __future__ import annotations

from collections import Counter
from itertools import permutations

import pytest

from newstagger.contracts import OPEN, SaveRecord
from newstagger.domain import Action, ArticleRef, Concept, Decision, EditorDecision, Facet, Role, Tag, Tagging
from newstagger.newsroom.review import UNKNOWN_CONCEPT, Judgement, counting, judgements

REF = ArticleRef("gazette", "1")
SPORT, FOOTBALL, GOLF, CHESS = "medtop:15000000", "medtop:20000822", "golf", "chess"
CONCEPTS = {
    SPORT: Concept(SPORT, "sport", Facet.TOPIC),
    FOOTBALL: Concept(FOOTBALL, "football", Facet.TOPIC, broader=(SPORT,)),
    GOLF: Concept(GOLF, "golf", Facet.TOPIC),
    CHESS: Concept(CHESS, "chess", Facet.TOPIC),
    "iso:PE": Concept("iso:PE", "Peru", Facet.REGION),
}


def decided(*words):
    """Return decisions from words such as ``+golf`` (accepted), ``-golf`` (rejected, shown) and ``~golf`` (removed unseen)."""
    actions = {"+": (Action.ACCEPTED, True), "*": (Action.ADDED, False), "-": (Action.REJECTED, True), "~": (Action.REMOVED, False)}
    return [EditorDecision(REF, word[1:], actions[word[0]][0], shown=actions[word[0]][1]) for word in words]


def answer(*tags):
    """Return a last answer that gives each (concept id, decision, role or tagger)."""
    made = []
    for told, decision, more in tags:
        role, tagger = (more, "topic") if isinstance(more, Role) else (Role.MAIN, more)
        made.append(Tag(CONCEPTS[told], 0.5, decision, role, tagger=tagger))
    return SaveRecord(REF, "2026-01-01", "k", "", "", None, Tagging(REF, "h", "en", None, tuple(made)))


def judged(decisions, last=None, heirs=lambda _: ()):
    tally = Counter()
    found = dict(judgements(decisions, last, CONCEPTS.get, heirs, tally))
    assert not tally
    return found


def test_accepted_and_added_are_labels_rejected_and_removed_are_negatives():
    found = judged(decided("+golf", "*chess", "-iso:PE"))
    assert found == {Facet.TOPIC: Judgement(("chess", "golf"), (), ()), Facet.REGION: Judgement((), ("iso:PE",), (OPEN,))}


def test_the_latest_word_stands():
    assert judged(decided("+golf", "-golf", "*chess", "-chess", "+chess")) == {Facet.TOPIC: Judgement(("chess",), ("golf",), ())}


def test_who_only_refused_did_not_say_what_the_article_is_about():
    assert judged(decided("-golf"))[Facet.TOPIC].unknown == (OPEN,)
    assert judged(decided("-golf", "+chess"))[Facet.TOPIC].unknown == ()


def test_a_rejection_of_a_tag_that_nobody_saw_is_none():
    assert judged(decided("~golf")) == {}
    assert counting(decided("~golf", "-chess")) == tuple(decided("-chess"))


@pytest.mark.parametrize("decision", [Decision.AUTO, Decision.SUGGEST])
def test_a_machines_tag_that_nobody_decided_on_is_unknown(decision):
    last = answer((GOLF, decision, "topic"), (CHESS, decision, "topic"))
    assert judged(decided("+chess"), last) == {Facet.TOPIC: Judgement((CHESS,), (), (GOLF,))}


def test_silent_tags_and_those_that_an_editor_put_on_are_not_unknown():
    last = answer((GOLF, Decision.SILENT, "topic"), (SPORT, Decision.AUTO, "editor"))
    assert judged(decided("+chess"), last)[Facet.TOPIC].unknown == ()


def test_an_article_on_which_nobody_decided_is_not_reviewed():
    assert judged([], answer((GOLF, Decision.AUTO, "topic"))) == {}


def test_broader_concepts_of_what_is_wanted_are_left_open():
    assert judged(decided(f"+{FOOTBALL}")) == {Facet.TOPIC: Judgement((FOOTBALL,), (), (SPORT,))}
    assert judged(decided(f"+{FOOTBALL}", f"-{SPORT}")) == {Facet.TOPIC: Judgement((FOOTBALL,), (SPORT,), ())}
    assert judged(decided(f"+{FOOTBALL}", f"*{SPORT}")) == {Facet.TOPIC: Judgement((SPORT, FOOTBALL), (), ())}


def test_a_derived_concept_that_was_accepted_with_its_narrower_one_is_no_decision():
    last = answer((FOOTBALL, Decision.AUTO, Role.MAIN), (SPORT, Decision.AUTO, Role.DERIVED))
    assert judged(decided(f"+{FOOTBALL}", f"+{SPORT}"), last) == {Facet.TOPIC: Judgement((FOOTBALL,), (), (SPORT,))}
    assert judged(decided(f"+{SPORT}"), last) == {Facet.TOPIC: Judgement((SPORT,), (), (FOOTBALL,))}


def test_a_word_about_a_replaced_concept_holds_for_its_successor():
    def heirs(told):
        return (CHESS,) if told == "draughts" else ()

    assert judged(decided("+draughts"), heirs=heirs) == {Facet.TOPIC: Judgement((CHESS,), (), ())}
    assert judged(decided("+draughts", "-chess"), heirs=heirs) == {Facet.TOPIC: Judgement((), (CHESS,), (OPEN,))}
    assert judged(decided("-chess", "+draughts"), heirs=heirs) == {Facet.TOPIC: Judgement((CHESS,), (), ())}


def test_a_concept_that_nothing_knows_is_left_out_and_counted():
    tally = Counter()
    found = judgements(decided("+own:gone", "+golf"), None, CONCEPTS.get, lambda _: (), tally)
    assert found == {Facet.TOPIC: Judgement((GOLF,), (), ())}
    assert tally == {UNKNOWN_CONCEPT: 1}


def test_decisions_on_different_concepts_may_come_in_any_order():
    words = ("+golf", "-chess", "+iso:PE", f"*{FOOTBALL}")
    assert len({tuple(judged(decided(*order)).items()) for order in permutations(words)}) == 1

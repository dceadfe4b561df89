"""What the report says of a small archive whose every answer is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstagger.domain import Concept, Decision, Facet
from newstagger.learning.constants import LinearConstants
from newstagger.report.about import about_recipe
from newstagger.report.cases import LONGEST_HEADLINE, case_of, strength
from newstagger.report.curves import CUTS, cuts, precision_recall, reaches, reliability
from newstagger.report.data import About, Targets
from newstagger.report.groups import relation
from newstagger.report.intervals import intervals

from .conftest import ToldTagger, example_of, noted, report_on, tag_of, text_of


def of(report, label):
    return next(one for one in report.facets[0].labels if one.score.label == label)


def test_overview(archive):
    facet = report_on(*archive).facets[0]
    assert facet.coverage.auto == pytest.approx(58 / 80)
    assert facet.coverage.any == pytest.approx(76 / 80)
    assert facet.coverage.reasons == (("too short", 2),)
    assert (facet.written.tags, facet.written.right) == (58, 55)
    assert [label.score.label for label in facet.labels] == ["sea", "rail"]
    assert facet.micro.f1.low < facet.score.micro_f1 < facet.micro.f1.high
    assert facet.macro.low < facet.score.macro_f1 < facet.macro.high
    assert facet.document.low < facet.score.document_f1 < facet.document.high


def test_label(archive):
    report = report_on(*archive, about=About("desk@1", (), {Facet.TOPIC: Targets(0.9, {"sea": 0.97}, told=True)}))
    sea = of(report, "sea")
    assert (sea.score.support, sea.score.predicted) == (40, 40)
    assert sea.bars == (0.4, 0.8)
    assert {cut.score: cut.note for cut in sea.cuts if cut.note} == {0.4: "suggested from here", 0.8: "written unasked from here"}
    assert next(cut for cut in sea.cuts if cut.score == 0.8).tags == 31
    assert [reach.target for reach in sea.reaches] == [0.9, 0.95, 0.97]
    assert (sea.written.tags, sea.written.right, sea.written.target) == (31, 28, 0.97)
    assert [(one.wanted, one.rows) for one in sea.in_place_of] == [(of(report, "rail").number, 3)]
    assert [(one.given, one.rows) for one in of(report, "rail").instead] == [(sea.number, 3)]


def test_worst_cases_show_the_words_that_spoke_with_their_sign(archive):
    sea = of(report_on(*archive), "sea")
    assert [case.ref for case in sea.worst.wrong] == ["a1", "a3", "a5"]
    assert [case.ref for case in sea.worst.missed] == ["a2", "a4"], "a row that was left to the editor is no miss of the scores"
    pieces = [(piece.string, piece.strength) for passage in sea.worst.missed[0].passages for piece in passage if piece.strength]
    assert pieces == [("ferry", 1), ("late", -3)]
    why = sea.worst.missed[0].why
    assert why.bias + why.rest + sum(reason.contribution for reason in why.reasons) == pytest.approx(why.margin)


def test_problems_come_with_the_costliest_first(archive):
    problems = report_on(*archive).facets[0].problems
    assert "written unasked 31 times, 0.90 of them right, where 0.95 is asked" in problems[0].what
    assert [one.cost for one in problems] == sorted((one.cost for one in problems), reverse=True)
    assert any("2 articles are left to the editor: too short" in one.what and one.label is None for one in problems)


def test_groups_add_up(archive):
    facet = report_on(*archive).facets[0]
    tables = {table.kind: table for table in facet.groups}
    assert set(tables) == {"source", "month"}, "one language alone is no comparison"
    assert [group.value for group in tables["month"].groups] == ["2024-01", "2024-02", "2024-03"]
    for table in tables.values():
        assert sum(group.rows for group in table.groups) == 80
        assert sum(group.wanted for group in table.groups) == 80


def test_a_group_that_is_much_worse_is_a_problem():
    rows = [example_of(f"a{n}", "", f"A note on the harbour {n}.", ["sea"], language=("en", "fr")[n % 2]) for n in range(80)]
    answers = {f"a{n}": [tag_of(row.text, "sea", 0.9)] for n, row in enumerate(rows) if n % 2 == 0}
    assert any("40 articles of language fr: F1 0.00" in one.what for one in report_on(rows, answers).facets[0].problems)


def test_doubtful_labels_are_found_where_label_and_score_disagree():
    rows = [example_of(f"a{n}", f"Head {n}", "The ferry left.", ["sea"] if n < 20 else ["rail"]) for n in range(40)]
    scores = {n: 0.9 if n < 20 else 0.05 for n in range(40)} | {0: 0.03, 38: 0.5, 39: 0.97}
    answers = {
        f"a{n}": [tag_of(row.text, "sea", scores[n], Decision.AUTO if scores[n] > 0.5 else Decision.SILENT)] for n, row in enumerate(rows)
    }
    report = report_on(rows, answers)
    doubts = of(report, "sea").doubts
    assert (doubts.lacking, doubts.carrying) == (1, 1)
    assert [(one.ref, one.carries) for one in doubts.rows] == [("a39", False), ("a0", True)]
    assert [(one.ref, one.headline) for one in report.facets[0].doubts if one.label == of(report, "sea").number] == [
        ("a39", "Head 39"), ("a0", "Head 0"),
    ]  # fmt: skip


def test_what_nobody_judged_is_neither_wrong_nor_missed():
    row = example_of("a1", "", "The ferry left the harbour.", ["sea"], unknown=("rail",))
    judged = example_of("a2", "", "The train left.", ["rail"])
    answers = {"a1": [tag_of(row.text, "sea", 0.9), tag_of(row.text, "rail", 0.9)], "a2": [tag_of(judged.text, "rail", 0.9)]}
    report = report_on([row, judged], answers)
    assert report.facets[0].score.micro_f1 == 1.0
    assert of(report, "rail").worst.wrong == ()
    assert next(cut for cut in of(report, "rail").cuts if cut.score == 0.5).tags == 1


def test_a_label_that_the_tagger_did_not_show_is_weighed_where_it_can_be():
    class Weighing(ToldTagger):
        def weigh(self, text, concept_id):
            return tag_of(text, concept_id, 0.015, Decision.SILENT, [("harbour", -2.0)])

    row = example_of("a1", "", "The ferry left the harbour.", ["sea"])
    for tagger, expected in ((Weighing({}), 0.015), (ToldTagger({}), None)):
        notes, _ = noted([row], {}, tagger)
        seen = notes.seen(Facet.TOPIC)
        assert seen.worst[0].missed[0].score == expected
    assert seen.score.tolist() == [0.0]


def test_bars_of_several_taggers_are_their_medians():
    class Barred(ToldTagger):
        def __init__(self, low):
            super().__init__({})
            self.low = low

        def bars(self, concept_id):
            return self.low, 0.9

    notes, row = noted([], {})[0], example_of("a1", "", "The ferry left.", ["sea"])
    for low in (0.1, 0.2, 0.6):
        tagger = Barred(low)
        notes(tagger, row, tagger.tag(row.article, row.text))
    assert notes.seen(Facet.TOPIC).bars == {0: (pytest.approx(0.2), pytest.approx(0.9))}


def test_names_that_two_labels_share_are_told_apart():
    row = example_of("a1", "", "Trier is in Trier.", [])
    answers = {"a1": [tag_of(row.text, "city:1", 0.9, name="Trier"), tag_of(row.text, "county:1", 0.8, name="Trier")]}
    assert [name.pref_label for name in report_on([row], answers).facets[0].names] == ["Trier (city:1)", "Trier (county:1)"]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("medtop:15000000", "medtop:16000000", "sibling"),
        ("medtop:20000523", "medtop:04000000", ""),
        ("medtop:20000344", "medtop:04000000", "broader"),
        ("medtop:04000000", "medtop:20000344", "narrower"),
    ],
)  # fmt: skip
def test_how_two_topics_lie_in_the_vocabulary(one, other, expected):
    from newstagger.taxonomy import media_topics

    assert relation(*(media_topics().concept(name) or Concept(name, name, Facet.TOPIC) for name in (one, other))) == expected


SCORES = st.lists(st.tuples(st.floats(0.0, 1.0), st.booleans()), max_size=60)


@given(SCORES, st.integers(0, 5))
def test_tables_and_curves_agree_with_counting(pairs, unscored):
    scores, wanted = np.array([s for s, _ in pairs], dtype=float), np.array([w for _, w in pairs], dtype=bool)
    positives = int(wanted.sum()) + unscored
    for cut in cuts(scores, wanted, positives, (0.35, 2.0)):
        chosen = [w for s, w in pairs if s >= cut.score]
        assert cut.tags == len(chosen)
        assert cut.precision == pytest.approx(sum(chosen) / len(chosen) if chosen else 0.0)
        assert cut.recall == pytest.approx(sum(chosen) / positives if positives else 0.0)
    precision, recall = precision_recall(scores, wanted, positives)
    assert bool((np.diff(recall) >= 0).all())
    assert len(precision) == len(recall) <= 80
    for reach in reaches(scores, wanted, positives, (0.5, 0.9)):
        assert reach.cut is None or (reach.cut.precision >= reach.target and reach.cut.tags >= 10)
    bins = reliability(scores, wanted)
    assert not bins or sum(one.pairs for one in bins) == int((scores >= 0.1).sum())


def test_bars_join_the_table_and_one_that_is_never_reached_does_not():
    found = cuts(np.array([0.5]), np.array([True]), 1, (float(np.float32(0.9)), 2.0))
    assert [cut.score for cut in found] == list(CUTS), "a float32 of .9 is .9"
    assert [cut.note for cut in found if cut.note] == ["suggested from here"]


def test_intervals_are_those_of_drawing_rows(archive):
    """A label's F1 over draws, worked out row by row."""
    notes, _ = noted(*archive)
    seen = notes.seen(Facet.TOPIC)
    found = intervals(seen, np.arange(len(seen.labels)), draws=200, seed=3)
    random, drawn = np.random.RandomState(3), []
    for _ in range(200):
        rows = random.randint(0, 80, 80).tolist()
        of_row = [(seen.row == row) & (seen.label == 0) for row in range(80)]
        want, give, both = (
            sum(int(kind[of_row[row]].sum()) for row in rows) for kind in (seen.wanted, seen.shown, seen.wanted & seen.shown)
        )
        drawn.append(2 * both / (want + give))
    assert (found.labels[0].f1.low, found.labels[0].f1.high) == pytest.approx(np.percentile(drawn, [2.5, 97.5]).tolist())


@given(st.floats(-5, 5), st.floats(0.01, 5))
def test_strength_has_the_sign_of_the_weight_and_three_steps(weight, most):
    found = strength(weight, max(most, abs(weight)))
    assert -3 <= found <= 3
    assert (found > 0) == (weight > 0) or abs(weight) == 0
    assert (found == 0) == (weight == 0)


WILD = st.text(st.characters(codec=None), max_size=300)


@settings(max_examples=150)
@given(WILD, WILD, st.lists(st.tuples(WILD, st.floats(-3, 3)), max_size=4), st.data())
def test_pieces_are_stretches_of_the_article(headline, body, words, data):
    text = text_of(headline, body)
    spans = data.draw(st.lists(st.tuples(st.integers(0, len(text.string)), st.integers(0, 400)), max_size=5))
    taken = [(text.string[start : start + length], weight) for (start, length), (_, weight) in zip(spans, words, strict=False)]
    row = example_of("a", headline, body, [])
    case = case_of(0, row, ToldTagger({}).tag(row.article, row.text), tag_of(text, "sea", 0.5, words=taken), {})
    joined = ["".join(piece.string for piece in passage).strip("…") for passage in (case.headline, *case.passages)]
    flat = " ".join(text.string.split())
    assert all(" ".join(one.split()) in flat for one in joined)
    assert sum(len(one) for one in joined) <= LONGEST_HEADLINE + 4 * 5 * 400


def test_a_recipe_says_what_precision_it_asks_for():
    from newstagger.recipe import FacetRecipe, Recipe

    told = about_recipe(
        Recipe(name="desk", facets={Facet.TOPIC: FacetRecipe(constants={"precision": 0.9, "precisions": {"sea": 0.99}})}), 5
    )
    assert told.subject == "the recipe desk, 5-fold cross-validation"
    assert (told.targets[Facet.TOPIC].of("sea"), told.targets[Facet.TOPIC].of("rail")) == (0.99, 0.9)
    assert told.targets[Facet.REGION] == Targets()
    assert about_recipe(Recipe(), 5).targets[Facet.TOPIC].of("sea") == LinearConstants().precision


def test_the_curve_goes_through_the_points_of_the_table():
    random = np.random.RandomState(0)
    wanted = random.rand(3000) < 0.05
    scores = np.round(np.clip(random.rand(3000) * 0.6 + 0.3 * wanted, 0.001, 1.0), 6)
    precision, recall = precision_recall(scores, wanted, int(wanted.sum()))
    assert len(precision) > 60
    for cut in cuts(scores, wanted, int(wanted.sum()), None):
        if cut.tags > 20:
            near = int(np.argmin(np.abs(recall - cut.recall)))
            assert abs(recall[near] - cut.recall) < 0.02
            assert abs(precision[near] - cut.precision) < 0.05


def test_the_last_months_are_shown():
    rows = [example_of(f"a{n}", "", "The ferry left.", ["sea"], date=f"20{n // 12:02}-{n % 12 + 1:02}-01") for n in range(40)]
    table = report_on(rows, {}).facets[0].groups[0]
    assert [group.value for group in table.groups] == [f"20{n // 12:02}-{n % 12 + 1:02}" for n in range(16, 40)]
    assert table.left_out == 16

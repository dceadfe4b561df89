"""What scores and decisions came to: counted by hand, and as evaluation tells it."""

from dataclasses import replace

import numpy as np
import pytest

from newstagger.contracts import OPEN, Example
from newstagger.domain import Article, ArticleRef, Concept, Decision, Facet, Proposal, Role, Tag
from newstagger.learning.calibrate import calibrate_by_label
from newstagger.learning.constants import LinearConstants
from newstagger.learning.crossval import cross_validate
from newstagger.learning.evaluation import score
from newstagger.learning.reliability import Tally
from newstagger.learning.tagger import LinearTagger
from newstagger.learning.trainer import linear_trainer

from .conftest import CONCEPTS, CONSTANTS, make_archive, make_text

EMPTY = score(Facet.TOPIC, [], [], [])
TOPICS = tuple(Concept(name, name, Facet.TOPIC) for name in "abcd")


def example(labels, unknown=()):
    text = make_text("a headline", "a body")
    return Example(Article(ArticleRef("paper", "1"), "a headline", "a body"), text, labels, unknown=unknown)


def tag(name, points, decision, role=Role.MAIN):
    return Tag(Concept(name, name, Facet.TOPIC), points, decision, role)


def counted(*answers):
    tally = Tally()
    for asked, tags in answers:
        tally.count(asked, Proposal(tags))
    return tally.told(EMPTY)


def test_figures_worked_by_hand():
    told = counted(
        (example(("a",)), (tag("a", 0.9, Decision.AUTO), tag("b", 0.8, Decision.AUTO))),
        (example(("c",)), (tag("c", 0.6, Decision.SUGGEST), tag("d", 0.05, Decision.SILENT))),
        (example(("a",)), ()),
    )
    assert told.auto_precision == pytest.approx(1 / 2)
    assert told.with_auto == pytest.approx(1 / 3)
    assert told.calibration_error == pytest.approx((0.1 + 0.8 + 0.4) / 3)


def test_derived_tags_and_those_that_nobody_judged_do_not_count():
    told = counted((example((), (OPEN,)), (tag("a", 0.9, Decision.AUTO),)), (example(()), (tag("b", 0.9, Decision.AUTO, Role.DERIVED),)))
    assert (told.auto_precision, told.with_auto, told.calibration_error) == (None, 0.0, None)
    assert counted() == EMPTY


def test_a_broader_topic_that_no_row_gives_counts_for_nothing():
    soccer, sport = "medtop:20001065", "medtop:15000000"
    fallen = (example((soccer,)), (tag(sport, 0.9, Decision.AUTO), tag(soccer, 0.2, Decision.SILENT)))
    told = counted(fallen)
    assert (told.auto_precision, told.with_auto, told.calibration_error) == (None, 0.0, pytest.approx(0.8))
    told = counted(fallen, (example((sport,)), (tag(sport, 0.7, Decision.AUTO),)))
    assert (told.auto_precision, told.with_auto) == (1 / 2, 1.0)


def test_cross_validation_tells_them_and_its_watch_hears_every_answer():
    archive, heard = make_archive(90), []
    found = cross_validate(
        archive, linear_trainer(Facet.TOPIC, CONCEPTS), lambda part: LinearTagger(part, None), [c.id for c in CONCEPTS], CONSTANTS, k=3,
        watch=lambda tagger, asked, proposal: heard.append(proposal),
    )  # fmt: skip
    assert len(heard) == 90
    with_auto = sum(any(t.decision is Decision.AUTO for t in proposal.tags) for proposal in heard)
    assert found.with_auto == pytest.approx(with_auto / 90)
    assert found.with_auto > 0.3
    assert found.auto_precision > 0.9
    assert found.calibration_error < 0.2


def calibrated(monkeypatch, **constants):
    """Calibrate four labels on margins that are known: those of the last are wrong half the time, however high."""
    rng = np.random.RandomState(4)
    margins = rng.normal(-0.5, 1.0, size=(4000, 4))
    wanted = rng.uniform(size=margins.shape) < 1 / (1 + np.exp(-5 * margins))
    wanted[:, 3] &= rng.uniform(size=len(wanted)) < 0.5
    monkeypatch.setattr("newstagger.learning.calibrate.out_of_fold", lambda *told: margins)
    problem = type("Given", (), {"wanted": wanted, "mask": np.ones_like(wanted)})()
    return calibrate_by_label(problem, problem, TOPICS, [], LinearConstants.read(constants), 1)


def test_a_label_that_misses_its_target_is_not_written_unasked_and_targets_are_by_label(monkeypatch):
    auto = calibrated(monkeypatch).arrays["auto"]
    assert auto[3] > max(auto[:3])
    lower = calibrated(monkeypatch, precisions={"a": 0.8}).arrays["auto"]
    assert lower[0] < auto[0]
    assert lower[1:].tolist() == auto[1:].tolist()


def test_auto_is_a_floor_and_decides_alone_where_no_precision_is_asked(monkeypatch):
    floor = calibrated(monkeypatch, auto=0.99)
    assert min(floor.arrays["auto"]) >= 0.99
    assert floor.settings["common"]["auto"] >= 0.99
    assert set(calibrated(monkeypatch, auto=0.97, precision=0.0).arrays["auto"]) == {0.97}


def test_no_bar_lies_under_the_score_from_which_a_tag_is_suggested():
    part = linear_trainer(Facet.TOPIC, CONCEPTS)(
        make_archive(90), {**CONSTANTS, "auto": 0.0, "precision": 0.01}, None, jobs=1, progress=lambda line: None
    )
    bars = [LinearTagger(part, None).bars(concept.id) for concept in CONCEPTS]
    assert all(auto >= suggest - 1e-6 for suggest, auto in bars)


def test_a_part_without_a_bend_still_loads():
    part = linear_trainer(Facet.TOPIC, CONCEPTS)(make_archive(90), CONSTANTS, None, jobs=1, progress=lambda line: None)
    older = replace(part, arrays={name: array for name, array in part.arrays.items() if name != "bend"})
    article = Article(ArticleRef("paper", "1"))
    text = make_text("Skipper wins regatta", "The yacht left the harbour with the tide, said the crew.")
    assert LinearTagger(older, None).tag(article, text).tags[0].concept.id == "sailing"

"""Sources learned apart: each has its say, whatever the size of the others."""

import random
from dataclasses import replace

import numpy as np
import pytest

from newstagger.domain import Article, ArticleRef, Facet
from newstagger.errors import ConfigError
from newstagger.learning.constants import LinearConstants
from newstagger.learning.tagger import LinearTagger
from newstagger.learning.trainer import linear_trainer

from .conftest import CONCEPTS, CONSTANTS, make_archive, make_example, make_text

APART = {"experts": [{"sources": ["small"], "weight": 1.0, "c": 1.0}]}


def train(examples, **constants):
    return linear_trainer(Facet.TOPIC, CONCEPTS)(examples, CONSTANTS | constants, None, jobs=1, progress=lambda line: None)


def score_of(part, words, topic):
    proposal = LinearTagger(part, None).tag(Article(ArticleRef("paper", "x")), make_text(*words))
    return next((tag.margin for tag in proposal.tags if tag.concept.id == topic), -9.0)


@pytest.fixture(scope="module")
def mixed():
    """A big source that calls festivals music and a small one that calls them harvest."""
    rng = random.Random(5)
    big = [replace(example, source="big") for example in make_archive(240)]
    festival = [make_example(1000 + n, ("music",), rng) for n in range(60)]
    festival = [replace(e, text=make_text("festival fair " + e.article.headline, e.article.body), source="big") for e in festival]
    small = [make_example(2000 + n, ("harvest",), rng) for n in range(20)]
    small = [replace(e, text=make_text("festival fair " + e.article.headline, e.article.body), source="small") for e in small]
    others = [replace(make_example(3000 + n, ("sailing",), rng), source="small") for n in range(20)]
    return [*big, *festival, *small, *others]


def test_a_small_source_learned_apart_is_heard(mixed):
    festival = ("festival fair", "said the festival fair people in the town")
    together, apart = (score_of(part, festival, "harvest") for part in (train(mixed), train(mixed, **APART)))
    assert apart > together


def test_evidence_is_of_one_model_and_adds_up(mixed):
    part = train(mixed, **APART)
    for tag in LinearTagger(part, None).tag(Article(ArticleRef("paper", "x")), make_text("barn wheat", "tractor and farmer, field")).tags:
        assert round(tag.bias + sum(e.contribution for e in tag.evidence) + tag.rest, 6) == pytest.approx(tag.margin, abs=1e-9)


def test_an_expert_without_rows_does_not_vote(mixed):
    nobody = {"experts": [{"sources": ["nowhere"]}]}
    plain, same = train(mixed), train(mixed, **nobody)
    assert all(np.array_equal(plain.arrays[name], same.arrays[name]) for name in plain.arrays)


def test_an_expert_that_knows_a_single_topic_does_not_vote(mixed):
    rows = [*mixed, *(replace(e, source="single") for e in mixed if e.labels == ("sailing",))]
    apart = {"experts": [{"sources": ["single"]}]}
    festival = ("festival fair", "said the festival fair people in the town")
    assert score_of(train(rows, **apart), festival, "sailing") < 0


def test_calibration_on_sources_left_out_goes_with_experts(mixed):
    part = train([e for e in mixed for _ in range(6)], calibrate="sources", **APART)
    assert len(part.arrays["curve"]) == 6


@pytest.mark.parametrize(
    "expert", [{"weight": 1.0}, {"sources": "small"}, {"sources": []}, {"sources": ["a"], "weight": 0}, {"sources": ["a"], "wieght": 1}, 3]
)
def test_an_expert_that_makes_no_sense_is_refused_by_name(expert):
    with pytest.raises(ConfigError, match="experts"):
        LinearConstants.read({"experts": [expert]})

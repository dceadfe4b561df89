from dataclasses import replace

import numpy as np
import pytest

from newstagger.domain import Article, ArticleRef, Decision, Facet
from newstagger.errors import BundleDamagedError, ConfigError
from newstagger.learning.shifted import LENGTHS, leave_out, shortened, thinned
from newstagger.learning.split import folds
from newstagger.learning.tagger import LinearTagger
from newstagger.learning.trainer import linear_trainer
from newstagger.learning.vectors import word_vectors
from newstagger.tokens import tokens_of, word_hash

from .conftest import CONCEPTS, make_archive, make_text

CARRIED = {
    "calibrate": "sources",
    "precision": 0.9,
    "vectors": 0.3,
    "folds": 3,
    "min_words": 3,
    "blocks": [{"zones": ["headline", "lead", "body"]}],
}


def train(examples, constants=CARRIED):
    return linear_trainer(Facet.TOPIC, CONCEPTS)(examples, constants, None, jobs=1, progress=lambda line: None)


def first(part, headline, body):
    tags = LinearTagger(part, None).tag(Article(ArticleRef("paper", "1")), make_text(headline, body)).tags
    return tags[0]


@pytest.fixture(scope="module")
def carried():
    return train([replace(e, source=("a", "b")[n % 2]) for n, e in enumerate(make_archive(120))])


def test_a_carried_part_tags_and_its_evidence_adds_up(carried):
    tag = first(carried, "Skipper wins regatta", "The yacht left the harbour with the tide, said the crew.")
    assert (tag.concept.id, tag.decision is Decision.SILENT) == ("sailing", False)
    assert abs(tag.bias + sum(e.contribution for e in tag.evidence) + tag.rest - tag.margin) < 1e-9


def test_a_word_never_read_pulls_like_its_neighbours(carried):
    tag = first(carried, "Pianist and cellist", "The orchestra and its soprano were heard in a sonata, the pianist said.")
    assert tag.concept.id == "music"
    assert {"pianist", "orchestra"} & {e.term for e in tag.evidence}


def test_training_twice_gives_the_same_bytes(carried):
    again = train([replace(e, source=("a", "b")[n % 2]) for n, e in enumerate(make_archive(120))])
    assert all(again.arrays[name].tobytes() == carried.arrays[name].tobytes() for name in carried.arrays)


def test_a_damaged_curve_is_found_when_the_part_is_read(carried):
    for curve in (np.zeros(6), np.zeros(3), np.full(6, np.nan), -carried.arrays["curve"]):
        with pytest.raises(BundleDamagedError):
            LinearTagger(replace(carried, arrays={**carried.arrays, "curve": curve.astype(np.float32)}), None)


def test_an_unknown_calibration_is_refused(archive):
    with pytest.raises(ConfigError, match="calibrate"):
        train(archive, {"calibrate": "guess"})


def test_whole_sources_are_left_out_and_the_biggest_by_date():
    archive = make_archive(900)
    rows = [replace(e, source="big" if n < 600 else "small", date=f"20{10 + n % 7}-01-01") for n, e in enumerate(archive)]
    parts = leave_out(rows, 3)
    assert sorted(len(part) for part in parts) == [200, 200, 200, 300]
    stretches = [{rows[at].date for at in part} for part in parts if rows[part[0]].source == "big"]
    assert max(stretches[0]) <= min(stretches[1])
    judged = thinned(rows, parts, 0.5)
    assert len(judged[-1]) == 300
    assert 400 < sum(map(len, judged[:3])) < 450
    assert leave_out(archive[:100], 3) == []


def test_folds_of_small_archives_still_calibrate(archive):
    assert train(archive).arrays["curve"].shape == (6,)
    assert len(folds(len(archive), [], 3, 0)) == 3


def test_shortened_keeps_the_first_words_in_their_paragraphs():
    text = make_text("Skipper wins regatta", "The yacht left the harbour with the tide.")
    for words in LENGTHS:
        short = shortened(text, words)
        assert len(tokens_of(short)) == min(words, len(tokens_of(text)))
        assert text.string.startswith(short.string)
        assert all(p.start < p.end <= len(short.string) for p in short.paragraphs)


def test_word_vectors_are_in_order_and_know_neighbours():
    vectors = word_vectors()
    assert bool(np.all(vectors.words[1:] > vectors.words[:-1]))
    at = {word: int(np.searchsorted(vectors.words, np.uint64(word_hash(word)))) for word in ("violin", "cello", "tractor")}
    near, far = (float(vectors.values[at["violin"]] @ vectors.values[at[other]]) for other in ("cello", "tractor"))
    assert near > far + 0.3

"""Learning again from more rows keeps the calibration that was measured; progress counts every fit."""

from dataclasses import replace

import numpy as np
import pytest

from newstagger import progress
from newstagger.domain import Concept, Facet
from newstagger.learning.linear import LinearModel
from newstagger.learning.trainer import linear_trainer

from .conftest import CONCEPTS, make_archive, make_text

TRAINER = linear_trainer(Facet.TOPIC, (*CONCEPTS, Concept("new", "new", Facet.TOPIC)))
FOLDS = {"folds": 3, "min_words": 3}
PER_LABEL = ("slope", "offset", "thresholds", "auto")


def train(examples, constants=FOLDS, tell=lambda line: None):
    return TRAINER(examples, constants, None, jobs=1, progress=tell)


def refit(examples, before, constants=FOLDS, tell=lambda line: None):
    return TRAINER.refit(examples, constants, before, jobs=1, progress=tell)


def same(one, other):
    assert one.settings == other.settings
    return all(one.arrays[name].tobytes() == other.arrays[name].tobytes() for name in one.arrays)


@pytest.fixture(scope="module")
def before():
    return train(make_archive(90))


def test_refitting_what_was_learned_gives_it_again(before):
    assert same(refit(make_archive(90), before), before)


def test_more_rows_move_the_weights_and_leave_curves_and_thresholds(before):
    after = refit(make_archive(120), before)
    assert after.settings["examples"] == 120
    assert after.arrays["weights"].tobytes() != before.arrays["weights"].tobytes()
    assert all(after.arrays[name].tobytes() == before.arrays[name].tobytes() for name in PER_LABEL)


def test_a_label_that_only_the_new_rows_have_takes_what_labels_have_in_common(before):
    more = [replace(e, labels=("new",)) if n in (91, 97, 103, 109) else e for n, e in enumerate(make_archive(120))]
    after = refit(more, before)
    at = [concept.id for concept in after.concepts].index("new")
    assert at != len(before.concepts)
    common = before.settings["common"]
    told = [float(after.arrays[name][at]) for name in ("slope", "offset", "thresholds")]
    assert told == pytest.approx([common["slope"], common["offset"], common["threshold"]])
    others = np.delete(np.arange(len(after.concepts)), at)
    assert after.arrays["thresholds"][others].tobytes() == before.arrays["thresholds"].tobytes()
    assert LinearModel.read(after).score(make_text("Skipper wins regatta", "The yacht left the harbour.")).margins.shape == (4,)


def test_a_label_that_is_gone_leaves_the_others_theirs(before):
    fewer = [replace(e, labels=tuple(label for label in e.labels if label != "harvest")) for e in make_archive(90)]
    after = refit(fewer, before)
    assert [concept.id for concept in after.concepts] == ["music", "sailing"]
    assert after.arrays["slope"].tolist() == before.arrays["slope"][1:].tolist()


def test_where_sources_are_left_out_they_are_left_out_again():
    told = {"calibrate": "sources", "folds": 3, "min_words": 3}
    rows = make_archive(120)
    assert same(refit(rows, train(rows[:90], told), told), train(rows, told))


def test_progress_counts_the_fits_of_every_fold(before, monkeypatch):
    monkeypatch.setattr(progress, "EVERY", 0.0)
    lines, again = [], []
    train(make_archive(90), tell=lines.append)
    refit(make_archive(90), before, tell=again.append)
    assert lines[0] == "topic: counting terms"
    assert lines[-1].split(", ")[1] == "12 of 12 fits"
    assert again[-1].split(", ")[1] == "3 of 3 fits"
    assert any(line.endswith(" left") for line in lines)

"""What a bundle remembers of its held-out rows: it comes back as it was, takes little room, and nothing in it is text."""

import json
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newstagger.bundles.manifest import OUTCOMES, Provenance
from newstagger.bundles.outcomes import Outcome, Outcomes, Rival, outcome_files, read_outcomes, short_key
from newstagger.domain import Evaluation, Facet
from newstagger.errors import BundleDamagedError
from newstagger.jsontext import canonical

from .conftest import outcomes, region_part, topic_part, write

LABELS = st.frozensets(st.sampled_from(["sea", "rail", "medtop:15000000", "häfen"]))


@st.composite
def held_out(draw):
    wanted, given_, rival = draw(LABELS), draw(LABELS), draw(st.none() | LABELS)
    known = sorted(wanted | given_ | (rival or frozenset()))
    unknown = draw(st.frozensets(st.sampled_from(known))) if known else frozenset()
    return Outcome(draw(st.integers(0, 2**64 - 1)), wanted, given_, rival, unknown)


@given(st.lists(held_out(), max_size=9), st.lists(st.integers(0, 2**32 - 1), max_size=9), st.none() | st.just(Rival("desk@1", "0" * 64)))
def test_what_was_packed_is_read_back(tmp_path_factory, rows, learned, rival):
    packed = Outcomes.pack(rows, learned, rival)
    files = outcome_files({Facet.TOPIC: packed})
    back = read_outcomes(files, tmp_path_factory.getbasetemp())[Facet.TOPIC]
    assert list(back.rows()) == rows
    assert back.learned.tolist() == sorted(set(learned))
    assert back.rival == rival
    assert outcome_files({Facet.TOPIC: back}) == files


def test_a_bundle_keeps_them_and_a_bundle_without_them_is_whole(store):
    bundle = store.load(str(write(store)))
    assert [row.text for row in bundle.outcomes[Facet.TOPIC].rows()] == [1, 2, 2**64 - 1]
    bare = store.write_candidate("bare", {Facet.TOPIC: topic_part()}, Provenance(), Evaluation(()))
    assert store.load(str(bare)).outcomes == {}
    assert OUTCOMES not in store.load(str(bare)).manifest.files


def test_the_digest_of_a_part_is_its_own(store):
    first = store.load(str(write(store)))
    second = store.load(str(write(store, topic=topic_part(0.75), region=first.parts[Facet.REGION])))
    other = store.load(str(write(store, name="other", topic=first.parts[Facet.TOPIC], region=region_part())))
    digests = [[bundle.part_digest(facet) for facet in (Facet.TOPIC, Facet.REGION)] for bundle in (first, second, other)]
    assert digests[0] == digests[2]
    assert (digests[0][0] == digests[1][0], digests[0][1] == digests[1][1]) == (False, True)


def test_a_large_training_grows_its_bundle_by_less_than_half_a_megabyte():
    random_ = random.Random(1)
    labels = [f"medtop:{number:08}" for number in range(90)]

    def some():
        return frozenset(random_.sample(labels, random_.choice((0, 1, 1, 1, 2))))

    rows = [Outcome(random_.getrandbits(64), (given_ := some()), given_, some()) for _ in range(6_800)]
    files = outcome_files({Facet.TOPIC: Outcomes.pack(rows, (random_.getrandbits(32) for _ in range(68_000)), Rival("desk@1", "0" * 64))})
    assert sum(map(len, files.values())) < 500_000


def test_a_row_is_known_by_the_upper_half_of_its_hash():
    assert short_key(0xFFFFFFFF_00000001) == 0xFFFFFFFF


def packed(**changes):
    """Return files of outcomes in which single arrays were changed."""
    files = outcome_files({Facet.TOPIC: outcomes()})
    for name, array in changes.items():
        files[f"outcomes.topic.{name}.npy"] = outcome_files({Facet.TOPIC: _with(name, array)})[f"outcomes.topic.{name}.npy"]
    return files


def _with(name, array):
    from dataclasses import replace

    return replace(outcomes(), **{name: array})


@pytest.mark.parametrize(
    "changes",
    [
        {"mark_rows": np.array([9] * 5, dtype=np.uint8)},
        {"mark_labels": np.array([2] * 5, dtype=np.uint8)},
        {"marks": np.array([1], dtype=np.uint8)},
        {"asked": np.array([True])},
        {"asked": np.array([1, 0, 1], dtype=np.uint8)},
        {"texts": np.array([-1, 2, 3])},
        {"texts": np.array([[1, 2, 3]], dtype=np.uint64)},
        {"learned": np.array([0.5])},
    ],
)
def test_arrays_that_do_not_fit_together_are_damage(tmp_path, changes):
    with pytest.raises(BundleDamagedError, match=r"outcomes\.json: the topic outcomes have"):
        read_outcomes(packed(**changes), tmp_path)


@pytest.mark.parametrize(
    "told",
    [[], {"weather": {}}, {"topic": {}}, {"topic": {"labels": None, "rival": None}}, {"topic": {"labels": [], "rival": {"bundle": "x"}}}],
)
def test_a_list_of_outcomes_that_makes_no_sense_is_damage(tmp_path, told):
    with pytest.raises(BundleDamagedError, match=r"outcomes\.json"):
        read_outcomes({**packed(), OUTCOMES: canonical(told)}, tmp_path)


def test_an_array_that_is_missing_is_damage(tmp_path):
    files = packed()
    del files["outcomes.topic.marks.npy"]
    with pytest.raises(BundleDamagedError):
        read_outcomes(files, tmp_path)


def test_the_card_tells_what_moved_beside_the_bundle_that_it_would_replace(store):
    rows = [Outcome(n, frozenset({"sea"}), frozenset(), frozenset({"sea"})) for n in range(8)]
    rows += [Outcome(100 + n, frozenset({"harbour"}), frozenset({"harbour"}), frozenset()) for n in range(8)]
    kept = {Facet.TOPIC: Outcomes.pack(rows, [], Rival("tiny@1", "0" * 64))}
    ref = store.write_candidate("tiny", {Facet.TOPIC: topic_part()}, Provenance(), Evaluation(()), kept)
    card = (store.find(str(ref)).folder / "MODEL_CARD.md").read_text("utf-8")
    assert "### topic: beside tiny@1" in card
    assert "got worse beyond noise: 1, better: 1." in card
    assert "| sea | 8 | 1.000 | 0.000 | -1.000 (-1.000 to -1.000) | worse |" in card
    bare = store.write_candidate("tiny", {Facet.TOPIC: topic_part()}, Provenance(), Evaluation(()))
    assert "beside" not in (store.find(str(bare)).folder / "MODEL_CARD.md").read_text("utf-8")


def test_nothing_in_them_is_text(store):
    folder = store.find(str(write(store))).folder
    told = json.loads((folder / OUTCOMES).read_bytes())
    assert told == {"topic": {"labels": ["harbour", "sea"], "rival": {"bundle": "tiny@0", "part": "0" * 64}}}

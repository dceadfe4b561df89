from dataclasses import replace

import numpy as np
import pytest

from newstagger.actors.gazetteer import ActorGazetteer
from newstagger.actors.tagger import ActorTagger
from newstagger.contracts import Vocabulary
from newstagger.domain import Facet
from newstagger.errors import BundleDamagedError


def test_is_a_vocabulary(part):
    gazetteer = ActorGazetteer.read(part)
    assert isinstance(gazetteer, Vocabulary)
    concept = gazetteer.concept("actor:amaq")
    assert (concept.id, concept.pref_label, concept.facet, concept.broader) == ("actor:amaq", "Amaq", Facet.ACTOR, ("actor:islamic-state",))
    assert gazetteer.concept("actor:nobody-of-that-name") is None
    assert gazetteer.concept("amaq") is None


def test_every_id_is_found_again(part):
    gazetteer = ActorGazetteer.read(part)
    assert all(gazetteer.row(gazetteer.id(row)) == row for row in range(len(gazetteer)))


@pytest.mark.parametrize("missing", ["kinds", "slugs_data", "folded_hashes", "exact_rows"])
def test_a_missing_array_is_damage(part, missing):
    arrays = {name: array for name, array in part.arrays.items() if name != missing}
    with pytest.raises(BundleDamagedError, match=missing):
        ActorGazetteer.read(replace(part, arrays=arrays))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("kinds", lambda a: np.full_like(a, 200)),
        ("parents", lambda a: np.full_like(a, 10**6)),
        ("parents", lambda a: np.full_like(a, -2)),
        ("idf", lambda a: np.full_like(a, np.nan)),
        ("starts", lambda a: a[:-1]),
        ("countries", lambda a: a.astype(np.int64)),
        ("names_offsets", lambda a: a[::-1].copy()),
        ("folded_rows", lambda a: a + 10**6),
        ("aliases_offsets", lambda a: a[:-5].copy()),
    ],
)
def test_arrays_that_do_not_fit_are_damage(part, name, change):
    with pytest.raises(BundleDamagedError):
        ActorGazetteer.read(replace(part, arrays={**part.arrays, name: change(part.arrays[name])}))


@pytest.mark.parametrize("settings", [{}, {"bias": float("nan")}, {"weights": 3}, {"slope": -1.0}, {"context": {"bias": "x"}}])
def test_settings_that_do_not_fit_are_damage(part, settings):
    broken = {**part.settings, **settings} if settings else {}
    with pytest.raises(BundleDamagedError):
        ActorTagger(replace(part, settings=broken), None)

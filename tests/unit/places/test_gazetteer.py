"""The gazetteer is read from a part, knows concepts by id, and refuses arrays that do not fit together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from newstagger.contracts import FacetPart, Vocabulary
from newstagger.errors import BundleDamagedError
from newstagger.places.gazetteer import Gazetteer, Mark


def test_concept_knows_what_it_lies_in(gazetteer: Gazetteer) -> None:
    palmyra = gazetteer.concept("geonames:3")
    assert palmyra is not None
    assert palmyra.broader == ("iso:SY-HI", "iso:SY", "m49:145", "m49:142")
    assert isinstance(gazetteer, Vocabulary)


def test_country_carries_verified_ids_and_divisions_no_wikidata(gazetteer: Gazetteer) -> None:
    syria, aleppo = gazetteer.concept("iso:SY"), gazetteer.concept("iso:SY-HL")
    assert syria is not None and any(match.startswith("wikidata:Q") for match in syria.exact_match)
    assert aleppo is not None and not any(match.startswith("wikidata") for match in aleppo.exact_match)


@pytest.mark.parametrize("unknown", ["iso:XX", "", "geonames:999", "zzz"])
def test_unknown_id_is_none(gazetteer: Gazetteer, unknown: str) -> None:
    assert gazetteer.concept(unknown) is None


def test_every_row_is_found_by_its_id(gazetteer: Gazetteer) -> None:
    assert all(gazetteer.row(gazetteer.id(row)) == row for row in range(len(gazetteer)))


def test_only_one_capital_a_country(gazetteer: Gazetteer) -> None:
    capitals = [gazetteer.id(row) for row in range(len(gazetteer)) if gazetteer.capitals[row]]
    assert capitals == ["geonames:6", "geonames:8", "geonames:9"]


def test_forms_are_marked(gazetteer: Gazetteer) -> None:
    marks = {surface: gazetteer.folded.rows_of(surface)[0][1] for surface in ("Syrian", "Kremlin", "Jackson", "Halab")}
    assert marks == {"Syrian": Mark.ADJECTIVE, "Kremlin": Mark.SEAT, "Jackson": Mark.WEAK, "Halab": Mark.OTHER}


def test_ordinary_words_are_no_names_of_towns(gazetteer: Gazetteer) -> None:
    assert not gazetteer.folded.rows_of("Reading")


def test_short_capitals_match_as_written_only(gazetteer: Gazetteer) -> None:
    assert not gazetteer.folded.rows_of("US")
    assert gazetteer.exact.rows_of("US") and not gazetteer.exact.rows_of("us")


@pytest.mark.parametrize("name", ["place_country", "folded_rows", "place_ids_offsets", "given_names", "pattern_rows"])
def test_missing_array_is_refused(part: FacetPart, name: str) -> None:
    arrays = {key: array for key, array in part.arrays.items() if key != name}
    with pytest.raises(BundleDamagedError, match=name):
        Gazetteer.read(replace(part, arrays=arrays))


@pytest.mark.parametrize(
    ("name", "value"), [("place_country", 9999), ("place_parent", -2), ("place_level", 9), ("folded_rows", 9999), ("pattern_rows", -1)]
)
def test_row_out_of_range_is_refused(part: FacetPart, name: str, value: int) -> None:
    damaged = part.arrays[name].copy()
    damaged[0] = value
    with pytest.raises(BundleDamagedError):
        Gazetteer.read(replace(part, arrays={**part.arrays, name: damaged}))


def test_short_column_and_endless_coordinates_are_refused(part: FacetPart) -> None:
    with pytest.raises(BundleDamagedError, match="place_population"):
        Gazetteer.read(replace(part, arrays={**part.arrays, "place_population": part.arrays["place_population"][:-1]}))
    endless = np.full_like(part.arrays["place_latitude"], np.inf)
    with pytest.raises(BundleDamagedError, match="finite"):
        Gazetteer.read(replace(part, arrays={**part.arrays, "place_latitude": endless}))


def test_pattern_languages_must_be_codes(part: FacetPart) -> None:
    with pytest.raises(BundleDamagedError, match="pattern_languages"):
        Gazetteer.read(replace(part, settings={**part.settings, "pattern_languages": [1]}))

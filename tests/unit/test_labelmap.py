"""Label maps: flat ones, files of several, and what is wrong with a map."""

import json
from collections import Counter

import pytest

from newstagger.errors import CorpusError
from newstagger.labelmap import LabelMap, read_label_map

SETS = {"maps": {"harbour": {"boats": {"l1": ["medtop:04000000"], "medtop": ["medtop:20000337"]}, "misc": None}, "harbour_old": {"x": "y"}}}


def write(tmp_path, value):
    path = tmp_path / "map.json"
    path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
    return str(path)


def test_a_flat_map(tmp_path):
    found = read_label_map(write(tmp_path, {"a": "x", "b": ["x", "y"], "c": None, "d": []}))
    assert found == LabelMap({"a": ("x",), "b": ("x", "y"), "c": (), "d": ()})


def test_a_set_and_a_level_of_a_file_of_maps(tmp_path):
    path = write(tmp_path, SETS)
    assert read_label_map(f"{path}#harbour").table == {"boats": ("medtop:20000337",), "misc": ()}
    assert read_label_map(f"{path}#harbour/l1").table["boats"] == ("medtop:04000000",)
    assert read_label_map(f"{path}#harbour/l9").table["boats"] == ()


def test_the_set_named_like_the_corpus_is_the_default(tmp_path):
    path = write(tmp_path, SETS)
    assert "boats" in read_label_map(path, "harbour-train").table
    assert "x" in read_label_map(path, "harbour-old-2").table
    with pytest.raises(CorpusError, match=r"several maps \(write map\.json#SET, one of harbour, harbour_old\)"):
        read_label_map(path, "moon")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (b"{", "broken JSON"),
        ([], "a label map must be a JSON object"),
        ({"a": 1}, "the entry of 'a'"),
        ({"a": [""]}, "the entry of 'a'"),
        (SETS, "several maps"),
    ],
)
def test_a_map_that_cannot_be_used_is_one_clear_line(tmp_path, value, message):
    with pytest.raises(CorpusError, match=rf"map\.json: {message}"):
        read_label_map(write(tmp_path, value))


def test_a_missing_map_and_a_missing_set(tmp_path):
    with pytest.raises(CorpusError, match="No such file"):
        read_label_map(str(tmp_path / "absent.json"))
    with pytest.raises(CorpusError, match="no map 'sea'"):
        read_label_map(f"{write(tmp_path, SETS)}#sea")


def test_translating_keeps_negatives_and_drops_rows_without_a_counterpart():
    labels, tally = LabelMap({"a": ("x",), "b": ("x",), "c": ()}), Counter()
    assert labels.translate(["a", "b", "moon"], tally) == ("x",)
    assert labels.translate([], tally) == ()
    assert labels.translate(["c"], tally) is None
    assert tally == Counter({"labels not in the label map": 1})


def test_ids_with_a_known_prefix_need_no_map_and_may_have_one():
    labels, tally = LabelMap({"a": ("x",), "medtop:15000000": ("y",)}), Counter()
    assert labels.translate(["a", "medtop:04000000", "medtop:15000000"], tally) == ("x", "medtop:04000000", "y")
    assert not +tally

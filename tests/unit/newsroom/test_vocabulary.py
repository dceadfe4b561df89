"""The newsroom's own vocabulary as a value and as a file: what is refused, what is kept, what replaces what."""

import json
import os
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newstagger.domain import Concept, Facet
from newstagger.errors import ConfigError, NewstaggerError, TaxonomyError
from newstagger.newsroom.vocabulary import Entry, Overlay, slug_id
from newstagger.newsroom.vocabularyfile import FILE, MAX_LABEL, changing, checked, load_overlay, mark_of, read_overlay

DRONES = Entry("own:drone-warfare", "drone warfare", alt_labels=("drone strikes", "Drohnenkrieg"), definition="War from the air.")
WAR = Concept("medtop:16000000", "conflict, war and peace", Facet.TOPIC, ("war",), ("medtop:01",), ("wikidata:Q1",))


def nothing(_):
    return None


def write(path, overlay):
    with changing(path) as put:
        put(overlay)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "home" / FILE


def test_what_is_written_is_read_back_and_belongs_to_the_newsroom_alone(file):
    overlay = Overlay().adding(DRONES).adding(Entry("own:port", "port", Facet.REGION, broader=("iso:NL",), replaces=("own:docks",)))
    write(file, overlay)
    assert load_overlay(file) == overlay
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [FILE]


def test_no_file_is_an_empty_vocabulary(file):
    assert load_overlay(file) == Overlay()
    assert (Overlay().digest, read_overlay(file).problem) == ("", "")


def test_an_id_is_made_from_the_label():
    assert slug_id("Drone  warfare!") == "own:drone-warfare"
    assert slug_id("Guerra con droni: perché?") == "own:guerra-con-droni-perche"
    assert slug_id("Дроны") == "own:дроны"
    for label in ("", "  ", "!?"):
        with pytest.raises(TaxonomyError):
            slug_id(label)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"label": "  "}, "empty"),
        ({"label": "x" * (MAX_LABEL + 1)}, "longer"),
        ({"label": "x" * 10_000}, "longer"),
        ({"label": "bell\x07"}, "cannot be printed"),
        ({"label": "over\u202eride"}, "cannot be printed"),
        ({"alt_labels": ("\ud800",)}, "cannot be printed"),
        ({"alt_labels": ("x",) * 1000}, "more than"),
        ({"definition": "x" * 100_000}, "longer"),
        ({"id": "own:"}, "not an id"),
        ({"id": "own:../../x"}, "not an id"),
        ({"id": "own:a b"}, "not an id"),
        ({"id": ""}, "empty"),
        ({"broader": ("medtop:\n",)}, "cannot be printed"),
    ],
)
def test_what_cannot_be_a_concept_is_refused_in_one_line(change, words):
    fields = {"id": "own:x", "label": "x", **change}
    with pytest.raises(TaxonomyError, match=words) as told:
        checked(Entry(**fields))
    assert len(str(told.value).splitlines()) == 1 and len(str(told.value)) < 300 and str(told.value).isprintable()


def test_labels_are_kept_in_normal_form():
    entry = checked(Entry("own:x", " cafe\u0301\n bar ", alt_labels=("a  b", "a b", "café bar")))
    assert (entry.label, entry.alt_labels) == ("café bar", ("a b",))
    assert checked(Entry("own:x", "می\u200cخواهم")).label == "می\u200cخواهم"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x00\xff", b"[]", b"{}", b'{"schema": 1}', b'{"schema": true, "concepts": []}', b'{"schema": "1", "concepts": []}',
        b'{"schema": 1, "concepts": {}}', b'{"schema": 1, "concepts": [1]}', b'{"schema": 1, "concepts": [{}]}',
        b'{"schema": 1, "concepts": [{"id": "own:x", "facet": "mood", "pref_label": "x"}]}',
        b'{"schema": 1, "concepts": [{"id": "own:x", "facet": ["topic"], "pref_label": "x"}]}',
        b'{"schema": 1, "concepts": [{"id": "own:x", "facet": "topic", "pref_label": 7}]}',
        b'{"schema": 1, "concepts": [{"id": "own:x", "facet": "topic", "pref_label": "x", "alt_labels": "y"}]}',
        b'{"schema": 1, "concepts": [{"id": "own:x", "facet": "topic", "pref_label": "x", "colour": "red"}]}',
        b'{"schema": 1, "concepts": [{"id": "own:x", "facet": "topic", "pref_label": "\\u0007"}]}',
        b'{"schema": 1, "concepts": [], "concepts": []}', b'{"schema": NaN, "concepts": []}', b"[" * 100_000,
        b'{"schema": 1, "concepts": [' + b",".join([b'{"id": "own:x", "facet": "topic", "pref_label": "x"}'] * 2) + b"]}",
    ],
)  # fmt: skip
def test_a_hostile_file_is_one_clear_line(file, content):
    file.parent.mkdir()
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=r"vocabulary\.json: not a vocabulary") as told:
        load_overlay(file)
    assert "\n" not in str(told.value)


KEYS = st.sampled_from(["schema", "concepts", "id", "facet", "pref_label", "alt_labels", "x"])
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=5)


@settings(deadline=None)
@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=8))
def test_no_json_at_all_raises_anything_else(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("v") / FILE
    path.write_text(json.dumps(value))
    try:
        load_overlay(path)
    except NewstaggerError as error:
        assert "\n" not in str(error)


def test_a_newer_schema_says_so(file):
    file.parent.mkdir()
    file.write_text('{"schema": 2, "concepts": [], "more": 1}')
    with pytest.raises(ConfigError, match="newer release"):
        load_overlay(file)


def test_links_folders_devices_and_endless_files_are_refused(file, tmp_path):
    file.parent.mkdir()
    (tmp_path / "elsewhere").write_text("{}")
    file.symlink_to(tmp_path / "elsewhere")
    assert "not an ordinary file" in read_overlay(file).problem
    file.unlink()
    os.mkfifo(file)
    assert "not an ordinary file" in read_overlay(file).problem
    file.unlink()
    file.mkdir()
    assert "not an ordinary file" in read_overlay(file).problem
    file.rmdir()
    with file.open("wb") as hole:
        hole.truncate(1 << 33)
    assert "are read" in read_overlay(file).problem


def test_a_file_that_cannot_be_read_leaves_the_last_good_entries(file):
    write(file, Overlay().adding(DRONES))
    good = read_overlay(file)
    file.write_text("{")
    bad = read_overlay(file, good)
    assert (bad.entries, bad.digest, bad.known) == (good.entries, good.digest, True)
    assert "vocabulary.json" in bad.problem and bad.mark == mark_of(file) != good.mark
    assert not read_overlay(file).known


def test_a_home_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "home").write_text("a file")
    with pytest.raises(ConfigError, match="cannot be written"):
        write(tmp_path / "home" / FILE, Overlay())


def test_a_taken_id_and_a_missing_one_are_refused():
    overlay = Overlay().adding(DRONES)
    with pytest.raises(TaxonomyError, match="in the vocabulary already"):
        overlay.adding(Entry(DRONES.id, "others"))
    with pytest.raises(TaxonomyError, match="no 'own:x' in the vocabulary"):
        overlay.removing("own:x")
    assert overlay.removing(DRONES.id).entries == ()


def test_replacements_are_followed_to_their_end_and_never_doubled():
    overlay = Overlay((Entry("own:b", "b", replaces=("own:a",)), Entry("own:c", "c", replaces=("own:b", "medtop:1"))))
    assert overlay.successors == {"own:a": "own:c", "own:b": "own:c", "medtop:1": "own:c"}
    assert overlay.concept("own:a", nothing).id == "own:c"
    for replaces in (("medtop:1",), ("own:c",), ("own:d",)):
        with pytest.raises(TaxonomyError, match="replaced"):
            overlay.adding(Entry("own:d", "d", replaces=replaces))


def test_a_circle_of_replacements_ends():
    overlay = Overlay((Entry("own:a", "a", replaces=("own:b",)), Entry("own:b", "b", replaces=("own:a",))))
    assert set(overlay.successors.values()) <= {"own:a", "own:b"}
    assert overlay.concept("own:a", nothing) is not None


def test_a_known_concept_under_a_label_and_names_of_the_newsroom():
    overlay = Overlay((Entry(WAR.id, "war and peace", alt_labels=("armed conflict",)),))
    named = overlay.named(WAR)
    assert (named.pref_label, named.alt_labels) == ("war and peace", ("armed conflict", WAR.pref_label, "war"))
    assert (named.broader, named.exact_match) == (WAR.broader, WAR.exact_match)
    assert overlay.named(named) == named
    assert overlay.named(Concept("medtop:2", "x", Facet.TOPIC)).pref_label == "x"


def test_only_names_that_no_bundle_knows_are_looked_for():
    overlay = Overlay((Entry(WAR.id, WAR.pref_label, alt_labels=("War", "armed conflict")), Entry("own:x", "x"), Entry("medtop:3", "y")))
    found = overlay.sought({WAR.id: WAR, "medtop:3": Concept("medtop:3", "Y", Facet.TOPIC)}.get)
    assert [(one.concept.id, one.names) for one in found] == [(WAR.id, ("armed conflict",)), ("own:x", ("x",))]

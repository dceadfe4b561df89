"""A bundle that is not what its manifest says is refused, naming the file; nothing planted in it is ever opened."""

import json
import os
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newstagger.bundles.arrays import array_bytes, read_array
from newstagger.bundles.manifest import FileEntry, Provenance, read_manifest
from newstagger.bundles.store import Store
from newstagger.errors import BundleDamagedError, BundleError, BundleIncompatibleError
from newstagger.jsontext import canonical

from .conftest import write

NAMES = (
    "MODEL_CARD.md",
    "evaluation.json",
    "manifest.json",
    "outcomes.json",
    "outcomes.topic.asked.npy",
    "outcomes.topic.learned.npy",
    "outcomes.topic.mark_labels.npy",
    "outcomes.topic.mark_rows.npy",
    "outcomes.topic.marks.npy",
    "outcomes.topic.texts.npy",
    "region.names_data.npy",
    "taxonomy.json",
    "topic.columns.npy",
    "topic.weights.npy",
)
FILES = ["current", *(f"1/{name}" for name in NAMES)]


@pytest.fixture(scope="module")
def pristine(tmp_path_factory) -> Path:
    store = Store((tmp_path_factory.mktemp("pristine"),))
    write(store)
    store.promote("tiny")
    return store.folders[0]


@pytest.fixture
def folder(pristine, tmp_path) -> Path:
    shutil.copytree(pristine, tmp_path / "models")
    return tmp_path / "models" / "tiny"


def refused(folder: Path, name: str) -> str:
    with pytest.raises((BundleDamagedError, BundleIncompatibleError)) as caught:
        Store((folder.parent,)).load("tiny")
    assert str(folder / name) in str(caught.value)
    return str(caught.value)


def test_the_list_of_files_here_is_complete(pristine):
    found = sorted(str(path.relative_to(pristine / "tiny")) for path in pristine.rglob("*") if path.is_file())
    assert found == sorted(FILES)


@pytest.mark.parametrize("name", FILES)
def test_one_flipped_byte_is_refused_naming_the_file(pristine, tmp_path_factory, name):
    folder = tmp_path_factory.mktemp("flip") / "tiny"
    shutil.copytree(pristine / "tiny", folder)
    good = (folder / name).read_bytes()

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, len(good) - 1), st.integers(1, 255))
    def flip(position: int, mask: int) -> None:
        bad = bytearray(good)
        bad[position] ^= mask
        (folder / name).write_bytes(bytes(bad))
        refused(folder, name)

    flip()


def test_every_byte_of_the_manifest_and_the_pointer_counts(folder):
    for name in ("current", "1/manifest.json"):
        good = (folder / name).read_bytes()
        for position in range(0, len(good), 3):
            bad = bytearray(good)
            bad[position] ^= 1
            (folder / name).write_bytes(bytes(bad))
            refused(folder, name)
        (folder / name).write_bytes(good)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("keep", [0, 0.5, 0.99])
def test_a_truncated_file_is_refused(folder, name, keep):
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: int(len(data) * keep)])
    refused(folder, name)


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_more_in_it_is_refused(folder, name):
    with (folder / name).open("ab") as file:
        file.write(b"\n")
    refused(folder, name)


@pytest.mark.parametrize("name", [name for name in FILES if name != "current"])
def test_a_missing_file_is_refused(folder, name):
    (folder / name).unlink()
    assert "missing" in refused(folder, name)


@pytest.mark.parametrize("name", FILES)
def test_a_link_is_refused_even_to_the_right_content(folder, name):
    (folder / name).rename(folder.parent / "aside")
    (folder / name).symlink_to(folder.parent / "aside")
    refused(folder, name)


@pytest.mark.parametrize("name", FILES)
def test_a_pipe_or_a_folder_in_its_place_is_refused_at_once(folder, name):
    (folder / name).unlink()
    os.mkfifo(folder / name)
    refused(folder, name)
    (folder / name).unlink()
    (folder / name).mkdir()
    refused(folder, name)


@pytest.mark.parametrize("name", ["extra.npy", ".hidden", "__init__.py"])
def test_an_unlisted_file_is_refused(folder, name):
    (folder / "1" / name).write_bytes(b"")
    assert "not listed" in refused(folder, f"1/{name}")


class Bomb:
    def __reduce__(self):
        return (os.makedirs, ("exploded",))


def test_a_planted_pickle_is_never_opened(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (folder / "1/model.pkl").write_bytes(pickle.dumps(Bomb()))
    refused(folder, "1/model.pkl")
    (folder / "1/model.pkl").unlink()
    objects = np.empty(1, dtype=object)
    objects[0] = Bomb()
    target = folder / "1/topic.weights.npy"
    np.save(target, objects, allow_pickle=True)
    refused(folder, "1/topic.weights.npy")
    sealed(folder, lambda manifest: None)
    refused(folder, "1/topic.weights.npy")
    target.write_bytes(pickle.dumps(Bomb()))
    sealed(folder, lambda manifest: None)
    refused(folder, "1/topic.weights.npy")
    assert not (tmp_path / "exploded").exists()


def sealed(folder: Path, change) -> None:
    """Write a manifest that agrees with the files and with itself: what somebody with bad intent would do."""
    path = folder / "1/manifest.json"
    manifest = json.loads(path.read_bytes())
    for name in manifest["files"]:
        entry = FileEntry.of((folder / "1" / name).read_bytes())
        manifest["files"][name] = {"sha256": entry.sha256, "bytes": entry.size}
    change(manifest)
    del manifest["digest"]
    manifest["digest"] = __import__("hashlib").sha256(canonical(manifest)).hexdigest()
    path.write_bytes(canonical(manifest) + b"\n")
    (folder / "current").unlink(missing_ok=True)


@pytest.mark.parametrize("name", ["../../outside.npy", "/etc/hostname", "a/b.npy", "..", "", "manifest.json", "x\n"])
def test_a_manifest_that_names_a_path_outside_is_refused(folder, name):
    def change(manifest):
        manifest["files"][name] = {"sha256": "0" * 64, "bytes": 1}
        manifest["facets"]["topic"]["arrays"]["weights"] = name

    sealed(folder, change)
    refused(folder, "1/manifest.json")


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m["facets"].update(weather=m["facets"]["topic"]),
        lambda m: m["facets"]["topic"]["arrays"].update(more="absent.npy"),
        lambda m: m["facets"]["topic"].update(settings=[]),
        lambda m: m.update(facets=[]),
        lambda m: m.update(format=0),
        lambda m: m.update(format="1"),
        lambda m: m.update(format=True),
        lambda m: m.update(name="other"),
        lambda m: m.update(version="2"),
        lambda m: m.update(surplus=1),
        lambda m: m.pop("date"),
        lambda m: m["files"]["taxonomy.json"].update(bytes=-1),
        lambda m: m["files"]["taxonomy.json"].update(sha256="x"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(folder, change):
    sealed(folder, change)
    refused(folder, "1/manifest.json")


def test_a_newer_format_is_called_incompatible(folder):
    sealed(folder, lambda manifest: manifest.update(format=2, novelty={}))
    with pytest.raises(BundleIncompatibleError, match=r"manifest\.json: bundle format 2; this release reads up to 1"):
        Store((folder.parent,)).load("tiny")


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"null", b"{", b"\xff", b'{"format":1}', b'{"format":1,"format":1}', b'{"format":1e999}', b"[" * 100_000]
)
def test_a_manifest_of_rubbish_is_refused(data):
    with pytest.raises(BundleDamagedError, match=r"^m\.json: "):
        read_manifest(data, "m.json")


def test_a_manifest_with_half_a_character_is_refused(folder):
    path = folder / "1/manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"tiny"', b'"\\ud800"'))
    refused(folder, "1/manifest.json")


def test_provenance_is_read_back(folder):
    manifest = read_manifest((folder / "1/manifest.json").read_bytes(), "m")
    assert isinstance(manifest.provenance, Provenance)
    assert manifest.provenance.date == "2024-05-01"
    assert manifest.provenance.corpora[0]["terms"] == "our own"


def _npy(header: str, body: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    text = header.encode("latin-1")
    return b"\x93NUMPY" + version + len(text).to_bytes(2, "little") + text + body


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x93NUMPY",
        pickle.dumps(1),
        _npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }"),
        _npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }"),
        _npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -1), }", b"12345678"),
        _npy("{'descr': '<f8', 'fortran_order': True, 'shape': (1, 1), }", b"12345678"),
        _npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", b"12345678"),
        _npy("{'descr': '|V8', 'fortran_order': False, 'shape': (1,), }", b"12345678"),
        _npy("{'descr': '|V0', 'fortran_order': False, 'shape': (1,), }", b""),
        _npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }", b"12345678"),
        _npy("{'descr': '<f8', 'fortran_order': False, 'shape': (True,), }", b"12345678X"),
        _npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", b"12345678", b"\x03\x00"),
        _npy("__import__('os').system('true')"),
        _npy("(" * 4000),
        _npy("x" * 60_000),
    ],
)
def test_bytes_that_are_no_plain_array_are_refused(data):
    with pytest.raises(BundleDamagedError, match=r"^a\.npy: "):
        read_array(data, "a.npy")


@pytest.mark.parametrize("array", [np.array(["x"]), np.array([None]), np.array([1j]), np.array(["2020-01-01"], dtype="M8[D]")])
def test_only_plain_numbers_are_stored(array):
    with pytest.raises(BundleError, match="cannot be stored"):
        array_bytes(array, "a")


@given(st.sampled_from(["<f2", ">f4", "<u2", "|u1", "|b1", "<i8", ">u8"]), st.lists(st.integers(0, 3), max_size=3), st.binary(max_size=40))
def test_an_array_comes_back_as_it_was(dtype, shape, noise):
    size = int(np.prod(shape)) if shape else 1
    array = (np.frombuffer(noise.ljust(40, b"\0"), np.uint8)[np.arange(size) % 40] % 2).astype(dtype).reshape(shape)
    data = array_bytes(array, "a")
    back = read_array(data, "a")
    assert back.shape == array.shape
    assert back.tolist() == array.tolist()
    assert array_bytes(back, "a") == data
    assert array_bytes(np.array(array, order="F"), "a") == data


@given(st.binary(max_size=300))
def test_random_bytes_never_crash_the_array_reader(data):
    with pytest.raises(BundleDamagedError):
        read_array(b"\x93NUMPY\x01\x00" + data, "a")

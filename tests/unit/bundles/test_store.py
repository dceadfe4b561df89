"""Versions and the current pointer: numbering, look-up, promotion, rollback, two processes, a kill at any step."""

import contextlib
import multiprocessing
from pathlib import Path

import pytest

from newstagger.bundles import store as store_module
from newstagger.bundles import writing
from newstagger.bundles.store import Store, open_store, package_models, parse_spec
from newstagger.domain import Facet
from newstagger.errors import BundleDamagedError, BundleError, BundleNotFoundError, ConfigError
from newstagger.settings import Settings

from .conftest import region_part, topic_part, tree, write


def test_versions_are_numbered_and_never_touched_again(store):
    first = write(store)
    before = tree(store.folders[0])
    second = write(store, topic=topic_part(0.75))
    assert (first.version, second.version) == ("1", "2")
    assert first.digest != second.digest
    after = tree(store.folders[0])
    assert {name: after[name] for name in before} == before


def test_what_was_written_is_read_back(store):
    bundle = store.load(str(write(store)))
    part = bundle.parts[Facet.TOPIC]
    assert part.kind == "linear"
    assert part.settings == {"ngrams": [1, 2]}
    assert part.arrays["weights"].tolist() == [0.5, -0.25]
    assert part.arrays["columns"].shape == (1, 2)
    assert bundle.concept("harbour").broader == ("sea",)
    assert bundle.concept("moon") is None
    assert bundle.evaluation["facets"]["topic"]["micro_f1"] == 0.8
    with pytest.raises(ValueError, match="read-only"):
        part.arrays["weights"][0] = 1


def test_the_card_names_sources_terms_figures_and_limits(store):
    write(store)
    card = (store.folders[0] / "tiny/1/MODEL_CARD.md").read_text("utf-8")
    for told in ("tiny@1", "harbour.jsonl", "our own", "0.800", "English only.", "2024-05-01", "harbour.jsonl (topic): written for tests"):
        assert told in card


def test_the_same_parts_give_the_same_bytes_in_two_empty_stores(tmp_path):
    stores = [Store((tmp_path / name,)) for name in ("one", "two")]
    refs = [write(store) for store in stores]
    assert refs[0] == refs[1]
    assert tree(stores[0].folders[0]) == tree(stores[1].folders[0])


def test_a_part_copied_from_a_bundle_keeps_its_bytes(store):
    base = store.load(str(write(store)))
    write(store, topic=topic_part(0.125), region=base.parts[Facet.REGION])
    files = [(store.folders[0] / "tiny" / version / "region.names_data.npy").read_bytes() for version in "12"]
    assert files[0] == files[1]


def test_a_name_alone_means_the_newest_candidate_until_one_is_promoted(store):
    write(store)
    write(store)
    assert store.find("tiny").ref.version == "2"
    store.promote("tiny@1")
    assert store.find("tiny").ref.version == "1"
    assert store.find("tiny@2").ref.version == "2"


def test_promotion_without_a_version_takes_the_newest(store):
    write(store)
    store.promote("tiny")
    write(store)
    assert store.promote("tiny").version == "2"


def test_rollback_goes_back_step_by_step_and_then_says_no(store):
    for number in "123":
        write(store)
        store.promote(f"tiny@{number}")
    assert store.rollback("tiny").version == "2"
    assert store.rollback("tiny").version == "1"
    with pytest.raises(BundleNotFoundError, match="no version promoted before"):
        store.rollback("tiny")
    assert store.find("tiny").ref.version == "1"


def test_promoting_what_is_current_changes_nothing(store):
    write(store)
    store.promote("tiny@1")
    before = tree(store.folders[0])
    store.promote("tiny@1")
    assert tree(store.folders[0]) == before


def test_promotion_refuses_when_something_else_is_current_than_what_it_was_judged_against(store):
    refs = [write(store) for _ in range(3)]
    store.promote("tiny@2")
    with pytest.raises(BundleError, match="something else than tiny@1 is current by now"):
        store.promote("tiny@3", over=refs[0])
    assert store.find("tiny").ref.version == "2"
    assert store.promote("tiny@3", over=refs[1]).version == "3"


def test_promotion_refuses_to_drop_a_facet(store):
    write(store)
    store.promote("tiny@1")
    write(store, topic=topic_part())
    with pytest.raises(BundleError, match=r"tiny@2 lacks region, which tiny@1 has .*--base tiny@1"):
        store.promote("tiny@2")
    assert store.find("tiny").ref.version == "1"


def test_promotion_refuses_a_damaged_version(store):
    write(store)
    (store.folders[0] / "tiny/1/topic.weights.npy").write_bytes(b"")
    with pytest.raises(BundleDamagedError, match=r"topic\.weights\.npy"):
        store.promote("tiny@1")
    assert not (store.folders[0] / "tiny/current").exists()


def test_rollback_refuses_a_damaged_version_and_keeps_what_serves(store):
    for number in "12":
        write(store)
        store.promote(f"tiny@{number}")
    (store.folders[0] / "tiny/1/taxonomy.json").write_bytes(b"{}\n")
    with pytest.raises(BundleDamagedError, match=r"taxonomy\.json"):
        store.rollback("tiny")
    assert store.load("tiny").ref.version == "2"


def test_rollback_works_when_what_serves_is_damaged(store):
    for number in "12":
        write(store)
        store.promote(f"tiny@{number}")
    (store.folders[0] / "tiny/2/taxonomy.json").unlink()
    assert store.rollback("tiny").version == "1"


def test_later_folders_are_read_and_only_the_first_is_written(tmp_path):
    shipped, home = tmp_path / "shipped", tmp_path / "home"
    write(Store((shipped,)))
    Store((shipped,)).promote("tiny")
    before = tree(shipped)
    store = Store((home, shipped))
    assert store.load("tiny").ref.version == "1"
    assert write(store, topic=topic_part(), region=region_part()).version == "2"
    assert store.find("tiny").ref.version == "1"
    store.promote("tiny@2")
    assert store.load("tiny").ref.version == "2"
    assert store.rollback("tiny").version == "1"
    assert tree(shipped) == before
    assert [(entry.version, entry.current) for entry in store.listings()] == [("1", True), ("2", False)]


def test_a_promoted_bundle_is_found_by_its_digest_when_the_package_brings_another_of_its_number(tmp_path):
    shipped, home = tmp_path / "shipped", tmp_path / "home"
    write(Store((shipped,)), topic=topic_part(0.5))
    store = Store((home, shipped))
    Store((shipped,)).promote("tiny")
    write(Store((home,)), topic=topic_part(0.25))
    assert store.load("tiny").parts[Facet.TOPIC].arrays["weights"][0] == 0.5


@pytest.mark.parametrize(
    "spec", ["", "../../x", "Tiny", "tiny@", "tiny@0", "tiny@../1", "tiny@1@2", "a" * 65, "tiny/1", "tiny\n", "/dev/zero", "-x", "tiny@²"]
)
def test_names_that_are_not_names_are_refused(store, spec):
    with pytest.raises(ConfigError, match="not the name of a bundle"):
        parse_spec(spec)
    with pytest.raises(ConfigError):
        store.load(spec)


def test_an_unknown_bundle_is_one_clear_line(store):
    write(store)
    with pytest.raises(BundleNotFoundError, match=r"no bundle tin in .*known: tiny"):
        store.load("tin")
    with pytest.raises(BundleNotFoundError, match="no bundle tiny@9"):
        store.promote("tiny@9")
    with pytest.raises(BundleNotFoundError):
        store.promote("other")
    assert not (store.folders[0] / "other").exists()


@pytest.mark.parametrize("models", ["a-file", "a-file/below", "/dev/null", "/proc/models"])
def test_a_folder_that_cannot_be_written_to_is_told_before_the_work(tmp_path, models):
    (tmp_path / "a-file").write_text("x", "utf-8")
    store = Store((tmp_path / models,))
    with pytest.raises(ConfigError, match="not a folder that can be written to"):
        store.expect_writable("tiny")
    with pytest.raises(ConfigError):
        write(store)


def test_asking_whether_a_folder_is_writable_leaves_nothing(tmp_path):
    Store((tmp_path / "models",)).expect_writable("tiny")
    assert list(tmp_path.iterdir()) == []


def test_a_version_folder_that_is_a_link_is_not_a_version(store, tmp_path):
    write(store)
    (store.folders[0] / "tiny/1").rename(tmp_path / "elsewhere")
    (store.folders[0] / "tiny/1").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BundleNotFoundError):
        store.load("tiny@1")


class Killed(BaseException):
    pass


def _dies_at(step: int, monkeypatch):
    """Make the nth system call of the writing (write, fsync, rename) raise, leaving the temporary folder as a kill would."""
    calls = iter(range(1000))

    def dying(function):
        def call(*args, **kwargs):
            if next(calls) == step:
                raise Killed
            return function(*args, **kwargs)

        return call

    monkeypatch.setattr(writing, "_write_durably", dying(writing._write_durably))
    monkeypatch.setattr(writing, "fsync_folder", dying(writing.fsync_folder))
    monkeypatch.setattr(writing.shutil, "rmtree", lambda *args, **kwargs: None)


@pytest.mark.parametrize("step", range(18))
def test_a_kill_at_any_step_of_writing_leaves_no_half_version(store, monkeypatch, step):
    write(store)
    store.promote("tiny")
    with monkeypatch.context() as patch:
        _dies_at(step, patch)
        with contextlib.suppress(Killed):
            write(store)
    for listing in store.listings():
        store.verify(f"tiny@{listing.version}")
    assert store.load("tiny").ref.version == "1"
    written = write(store)
    store.verify(str(written))
    assert not list((store.folders[0] / "tiny").glob(".*"))


def test_a_kill_while_current_moves_leaves_the_old_pointer(store, monkeypatch):
    write(store)
    store.promote("tiny")
    write(store)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", lambda *args: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            store.promote("tiny@2")
    assert store.load("tiny").ref.version == "1"


def test_litter_of_a_killed_writer_is_no_version_and_goes_at_the_next_write(store):
    write(store)
    litter = store.folders[0] / "tiny" / f"{writing.TEMPORARY}abc"
    litter.mkdir()
    (litter / "manifest.json").write_text("{", "utf-8")
    assert [listing.version for listing in store.listings()] == ["1"]
    write(store)
    assert not litter.exists()


def _write_and_promote(folder: str) -> None:
    store = Store((Path(folder),))
    store.promote(str(write(store)))


def test_two_processes_write_and_promote_at_once(tmp_path):
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_write_and_promote, args=(str(tmp_path),)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 4
    store = Store((tmp_path,))
    assert [listing.version for listing in store.listings()] == ["1", "2", "3", "4"]
    pointer = store.current("tiny")
    assert len({ref.version for ref in (*pointer.previous, pointer.ref)}) == 4
    store.verify("tiny")


def test_the_store_of_a_newsroom_looks_in_models_then_home_then_the_package(tmp_path):
    settings = Settings(home=tmp_path / "home", models=tmp_path / "models")
    assert open_store(settings).folders == (tmp_path / "models", tmp_path / "home/models", package_models())
    assert open_store(Settings(home=tmp_path)).folders == (tmp_path / "models", package_models())
    assert open_store(Settings(home=tmp_path, models=package_models())).folders == (package_models(), tmp_path / "models")
    assert package_models().name in {"models", "starter_models"}


def test_listing_tells_damage_instead_of_raising(store):
    write(store)
    (store.folders[0] / "tiny/1/manifest.json").write_text("{}", "utf-8")
    (listing,) = store.listings()
    assert listing.manifest is None
    assert "manifest.json" in listing.problem
    assert store_module.parse_spec("tiny@1") == ("tiny", "1")

"""A running host and the bundles that are promoted and rolled back beside it, through the real store."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from newstagger import livehouse
from newstagger.bundles.manifest import Provenance
from newstagger.bundles.store import open_store
from newstagger.contracts import FacetPart
from newstagger.domain import Evaluation, Facet
from newstagger.host import Host

PATIENCE = 20.0
"""Seconds after which a host that has not followed is broken; it takes milliseconds."""


@pytest.fixture(autouse=True)
def eager(monkeypatch):
    """Look at the pointers at every save."""
    monkeypatch.setattr(livehouse, "LOOK_SECONDS", 0.0)


@pytest.fixture
def store(settings):
    store = open_store(settings)
    write(store)
    store.promote("desk@1")
    write(store)
    return store


def write(store, parts=None):
    return store.write_candidate("desk", parts or {}, Provenance(), Evaluation(()))


@pytest.fixture
def host(settings, store):
    return Host(replace(settings, bundle="desk"), discover=False)


def until(host, make_article, wanted):
    """Save until the answer is as wanted, and return it."""
    end = time.monotonic() + PATIENCE
    while not wanted(tagging := host.article_saved(make_article())):
        assert time.monotonic() < end, f"still {tagging.bundle} with {tagging.problems}"
        time.sleep(0.01)
    return tagging


def version(number):
    return lambda tagging: tagging.bundle is not None and tagging.bundle.version == number


def kept(tagging):
    return [p for p in tagging.problems if p.stage == "reload"]


def settle(host, make_article):
    """Give a host that must not move every chance to."""
    for _ in range(3):
        host.article_saved(make_article())
        for thread in threading.enumerate():
            if thread.name == "newstagger-reload":
                thread.join()
    return host.article_saved(make_article())


def test_a_promoted_bundle_tags_soon_and_a_rollback_too(host, store, make_article):
    assert version("1")(host.article_saved(make_article()))
    store.promote("desk@2")
    tagging = until(host, make_article, version("2"))
    assert not tagging.unchanged and not kept(tagging) and host.bundle.ref.version == "2"
    store.rollback("desk")
    until(host, make_article, version("1"))


def test_a_promotion_in_another_process_is_noticed(host, settings, store, make_article):
    words = ["models", "promote", "desk@2", "--models", str(settings.models), "--home", str(settings.home)]
    subprocess.run([sys.executable, "-m", "newstagger", *words], check=True, capture_output=True)
    until(host, make_article, version("2"))


def test_a_candidate_alone_changes_nothing(host, store, make_article):
    write(store)
    assert version("1")(settle(host, make_article))


def test_a_bundle_that_does_not_verify_leaves_the_old_one_and_a_problem_until_a_good_one_comes(host, store, make_article):
    folder = store.find("desk@2").folder
    card = folder / "MODEL_CARD.md"
    before = card.read_bytes()
    store.promote("desk@2")
    card.write_bytes(before + b"x")
    tagging = until(host, make_article, kept)
    assert version("1")(tagging) and len(kept(tagging)) == 1 and "MODEL_CARD.md" in kept(tagging)[0].message
    card.write_bytes(before)
    store.rollback("desk")
    assert version("1")(until(host, make_article, lambda tagging: not kept(tagging)))
    store.promote("desk@2")
    assert not kept(until(host, make_article, version("2")))


def test_a_bundle_that_failed_is_tried_again_after_a_while(host, store, make_article, monkeypatch):
    monkeypatch.setattr(livehouse, "RETRY_SECONDS", 0.05)
    card = store.find("desk@2").folder / "MODEL_CARD.md"
    before = card.read_bytes()
    store.promote("desk@2")
    card.write_bytes(b"")
    until(host, make_article, kept)
    card.write_bytes(before)
    until(host, make_article, version("2"))


def test_a_bundle_that_no_tagger_can_read_does_not_serve(host, store, make_article):
    write(store, {Facet.TOPIC: FacetPart(Facet.TOPIC, "oracle")})
    store.promote("desk@3")
    tagging = until(host, make_article, kept)
    assert version("1")(tagging) and "oracle" in kept(tagging)[0].message
    assert "oracle" in host.reload()[0].message


def test_a_broken_pointer_leaves_the_old_bundle(host, store, settings, make_article):
    (settings.models / "desk" / "current").write_text("{}")
    tagging = until(host, make_article, kept)
    assert version("1")(tagging) and "current" in kept(tagging)[0].message


def test_a_host_without_a_bundle_takes_the_first_one_that_is_promoted(settings, make_article):
    host = Host(replace(settings, bundle="desk"), discover=False)
    assert [p.stage for p in host.article_saved(make_article()).problems] == ["bundle"]
    store = open_store(settings)
    write(store)
    store.promote("desk@1")
    assert until(host, make_article, version("1")).problems == ()


def test_a_host_whose_bundle_was_damaged_at_its_start_comes_round_by_itself(settings, store, make_article, monkeypatch):
    monkeypatch.setattr(livehouse, "BARE_SECONDS", 0.05)
    card = store.find("desk@1").folder / "MODEL_CARD.md"
    before = card.read_bytes()
    card.write_bytes(b"")
    host = Host(replace(settings, bundle="desk"), discover=False)
    for _ in range(3):
        assert [p.stage for p in settle(host, make_article).problems] == ["bundle"]
        time.sleep(0.06)
    card.write_bytes(before)
    until(host, make_article, version("1"))


@pytest.mark.parametrize("changes", [{"bundle": "desk@1"}, {"bundle": "desk", "reload": False}])
def test_a_host_that_is_not_to_move_moves_only_when_told(settings, store, make_article, changes):
    host = Host(replace(settings, **changes), discover=False)
    store.promote("desk@2")
    assert version("1")(settle(host, make_article))
    assert host.reload() == ()
    assert host.bundle.ref.version == ("2" if changes["bundle"] == "desk" else "1")


def test_a_name_that_is_none_is_a_problem_and_no_more(settings, make_article):
    tagging = settle(Host(replace(settings, bundle="../x"), discover=False), make_article)
    assert [p.stage for p in tagging.problems] == ["bundle"]


def test_pointers_are_looked_at_once_a_second_at_most(host, make_article, monkeypatch):
    looked = []
    monkeypatch.setattr(livehouse, "LOOK_SECONDS", 1e9)
    monkeypatch.setattr(livehouse.LiveHouse, "_marks", lambda self: looked.append(1))
    for _ in range(5):
        host.article_saved(make_article())
    assert looked == []


def test_a_forked_process_follows_too(host, store, make_article):
    host.article_saved(make_article())
    read, write_end = os.pipe()
    if not (child := os.fork()):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and not version("2")(host.article_saved(make_article())):
            time.sleep(0.01)
        os.write(write_end, host.bundle.ref.version.encode())
        os._exit(0)
    store.promote("desk@2")
    os.waitpid(child, 0)
    assert os.read(read, 8) == b"2"
    os.close(read)
    os.close(write_end)

"""WordPress itself, without the plugin: what a save does there, by every way that there is."""

from __future__ import annotations

import pytest
from rig import ways
from rig.people import Person, Program, strike


@pytest.fixture
def bare(built):
    built.reset("bare")
    return built


@pytest.fixture
def ana(bare):
    program = Program(bare)
    yield program
    program.close()
    assert bare.complaints() == ""


@pytest.fixture
def ed(bare):
    person = Person(bare)
    yield person
    person.close()


def public(site, post: int) -> str:
    import httpx

    return httpx.get(site.address, params={"p": post}, trust_env=False).text


def test_create_update_publish(bare, ana):
    post = ways.create(ana, "Harvest", "It began.")
    assert "It began." not in public(bare, post)
    ways.update(ana, post, content=ways.blocks("It ended."), status="publish")
    assert "It ended." in public(bare, post)
    assert len(ways.revisions(ana, post)) == 1


def test_quick_edit(bare, ana, ed):
    post = ways.create(ana, "Harvest", "It began.", status="publish")
    ways.quick_edit(ed, post, post_title="Late harvest")
    assert ways.read(ana, post)["title"]["raw"] == "Late harvest"
    assert "It began." in ways.read(ana, post)["content"]["raw"]


def test_bulk_edit(bare, ana, ed):
    posts = [ways.create(ana, f"Harvest {number}", "It began.") for number in range(2)]
    ways.bulk_edit(ed, posts, _status="publish")
    assert {ways.read(ana, post)["status"] for post in posts} == {"publish"}


def test_xml_rpc(bare, ana):
    post = ways.desktop_new(bare, "Harvest", "It began.")
    ways.desktop_edit(bare, post, post_status="publish")
    assert "It began." in public(bare, post)


def test_the_clock_publishes(bare, ana):
    chief = Program(bare, "chief")
    post = ways.create(ana, "Harvest", "It began.")
    ways.schedule(ana, post)
    strike(bare)
    assert ways.read(ana, post)["status"] == "future"
    chief.pass_time(7200)
    assert ways.read(ana, post)["status"] == "publish"
    chief.close()


def test_trash_and_back(bare, ana, ed):
    post = ways.create(ana, "Harvest", "It began.", status="publish")
    ways.trash(ana, post)
    assert ways.read(ana, post)["status"] == "trash"
    ways.untrash(ed, post)
    assert ways.read(ana, post)["status"] == "draft"


def test_restore(bare, ana, ed):
    post = ways.create(ana, "Harvest", "It began.")
    ways.update(ana, post, content=ways.blocks("It ended."))
    ways.update(ana, post, content=ways.blocks("It never was."))
    ways.restore(ed, ways.revisions(ana, post)[0])
    assert "It ended." in ways.read(ana, post)["content"]["raw"]


def test_autosave(bare, ana):
    post = ways.create(ana, "Harvest", "It began.", status="publish")
    ways.autosave(ana, post, title="Harvest", content=ways.blocks("It is being typed."))
    assert "It began." in ways.read(ana, post)["content"]["raw"]

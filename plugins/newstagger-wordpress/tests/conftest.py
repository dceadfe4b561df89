"""A WordPress for all tests of a session, in which each test finds an empty site."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

MARKS = {"wordpress": "wordpress", "browser": "browser"}


def pytest_collection_modifyitems(items):
    """What stands in tests/wordpress needs WordPress, what stands in tests/browser a browser, too."""
    here = Path(__file__).parent
    for item in items:
        for folder, mark in MARKS.items():
            if here / folder in Path(item.path).parents:
                item.add_marker(mark)


@pytest.fixture(scope="session")
def built():
    """A WordPress that is served and has the plugin's files, not active; a visible skip where it cannot run (a failure in CI)."""
    from rig.parts import Missing
    from rig.site import site

    try:
        with site() as made:
            made.keep("bare")
            yield made
    except Missing as missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(missing))


@pytest.fixture(scope="session")
def prepared(built):
    """The same with the plugin active and nothing set, and an editor who is logged in."""
    from rig.people import Person, Program

    built.reset("bare")
    chief = Program(built, "chief")
    chief.call("POST", "/wp/v2/plugins/newstagger/newstagger", {"status": "active"})
    chief.close()
    editor = Person(built)
    built.keep("active")
    yield built, editor
    editor.close()


@pytest.fixture
def wordpress(prepared):
    """An empty site with the plugin active; whatever PHP complains of fails the test."""
    site, _ = prepared
    site.reset("active")
    yield site
    assert site.complaints() == ""


@pytest.fixture
def editor(prepared, wordpress):
    """The editor at the admin's own screens."""
    return prepared[1]

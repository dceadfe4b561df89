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
            yield made
    except Missing as missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(missing))

"""A furnished newsroom in a database file of the tests' own, as it was when everything began, for each test anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("newsroom")


@pytest.fixture(scope="session")
def site(folder, django_test_environment, django_db_blocker) -> Iterator[Path]:
    """A furnished newsroom's database in a file, as a site has it: commits are commits, other threads have connections of their own.

    Yield the file that holds it as it is when a test begins.
    """
    from django.db import connection
    from newsroom.furnish import furnish
    from newsroom.settings import ON_DISK

    told = connection.settings_dict
    told["TEST"]["NAME"], told["OPTIONS"] = str(folder / "site.sqlite3"), {**ON_DISK, "timeout": 2}
    with django_db_blocker.unblock():
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        furnish()
        fresh = folder / "fresh.sqlite3"
        with sqlite3.connect(fresh) as target:
            connection.connection.backup(target)
        target.close()
        connection.close()
        yield fresh
        connection.close()


@pytest.fixture
def newsroom(site, folder) -> None:
    """Bring the database back to how it was when everything began."""
    from django.db import connection
    from newstagger_django import process, standing

    connection.close()
    with sqlite3.connect(site) as source, sqlite3.connect(folder / "site.sqlite3", timeout=20) as target:
        source.backup(target)
    source.close()
    target.close()
    standing._unstored.clear()
    process.reset_host()


@pytest.fixture
def client(newsroom):
    """The editor, logged in."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.get(username="editor"))
    return client


@pytest.fixture
def script():
    """A tagger that does as it is told."""
    from newstagger.testing import ScriptedTagger

    script = ScriptedTagger()
    yield script
    script.wake()


@pytest.fixture
def settings_of_house(tmp_path):
    from newstagger.testing import newsroom

    return newsroom(tmp_path / "house", site="courier.example")


@pytest.fixture
def house(newsroom, script, settings_of_house):
    """The host that this process uses, with the scripted tagger alone."""
    from newstagger_django.process import use_host

    with use_host(plugins=[("scripted", script)], settings=settings_of_house) as host:
        yield host


@pytest.fixture
def suggest(client, house):
    """Wagtail with stories, whose tags are suggested."""
    from driver import WagtailCms

    return WagtailCms(client, "storypage")


@pytest.fixture
def apply(client, house):
    """Wagtail with live notes, which are tagged by the save."""
    from driver import WagtailCms

    return WagtailCms(client, "notepage")

"""Fixtures: the news site with a tagger that does as it is told, an editor who is logged in, and a client of the admin."""

from __future__ import annotations

import pytest

from newstagger.testing import ScriptedTagger, newsroom


def pytest_collection_modifyitems(items):
    """Let every test commit for real, in all databases."""
    for item in items:
        item.add_marker(pytest.mark.django_db(transaction=True, databases="__all__"))


@pytest.fixture
def script():
    script = ScriptedTagger()
    yield script
    script.wake()


@pytest.fixture
def house(tmp_path, script, transactional_db):
    """Return the host that this process uses, with a scripted tagger; what is saved really commits."""
    from newstagger_django.process import use_host

    with use_host(plugins=[("scripted", script)], settings=newsroom(tmp_path, site="courier.example")) as host:
        yield host


@pytest.fixture
def editor(transactional_db, django_user_model):
    return django_user_model.objects.create_superuser("ana", "ana@courier.example", "words")


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client

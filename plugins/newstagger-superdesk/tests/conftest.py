"""These tests need superdesk-core 2.5.3 in an environment of its own (``tests/environment.sh`` makes it); elsewhere they are one skip."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
SUPERDESK = find_spec("superdesk") is not None
sys.path[:0] = [str(HERE / "rig"), str(HERE.parent / "src")]
if SUPERDESK:
    import stand_ins  # noqa: F401 (before anything imports superdesk)
else:
    collect_ignore = ["test_analysis.py", "test_backfill.py", "test_conformance.py", "test_publishing.py", "test_saving.py"]


@pytest.fixture(scope="session")
def one_newsdesk(tmp_path_factory):
    """One Superdesk for all tests: it takes two seconds to start."""
    import newsdesk
    import stand_ins

    with stand_ins.redis(tmp_path_factory.mktemp("redis")) as address:
        yield newsdesk.Newsdesk(address, NEWSTAGGER_HOME=str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def desk(one_newsdesk):
    """An empty Superdesk."""
    one_newsdesk.fresh()
    return one_newsdesk


@pytest.fixture
def process(desk):
    """What the app has of newstagger."""
    return desk.app.extensions["newstagger"].process


@pytest.fixture
def tagger(process, tmp_path):
    """The kit's tagger, which does as the words in the text say, in a newsroom of its own."""
    from newstagger_superdesk.conf import Options

    from newstagger.host import Host
    from newstagger.testing import ScriptedTagger, newsroom

    told = ScriptedTagger()
    process.restart(
        Options(newsroom(tmp_path), 10_000), lambda options: Host(options.settings, plugins=[("scripted", told)], discover=False)
    )
    assert process.host
    yield told
    told.wake()

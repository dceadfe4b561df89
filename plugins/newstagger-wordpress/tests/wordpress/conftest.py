"""WordPress with the plugin and a tagger that does as it is told, in a newsroom of its own."""

from __future__ import annotations

import time

import pytest

from newstagger.testing import ScriptedTagger


class SlowTagger(ScriptedTagger):
    """The scripted tagger, which thinks for ``pause`` seconds before it answers."""

    pause = 0.0

    def at_work(self) -> None:
        time.sleep(self.pause)
        super().at_work()


@pytest.fixture
def tagger():
    tagger = SlowTagger()
    yield tagger
    tagger.wake()


@pytest.fixture
def house(wordpress, editor, tagger, tmp_path):
    """The site with its service; the tagger may take longer than a save waits."""
    from driver import RestCms

    from newstagger.testing import newsroom

    house = RestCms(wordpress, editor)
    house.start(newsroom(tmp_path / "kit", budget_ms=10_000), [("scripted", tagger)])
    yield house
    house.close()


@pytest.fixture
def ana(house):
    return house.ana

"""The adapter's own table in newstagger.toml: what it takes, and what a wrong one gets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import newstagger_pressroom
import pytest
from newstagger_pressroom import NAME, creator_of

from newstagger.errors import ConfigError
from newstagger.host import Host
from newstagger.settings import Settings


def settings(table: Mapping[str, object]) -> Settings:
    return Settings(plugins={NAME: table})


def test_creator_is_ours_unless_told() -> None:
    assert creator_of(Settings()) == "newstagger"
    assert creator_of(settings({"creator": "desk robot"})) == "desk robot"


@pytest.mark.parametrize("table, words", [({"creater": "x"}, "unknown key creater"), ({"creator": ""}, "creator must be a name")])
def test_wrong_settings_are_refused(table: Mapping[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        newstagger_pressroom.configure(settings(table))


def test_the_module_is_a_plugin(tmp_path: Path) -> None:
    host = Host(Settings(home=tmp_path, models=tmp_path), plugins=[(NAME, newstagger_pressroom)], discover=False)
    loaded = next(info for info in host.plugins if info.name == NAME)
    assert (loaded.hooks, loaded.problems) == (("configure",), ())

"""Superdesk's settings: what they become, and what a wrong one gets. Needs no Superdesk."""

from __future__ import annotations

from pathlib import Path

import newstagger_superdesk
import pytest
from newstagger_superdesk.conf import GRACE_MS, read_options

from newstagger.domain import Facet
from newstagger.errors import ConfigError
from newstagger.host import Host
from newstagger.settings import Mode, Settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_nothing_has_to_be_set():
    options = read_options({"SECRET_KEY": "x", "NEWSTAGGER_HOME": None})
    assert options.wait_ms == Settings().budget_ms + GRACE_MS
    assert (options.service, options.settings.policy.mode, options.places) == (
        "newstagger",
        Mode.AUTO,
        ("subject", "place", "organisation"),
    )


def test_settings_are_stronger_than_the_file(tmp_path):
    file = tmp_path / "courier.toml"
    file.write_text('site = "file"\nbudget_ms = 400\n[policy]\nmax_tags = 3\n')
    options = read_options({
        "NEWSTAGGER_CONFIG": str(file), "NEWSTAGGER_HOME": tmp_path, "NEWSTAGGER_SITE": "courier", "NEWSTAGGER_MODE": "suggest",
        "NEWSTAGGER_FIELDS": {"actor": "subject", "region": "subject"}, "NEWSTAGGER_SCHEMES": {"actor": "who"},
        "NEWSTAGGER_TYPES": ["text"],
    })  # fmt: skip
    settings = options.settings
    assert (settings.home, settings.site, settings.budget_ms, options.wait_ms) == (Path(tmp_path), "courier", 400, 600)
    assert (settings.policy.max_tags, settings.policy.mode) == (3, Mode.SUGGEST)
    assert (options.places, options.schemes[Facet.ACTOR], options.types) == (("subject",), "who", ("text",))


@pytest.mark.parametrize("key, value, words", [
    ("HOEM", "/x", "unknown setting NEWSTAGGER_HOEM.*did you mean NEWSTAGGER_HOME"),
    ("WAIT_MS", -1, "WAIT_MS must be a whole number"), ("WAIT_MS", "300", "WAIT_MS must be"), ("WAIT_MS", True, "WAIT_MS must be"),
    ("MODE", "loud", "MODE must be one of auto, suggest"), ("AI_SERVICE", "", "AI_SERVICE must be"), ("HOME", 7, "HOME must be a path"),
    ("FIELDS", {"topic": "headline"}, "FIELDS must be"), ("FIELDS", {"mood": "subject"}, "FIELDS must be"), ("FIELDS", "subject", "FIELDS"),
    ("SCHEMES", {"topic": ""}, "SCHEMES must be"), ("TYPES", "text", "TYPES must be a list"), ("CONFIG", "nowhere.toml", "nowhere.toml"),
])  # fmt: skip
def test_a_wrong_setting_is_told_in_one_line(key, value, words):
    with pytest.raises(ConfigError, match=words) as told:
        read_options({f"NEWSTAGGER_{key}": value})
    assert "\n" not in str(told.value)


def test_the_module_is_a_plugin_without_settings_of_its_own(tmp_path):
    host = Host(Settings(home=tmp_path, models=tmp_path), plugins=[("superdesk", newstagger_superdesk)], discover=False)
    loaded = next(info for info in host.plugins if info.name == "superdesk")
    assert (loaded.hooks, loaded.problems) == (("configure",), ())
    with pytest.raises(ConfigError, match=r"settings\.py"):
        newstagger_superdesk.configure(Settings(plugins={"superdesk": {"site": "x"}}))

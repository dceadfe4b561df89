import sys

import pytest

from newstagger.errors import ConfigError, PluginLoadError
from newstagger.guard import Guard
from newstagger.hookspecs import hookimpl
from newstagger.plugins import Plugins


class Fine:
    @hookimpl
    def article_tagged(self, article, tagging):
        return None


class Misspelt:
    @hookimpl
    def article_savd(self, article):
        return None


class WrongArguments:
    @hookimpl
    def article_saved(self, artikel):
        return None


class Unconfigurable:
    @hookimpl
    def configure(self, settings):
        raise ConfigError("needs a key", where="plugins.x")

    @hookimpl
    def article_tagged(self, article, tagging):
        raise AssertionError("was unregistered and must not be called")


def load(settings, *plugins):
    return Plugins(settings, Guard(), extra=plugins, discover=False)


def test_built_in_plugins_are_plugins_like_any_other(settings):
    names = [info.name for info in load(settings).infos]
    assert names == ["html_text", "topic", "region", "actor", "own_terms", "wire_reuse", "formats"]


@pytest.mark.parametrize(
    ("plugin", "said"),
    [(Misspelt(), "did you mean article_saved?"), (WrongArguments(), "cannot be registered"), (Unconfigurable(), "needs a key")],
)
def test_a_broken_plugin_is_told_and_stops_no_other(settings, plugin, said):
    plugins = load(settings, ("broken", plugin), ("fine", Fine()))
    assert [p.plugin for p in plugins.problems] == ["broken"]
    assert said in plugins.problems[0].message
    assert "fine" in [name for name, _, _ in plugins.calls("article_tagged")]


def test_a_plugin_whose_configure_fails_is_unregistered(settings):
    plugins = load(settings, ("broken", Unconfigurable()))
    assert not list(plugins.calls("article_tagged"))


def test_a_plugin_registered_twice_is_told(settings):
    plugins = load(settings, ("fine", Fine()), ("fine", Fine()))
    assert len(plugins.problems) == 1


def test_a_blocked_plugin_is_not_loaded_not_even_a_built_in_one(settings):
    from dataclasses import replace

    infos = load(replace(settings, block=("fine", "actor")), ("fine", Fine())).infos
    assert not {"fine", "actor"} & {info.name for info in infos}


def test_strict_refuses_to_start_with_a_broken_plugin(settings):
    from dataclasses import replace

    with pytest.raises(PluginLoadError, match="article_savd"):
        load(replace(settings, strict=True), ("broken", Misspelt()))


def test_an_installed_plugin_whose_import_fails_is_told(settings, tmp_path, monkeypatch):
    package = tmp_path / "site"
    info = package / "broken_import-1.0.dist-info"
    info.mkdir(parents=True)
    (package / "broken_import.py").write_text("import a_module_that_is_not_there\n")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-import\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[newstagger]\nbroken = broken_import\n")
    monkeypatch.syspath_prepend(str(package))
    plugins = Plugins(settings, Guard())
    found = next(info for info in plugins.infos if info.name == "broken")
    assert found.version == "1.0"
    assert "ModuleNotFoundError" in found.problems[0]
    sys.modules.pop("broken_import", None)

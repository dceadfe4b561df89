"""What the documents tell people to type works: every command in README blocks, the help of every verb."""

from __future__ import annotations

import importlib.util
import re
import shlex
import sys
import tomllib
import types
from dataclasses import fields, replace
from pathlib import Path

import click
import pytest

from newstagger import Article, ArticleRef, Concept, Decision, Facet, Role, Tag, Tagging
from newstagger.cli import VERBS
from newstagger.servicesettings import ServiceSettings

REPOSITORY = Path(__file__).resolve().parent.parent.parent


def load_console():
    """Return docs/console.py, which also refreshes the documents, as a module."""
    sys.path.insert(0, str(REPOSITORY / "docs"))
    try:
        spec = importlib.util.spec_from_file_location("console", REPOSITORY / "docs" / "console.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module


console = load_console()


@pytest.mark.slow
@pytest.mark.parametrize("document", console.DOCUMENTS)
def test_commands_in_the_documents_run(document, tmp_path):
    assert console.commands(document), f"{document} shows no command"
    wrong, folder = [], tmp_path / "page"
    folder.mkdir()
    console.refresh((REPOSITORY / document).read_text("utf-8"), folder, wrong)
    assert wrong == []


def typed_words(document: str) -> list[list[str]]:
    """Return the words of every newstagger command line that a document shows, without what the shell or Django does with it."""
    lines = [
        line.replace("\\\n", " ").removeprefix("python manage.py ")
        for command in console.commands(document)
        for line in re.split(r"[;|]|2?>+\S*|&$", command)
    ]
    return [shlex.split(line)[1:] for line in lines if line.split()[:1] == ["newstagger"]]


@pytest.mark.parametrize("document", console.DOCUMENTS)
def test_commands_in_the_documents_can_be_parsed(document):
    """Each command, its options and their values are what the real command line knows."""
    from newstagger.cli import cli

    told = typed_words(document)
    assert told
    for words in told:
        command, name, rest = cli, "newstagger", words
        while rest and isinstance(command, click.Group):
            name, command, rest = command.resolve_command(click.Context(command), rest)
        command.make_context(name, list(rest))


def python_blocks(document: str) -> list[str]:
    """Return the Python examples in a document."""
    return re.findall(r"^```python(?: .*)?\n(.*?)^```", (REPOSITORY / document).read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("document", console.DOCUMENTS)
def test_python_in_the_documents_compiles(document):
    for block in python_blocks(document):
        compile(block, document, "exec")


def test_settings_that_the_page_of_the_service_shows_are_the_defaults():
    shown = re.search(
        r"^```toml\n(\[service\]\n.*?)^```", (REPOSITORY / "docs" / "service.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    defaults = {field.name: getattr(ServiceSettings(), field.name) for field in fields(ServiceSettings) if field.name != "sites"}
    assert tomllib.loads(shown[1])["service"] == defaults


def test_first_python_of_the_readme_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSTAGGER_HOME", str(tmp_path))
    names = {}
    exec(python_blocks("README.md")[0], names)
    assert names["tagging"].ref.id == "4711"


def test_plugin_of_the_readme_works():
    """The twenty-line plugin is loaded under its name and does what it says."""
    source = python_blocks("plugins/README.md")[0]
    module = types.ModuleType("newstagger_embargo")
    exec(source, vars(module))
    tag = Tag(Concept("iso:IE", "Ireland", Facet.REGION), 0.9, Decision.AUTO, Role.FOCUS)
    article = Article(ArticleRef("desk", "1"), "EMBARGO until noon: storm report")
    tagging = Tagging(article.ref, "", "en", None, (tag,))
    assert [t.decision for t in module.adjust_tagging(article, tagging).tags] == [Decision.SUGGEST]
    assert module.adjust_tagging(replace(article, headline="Storm report"), tagging) is None


@pytest.mark.parametrize("verb", VERBS)
def test_help_shows_an_example(verb, capsys):
    from newstagger.cli import run

    assert run([verb, "--help"]) == 0
    assert re.search(rf"^ *(\$ )?newstagger {verb}\b", capsys.readouterr().out, flags=re.MULTILINE), (
        f"newstagger {verb} --help has no example"
    )

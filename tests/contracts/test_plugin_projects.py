"""Each plugin in plugins/ is a distribution of its own that depends on the public face alone."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent
PROJECTS = sorted(path.parent for path in REPOSITORY.glob("plugins/newstagger-*/pyproject.toml"))
OPEN = {
    "newstagger",
    "newstagger.cli",
    "newstagger.host",
    "newstagger.testing",
    "newstagger.testing.conformance",
    "newstagger.testing.pressroom",
    "newstagger.contracts",
    "newstagger.domain",
    "newstagger.errors",
    "newstagger.settings",
}
"""The face, the modules that it holds, the settings that the host and ``configure`` are handed, and the verbs (``cli.run``) for a
CMS's own command line."""
LAYERS = {"wagtail": "newstagger-django"}
"""A CMS plugin may stand on the plugin of its framework."""

pytestmark = pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)


def about(project: Path) -> tuple[str, dict]:
    return project.name.removeprefix("newstagger-"), tomllib.loads((project / "pyproject.toml").read_text("utf-8"))


def test_entry_point(project):
    name, table = about(project)
    assert table["project"]["name"] == project.name
    assert table["project"]["entry-points"]["newstagger"] == {name: f"newstagger_{name}"}


def test_dependencies(project):
    name, table = about(project)
    ours = [d for d in table["project"]["dependencies"] if d.startswith("newstagger")]
    assert any(re.fullmatch(r"newstagger>=(\d+)\.\d+,<(\d+)", d) for d in ours)
    others = {re.split(r"[^\w-]", d)[0] for d in ours} - {"newstagger"}
    assert others <= {LAYERS.get(name)}


def test_layout(project):
    name, _ = about(project)
    for part in ("README.md", "tests", f"src/newstagger_{name}/__init__.py", f"src/newstagger_{name}/py.typed"):
        assert (project / part).exists(), f"{project.name} has no {part}"


def test_imports_only_the_public_face(project):
    name, table = about(project)
    layers = {d.replace("-", "_") for d in LAYERS.values() if any(x.startswith(d) for x in table["project"]["dependencies"])}
    for path in sorted((project / "src").rglob("*.py")):
        for module in modules_imported(ast.parse(path.read_text("utf-8"))):
            top = module.split(".")[0]
            known = module in OPEN or top == f"newstagger_{name}" or top in layers
            assert known or not top.startswith("newstagger"), f"{path.name} imports {module}"


def modules_imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{a.name}" if f"{node.module}.{a.name}" in OPEN else node.module for a in node.names)

"""``newstagger plugins new``: a complete project in a moment, nothing overwritten, and the example is what it makes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from newstagger.cli import run
from newstagger.cli.projects import KINDS, project_files

EXAMPLE = "pressroom"


@pytest.mark.parametrize("kind", KINDS)
def test_makes_a_project(tmp_path, capsys, kind):
    assert run(["plugins", "new", "courier", "--kind", kind, "--into", str(tmp_path / "projects")]) == 0
    assert "newstagger-courier; now: cd " in capsys.readouterr().out
    project = tmp_path / "projects" / "newstagger-courier"
    made = {path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file()}
    assert {"README.md", "pyproject.toml", "src/newstagger_courier/__init__.py", "src/newstagger_courier/py.typed"} <= made
    assert not [path for path in project.rglob("*") if path.is_file() and "@NAME@" in path.read_text("utf-8")]
    assert [path.name for path in (tmp_path / "projects").iterdir()] == ["newstagger-courier"]


@pytest.mark.parametrize("name", ["Courier", "c", "1st", "my-cms", "../x", "", "topic", "x" * 41, "courier\n"])
def test_refuses_bad_names(tmp_path, capsys, name):
    assert run(["plugins", "new", "--into", str(tmp_path), "--", name]) == 2
    told = capsys.readouterr().err
    assert told.startswith("newstagger: a plugin cannot be called")
    assert len(told.splitlines()) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: path.write_text("x"), lambda path: path.symlink_to("nowhere")])
def test_refuses_what_exists(tmp_path, capsys, make):
    make(tmp_path / "newstagger-courier")
    assert run(["plugins", "new", "courier", "--into", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert "newstagger-courier: exists already" in told
    assert len(told.splitlines()) == 1


def test_refuses_a_folder_that_is_a_file(tmp_path, capsys):
    (tmp_path / "file").write_text("x")
    assert run(["plugins", "new", "courier", "--into", str(tmp_path / "file")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_list_is_still_there(tmp_path, capsys):
    run(["plugins", "--home", str(tmp_path)])
    assert "html_text" in capsys.readouterr().out


def test_the_example_is_what_the_template_makes(repository):
    project = repository / "plugins" / f"newstagger-{EXAMPLE}"
    for file, text in project_files(EXAMPLE, "adapter"):
        assert (project / file).read_text("utf-8") == text, f"{file} and its template differ: mend both"
    listed = {file for file, _ in project_files(EXAMPLE, "adapter")}
    there = {path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert {path for path in there if not path.startswith(".")} == listed


def test_the_adapter_is_short(repository):
    source = repository / "plugins" / f"newstagger-{EXAMPLE}" / "src" / f"newstagger_{EXAMPLE}" / "adapter.py"
    assert len(source.read_text("utf-8").splitlines()) <= 120


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_the_projects_own_tests_pass(tmp_path, repository, kind):
    assert run(["plugins", "new", "courier", "--kind", kind, "--into", str(tmp_path)]) == 0
    surroundings = os.environ | {"PYTHONPATH": str(repository), "NEWSTAGGER_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        command, cwd=tmp_path / "newstagger-courier", env=surroundings, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert " skipped" not in done.stdout

"""What a newsroom does: install the wheel into an empty environment, away from any checkout, and tag an article."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.package

LARGEST_MIB = 30


@pytest.fixture(scope="module")
def wheel(repository, tmp_path_factory):
    """Build the wheel from the checkout."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=repository, check=True)
    (built,) = folder.glob("newstagger-*.whl")
    return built


@pytest.fixture(scope="module")
def away(tmp_path_factory):
    """A folder far from the checkout, with one article in it."""
    return tmp_path_factory.mktemp("away")


@pytest.fixture(scope="module")
def python(wheel, away):
    """The interpreter of an empty environment into which the wheel was installed."""
    venv.create(away / "env", with_pip=True)
    inside = away / "env" / "bin" / "python"
    command = [str(inside), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)]
    subprocess.run(command, cwd=away, env=environment(away), check=True)
    return inside


def environment(folder: Path) -> dict[str, str]:
    """Return the surroundings of a user who has heard nothing of the checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "NEWSTAGGER"))}
    return kept | {"NEWSTAGGER_HOME": str(folder / "newsroom")}


def run(python: Path, away: Path, *command: str) -> str:
    done = subprocess.run([str(python), *command], cwd=away, env=environment(away), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_wheel_holds_what_it_needs(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for part in (
        "newstagger/py.typed",
        "newstagger/templates/adapter/README.md.in",
        "newstagger/samples/index.json",
        "newstagger/starter_models/starter/current",
    ):
        assert part in names
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert any(name.endswith("/licenses/NOTICE") for name in names)
    assert not [
        name for name in names if name.split("/")[0] in ("tests", "plugins", "bench") or name.endswith((".pkl", ".pickle", ".joblib"))
    ]
    assert wheel.stat().st_size < LARGEST_MIB << 20


def test_tags_from_the_wheel(python, away, samples):
    shutil.copy(samples / "meridian-kosti-uncredited.html", away / "story.html")
    command = Path(python).with_name("newstagger")
    tagging = json.loads(run(command, away, "tag", "story.html", "--json"))
    assert tagging["bundle"]["name"] == "starter"
    assert "medtop:16000000" in [tag["concept"] for tag in tagging["tags"]]
    assert tagging["problems"] == []


def test_it_is_the_installed_package(python, away, repository):
    where = Path(run(python, away, "-c", "import newstagger; print(newstagger.__file__)").strip())
    assert away in where.parents
    assert repository not in where.parents


def test_demo_runs_from_the_wheel(python, away):
    assert "stays away" in run(python, away, "-m", "newstagger.demo")


def test_plugin_installs_beside_it(python, away, repository):
    """A plugin's own wheel is found through its entry point, and blocked by the settings."""
    copy = shutil.copytree(repository / "plugins" / "newstagger-houserules", away / "houserules")
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", str(copy)]
    subprocess.run(command, cwd=away, env=environment(away), check=True)
    newstagger = Path(python).with_name("newstagger")
    assert "houserules" in run(newstagger, away, "plugins")
    (away / "newstagger.toml").write_text('block = ["houserules"]\n', "utf-8")
    listed = json.loads(run(newstagger, away, "plugins", "--json").splitlines()[0])
    assert "adjust_tagging" not in json.dumps(listed)

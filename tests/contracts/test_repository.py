"""Nothing in the repository names a machine: no absolute paths of somebody's disk, no hosts of package registries."""

from __future__ import annotations

import re
import subprocess
import tomllib

import pytest

PATHS = re.compile(r"(?<![A-Za-z0-9_.~])/(?:home|root|work|farm|tmp|Users)/[A-Za-z.]")
HOSTS = re.compile(r"https?://[a-z.]*(?:pyp|npmjs|debian)[a-z]*\.")
LARGEST = 8 << 20


@pytest.fixture(scope="module")
def tracked(repository):
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=repository, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout: there is no list of tracked files")
    return [repository / name for name in listing.stdout.split("\0") if name and (repository / name).is_file()]


def test_no_paths_or_hosts_of_machines(tracked, repository):
    found = []
    for path in tracked:
        name = path.relative_to(repository).as_posix()
        if name.startswith("tests/") or b"\0" in (data := path.read_bytes())[:4096]:
            continue
        lines = enumerate(data.decode("utf-8", "replace").splitlines(), 1)
        found += [f"{name}:{number}" for number, line in lines if PATHS.search(line) or HOSTS.search(line)]
    assert found == []


def test_no_file_is_huge(tracked):
    assert [path.name for path in tracked if path.stat().st_size > LARGEST] == []


def test_licence_is_the_standard_text(repository):
    text = (repository / "LICENSE").read_text("utf-8")
    assert text.lstrip().startswith("Apache License")
    assert "TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION" in text
    assert (repository / "NOTICE").read_text("utf-8").startswith("newstagger\n")


def test_every_folder_tells_what_it_is(tracked, repository):
    folders = {path.relative_to(repository).parts[0] for path in tracked if len(path.relative_to(repository).parts) > 1}
    assert [name for name in sorted(folders) if not name.startswith(".") and not (repository / name / "README.md").is_file()] == []


def test_changelog_knows_the_version(repository):
    version = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f"\n## {version}" in (repository / "CHANGELOG.md").read_text("utf-8")

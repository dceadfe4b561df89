"""What the documents tell people to type works: every command in README blocks, the help of every verb."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import newstagger
from newstagger.cli import VERBS

REPOSITORY = Path(__file__).resolve().parent.parent.parent
SAMPLES = Path(newstagger.__file__).resolve().parent / "samples"
DOCUMENTS = ("README.md", "plugins/README.md")


def blocks(document: str) -> list[list[str]]:
    """Return the newstagger command lines of each ``console`` block; a trailing backslash goes on in the next line."""
    text = (REPOSITORY / document).read_text("utf-8").replace("\\\n", " ")
    found = re.findall(r"^```console\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    lines = [[line[2:] for line in block.splitlines() if line.startswith("$ ")] for block in found]
    return [ours for block in lines if (ours := [line for line in block if re.search(r"(^|\| )newstagger ", line)])]


def archive() -> str:
    """Return a newsroom's small labelled archive as JSON lines, with words of our own."""
    beats = {"harbour": "ferry quay pilot tide crane", "council": "vote mayor budget motion ward", "pitch": "goal coach striker cup derby"}
    rows = []
    for number in range(90):
        beat = list(beats)[number % 3]
        words = beats[beat].split()
        text = " ".join(words[(number // 3 + k * (1 + number % 2)) % 5] for k in range(12))
        date = f"2025-{1 + number // 28:02}-{1 + number % 28:02}"
        rows.append({"id": str(number), "title": f"{words[number % 5]} report", "text": text, "labels": [beat], "lang": "en", "date": date})
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory):
    """Return a folder that looks like the checkout to the commands: samples, an archive, a home of its own."""
    folder = tmp_path_factory.mktemp("newsroom")
    shutil.copytree(SAMPLES, folder / "newstagger" / "samples")
    (folder / "archive.jsonl").write_text(archive(), "utf-8")
    shutil.copy(SAMPLES / "estuaire-rougeole.html", folder / "story.html")
    return folder


def environment(home: Path) -> dict[str, str]:
    bin_folder = Path(sys.executable).parent
    return {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}", "NEWSTAGGER_HOME": str(home), "HOME": str(home)}


@pytest.mark.slow
@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_in_the_documents_run(document, newsroom, tmp_path):
    told = blocks(document)
    assert told or document != "README.md", "README.md shows no command"
    for line in (line for block in told for line in block):
        run = subprocess.run(
            line, shell=True, check=False, cwd=newsroom, env=environment(tmp_path), capture_output=True, text=True, timeout=120
        )
        assert run.returncode == 0, f"{document}: {line}\n{run.stdout}\n{run.stderr}"


@pytest.mark.parametrize("verb", VERBS)
def test_help_shows_an_example(verb, capsys):
    from newstagger.cli import run

    assert run([verb, "--help"]) == 0
    assert re.search(rf"^ *(\$ )?newstagger {verb}\b", capsys.readouterr().out, flags=re.MULTILINE), (
        f"newstagger {verb} --help has no example"
    )

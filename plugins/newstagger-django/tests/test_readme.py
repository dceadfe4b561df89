"""The README's way from nothing to the first tagged article works as it is written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text("utf-8")
START = README.split("## From nothing")[1].split("\n## ")[0]


def blocks(kind):
    return re.findall(rf"^```{kind}\n(.*?)^```", START, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_from_nothing_to_the_first_tagged_article(tmp_path):
    def shell(commands):
        path = os.pathsep.join([str(tmp_path / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
        around = {**os.environ, "PATH": path, "PYTHONPATH": str(PROJECT / "src"), "NEWSTAGGER_HOME": str(tmp_path / "home")}
        around.pop("DJANGO_SETTINGS_MODULE", None)
        done = subprocess.run(commands, shell=True, cwd=folder, env=around, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    folder = tmp_path
    start, work = blocks("bash")
    shell("\n".join(line for line in start.splitlines() if not line.startswith("pip ")))
    folder = tmp_path / "courier"
    for block in blocks("python"):
        file = folder / re.match(r"# (\S+)", block)[1]
        file.write_text(file.read_text() + block if "settings" in file.name else block)
    assert "Norway" in shell(f"set -e\n{work}")

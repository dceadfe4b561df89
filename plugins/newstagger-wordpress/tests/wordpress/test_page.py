"""The page that takes a newcomer from nothing to the first tagged post: every command on it runs, on a real WordPress."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from rig.parts import Missing, parts

DOCS = Path(__file__).resolve().parents[4] / "docs"


def test_commands_of_the_page_run(tmp_path, monkeypatch):
    try:
        parts()
    except Missing as missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(missing))
    monkeypatch.syspath_prepend(str(DOCS))
    import console

    assert Path(console.__file__).parent == DOCS
    wrong = []
    text = console.refresh((DOCS / "wordpress.md").read_text("utf-8"), tmp_path, wrong)
    assert wrong == []
    assert " tagged [" in text


def teardown_module():
    for name in ("console", "shell"):
        sys.modules.pop(name, None)

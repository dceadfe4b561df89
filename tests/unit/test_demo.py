"""The demo says what it promises, and fails when an editor's word does not hold."""

from __future__ import annotations

import pytest

from newstagger import demo
from newstagger.bundles.store import package_models


@pytest.fixture(scope="module")
def starter():
    """Skip while the checkout has no starter bundle."""
    if not (package_models() / "starter").is_dir():
        pytest.skip("no starter bundle in models/ yet")


def test_demo_shows_the_whole_day(starter, tmp_path):
    said = []
    assert demo.run(tmp_path, said.append) == 0
    told = "\n".join(said)
    assert "saved again" in told
    assert "IS BACK" not in told
    assert told.count("derived") >= 10


def test_demo_without_a_model_is_one_clear_line(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("newstagger.bundles.store.package_models", lambda: tmp_path)
    assert demo.main() == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("newstagger: no bundle starter")
    assert captured.err.count("\n") == 1

"""The demo says what it promises, and fails when an editor's word does not hold."""

from __future__ import annotations

from newstagger import demo


def test_demo_shows_the_whole_day(tmp_path):
    said = []
    assert demo.run(tmp_path, said.append) == 0
    told = "\n".join(said)
    assert "margin" in told and "bias" in told
    assert "saved again" in told
    assert "IS BACK" not in told
    assert told.count("derived") >= 10


def test_demo_without_a_model_is_one_clear_line(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("newstagger.bundles.store.package_models", lambda: tmp_path)
    assert demo.main() == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("newstagger: no bundle starter")
    assert captured.err.count("\n") == 1

import os

import pytest

from newstagger.files import write_whole


def test_a_file_is_replaced_in_one_step(tmp_path):
    path = tmp_path / "current"
    write_whole(path, b"one")
    write_whole(path, b"two", mode=0o600)
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["current"]


def test_a_failure_on_the_way_leaves_the_old_file_alone(tmp_path, monkeypatch):
    path = tmp_path / "current"
    write_whole(path, b"one")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"two")
    assert path.read_bytes() == b"one"
    assert [p.name for p in tmp_path.iterdir()] == ["current"]

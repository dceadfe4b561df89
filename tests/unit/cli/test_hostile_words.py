"""Words and places that no verb can use: one clear line and exit code 2, nothing made, nothing lost."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from newstagger.cli import run

HALF = "\udcff"
"""What a byte of an argument that is no UTF-8 becomes."""


@pytest.fixture
def call(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("NEWSTAGGER_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def call(*words):
        code = run([*map(str, words)])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.mark.parametrize(
    "words",
    [
        ["explain", HALF, "1"], ["explain", "s", HALF], ["explain", "s", "a\u202eb"], ["forget", HALF, "1", "--yes"],
        ["forget", "s", "", "--yes"],
        ["feedback", "list", HALF], ["feedback", "list", "s", HALF],
        ["feedback", "reject", HALF, "1", "iso:SY"],
        ["feedback", "add", "s", "1", HALF], ["explain", "s", "1", "--concept", HALF],
        ["vocabulary", "add", HALF],
        ["vocabulary", "remove", HALF], ["explain", "s", "1", "--home", ""], ["vocabulary", "list", "--home", ""],
    ],
)  # fmt: skip
def test_what_cannot_be_a_name_is_one_clear_line(call, tmp_path, words):
    code, out, err = call(*words)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert HALF not in err
    assert not (tmp_path / "newsroom.sqlite3").exists()


@pytest.mark.parametrize("verb", [["forget", "s", "1", "--yes"], ["explain", "s", "1"], ["feedback", "list"]])
def test_a_home_that_is_a_file_is_refused_by_every_verb_alike(call, tmp_path, verb):
    (tmp_path / "file").write_text("x")
    code, out, err = call(*verb, "--home", "file")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "Not a directory" in err
    assert "Errno" not in err


def test_a_file_that_is_no_database_gets_a_step_that_helps(call, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "newsroom.sqlite3").write_text("minutes of the morning conference\n" * 40)
    code, _, err = call("feedback", "list")
    assert code == 2
    assert "not a database (move the file away" in err


def test_marks_that_turn_a_line_round_do_not_reach_the_terminal(call):
    _, _, err = call("vocabulary", "remove", "own:\u202egnp.exe")
    assert "\u202e" not in err


def on_a_full_disk(tmp_path, *words, bytes_left=0):
    """Run a verb in a process that may write no file beyond so many bytes."""
    lines = (
        "import resource, signal",
        "from newstagger.cli import run",
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)",
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({bytes_left}, {bytes_left}))",
        f"raise SystemExit(run({list(words)!r}))",
    )
    code = "\n".join(lines)
    return subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.skipif(resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY, reason="writing is limited already")
@pytest.mark.parametrize("bytes_left", [0, 8192])
def test_a_full_disk_is_told_and_leaves_no_file_that_looks_like_a_newsroom(call, tmp_path, bytes_left):
    done = on_a_full_disk(tmp_path, "feedback", "reject", "s", "1", "iso:SY", "--home", str(tmp_path / "home"), bytes_left=bytes_left)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "newsroom.sqlite3" in done.stderr
    assert "no such table" not in done.stderr
    assert bytes_left or not (tmp_path / "home" / "newsroom.sqlite3").exists()
    assert call("feedback", "list") == (0, "", "")


@pytest.mark.skipif(resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY, reason="writing is limited already")
def test_a_full_disk_names_the_project_that_could_not_be_made(tmp_path):
    done = on_a_full_disk(tmp_path, "plugins", "new", "courier", "--into", str(tmp_path))
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "newstagger-courier: cannot be written" in done.stderr
    assert not list(tmp_path.glob("*courier*"))

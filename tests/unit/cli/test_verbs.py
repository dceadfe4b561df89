"""The verbs of a save: tag, save, feedback, plugins. What they print, what they keep, how they fail."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import newstagger
from newstagger.cli import run


@pytest.fixture
def call(tmp_path, capsys):
    models = tmp_path / "models"
    models.mkdir()

    def call(*words):
        code = run([*map(str, words), "--home", str(tmp_path / "home"), "--models", str(models)])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "story.json"
    path.write_text(
        json.dumps(
            {"id": "s1", "site": "gazette", "title": "At the river", "text": "The army crossed the river before dawn.", "lang": "en"}
        )
    )
    return path


def test_text_is_shown_paragraph_by_paragraph(call, samples):
    code, out, _ = call("tag", "--text", samples / "gazette-storm.txt")
    assert code == 0
    assert out.splitlines()[0].startswith("headline")
    assert "caption" in out
    code, out, _ = call("tag", "--text", "--json", samples / "gazette-storm.txt")
    told = json.loads(out)
    assert all(told["text"][p["start"] : p["end"]] == p["quote"] for p in told["paragraphs"])


def test_without_a_model_tag_says_so_and_ends_with_2(call, story):
    code, out, err = call("tag", story, "--bundle", "nothing-here")
    assert (code, out) == (2, "")
    assert err.startswith("newstagger: no bundle nothing-here")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.json", None, "no such file"),
        ("broken.json", "{", "broken JSON"),
        ("empty.txt", "", "no text"),
        ("empty.json", '{"id": "1", "title": "", "text": " "}', "no text"),
        ("folder.txt", "/", "is a directory"),
    ],
)
def test_a_bad_file_is_one_line_and_2(call, tmp_path, name, content, said):
    path = tmp_path / name
    if content == "/":
        path.mkdir()
    elif content is not None:
        path.write_text(content)
    code, out, err = call("tag", "--text", path)
    assert (code, out) == (2, "")
    assert said in err
    assert name in err
    assert len(err.strip().splitlines()) == 1


def test_nothing_to_do_is_told(call):
    code, _, err = call("tag")
    assert code == 2
    assert "no article was named" in err


@pytest.mark.parametrize("words", [["tga"], ["tag", "--no-such-option"], ["feedback", "add", "site"]])
def test_a_misspelt_command_is_one_line(call, words):
    code = run(words)
    assert code == 2


def test_lines_in_lines_out_and_a_broken_row_is_told_in_its_place(call, tmp_path):
    lines = tmp_path / "a.jsonl"
    rows = ['{"id": "1", "text": "The army crossed the river."}', "", "{broken", '{"id": "2", "text": "A goal."}']
    lines.write_bytes("\r\n".join(rows).encode("utf-8-sig"))
    code, out, _ = call("tag", "--articles", lines, "--text", "--json")
    told = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert len(told) == 3
    assert (told[1]["line"], told[1]["id"]) == (3, None)
    assert "line 3" in told[1]["problems"][0]["message"]
    schema = Path(newstagger.__file__).parent / "data" / "schemas" / "broken-line.schema.json"
    jsonschema.validate(told[1], json.loads(schema.read_text("utf-8")))


def test_save_keeps_and_says_unchanged_and_feedback_is_law(call, story):
    def save(*words):
        code, out, _ = call("save", story, "--json", *words)
        assert code == 0
        return json.loads(out)

    assert save()["unchanged"] is False
    assert save()["unchanged"] is True
    code, out, _ = call("feedback", "add", "gazette", "s1", "medtop:15000000", "--by", "anna", "--json")
    assert code == 0
    assert json.loads(out)["action"] == "added"
    told = save()
    assert told["unchanged"] is False
    assert ("medtop:15000000", "editor") in [(t["concept"], t["tagger"]) for t in told["tags"]]
    call("feedback", "reject", "gazette", "s1", "medtop:15000000")
    assert "medtop:15000000" not in [t["concept"] for t in save("--all")["tags"]]
    code, out, _ = call("feedback", "list", "gazette", "s1")
    assert [line.split()[1] for line in out.splitlines()] == ["added", "rejected"]


def test_feedback_on_a_concept_that_does_not_exist_is_refused(call, tmp_path):
    code, _, err = call("feedback", "add", "gazette", "s1", "medtop:99")
    assert code == 2
    assert "unknown concept 'medtop:99'" in err
    assert not (tmp_path / "home").exists()
    code, out, _ = call("feedback", "list", "gazette", "s1")
    assert (code, out) == (0, "")


def test_a_kill_has_no_tags(call, story):
    call("feedback", "add", "gazette", "s1", "medtop:15000000")
    code, out, _ = call("save", story, "--event", "kill", "--json")
    assert (code, json.loads(out)["tags"]) == (0, [])


def test_plugins_are_listed(call):
    code, out, _ = call("plugins", "--json")
    told = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert {"html_text", "topic", "region", "actor", "wire_reuse", "formats"} <= {p["name"] for p in told}
    assert "extract_text" in next(p["hooks"] for p in told if p["name"] == "html_text")


def test_a_misspelt_key_in_the_settings_is_told(tmp_path, story, capsys):
    config = tmp_path / "newstagger.toml"
    config.write_text("budgt_ms = 3")
    assert run(["tag", str(story), "--config", str(config)]) == 2
    assert "did you mean budget_ms?" in capsys.readouterr().err


def test_hostile_copy_never_reaches_the_terminal_as_a_command(call, tmp_path):
    path = tmp_path / "evil.json"
    path.write_text(json.dumps({"id": "e", "title": "\x1b[2J\x1b]0;owned\x07 bad\u202etxt", "text": "An \x1b[31marmy of words here."}))
    _, out, _ = call("save", path)
    assert not set("\x1b\x07\u202e") & set(out)


def test_a_closed_pipe_ends_quietly(story, tmp_path):
    script = f"{sys.executable} -m newstagger tag --text {story} --home {tmp_path} | head -c 0"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_regions_and_actors_are_added_by_their_ids(tmp_path, capsys):
    for concept in ("iso:SY", "geonames:170063", "actor:john-kerry", "medtop:15000000"):
        assert run(["feedback", "add", "mysite", "story-1", concept, "--home", str(tmp_path)]) == 0
    assert run(["feedback", "add", "mysite", "", "iso:SY", "--home", str(tmp_path)]) == 2
    assert "the id is empty" in capsys.readouterr().err


def test_an_unknown_bundle_saves_nothing(call, story, tmp_path):
    code, out, err = call("save", story, "--bundle", "nope")
    assert (code, out) == (2, "")
    assert err.startswith("newstagger: no bundle nope")
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("rows.jsonl", b'{"id": "1", "text": "words"}', "name it with --articles"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00", "is binary"),
    ],
)
def test_what_is_no_article_is_not_tagged_as_one(call, tmp_path, name, data, said):
    path = tmp_path / name
    path.write_bytes(data)
    code, out, err = call("tag", "--text", path)
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize("data", [b"not gzip at all", None])
def test_broken_gzip_is_one_line(call, tmp_path, data):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(data or gzip.compress(b'{"id": "1", "text": "some words"}\n' * 500)[:-20])
    code, _, err = call("tag", "--text", "--articles", path)
    assert code == 2
    assert "gzip" in err.strip().splitlines()[-1]


def test_help_is_had_beside_a_broken_settings_file(tmp_path, monkeypatch, capsys):
    (tmp_path / "newstagger.toml").write_text("budgt_ms = 3")
    monkeypatch.chdir(tmp_path)
    assert run(["--help"]) == 0
    assert "Commands:" in capsys.readouterr().out
    assert run([]) == 2
    assert len(capsys.readouterr().err.splitlines()) > 5


def test_settings_from_a_device_are_refused(story, capsys):
    assert run(["tag", str(story), "--config", "/dev/zero"]) == 2
    assert "not a regular file" in capsys.readouterr().err

"""From one model to the next as it is typed: compare, the gate before a promotion, promotion, rollback, an older version that tags."""

import json
import os
import random
import subprocess
import sys
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from newstagger.cli import run

WORDS = {
    "sea": ["ferry", "harbour", "port", "tanker", "lighthouse", "cape", "sailor", "anchor"],
    "rail": ["train", "junction", "tram", "railway", "signal", "platform", "carriage", "locomotive"],
}
GATE = '[policy]\nimportant = ["sea", "rail"]\n'


def archive(rows, *, spoilt=False, test_from=80, seed=1):
    """Yield rows of two desks, no two alike, the last ones marked as test rows; spoilt: most training rows of the sea lost their label."""
    random_ = random.Random(seed)
    for number in range(rows):
        name = ("sea", "rail")[number % 2]
        words = " ".join(random_.choices(WORDS[name], k=8))
        train = number < test_from
        label = "rail" if spoilt and train and number % 10 else name
        told = {"labels": [label], "lang": "en", "split": "train" if train else "test"}
        yield {"id": f"a{seed}-{number}", "title": "Local news", "text": f"Reporters saw {words}, case {seed} {number}.", **told}


def save(name, rows):
    Path(name).write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")


@pytest.fixture
def newsroom(tmp_path, monkeypatch, capsys):
    """Return a function that runs one command line in a newsroom with two important tags and gives exit code, output and error lines."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSTAGGER_HOME", str(tmp_path / "home"))
    Path("newstagger.toml").write_text(f'models = "models"\nbundle = "desk"\n{GATE}', "utf-8")
    save("good.jsonl", archive(120))
    save("bad.jsonl", archive(120, spoilt=True))
    save("new.jsonl", archive(40, seed=2))

    def typed(*words):
        code = run([*map(str, words)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return typed


@pytest.fixture
def two(newsroom):
    """Return the newsroom with desk@1 current and a worse candidate, desk@2."""
    assert newsroom("train", "--corpus", "good.jsonl", "--name", "desk", "--promote")[0] == 0
    assert newsroom("train", "--corpus", "bad.jsonl", "--name", "desk")[0] == 0
    return newsroom


def current(newsroom):
    listed = [json.loads(line) for line in newsroom("models", "list", "--json")[1].splitlines()]
    return [entry["version"] for entry in listed if entry["name"] == "desk" and entry["current"]]


def expect_form(told, name):
    schema = resources.files("newstagger").joinpath(f"data/schemas/{name}.schema.json").read_text("utf-8")
    jsonschema.validate(told, json.loads(schema))


def test_compare_shows_what_got_worse_first(two):
    code, out, err = two("models", "compare", "desk@1", "desk@2")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "topic: 40 rows (40 held out from desk@2, new to desk@1)"
    assert lines[4].split()[:3] == ["sea", "20", "1.000"]
    assert lines[4].endswith("worse")
    code, out, _ = two("models", "compare", "desk@2", "desk@1", "--facet", "topic", "--json")
    told = json.loads(out)["facets"]["topic"]
    assert (code, told["rows"], told["labels"][0]["verdict"]) == (0, 40, "better")
    assert told["labels"][0]["low"] > 0
    expect_form(json.loads(out), "comparison")


def test_show_tells_what_a_version_remembers(two):
    assert "### topic: beside desk@1" in two("models", "show", "desk@2")[1]
    told = json.loads(two("models", "show", "desk@2", "--json")[1])["outcomes"]
    assert told == {"topic": {"held_out": 40, "learned": 80, "asked": 40, "rival": "desk@1"}}


def test_compare_on_a_file(two):
    code, out, err = two("models", "compare", "desk@1", "desk@2", "--corpus", "new.jsonl", "--corpus", "good.jsonl")
    assert code == 0, err
    assert out.startswith("topic: 80 rows (80 of new.jsonl, good.jsonl; 80 more left out: one of the two learned from them)")


def test_bundles_that_share_no_row_are_one_line_with_the_next_step(two):
    save("other.jsonl", archive(120, seed=3))
    two("train", "--corpus", "other.jsonl", "--name", "other")
    code, out, err = two("models", "compare", "desk@1", "other")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "no row is remembered on which desk@1 and other@1 were both measured" in err
    assert "--corpus FILE" in err
    save("known.jsonl", [row for row in archive(120) if row["split"] == "train"])
    code, _, err = two("models", "compare", "desk@1", "desk@2", "--corpus", "known.jsonl")
    assert code == 2
    assert "0 of known.jsonl; 80 more left out" in err
    assert "share no facet" in two("models", "compare", "desk@1", "desk@2", "--facet", "actor")[2]


def test_the_same_part_is_said_to_be_the_same(two):
    assert two("models", "compare", "desk", "desk@1")[1] == "topic: desk@1 and desk@1 hold the same part\n"


def test_a_worse_important_tag_is_refused_by_name_and_the_old_one_goes_on(two):
    code, out, err = two("models", "promote", "desk@2")
    assert (code, out) == (3, "")
    assert "desk@2 is not promoted, desk@1 goes on" in err
    assert "--anyway" in err
    assert "\n  sea: worse: F1 1.000 → 0." in err
    assert "20 rows" in err
    assert current(two) == ["1"]
    code, out, err = two("models", "promote", "desk@2", "--json")
    told = json.loads(out)
    assert (code, err, told["promoted"], told["over"]["version"]) == (3, "", False, "1")
    expect_form(told, "promotion")
    sea = told["important"][0]
    assert (sea["id"], sea["reason"], sea["refuses"], sea["support"]) == ("sea", "worse", True, 20)


def test_anyway_promotes_and_says_what_it_overrode(two):
    code, out, err = two("models", "promote", "desk@2", "--anyway")
    assert code == 0
    assert out.startswith("desk@2 is current")
    assert "sea: worse" in err
    assert current(two) == ["2"]
    assert two("models", "rollback", "desk")[0] == 0
    assert current(two) == ["1"]


def test_train_promote_goes_through_the_gate(two):
    code, out, err = two("train", "--corpus", "bad.jsonl", "--name", "desk", "--promote", "--json")
    told = json.loads(out)
    assert (code, told["promoted"], told["bundle"]["version"]) == (3, False, "3")
    assert told["important"][0]["id"] == "sea"
    expect_form(told, "evaluation")
    code, out, err = two("train", "--corpus", "bad.jsonl", "--name", "desk", "--promote")
    assert code == 3
    assert "desk@4 in models/desk/4" in out
    assert "desk@4 is not promoted" in err
    assert current(two) == ["1"]
    assert two("train", "--corpus", "good.jsonl", "--name", "desk", "--promote")[0] == 0
    assert current(two) == ["5"]


def test_without_important_tags_there_is_no_gate(two):
    Path("newstagger.toml").write_text('models = "models"\n', "utf-8")
    assert two("models", "promote", "desk@2")[0::2] == (0, "")
    assert current(two) == ["2"]


def test_what_cannot_be_compared_is_refused_until_a_file_is_named(two):
    save("other.jsonl", archive(120, seed=3, spoilt=True))
    two("train", "--corpus", "other.jsonl", "--name", "spare")
    save("older.jsonl", archive(120, seed=4, test_from=120))
    Path("r.toml").write_text("[facets.topic]\nmeasure = false\n", "utf-8")
    assert two("train", "--corpus", "older.jsonl", "--name", "desk", "--recipe", "r.toml")[0] == 0
    code, _, err = two("models", "promote", "desk@3")
    assert code == 3
    assert "sea: no row to compare the facet topic on" in err
    assert "'newstagger models promote desk@3 --corpus FILE'" in err
    assert two("models", "promote", "desk@3", "--corpus", "new.jsonl")[0] == 0
    assert current(two) == ["3"]


def test_a_file_may_refuse_too(two):
    code, _, err = two("models", "promote", "desk@2", "--corpus", "new.jsonl")
    assert code == 3
    assert "sea: worse" in err


def test_a_facet_that_the_file_says_nothing_of_is_compared_on_what_is_remembered(newsroom):
    for name, spoilt in (("good", False), ("bad", True)):
        rows = zip(archive(120), archive(120, spoilt=spoilt), strict=True)
        save(f"{name}.jsonl", [{**good, "labels": {"topic": good["labels"], "actor": [f"{bad['labels'][0]}-union"]}} for good, bad in rows])
    both = ("--facet", "topic,actor", "--name", "desk")
    Path("newstagger.toml").write_text('models = "models"\n[policy]\nimportant = ["sea", "sea-union"]\n', "utf-8")
    assert newsroom("train", "--corpus", "good.jsonl", *both, "--promote")[0] == 0
    assert newsroom("train", "--corpus", "bad.jsonl", *both)[0] == 0
    code, _, err = newsroom("models", "promote", "desk@2", "--corpus", "new.jsonl", "--facet", "topic")
    assert code == 3
    assert "sea-union: worse" in err
    assert "see 'newstagger models compare desk@1 desk@2'" in err


def test_a_tag_of_too_few_rows_is_told_and_lets_pass(two):
    few = [row for row in archive(120, spoilt=True) if row["split"] == "train" or row["labels"] == ["rail"]]
    save("few.jsonl", [*few, *[row for row in archive(88) if row["split"] == "test"]])
    assert two("train", "--corpus", "few.jsonl", "--name", "desk")[0] == 0
    Path("newstagger.toml").write_text('models = "models"\n[policy]\nimportant = ["sea", "moon"]\n', "utf-8")
    code, out, err = two("models", "promote", "desk@3", "--json")
    assert (code, [one["reason"] for one in json.loads(out)["important"]]) == (0, ["too few rows", "in neither"])
    expect_form(json.loads(out), "promotion")
    assert two("models", "rollback", "desk")[0] == 0
    code, _, err = two("models", "promote", "desk@3")
    assert code == 0, err
    assert "sea: too few rows" in err
    assert "4 rows" in err
    assert "moon: neither bundle gives it" in err


def test_a_damaged_current_version_is_in_nobodys_way_for_long(two):
    assert two("train", "--corpus", "good.jsonl", "--name", "desk")[0] == 0
    Path("models/desk/1/topic.weights.npy").write_bytes(b"")
    code, _, err = two("models", "promote", "desk@3")
    assert (code, err.count("\n")) == (2, 1)
    assert "topic.weights.npy" in err
    assert "--anyway" in err
    assert two("models", "promote", "desk@3", "--anyway")[0] == 0


def test_an_older_version_tags_and_explains_itself(two):
    Path("story.txt").write_text("The ferry\n\nThe ferry left the harbour and passed the lighthouse at the cape.\n", "utf-8")
    told = {}
    for spec in ("desk", "desk@1", "desk@2"):
        code, out, err = two("tag", "story.txt", "--bundle", spec, "--json", "--all")
        assert code == 0, err
        told[spec] = json.loads(out)
    assert [told[spec]["bundle"]["version"] for spec in told] == ["1", "1", "2"]
    assert [tag["score"] for tag in told["desk"]["tags"]] == [tag["score"] for tag in told["desk@1"]["tags"]]
    assert [tag["score"] for tag in told["desk@1"]["tags"]] != [tag["score"] for tag in told["desk@2"]["tags"]]
    code, _, err = two("tag", "story.txt", "--bundle", "desk@9")
    assert code == 2
    assert "no bundle desk@9" in err


def test_important_ids_that_no_vocabulary_knows_are_told_where_tags_are_made(two):
    Path("newstagger.toml").write_text('models = "models"\nbundle = "desk"\n[policy]\nimportant = ["medtop:99999999"]\n', "utf-8")
    Path("story.txt").write_text("The ferry\n\nThe ferry left the harbour and passed the lighthouse at the cape.\n", "utf-8")
    assert "policy.important names 'medtop:99999999'" in two("tag", "story.txt")[1]


def test_hostile_names_of_tags_are_shown_harmless(newsroom):
    evil = "sea\x1b[2J"
    for name in ("good", "bad"):
        save(
            f"{name}.jsonl",
            [{**row, "labels": [evil] if row["labels"] == ["sea"] else row["labels"]} for row in archive(120, spoilt=name == "bad")],
        )
    Path("newstagger.toml").write_text(f'models = "models"\n[policy]\nimportant = [{json.dumps(evil)}]\n', "utf-8")
    assert newsroom("train", "--corpus", "good.jsonl", "--name", "desk", "--promote")[0] == 0
    code, _, err = newsroom("train", "--corpus", "bad.jsonl", "--name", "desk", "--promote")
    assert code == 3
    shown = newsroom("models", "compare", "desk@1", "desk@2")[1]
    assert "\x1b" not in shown + err
    assert "worse" in shown


@pytest.mark.slow
def test_the_real_command_line_from_training_through_refusal_and_promotion_to_rollback(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("newstagger.toml").write_text(f'models = "models"\nbundle = "desk"\n{GATE}', "utf-8")
    save("good.jsonl", archive(120))
    save("bad.jsonl", archive(120, spoilt=True))
    save("better.jsonl", archive(160, test_from=80))
    Path("story.txt").write_text("The ferry\n\nThe ferry left the harbour and passed the lighthouse at the cape.\n", "utf-8")

    def typed(line):
        done = subprocess.run(
            [sys.executable, "-m", "newstagger", *line.split()],
            capture_output=True, text=True, check=False, env={**os.environ, "NEWSTAGGER_HOME": str(tmp_path / "home")},
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    assert typed("train --corpus good.jsonl --name desk --promote")[0] == 0
    code, out, err = typed("train --corpus bad.jsonl --name desk --promote")
    assert (code, "desk@2 in models/desk/2" in out) == (3, True)
    assert "desk@2 is not promoted, desk@1 goes on" in err
    assert "  sea: worse: F1 1.000 → 0." in err
    assert json.loads(typed("tag story.txt --json")[1])["bundle"]["version"] == "1"
    assert typed("train --corpus better.jsonl --name desk")[0] == 0
    code, out, err = typed("models promote desk@3")
    assert (code, out[:17], err) == (0, "desk@3 is current", "")
    assert json.loads(typed("tag story.txt --json")[1])["bundle"]["version"] == "3"
    assert typed("models rollback desk")[1].startswith("desk@1 is current again")
    assert json.loads(typed("tag story.txt --json")[1])["bundle"]["version"] == "1"
    assert typed("models verify desk@3")[0] == 0

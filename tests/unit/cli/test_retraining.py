"""``train``, ``evaluate`` and ``models`` as they are typed: what they print, what they write, and one clear line when they cannot."""

import json
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from newstagger.cli import run

SEA = (
    "The ferry left the harbour at noon.",
    "Fishing boats stayed in port.",
    "A tanker ran aground off the cape.",
    "The lighthouse was repaired.",
)
RAIL = (
    "The night train was late again.",
    "Signals failed at the junction.",
    "A new tram line opens in spring.",
    "Railway staff met on Monday.",
)


def archive(rows=60):
    for number in range(rows):
        name, sentences = (("sea", SEA), ("rail", RAIL))[number % 2]
        text = " ".join(sentences[(number // 2 + step) % 4] for step in range(3))
        yield {
            "id": f"a{number:03}",
            "title": "Local news",
            "text": text,
            "labels": [name],
            "lang": "en",
            "date": f"2024-01-{1 + number % 28:02}",
        }


def save(path, rows):
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return str(path)


@pytest.fixture
def newsroom(tmp_path, monkeypatch, capsys):
    """Return a function that runs one command line in an empty newsroom and gives exit code, output and error lines."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSTAGGER_HOME", str(tmp_path / "home"))

    def typed(*words, models="models"):
        code = run([*map(str, words), "--models", models])
        told = capsys.readouterr()
        return code, told.out, told.err

    return typed


@pytest.fixture
def corpus(tmp_path):
    return save(tmp_path / "archive.jsonl", archive())


def tree(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(Path(folder).rglob("*")) if path.is_file()}


def test_a_recipe_with_a_date_that_is_none_is_refused_before_anything_is_read(newsroom, corpus, tmp_path):
    (tmp_path / "r.toml").write_text('date = "soon"\n', "utf-8")
    code, _, err = newsroom("train", "--recipe", tmp_path / "r.toml", "--corpus", corpus, "--name", "desk")
    assert (code, "'soon' is no ISO 8601 date" in err, "reading" in err) == (2, True, False)
    assert newsroom("train", "--recipe", tmp_path / "r.toml", "--corpus", corpus, "--name", "desk", "--date", "2024-03-01")[0] == 0


def test_train_evaluate_promote_and_roll_back(newsroom, corpus):
    code, out, err = newsroom("train", "--corpus", corpus, "--name", "desk", "--facet", "topic", "--json")
    assert code == 0, err
    trained = json.loads(out)
    assert trained["bundle"]["name"] == "desk"
    assert trained["bundle"]["version"] == "1"
    assert trained["promoted"] is False
    assert trained["micro_f1"] == trained["facets"]["topic"]["micro_f1"] == 1.0
    assert set(trained["per_label"]) == {"rail", "sea"}

    code, out, _ = newsroom("evaluate", "--corpus", corpus, "--bundle", "desk", "--json")
    figures = json.loads(out)
    assert (code, figures["bundle"]["version"], figures["documents"]) == (0, "1", 60)
    assert figures["document_f1"] == 1.0

    assert newsroom("models", "promote", "desk")[0] == 0
    code, out, _ = newsroom("train", "--corpus", corpus, "--name", "desk", "--promote", "--date", "2024-03-01", "--json")
    assert (code, json.loads(out)["promoted"]) == (0, True)
    code, out, _ = newsroom("models", "list", "--json")
    listed = [entry for entry in map(json.loads, out.splitlines()) if entry["name"] == "desk"]
    assert [(entry["version"], entry["current"], entry["date"]) for entry in listed] == [("1", False, None), ("2", True, "2024-03-01")]
    assert newsroom("models", "rollback", "desk")[1].startswith("desk@1 is current again")
    assert newsroom("models", "rollback", "desk")[0] == 2


def test_figures_fit_the_schema(newsroom, corpus):
    schema = json.loads(resources.files("newstagger").joinpath("data/schemas/evaluation.schema.json").read_text("utf-8"))
    for words in (("train", "--name", "desk"), ("evaluate", "--bundle", "desk"), ("evaluate", "--cv", 2)):
        code, out, err = newsroom(*words, "--corpus", corpus, "--json")
        assert code == 0, err
        jsonschema.validate(json.loads(out), schema)


def test_people_get_a_table_a_card_and_a_list(newsroom, corpus):
    _, out, err = newsroom("train", "--corpus", corpus, "--name", "desk")
    assert "newstagger models promote desk@1" in err
    assert "desk@1 in models/desk/1" in out
    assert "micro F1" in out
    assert newsroom("models", "show", "desk")[1].startswith("# desk@1\n")
    assert json.loads(newsroom("models", "show", "desk", "--json")[1])["corpora"][0]["file"] == "archive.jsonl"
    assert "candidate" in newsroom("models", "list")[1]
    assert newsroom("models", "verify", "desk")[1].startswith("desk@1 is whole")
    assert "document" in newsroom("evaluate", "--corpus", corpus, "--bundle", "desk")[1]


def test_training_twice_gives_the_same_bytes(newsroom, corpus):
    for models in ("one", "two"):
        assert newsroom("train", "--corpus", corpus, "--name", "desk", models=models)[0] == 0
    assert tree("one") == tree("two")


@pytest.mark.slow
def test_one_job_and_two_give_the_same_bytes(newsroom, corpus):
    for models, jobs in (("one", 1), ("two", 2)):
        assert newsroom("train", "--corpus", corpus, "--name", "desk", "--jobs", jobs, models=models)[0] == 0
    assert tree("one") == tree("two")


def test_labels_from_another_field_rows_selected_and_labels_mapped(newsroom, tmp_path):
    rows = [{**row, "desk": row.pop("labels"), "old": n >= 60} for n, row in enumerate(archive(80))]
    corpus = save(tmp_path / "desk.jsonl", rows)
    (tmp_path / "map.json").write_text('{"sea": "medtop:04000000", "rail": ["medtop:06000000"]}', "utf-8")
    told = ("--labels", "desk", "--where", "old=false", "--label-map", "map.json")
    code, out, err = newsroom("train", "--corpus", corpus, "--name", "desk", *told, "--json")
    assert code == 0, err
    assert "20 rows not selected" in err
    assert set(json.loads(out)["per_label"]) == {"medtop:04000000", "medtop:06000000"}
    assert newsroom("evaluate", "--corpus", corpus, "--bundle", "desk", *told, "--json")[0] == 0


def test_cross_validation_with_a_recipe(newsroom, corpus, tmp_path):
    recipe = '[facets.topic]\nconstants = {c = 0.5}\n[[facets.topic.sources]]\nid = "archive"\nlabels = "labels"\n'
    (tmp_path / "r.toml").write_text(recipe, "utf-8")
    code, out, err = newsroom("evaluate", "--cv", 3, "--seed", 0, "--recipe", "r.toml", "--corpus", corpus, "--json")
    assert code == 0, err
    assert json.loads(out)["documents"] == 60
    code, again, _ = newsroom("evaluate", "--cv", 3, "--recipe", "r.toml", "--data", tmp_path, "--json")
    assert json.loads(again)["micro_f1"] == json.loads(out)["micro_f1"]
    assert not Path("models").exists()


def test_the_fields_of_a_recipes_source_hold_when_its_file_is_named(newsroom, tmp_path):
    corpus = save(tmp_path / "desk.jsonl", ({**row, "desk": row.pop("labels")} for row in archive()))
    (tmp_path / "r.toml").write_text('[[facets.topic.sources]]\nid = "desk"\nlabels = "desk"\nterms = "ours"\n', "utf-8")
    code, _, err = newsroom("train", "--recipe", "r.toml", "--corpus", corpus, "--name", "desk")
    assert code == 0, err
    assert "| ours |" in Path("models/desk/1/MODEL_CARD.md").read_text("utf-8")


def test_several_facets_from_several_fields(newsroom, tmp_path):
    corpus = save(tmp_path / "a.jsonl", ({**row, "place": ["north" if row["labels"] == ["sea"] else "south"]} for row in archive()))
    code, out, err = newsroom(
        "train", "--corpus", corpus, "--facet", "topic,region", "--labels", "topic=labels,region=place", "--name", "d", "--json"
    )
    assert code == 0, err
    assert set(json.loads(out)["facets"]) == {"topic", "region"}
    assert "micro_f1" not in json.loads(out)
    assert set(json.loads(newsroom("models", "show", "d", "--json")[1])["facets"]) == {"topic", "region"}


def test_the_recipes_of_the_project_are_found_by_name(newsroom):
    code, _, err = newsroom("train", "--recipe", "reuters", "--name", "r")
    assert code == 2
    assert "--data" in err
    assert "reuters: No such file" in newsroom("train", "--recipe", "./reuters", "--name", "r")[2]


BROKEN = {
    "missing.jsonl": None,
    "broken.jsonl": '{"id": "1", "text": "x", "labels": ["a"]}\n{"id": ',
    "unlabelled.jsonl": '{"id": "1", "text": "The ferry left."}\n',
    "empty.jsonl": "",
    "same.jsonl": '{"text": "The ferry left.", "labels": ["sea"]}\n' * 20,
    "unknown.jsonl": '{"text": "The ferry left.", "labels": ["medtop:1"]}\n' * 20,
    "strange.xyz": "x",
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("words", [("train", "--name", "desk"), ("evaluate", "--cv", "5")])
def test_a_corpus_that_cannot_be_used_is_one_line_that_names_it(newsroom, tmp_path, name, words):
    if BROKEN[name] is not None:
        (tmp_path / name).write_text(BROKEN[name], "utf-8")
    code, out, err = newsroom(*words, "--corpus", name)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert name in err or "label" in err
    assert not Path("models").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("train", "--corpus", "a.jsonl", "--name", "../../x"), "not the name of a bundle"),
        (("train", "--corpus", "a.jsonl", "--name", "desk", "--facet", "mood"), "unknown facet 'mood'"),
        (("train", "--corpus", "a.jsonl", "--name", "desk", "--labels", "mood=x"), "unknown facet 'mood'"),
        (("train", "--corpus", "a.jsonl", "--name", "desk", "--date", "today"), "no ISO 8601 date"),
        (("train", "--corpus", "a.jsonl", "--name", "desk", "--recipe", "nope.toml"), "nope.toml: No such file"),
        (("train", "--corpus", "a.jsonl", "--name", "desk", "--label-map", "nope.json"), "nope.json: No such file"),
        (("train", "--corpus", "a.jsonl", "--name", "desk", "--base", "nobody"), "no bundle nobody"),
        (("train", "--corpus", ".", "--name", "desk"), "unknown format"),
        (("train", "--name", "desk"), "no corpus was named"),
        (("train", "--corpus", "a.jsonl"), "Missing option '--name'"),
        (("evaluate", "--bundle", "nobody", "--corpus", "a.jsonl"), "no bundle nobody"),
        (("evaluate", "--cv", "1", "--corpus", "a.jsonl"), "--cv"),
        (("evaluate", "--cv", "3", "--bundle", "x", "--corpus", "a.jsonl"), "measures no bundle"),
        (("models", "show", "nobody"), "no bundle nobody"),
        (("models", "verify", "a/b"), "not the name of a bundle"),
        (("models", "promote", "nobody@7"), "no bundle nobody@7"),
        (("models", "rollback", "nobody"), "no version promoted before"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_nothing_is_written(newsroom, words, message):
    code, out, err = newsroom(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err
    assert not Path("models").exists()


def test_an_unwritable_models_folder_is_told_before_the_work(newsroom, corpus):
    Path("a-file").write_text("x", "utf-8")
    for folder in ("a-file", "a-file/models"):
        code, _, err = newsroom("train", "--corpus", corpus, "--name", "desk", models=folder)
        assert code == 2
        assert (
            err == f"newstagger: {folder}: not a folder that can be written to (name another models folder with --models)\n"
            or "a-file" in err
        )


def test_a_damaged_bundle_is_refused_naming_the_file(newsroom, corpus):
    newsroom("train", "--corpus", corpus, "--name", "desk")
    path = Path("models/desk/1/topic.weights.npy")
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    for words in (("models", "verify", "desk"), ("models", "promote", "desk"), ("evaluate", "--corpus", corpus, "--bundle", "desk")):
        code, _, err = newsroom(*words)
        assert (code, err.count("\n")) == (2, 1)
        assert "topic.weights.npy" in err
    assert newsroom("models", "list")[0] == 0
    Path("models/desk/1/manifest.json").write_bytes(b"{}")
    assert newsroom("models", "list")[0] == 1


def test_help_shows_examples(newsroom, capsys):
    for words in (["train"], ["evaluate"], ["models"], ["models", "promote"]):
        assert run([*words, "--help"]) == 0
        assert "Example" in capsys.readouterr().out


def test_more_files_may_follow_the_corpus(newsroom, tmp_path):
    rows = list(archive())
    first, second = save(tmp_path / "a.jsonl", rows[:30]), save(tmp_path / "b.jsonl", rows[30:])
    code, out, _ = newsroom("train", "--corpus", first, second, "--facet", "topic", "--name", "desk", "--json")
    assert code == 0
    code, out, _ = newsroom("models", "show", "desk", "--json")
    assert [told["file"] for told in json.loads(out)["corpora"]] == ["a.jsonl", "b.jsonl"]

"""``train --search`` as it is typed: the table, the recipe, what stands in the bundle, and one line where there is nothing to search."""

import json
import random
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from newstagger.cli import run

WORDS = {"sea": ["ferry", "harbour", "tanker"], "rail": ["train", "tram", "signal"]}
LISTED = """[facets.topic.constants]
blocks = [{zones = ["headline", "lead", "body"]}]
[facets.topic.search]
c = [0.5]
blocks = {"a\\nb" = [{zones = ["headline"]}]}
"""


@pytest.fixture
def newsroom(tmp_path, monkeypatch, capsys):
    """Return a function that runs one command line where an archive's headlines tell the desk, and a recipe lists what to try."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSTAGGER_HOME", str(tmp_path / "home"))
    chance = random.Random(2)
    every = [word for words in WORDS.values() for word in words]
    desks = [("sea", "rail")[number % 2] for number in range(90)]
    texts = [" ".join([*chance.choices(every, k=4), *chance.choices([f"w{n}" for n in range(40)], k=20)]) for _ in desks]
    rows = [
        {"title": f"The {chance.choice(WORDS[desk])} news", "text": text, "labels": [desk]} for desk, text in zip(desks, texts, strict=True)
    ]
    Path("archive.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    Path("listed.toml").write_text(LISTED, "utf-8")

    def typed(*words):
        code = run([*map(str, words), *([] if words[0] == "models" and words[1] == "list" else ["--models", "models"])])
        told = capsys.readouterr()
        return code, told.out, told.err

    return typed


def arrays(version):
    return {path.name: path.read_bytes() for path in Path(f"models/desk/{version}").glob("*.npy")}


def test_a_search_writes_a_recipe_that_trains_the_same_bundle(newsroom):
    told = ("train", "--corpus", "archive.jsonl", "--name", "desk")
    code, out, err = newsroom(*told, "--recipe", "listed.toml", "--search", "--search-folds", 3, "--out", "found.toml")
    assert code == 0, err
    assert "3-fold cross-validation" in out
    assert "found: blocks = a b" in out
    assert "desk@1 in models/desk/1" in out
    assert "trials" in err
    assert "(constants searched by 3-fold cross-validation of" in Path("models/desk/1/MODEL_CARD.md").read_text("utf-8")
    text = Path("found.toml").read_text("utf-8")
    assert "# topic: searched by 3-fold" in text
    code, out, err = newsroom(*told, "--recipe", "found.toml")
    assert code == 0, err
    assert "searched" not in out
    assert arrays(1) == arrays(2)
    recipes = [json.loads(newsroom("models", "show", f"desk@{n}", "--json")[1])["recipe"]["facets"]["topic"] for n in (1, 2)]
    assert recipes[0] == recipes[1]
    assert recipes[0]["searched"]["found"] == {"blocks": "a\nb"}
    assert recipes[0]["constants"]["blocks"] == [{"zones": ["headline"]}]


def test_machines_get_what_was_tried(newsroom):
    code, out, err = newsroom(
        "train", "--corpus", "archive.jsonl", "--name", "desk", "--recipe", "listed.toml", "--search", "--objective", "macro", "--json"
    )
    assert code == 0, err
    told = json.loads(out)
    schema = resources.files("newstagger").joinpath("data/schemas/evaluation.schema.json").read_text("utf-8")
    jsonschema.validate(told, json.loads(schema))
    assert told["search"]["topic"]["objective"] == "macro"
    assert [one["constant"] for one in told["search"]["topic"]["candidates"]][:2] == ["c", "blocks"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--out", "found.toml"), "--out without a search"),
        (("--objective", "micro"), "--objective without a search"),
        (("--search", "--out", "nowhere/found.toml"), "nowhere/found.toml: cannot be written there"),
        (("--search", "--out", "found.json"), "a recipe is a TOML file"),
        (("--search", "--search-folds", "1000"), "cannot be cut into 1000 folds"),
        (("--search", "--objective", "luck"), "--objective"),
        (("--search", "--facet", "region", "--recipe", "places.toml"), "finds nothing for the facet region"),
        (("--search", "--recipe", "wrong.toml"), "did you mean relevance"),
    ],
)
def test_what_cannot_be_searched_is_one_line_and_nothing_is_written(newsroom, words, message):
    Path("places.toml").write_text('[facets.region]\nkind = "places"\n', "utf-8")
    Path("wrong.toml").write_text("[facets.topic.search]\nrelevanz = [1]\n", "utf-8")
    code, out, err = newsroom("train", "--corpus", "archive.jsonl", "--name", "desk", *words)
    assert (code, out, err.count("\n")) == (2, "", 1), err
    assert message in err
    assert not Path("models").exists()
    assert not Path("found.toml").exists()

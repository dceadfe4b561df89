"""The recipes on the real corpora, end to end, on a part of the rows."""

import gzip
import json
from itertools import islice
from pathlib import Path

import pytest

from newstagger.cli import run

pytestmark = pytest.mark.corpus


@pytest.fixture
def part(corpora, tmp_path):
    """Return a function that writes the first rows of a corpus file to a file of the same name."""

    def cut(name: str, rows: int) -> Path:
        with gzip.open(corpora / name) as lines, gzip.open(tmp_path / Path(name).name, "wb") as out:
            out.writelines(islice(lines, rows))
        return tmp_path / Path(name).name

    return cut


def figures(capsys, *words):
    code = run([*map(str, words), "--json"])
    out, err = capsys.readouterr()
    assert code == 0, err
    return json.loads(out)


def test_reuters_is_trained_and_measured_with_its_recipe(part, tmp_path, capsys):
    corpus = part("topics/reuters21578-train.jsonl.gz", 1500)
    told = ("--corpus", corpus, "--models", tmp_path / "models", "--home", tmp_path)
    trained = figures(capsys, "train", "--recipe", "reuters", "--name", "reuters", *told)
    assert trained["micro_f1"] > 0.7
    again = figures(capsys, "evaluate", "--bundle", "reuters", "--labels", "topics", "--where", "modapte90=true", *told)
    assert again["micro_f1"] > 0.9


def test_labels_of_another_set_are_mapped_and_lifted(part, corpora, tmp_path, capsys):
    corpus = part("topics/masakhanews-train-dev.jsonl.gz", 14_000)
    maps = corpora / "topics/label_map_iptc.json"
    told = ("--corpus", corpus, "--label-map", maps, "--where", "lang=en", "--models", tmp_path / "models", "--home", tmp_path)
    trained = figures(capsys, "train", "--name", "english", *told)
    assert {"medtop:15000000", "medtop:07000000"} <= set(trained["per_label"])
    assert trained["micro_f1"] > 0.7


def test_regions_by_id_borrow_the_starters_gazetteer(corpora, tmp_path, capsys):
    with gzip.open(corpora / "regions/fakes-syria.jsonl.gz") as lines:
        rows = [json.loads(line) for line in lines]
    places = [[row["focus_country"], *(row["focus_admin1"] or "").split("|")] for row in rows]
    made = [{**row, "labels": [f"iso:{code}" for code in codes if code]} for row, codes in zip(rows, places, strict=True)]
    (tmp_path / "syria.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in made), "utf-8")
    told = ("--corpus", tmp_path / "syria.jsonl", "--models", tmp_path / "models", "--home", tmp_path)
    assert figures(capsys, "train", "--facet", "region", "--name", "syria", *told)["micro_f1"] > 0.7
    assert figures(capsys, "models", "show", "syria", "--models", tmp_path / "models")["corpora"][1]["file"].startswith("starter@")


@pytest.mark.parametrize(
    ("name", "rows", "labels"),
    [("topics/wikipedia-current-events.jsonl.gz", 24_000, "medtop_l1"), ("topics/reuters21578-train.jsonl.gz", 2_500, "topics")],
)
def test_training_twice_gives_the_same_bytes_whatever_the_jobs(part, tmp_path, capsys, name, rows, labels):
    """More rows than terms and fewer: liblinear takes another way for each, and one of them sums on as many threads as it finds."""
    corpus = part(name, rows)
    for jobs in (1, 2):
        where = ("--models", tmp_path / str(jobs), "--home", tmp_path)
        figures(capsys, "train", "--corpus", corpus, "--labels", labels, "--facet", "topic", "--name", "twice", "--jobs", jobs, *where)
    one, two = ({f.name: f.read_bytes() for f in (tmp_path / jobs / "twice/1").iterdir()} for jobs in ("1", "2"))
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []

"""The search for constants: what it tries, on which rows, what it takes and what it refuses."""

import json
import random
from dataclasses import replace

import numpy as np
import pytest

from newstagger.domain import Facet
from newstagger.errors import ConfigError, CorpusError
from newstagger.learning.constants import LinearConstants
from newstagger.learning.evaluation import score
from newstagger.learning.features import Block
from newstagger.learning.matrix import count_terms
from newstagger.learning.svm import Problem
from newstagger.learning.trial import Bench, _shown, of_blocks
from newstagger.progress import Steps
from newstagger.recipe import FacetRecipe, Recipe, recipe_toml
from newstagger.text import extract
from newstagger.training import Feed, Search, Tools, TrainingJob, retrain
from newstagger.training.choices import choices_of
from newstagger.training.examples import Source, labelled, read_material, selection_of
from newstagger.training.search import search

NOISE = [f"word{number}" for number in range(60)]
TELLING = {"sea": ["ferry", "harbour", "tanker"], "rail": ["train", "tram", "signal"]}


def rows(count=120, *, headline=True, seed=1, group=None):
    """Yield rows whose headline tells the desk, among words that say the same and mean nothing in the body; or mere noise."""
    chance = random.Random(seed)
    for number in range(count):
        desk = ("sea", "rail")[number % 2]
        both = [*TELLING["sea"], *TELLING["rail"]]
        told = chance.choice(TELLING[desk]) if headline else chance.choice(both)
        body = " ".join([*chance.choices(both, k=3), *chance.choices(NOISE, k=20)])
        story = {"group": f"story{number // 4}"} if group else {}
        yield {"id": f"r{number}", "title": f"The {told} news", "text": f"{body}.", "labels": [desk], "lang": "en", **story}


def found_in(tmp_path, told, archive=None, how=None, jobs=1):
    path = tmp_path / "archive.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in (archive or rows())), "utf-8")
    tools = Tools(extract, tagger=None, progress=lambda line: None, jobs=jobs)
    source = Source(path.name)
    material = read_material([Feed(path, selection_of(source, (Facet.TOPIC,), None, path), source)], tools)
    found = labelled(material, Facet.TOPIC, ())
    return search(Facet.TOPIC, found.concepts, found.examples, told, told.constants, how or Search(folds=3), tools), found


WHOLE = {"blocks": [{"zones": ["headline", "lead", "body"]}]}


def test_what_is_better_beyond_noise_is_taken_and_told(tmp_path):
    apart = [{"zones": ["headline"]}]
    told, _ = found_in(tmp_path, FacetRecipe(constants=WHOLE, search={"blocks": {"whole": WHOLE["blocks"], "apart": apart}}))
    assert told.constants["blocks"] == apart
    assert told.searched["found"] == {"blocks": "apart"}
    assert (told.searched["rows"], told.searched["folds"], told.searched["objective"]) == (120, 3, "mean")
    taken = [one for one in told.searched["candidates"] if one["taken"]]
    assert [one["value"] for one in taken] == ["apart"]
    assert 0 < taken[0]["low"] < taken[0]["difference"] < taken[0]["high"]
    assert told.searched["after"]["micro_f1"] == taken[0]["micro_f1"] > told.searched["before"]["micro_f1"]


def test_within_the_noise_the_recipes_own_constants_stay(tmp_path):
    told, _ = found_in(tmp_path, FacetRecipe(), rows(headline=False))
    assert told.searched["found"] == {}
    assert told.constants == {}
    assert len(told.searched["candidates"]) == 9 - 1
    assert told.searched["before"] == told.searched["after"]


def test_the_same_archive_gives_the_same_search_whatever_the_jobs(tmp_path):
    told = FacetRecipe(search={"c": [0.1, 1.0], "balance": [0.0, 1.0]})
    one, two = (found_in(tmp_path, told, jobs=jobs)[0] for jobs in (1, 2))
    assert one == two
    assert one.searched != found_in(tmp_path, told, how=Search(folds=3, seed=1))[0].searched


def bench_of(examples, concepts, tried, folds=3):
    steps = Steps(lambda line: None, "counting", len(examples), "examples")
    return Bench.of(Facet.TOPIC, concepts, examples, tried, folds, 0, steps)


def test_groups_are_never_split_and_are_drawn_whole(tmp_path):
    told = FacetRecipe(search={"c": [0.5]})
    _, found = found_in(tmp_path, told, [*rows(group=True)])
    bench = bench_of(found.examples, found.concepts, [LinearConstants()])
    for part in bench.parts:
        inside = {found.examples[at].group for at in part}
        assert all(at in part for at, example in enumerate(found.examples) if example.group in inside)
    assert len(set(bench.stories.tolist())) == 30


def test_terms_are_counted_once_for_all_choices_of_blocks(tmp_path):
    _, found = found_in(tmp_path, FacetRecipe(search={"c": [0.5]}))
    zones = ("headline", "lead", "body")
    choices = [
        (Block(zones), Block(("headline",), 0.5)),
        (Block(("headline", "lead"), 2.0), Block(zones, phrases=True)),
        (Block(zones, 3.0),),
    ]
    bench = bench_of(found.examples, found.concepts, [LinearConstants(blocks=blocks) for blocks in choices])
    assert len(bench.blocks) == 4
    for blocks in choices:
        once, anew = of_blocks(bench.counts, bench.blocks, blocks), count_terms((e.text for e in found.examples), blocks)
        for name in ("keys", "counts", "block", "phrase", "offsets"):
            assert np.array_equal(getattr(once, name), getattr(anew, name)), name


def test_the_figures_are_those_of_an_evaluation(tmp_path):
    _, found = found_in(tmp_path, FacetRecipe(search={"c": [0.5]}))
    bench = bench_of(found.examples, found.concepts, [LinearConstants()])
    shown = np.random.RandomState(3).rand(*bench.given.shape) < 0.4
    result = bench._result(shown)
    names = [concept.id for concept in bench.learned]
    predicted = [[name for name, yes in zip(names, row, strict=True) if yes] for row in shown]
    told = score(Facet.TOPIC, [example.labels for example in found.examples], predicted, names)
    assert result.micro == pytest.approx(told.micro_f1)
    assert result.macro == pytest.approx(told.macro_f1)
    assert abs(result.drawn[0].mean() - told.micro_f1) < 0.02


def test_no_row_has_a_say_in_its_own_threshold():
    random_ = np.random.RandomState(0)
    margins = random_.randn(60, 2)
    wanted = margins > 0.3
    parts = [np.arange(0, 20), np.arange(20, 40), np.arange(40, 60)]
    other = wanted.copy()
    other[parts[0]] = ~wanted[parts[0]]
    seen = [_shown(margins, Problem(None, w, np.ones_like(w), np.ones(60)), parts, LinearConstants()) for w in (wanted, other)]
    assert np.array_equal(seen[0][parts[0]], seen[1][parts[0]])
    assert not np.array_equal(seen[0][parts[1]], seen[1][parts[1]])


def test_broader_concepts_of_what_is_shown_do_not_count_against_it(tmp_path):
    named = {"sea": "medtop:20000822", "rail": "medtop:20001056"}
    _, found = found_in(tmp_path, FacetRecipe(search={"c": [0.5]}), [{**row, "labels": [named[row["labels"][0]]]} for row in rows()])
    bench = bench_of(found.examples, found.concepts, [LinearConstants()])
    assert len(bench.learned) > 2
    broad = [concept.id not in named.values() for concept in bench.learned]
    shown = bench.given | np.array(broad)
    assert bench._result(bench._without_derived(shown)).micro == pytest.approx(1.0)
    assert bench._result(shown).micro < 0.8


def test_held_out_rows_are_never_seen_by_the_search(store, tools, tmp_path, monkeypatch):
    seen = []

    def spy(facet, concepts, examples, told, constants, how, tools):
        seen.extend(example.article.ref.id for example in examples)
        return told

    monkeypatch.setattr("newstagger.training.line.search", spy)
    marked = [{**row, "split": "test" if number % 3 == 0 else "train"} for number, row in enumerate(rows())]
    path = tmp_path / "archive.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in marked), "utf-8")
    source = Source(path.name)
    feed = Feed(path, selection_of(source, (Facet.TOPIC,), None, path), source)
    retrain(TrainingJob("desk", (Facet.TOPIC,), feeds=(feed,), search=Search()), store, tools)
    assert sorted(seen) == sorted(row["id"] for row in marked if row["split"] == "train")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"ballance": [1]}, "did you mean balance"),
        ({"c": 3}, "facets.topic.search.c must be a list"),
        ({"c": []}, "facets.topic.search.c must be a list"),
        ({"c": ["much"]}, "constant c cannot be used"),
        ({"c": [0.0]}, "constant c cannot be used: it is above 0"),
        ({"balance": [float("nan")]}, "constant balance cannot be used: it is a finite number"),
        ({"balance": [True]}, "constant balance cannot be used"),
        ({"min_documents": [1]}, "the constant min_documents cannot be 1"),
        ({"auto": [0.5, 0.9]}, "facets.topic.search.auto is not searched"),
        ({"blocks": ["hedline"]}, "no choice 'hedline'"),
        ({"blocks": "headline"}, "must be a list of names"),
        ({"blocks": {"mine": [{"zones": ["footer"]}]}}, "constant blocks cannot be used"),
    ],
)
def test_what_cannot_be_tried_is_named(table, message):
    with pytest.raises(ConfigError, match=r"^[^\n]*$") as told:
        choices_of(FacetRecipe(search=table), Facet.TOPIC)
    assert message in str(told.value)


def test_a_gazetteer_has_nothing_to_search():
    with pytest.raises(ConfigError, match="the facet region"):
        choices_of(FacetRecipe(kind="places"), Facet.REGION)


def test_folds_and_groups_that_cannot_be_cut_are_told(tmp_path):
    with pytest.raises(CorpusError, match="60 rows cannot be cut into 70 folds"):
        found_in(tmp_path, FacetRecipe(), rows(60), Search(folds=70))
    with pytest.raises(CorpusError, match="all rows are of one group"):
        found_in(tmp_path, FacetRecipe(), [{**row, "group": "one"} for row in rows(60)])
    with pytest.raises(CorpusError, match="40 rows to learn from are too few for a search"):
        found_in(tmp_path, FacetRecipe(), rows(40))


def test_a_recipe_that_calibrates_on_sources_is_searched_on_sources_left_out(tmp_path):
    told, found = found_in(tmp_path, FacetRecipe(search={"c": [0.5]}))
    sources = [replace(example, source=("near", "far")[number % 2]) for number, example in enumerate([*found.examples] * 4)]
    bench = bench_of(sources, found.concepts, [LinearConstants(calibrate="sources")])
    left_out = [{sources[at].source for at in part} for part in bench.parts]
    assert left_out == [{"far"}, {"near"}]
    assert bench.try_out(LinearConstants(calibrate="sources"), 1, lambda count: None).micro > 0.5
    assert told.searched["folds"] == 3


def test_a_recipe_written_is_the_recipe_read(tmp_path, repository):
    from newstagger.recipe import read_recipe

    told, _ = found_in(tmp_path, FacetRecipe(search={"c": [0.5], "blocks": ["whole"]}))
    recipes = [Recipe(facets={Facet.TOPIC: told}), *(read_recipe(path) for path in sorted((repository / "recipes").glob("*.toml")))]
    for recipe in recipes:
        (tmp_path / "again.toml").write_text(recipe_toml(recipe), "utf-8")
        assert read_recipe(tmp_path / "again.toml") == recipe

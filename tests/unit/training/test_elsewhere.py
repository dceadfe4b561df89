"""Sets that are never learned from: measured for the model card, language by language."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import jsonschema

import newstagger
from newstagger.domain import Facet
from newstagger.recipe import FacetRecipe, Recipe, Source, recipe_from, recipe_toml
from newstagger.training import TrainingJob, retrain

from .conftest import archive, save

SCHEMA = Path(newstagger.__file__).parent / "data" / "schemas" / "evaluation.schema.json"


def trained(tmp_path, store, tools, *tests):
    save(tmp_path / "a.jsonl", archive())
    told = FacetRecipe(sources=(Source("a"),), tests=tests)
    job = TrainingJob("desk", (Facet.TOPIC,), recipe=Recipe(facets={Facet.TOPIC: told}), data=tmp_path)
    ref, evaluation = retrain(job, store, tools)
    return store.load(str(ref)), evaluation, (store.find(str(ref)).folder / "MODEL_CARD.md").read_text("utf-8")


def test_the_card_tells_how_a_set_fares_that_was_not_learned_from(tmp_path, store, tools):
    rows = [row | {"id": f"other-{row['id']}"} for row in archive(80)]
    save(tmp_path / "other.jsonl", rows)
    bundle, evaluation, card = trained(tmp_path, store, tools, Source("other", note="labels by hand"))
    (score,) = evaluation.elsewhere
    assert (score.name, score.facet, score.documents) == ("other (labels by hand)", Facet.TOPIC, len(rows))
    assert score.first_right > 0.9
    assert "other (labels by hand) | topic" in card
    assert [one["file"] for one in bundle.manifest.provenance.corpora] == ["a.jsonl"]
    jsonschema.validate(bundle.evaluation, json.loads(SCHEMA.read_text("utf-8")))


def test_a_set_that_is_not_at_hand_is_told_and_stops_nothing(tmp_path, store, tools):
    told = []
    _, evaluation, card = trained(tmp_path, store, replace(tools, progress=told.append), Source("gone"))
    assert evaluation.elsewhere == ()
    assert "never learned from" not in card
    assert any("not measured on gone" in line for line in told)


def test_a_recipe_keeps_its_tests_when_it_is_written():
    recipe = Recipe(facets={Facet.TOPIC: FacetRecipe(tests=(Source("x", labels="medtop_l1"),))})
    assert recipe_from(tomllib.loads(recipe_toml(recipe)), "x").facets == recipe.facets

"""Recipes: what is read, and which key is named when one is wrong."""

import pytest

from newstagger.domain import Facet
from newstagger.errors import ConfigError
from newstagger.recipe import FacetRecipe, Recipe, Source, read_recipe

GOOD = """
name = "harbour"
date = "2024-05-01"
description = "A small recipe."
notes = ["Made up."]

[facets.topic]
held_out = 0.2
constants = {c = 0.5, blocks = [{zones = ["headline"]}]}

[[facets.topic.sources]]
id = "topics/harbour"
where = "modern=true"
weight = 2
terms = "CC0"
"""


def write(tmp_path, text):
    path = tmp_path / "r.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_recipe_is_read(tmp_path):
    recipe = read_recipe(write(tmp_path, GOOD))
    source = Source("topics/harbour", where=("modern=true",), weight=2.0, terms="CC0")
    assert recipe.name == "harbour"
    assert recipe.date == "2024-05-01"
    assert recipe.facet(Facet.TOPIC).sources == (source,)
    assert recipe.facet(Facet.TOPIC).constants["c"] == 0.5
    assert recipe.facet(Facet.REGION) == FacetRecipe()
    assert recipe.source_named(Facet.TOPIC, "harbour.jsonl.gz") == source
    assert recipe.source_named(Facet.TOPIC, "moon.jsonl.gz") is None


def test_an_empty_recipe_is_the_default_one(tmp_path):
    assert read_recipe(write(tmp_path, "")) == Recipe()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nam = 'x'", r"unknown key nam \(did you mean name\?\)"),
        ("[facets.topics]", r"unknown facet 'topics' \(facets are topic, region, actor\)"),
        ("[facets.topic]\nhold_out = 1", r"unknown key facets\.topic\.hold_out \(did you mean facets\.topic\.held_out\?\)"),
        ("[facets.topic]\nheld_out = 1", r"facets\.topic\.held_out must lie between 0 and 1"),
        ("[facets.topic]\nheld_out = true", r"facets\.topic\.held_out must be a number"),
        ("[facets.topic]\nkind = 'svm'", r"facets\.topic\.kind is 'svm' \(kinds are linear"),
        ("[facets.topic]\nbuild = 1", r"facets\.topic\.build must be true or false"),
        ("[facets.topic]\nconstants = 1", r"facets\.topic\.constants must be a table"),
        ("[facets.topic]\nsources = {}", r"facets\.topic\.sources must be a list"),
        ("[[facets.topic.sources]]\nlabels = 'x'", r"facets\.topic\.sources\.id is missing"),
        ("[[facets.topic.sources]]\nid = 'x'\nmax_rows = 1.5", r"max_rows must be a whole number"),
        ("[[facets.topic.sources]]\nid = 'x'\nmax_rows = true", r"max_rows must be a whole number"),
        ("[[facets.topic.sources]]\nid = 'x'\nwher = []", r"did you mean facets\.topic\.sources\.where\?"),
        ("[[facets.topic.sources]]\nid = 'x'\nmax_rows = -1", r"max_rows must be 0 \(all\) or more"),
        ("[[facets.topic.sources]]\nid = 'x'\nweight = 0", r"weight must be above 0"),
        ("[[facets.topic.tests]]\nid = 'x'\nweight = nan", r"weight must be above 0"),
        ("facets = 1", "facets must be a table"),
        ("notes = [1]", "notes must be a text"),
        ("= 1", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, message):
    with pytest.raises(ConfigError, match=rf"r\.toml: .*{message}"):
        read_recipe(write(tmp_path, text))


def test_a_missing_recipe_is_one_clear_line(tmp_path):
    with pytest.raises(ConfigError, match=r"No such file .*--recipe"):
        read_recipe(tmp_path / "absent.toml")


def test_an_expert_names_sources_of_the_recipe(tmp_path):
    expert = '[[facets.topic.constants.experts]]\nsources = ["topics/harbor"]\n'
    text = GOOD.replace('constants = {c = 0.5, blocks = [{zones = ["headline"]}]}\n', "") + expert
    with pytest.raises(ConfigError, match="did you mean topics/harbour"):
        read_recipe(write(tmp_path, text))
    assert read_recipe(write(tmp_path, text.replace("harbor", "harbour"))).facet(Facet.TOPIC).constants["experts"]

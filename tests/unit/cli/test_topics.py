"""Media Topics by name as they are typed: looked for in texts, told in a corpus's labels, retired under a bundle, named in a language."""

import json
from dataclasses import replace

import pytest

from newstagger.bundles.manifest import Provenance
from newstagger.bundles.store import open_store
from newstagger.cli import run
from newstagger.domain import Action, Article, ArticleRef, Concept, Decision, EditorDecision, Evaluation, Facet
from newstagger.errors import ConfigError
from newstagger.host import Host
from newstagger.newsroom.vocabularyfile import FILE
from newstagger.settings import Settings, VocabularySettings, read_settings

SPORT, CRICKET, TENNIS = "medtop:15000000", "medtop:20000888", "medtop:20001085"
SEA = (
    "The ferry left the harbour at noon.",
    "Fishing boats stayed in port.",
    "A tanker ran aground off the cape.",
    "The light was mended.",
)
RAIL = ("The night train was late again.", "Signals failed at the junction.", "A new tram opens in spring.", "Railway staff met on Monday.")


@pytest.fixture
def typed(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def typed(*words):
        code = run([*map(str, words), "--home", "home", "--models", "models"])
        told = capsys.readouterr()
        return code, told.out, told.err

    return typed


@pytest.fixture
def story(tmp_path):
    text = "Cricket is back. The cricket club has mown the lawn, and cricket it is."
    told = {"id": "s1", "site": "gazette", "title": "Cricket in the park", "text": text, "lang": "en"}
    (tmp_path / "story.json").write_text(json.dumps(told), "utf-8")
    return "story.json"


def archive(sea, rail, rows=60):
    for number in range(rows):
        label, sentences = ((sea, SEA), (rail, RAIL))[number % 2]
        text = " ".join(sentences[(number // 2 + step) % 4] for step in range(3))
        yield {
            "id": f"a{number:03}",
            "title": "News",
            "text": text,
            "labels": [label],
            "lang": "en",
            "date": f"2024-01-{1 + number % 28:02}",
        }


def write(path, rows):
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return str(path)


def decisions(typed, story):
    """Return what is found by name beside the model's own topics."""
    tags = json.loads(typed("save", story, "--json")[1])["tags"]
    return {tag["concept"]: tag["decision"] for tag in tags if tag["tagger"] != "topic"}


def test_a_topic_is_suggested_at_the_next_save_and_gone_after_it_was_removed(typed, story):
    assert CRICKET not in decisions(typed, story)
    code, out, _ = typed("vocabulary", "add-topic", CRICKET)
    assert code == 0 and "cricket" in out
    assert decisions(typed, story)[CRICKET] == "suggest"
    code, out, _ = typed("vocabulary", "remove", CRICKET)
    assert code == 0 and out.startswith(f"removed {CRICKET}")
    assert CRICKET not in decisions(typed, story)
    assert typed("vocabulary", "list") == (0, "", "")


def test_a_branch_is_one_entry_and_does_not_force_the_broader_topic(typed, story, tmp_path):
    code, out, _ = typed("vocabulary", "add-topic", "Sport", "--below", "--lang", "en", "--lang", "de", "--json")
    told = json.loads(out)
    assert (code, told["id"], told["below"], told["languages"], len(told["concepts"])) == (0, SPORT, True, ["de", "en"], 209)
    assert len(json.loads((tmp_path / "home" / FILE).read_text("utf-8"))["topics"]) == 1
    assert decisions(typed, story) == {CRICKET: "suggest"}
    code, _, err = typed("vocabulary", "remove", CRICKET)
    assert code == 2 and f'deny = ["{CRICKET}"]' in err and SPORT in err
    assert typed("vocabulary", "remove", SPORT)[0] == 0
    assert decisions(typed, story) == {}


def test_the_model_s_broader_topic_is_among_the_reasons(typed, story):
    typed("vocabulary", "add-topic", CRICKET)
    tags = {tag["concept"]: tag for tag in json.loads(typed("save", story, "--json")[1])["tags"]}
    reasons = {reason["term"]: reason["contribution"] for reason in tags[CRICKET]["evidence"]}
    assert tags[SPORT]["decision"] != "silent" and reasons["how sure its broader topic is"] > 0
    assert list(tags) == [SPORT, CRICKET]


def test_own_concepts_and_topics_are_kept_beside_each_other(typed, story):
    typed("vocabulary", "add-topic", CRICKET)
    typed("vocabulary", "add", "lawn mowing", "--alt", "mown the lawn")
    assert {line.split()[0] for line in typed("vocabulary", "list")[1].splitlines()} == {CRICKET, "own:lawn-mowing"}
    typed("vocabulary", "remove", "own:lawn-mowing")
    assert decisions(typed, story) == {CRICKET: "suggest"}
    typed("vocabulary", "add", "the bat and ball", "--id", CRICKET)
    typed("vocabulary", "remove", CRICKET)
    assert typed("vocabulary", "list")[1] == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["medtop:20000905"], "it is now medtop:20001333 (road cycling)"),
        (["medtop:20000030"], "retired; its broader concept is medtop:20000029"),
        (["medtop:2000088"], "did you mean medtop:"),
        (["iso:SY"], "no Media Topic"),
        (["drama"], "tell one of medtop:20000014 (drama (literature))"),
        (["no such thing"], "tell its id"),
        ([TENNIS, "--lang", "tlh"], "languages are ar, da, de"),
        ([CRICKET], "already"),
    ],
)
def test_what_cannot_be_looked_for_is_one_clear_line_and_changes_nothing(typed, tmp_path, words, told):
    typed("vocabulary", "add-topic", CRICKET)
    before = (tmp_path / "home" / FILE).read_bytes()
    code, out, err = typed("vocabulary", "add-topic", *words)
    assert (code, out) == (2, "") and told in err and len(err.splitlines()) == 1
    assert (tmp_path / "home" / FILE).read_bytes() == before


def test_a_topic_that_was_retired_since_is_listed_with_what_stands_for_it(typed, tmp_path):
    typed("vocabulary", "add-topic", CRICKET)
    path = tmp_path / "home" / FILE
    path.write_text(path.read_text("utf-8").replace(CRICKET, "medtop:20000905"), "utf-8")
    code, out, _ = typed("vocabulary", "list")
    assert code == 1 and "! medtop:20000905 was retired: medtop:20001333 (road cycling) is looked for in its place" in out


def test_what_the_bundle_is_trained_on_is_left_to_the_model(typed, story, tmp_path):
    write(tmp_path / "a.jsonl", archive(CRICKET, TENNIS))
    assert typed("train", "--corpus", "a.jsonl", "--name", "desk", "--promote")[0] == 0
    (tmp_path / "newstagger.toml").write_text('bundle = "desk"\n', "utf-8")
    out = typed("vocabulary", "add-topic", CRICKET)[1]
    assert "1 of 1 are not looked for: the bundle is trained on them" in out
    tags = json.loads(typed("save", story, "--json")[1])["tags"]
    assert {tag["tagger"] for tag in tags} <= {"topic"}


def test_labels_may_be_names_in_any_language_when_the_option_says_so(typed, tmp_path):
    corpus = write(tmp_path / "a.jsonl", archive("Kricket", " TENNIS "))
    code, out, err = typed("train", "--corpus", corpus, "--name", "desk", "--vocabulary", "medtop", "--json")
    assert code == 0, err
    assert set(json.loads(out)["per_label"]) == {CRICKET, TENNIS}
    assert typed("evaluate", "--corpus", corpus, "--bundle", "desk", "--vocabulary", "medtop", "--json")[0] == 0
    code, out, _ = typed("train", "--corpus", corpus, "--name", "bare", "--json")
    assert set(json.loads(out)["per_label"]) == {"Kricket", "TENNIS"}


def test_a_recipe_says_so_for_a_source(typed, tmp_path):
    write(tmp_path / "a.jsonl", archive("Kricket", "tennis"))
    recipe = '[facets.topic]\n[[facets.topic.sources]]\nid = "a"\nvocabulary = "medtop"\n'
    (tmp_path / "r.toml").write_text(recipe, "utf-8")
    code, out, err = typed("train", "--recipe", "r.toml", "--data", ".", "--name", "desk", "--json")
    assert code == 0, err
    assert set(json.loads(out)["per_label"]) == {CRICKET, TENNIS}
    (tmp_path / "r.toml").write_text(recipe.replace('"medtop"', '"dewey"'), "utf-8")
    code, _, err = typed("train", "--recipe", "r.toml", "--data", ".", "--name", "desk")
    assert code == 2 and "vocabularies are medtop" in err


def test_names_that_mean_nothing_are_listed_with_line_and_nearest_match(typed, tmp_path):
    rows = list(archive("cricket", "tennis"))
    rows[4]["labels"], rows[7]["labels"] = ["crickett"], ["drama"]
    corpus = write(tmp_path / "a.jsonl", rows)
    code, out, err = typed("train", "--corpus", corpus, "--name", "desk", "--vocabulary", "medtop")
    assert (code, out) == (2, "") and len(err.splitlines()) == 1
    assert f"'crickett' ({corpus}:5: did you mean 'cricket', {CRICKET}?)" in err
    assert f"'drama' ({corpus}:8: it could be medtop:20000014" in err
    assert not (tmp_path / "models" / "desk").exists()


@pytest.fixture
def old_bundle(typed, tmp_path):
    """Return the settings of a newsroom whose bundle was trained when three of its labels were live still."""
    write(tmp_path / "a.jsonl", archive(CRICKET, TENNIS))
    assert typed("train", "--corpus", "a.jsonl", "--name", "desk")[0] == 0
    settings = Settings(home=tmp_path / "home", models=tmp_path / "models", bundle="old")
    store = open_store(settings)
    part = store.load("desk").parts[Facet.TOPIC]
    names = {
        CRICKET: Concept("medtop:20000905", "road cycling (old)", Facet.TOPIC),
        TENNIS: Concept("medtop:20000030", "music theatre", Facet.TOPIC),
    }
    concepts = tuple(names.get(one.id, replace(one, id="medtop:29999999")) for one in part.concepts)
    ref = store.write_candidate("old", {Facet.TOPIC: replace(part, concepts=concepts)}, Provenance(), Evaluation(()))
    store.promote(str(ref))
    return settings


def sailing(ref="1"):
    return Article(ArticleRef("gazette", ref), headline="News", body=" ".join(SEA), language="en")


def test_a_bundle_of_an_older_vocabulary_loads_and_tags_under_today_s_ids(old_bundle):
    host = Host(old_bundle, discover=False)
    tags = {tag.concept.id: tag for tag in host.article_saved(sailing()).tags}
    assert tags["medtop:20001333"].concept.pref_label == "road cycling"
    assert tags["medtop:20001333"].decision is not Decision.SILENT
    assert "medtop:20000905" not in tags
    assert host.concept("medtop:20000905").id == "medtop:20001333"
    rail = replace(sailing("2"), body=" ".join(RAIL))
    assert "medtop:20000030" in {tag.concept.id for tag in host.article_saved(rail).tags}


@pytest.mark.parametrize("told", ["medtop:20000905", "medtop:20001333"])
def test_an_editor_s_no_follows_a_retired_topic_to_its_successor(old_bundle, told):
    host = Host(old_bundle, discover=False)
    host.article_saved(sailing())
    host.editor_decided(EditorDecision(ArticleRef("gazette", "1"), told, Action.REMOVED))
    tagging = host.article_saved(sailing())
    assert not {"medtop:20001333", "medtop:20000905"} & {tag.concept.id for tag in tagging.tags}
    host.editor_decided(EditorDecision(ArticleRef("gazette", "1"), told, Action.ADDED))
    tagging = host.article_saved(sailing())
    assert [tag.decision for tag in tagging.tags if tag.concept.id == "medtop:20001333"] == [Decision.AUTO]


def test_verify_lists_the_labels_of_an_older_vocabulary_with_what_stands_for_them(old_bundle, typed):
    code, out, _ = typed("models", "verify", "old")
    assert code == 0 and out.startswith("old@1 is whole")
    assert "! medtop:20000905 (road cycling (old)): retired; tagged as medtop:20001333 (road cycling)" in out
    assert "! medtop:20000030 (music theatre): retired; its broader concept is medtop:20000029" in out
    assert "! medtop:29999999 (" in out
    outdated = json.loads(typed("models", "verify", "old", "--json")[1])["outdated"]
    assert {"medtop:20000905", "medtop:20000030", "medtop:29999999"} == set(outdated)
    assert json.loads(typed("models", "verify", "desk", "--json")[1])["outdated"] == {}


def test_topics_are_named_in_the_site_s_language_under_the_same_ids(typed, story, tmp_path):
    typed("vocabulary", "add-topic", CRICKET)
    (tmp_path / "newstagger.toml").write_text('[vocabulary]\nlanguage = "de"\n', "utf-8")
    tags = {tag["concept"]: tag["label"] for tag in json.loads(typed("save", story, "--json")[1])["tags"]}
    assert tags == {SPORT: "Sport", CRICKET: "Kricket"}
    typed("vocabulary", "add", "Cricket am Ort", "--id", CRICKET)
    tags = {tag["concept"]: tag["label"] for tag in json.loads(typed("save", story, "--json")[1])["tags"]}
    assert tags == {SPORT: "Sport", CRICKET: "Cricket am Ort"}


def test_what_an_editor_adds_is_named_so_too_and_another_language_is_refused(tmp_path):
    settings = Settings(home=tmp_path / "home", models=tmp_path, vocabulary=VocabularySettings("de"), bundle="nothing-here")
    host = Host(settings, discover=False)
    host.article_saved(sailing())
    host.editor_decided(EditorDecision(ArticleRef("gazette", "1"), CRICKET, Action.ADDED))
    assert [tag.concept.pref_label for tag in host.article_saved(sailing()).tags] == ["Kricket"]
    (tmp_path / "newstagger.toml").write_text('[vocabulary]\nlanguage = "tlh"\n', "utf-8")
    with pytest.raises(ConfigError, match=r"newstagger\.toml.*no names in 'tlh' \(languages are ar"):
        read_settings(tmp_path / "newstagger.toml")


def test_a_tag_typed_by_hand_is_known_in_any_language_unless_it_means_several(tmp_path):
    host = Host(Settings(home=tmp_path / "home", models=tmp_path, bundle="nothing-here"), discover=False)
    assert [concept.id for concept in host.named("Kricket")] == [CRICKET]
    assert [concept.id for concept in host.named(" cricket")] == [CRICKET]
    assert host.named("Rente") == ()
    assert host.named("Kricket", Facet.REGION) == ()

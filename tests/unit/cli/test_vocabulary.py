"""The verb ``vocabulary``: what it prints, what it refuses, and that an article knows at once."""

import json
import threading

import pytest

from newstagger.cli import run
from newstagger.domain import Facet
from newstagger.newsroom.vocabulary import Entry, Overlay
from newstagger.newsroom.vocabularyfile import FILE, changing, load_overlay


@pytest.fixture
def call(tmp_path, capsys):
    (tmp_path / "models").mkdir()

    def call(*words):
        code = run([*words, "--home", str(tmp_path / "home"), "--models", str(tmp_path / "models")])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def file(tmp_path):
    return tmp_path / "home" / FILE


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "story.json"
    path.write_text(
        json.dumps({"id": "s1", "site": "gazette", "title": "Harbour shuts", "text": "Drone strikes hit it. Drone strikes.", "lang": "en"})
    )
    return path


def test_a_concept_is_added_listed_suggested_and_removed(call, story):
    code, out, _ = call("vocabulary", "add", "drone warfare", "--alt", "drone strikes", "--alt", "Drohnenkrieg")
    assert code == 0 and out.split() == ["own:drone-warfare", "topic", "drone", "warfare", "(drone", "strikes,", "Drohnenkrieg)"]
    saved = json.loads(call("save", str(story), "--json")[1])
    assert [(t["decision"], t["tagger"]) for t in saved["tags"] if t["concept"] == "own:drone-warfare"] == [("suggest", "own-terms")]
    code, out, _ = call("vocabulary", "list", "--json")
    assert code == 0
    assert json.loads(out) == {
        "id": "own:drone-warfare", "facet": "topic", "pref_label": "drone warfare", "alt_labels": ["drone strikes", "Drohnenkrieg"],
        "definition": "", "broader": [], "exact_match": [], "replaces": [], "problems": [],
    }  # fmt: skip
    code, out, _ = call("vocabulary", "remove", "own:drone-warfare")
    assert code == 0 and out.startswith("removed own:drone-warfare")
    assert "own:drone-warfare" not in call("save", str(story), "--json")[1]
    assert call("vocabulary", "list") == (0, "", "")


def test_a_known_concept_gets_names_and_keeps_its_facet(call, file):
    code, out, _ = call("vocabulary", "add", "Syria", "--id", "iso:SY", "--alt", "Damascus government", "--json")
    assert code == 0 and json.loads(out)["facet"] == "region"
    assert load_overlay(file).by_id["iso:SY"].alt_labels == ("Damascus government",)
    assert call("vocabulary", "add", "x", "--id", "iso:TR", "--facet", "topic")[0] == 2


def test_an_own_concept_may_be_broader_and_replace(call, file):
    assert call("vocabulary", "add", "unmanned systems")[0] == 0
    call("vocabulary", "add", "uav")
    call("vocabulary", "remove", "own:uav")
    broader = ["--broader", "own:unmanned-systems", "--broader", "medtop:16000000"]
    assert call("vocabulary", "add", "drones", *broader, "--replaces", "own:uav")[0] == 0
    entry = load_overlay(file).by_id["own:drones"]
    assert (entry.broader, entry.replaces) == (("own:unmanned-systems", "medtop:16000000"), ("own:uav",))


def test_what_else_is_called_so_is_told(call):
    assert "also called so: medtop:15000000" in call("vocabulary", "add", "Sport")[1]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([""], "empty"),
        (["x" * 10_000], "longer than 200"),
        (["bell\x07 tower"], "cannot be printed"),
        (["!!!"], "--id own:NAME"),
        (["x", "--id", "foo"], "ids like own:NAME"),
        (["x", "--id", "medtop:1600000"], "did you mean medtop:16000000"),
        (["x", "--id", "own:../x"], "not an id"),
        (["x", "--broader", "own:nothing"], "broader concept 'own:nothing'"),
        (["x", "--broader", "own:x"], "own:x"),
        (["x", "--broader", "iso:SY"], "is a region, no topic"),
        (["x", "--alt", ""], "empty"),
        (["taken"], "already"),
        (["x", "--replaces", "own:taken"], "cannot be replaced"),
        (["x", "--facet", "mood"], "mood"),
        (["the"], "everyday word"),
        (["A"], "everyday word"),
        (["x", "--alt", "of"], "everyday word"),
        (["x", "--replaces", "iso:SY"], "'iso:SY' is a region, and 'own:x' a topic"),
        (["x", "--replaces", "medtop:1600000"], "did you mean medtop:16000000"),
        (["x", "--replaces", "own:take"], "did you mean own:taken"),
        (["x", "--replaces", "own:nothing-like-it"], "no vocabulary knows or knew"),
        (["x", "--facet", "region", "--replaces", "own:was-a-topic"], "is a topic, and 'own:x' a region"),
    ],
)
def test_what_cannot_be_added_is_one_clear_line_and_changes_nothing(call, file, words, told):
    call("vocabulary", "add", "taken")
    call("vocabulary", "add", "was a topic")
    call("vocabulary", "remove", "own:was-a-topic")
    before = file.read_bytes()
    code, out, err = call("vocabulary", "add", *words)
    assert (code, out) == (2, "") and told in err and len(err.splitlines()) == 1
    assert file.read_bytes() == before


def test_removing_what_is_not_there_is_refused(call):
    code, _, err = call("vocabulary", "remove", "own:nothing")
    assert code == 2 and "vocabulary list" in err


@pytest.mark.parametrize("words", [["add", "x"], ["remove", "own:x"], ["list"]])
def test_a_damaged_file_is_never_written_over(call, file, words):
    file.parent.mkdir()
    file.write_text("{")
    code, _, err = call("vocabulary", *words)
    assert code == 2 and FILE in err and len(err.splitlines()) == 1
    assert file.read_text() == "{"


def test_list_says_which_ids_are_gone(call, file):
    with changing(file) as write:
        overlay = load_overlay(file)
        for entry in (
            Entry("own:a", "first", broader=("medtop:99999999", "own:gone")),
            Entry("medtop:1600000", "war"),
            Entry("own:b", "b", replaces=("own:deleted", "medtop:77777777")),
            Entry("own:c", "one two three four five six seven eight nine"),
            Entry("own:d", "d", broader=("own:a",)),
        ):
            overlay = overlay.adding(entry)
        write(overlay)
    code, out, _ = call("vocabulary", "list")
    wrong = [line for line in out.splitlines() if line.startswith("  !")]
    assert code == 1 and len(wrong) == 5
    for told in ("medtop:99999999", "own:gone", "did you mean medtop:16000000", "medtop:77777777", "not looked for"):
        assert any(told in line for line in wrong)
    code, out, _ = call("vocabulary", "list", "--json")
    assert code == 1 and [len(json.loads(line)["problems"]) for line in out.splitlines()] == [1, 2, 1, 1, 0]


def test_two_who_add_at_once_lose_nothing(file):
    def add(part):
        for number in range(10):
            with changing(file) as write:
                write(load_overlay(file).adding(Entry(f"own:{part}-{number}", "x")))

    threads = [threading.Thread(target=add, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(load_overlay(file).entries) == 40


def test_list_tells_of_links_that_a_hand_made_file_got_wrong(call, file):
    entries = (
        Entry("own:a", "a", broader=("own:b",)),
        Entry("own:b", "b", broader=("own:a",)),
        Entry("own:c", "c", broader=("own:c",)),
        Entry("own:d", "d", replaces=("own:e",)),
        Entry("own:e", "e", replaces=("own:d",)),
        Entry("medtop:16000000", "war", Facet.REGION),
        Entry("own:f", "f", Facet.ACTOR, replaces=("medtop:15000000",)),
        Entry("zzz:a", "a"),
        Entry("own:sound", "sound", broader=("own:a",)),
    )
    with changing(file) as write:
        write(Overlay(tuple(sorted(entries, key=lambda entry: entry.id))))
    code, out, _ = call("vocabulary", "list", "--json")
    told = {row["id"]: " ".join(row["problems"]) for row in map(json.loads, out.splitlines())}
    assert code == 1
    for concept, words in {
        "own:a": "broader than itself", "own:b": "broader than itself", "own:c": "broader than itself", "own:d": "replaces itself",
        "own:e": "in the vocabulary still", "medtop:16000000": "is a topic, no region", "own:f": "is a topic, no actor",
    }.items():  # fmt: skip
        assert words in told[concept]
    assert told["own:sound"] == ""
    assert "did you mean zzz:a" not in out


def test_a_removed_concept_that_is_added_again_replaces_again_what_it_had(call, file):
    call("vocabulary", "add", "armed struggle", "--replaces", "medtop:16000000")
    call("vocabulary", "remove", "own:armed-struggle")
    assert load_overlay(file).heirs("own:armed-struggle") == ("medtop:16000000",)
    call("vocabulary", "add", "armed struggle")
    assert load_overlay(file).by_id["own:armed-struggle"].replaces == ("medtop:16000000",)
    assert load_overlay(file).removed == ()


def test_nobody_waits_for_ever_for_a_vocabulary_that_another_holds(call, file, monkeypatch):
    monkeypatch.setattr("newstagger.newsroom.vocabularyfile.PATIENCE", 0.0)
    with changing(file):
        code, _, err = call("vocabulary", "add", "drones")
    assert (code, len(err.splitlines())) == (2, 1)
    assert "another process is changing it" in err
    assert call("vocabulary", "add", "drones")[0] == 0

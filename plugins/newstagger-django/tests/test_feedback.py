"""What editors decided on the site is training data: exported and learned from the site's own database, on its own command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from newsapp.models import Article
from newstagger_django.bindings import binding_of
from newstagger_django.management.commands.newstagger import Command
from newstagger_django.models import KeptText

from newstagger.domain import Action, EditorDecision

FARMS, QUAKES = "medtop:20000210", "medtop:20000153"
STORIES = {
    FARMS: ("The harvest came in late.", "Farmers sold wheat and barley.", "Tractors stood in the field."),
    QUAKES: ("The earthquake shook the hills.", "Rescuers dug in the rubble.", "Aftershocks went on all night."),
}


@pytest.fixture
def typed(tmp_path, capsys):
    """Run ``manage.py newstagger`` with words; return exit code, output and error lines."""

    def typed(*words):
        code = 0
        try:
            Command().run_from_argv(["manage.py", "newstagger", *words, "--models", str(tmp_path / "models")])
        except SystemExit as stop:
            code = stop.code
        return code, *capsys.readouterr()

    return typed


@pytest.fixture
def reviewed(house):
    """Return 24 articles that an editor reviewed; the tags that the machine proposed beside were left alone."""
    made = []
    for number in range(24):
        label, lines = list(STORIES.items())[number % 2]
        article = Article.objects.create(
            title=f"Story {number}", text=f"{lines[number // 2 % 3]} {lines[number // 6 % 3]} Norway, {number}."
        )
        ref = binding_of(Article).ref(article)
        house.editor_decided(EditorDecision(ref, label, Action.ADDED, by="ana"))
        article.save()
        made.append(ref)
    return made


def test_the_site_exports_and_learns_from_its_own_ledger(reviewed, typed, tmp_path):
    out = tmp_path / "reviewed.jsonl"
    code, told, err = typed("feedback", "export", "--out", str(out), "--json")
    assert (code, err) == (0, "")
    assert json.loads(told) == {"file": str(out), "rows": 24, "facets": {"topic": 24}, "left_out": {}}
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert {row["id"] for row in rows} == {f"{ref.site}/{ref.id}" for ref in reviewed}
    assert {tuple(row["labels"]["topic"]) for row in rows} == {(FARMS,), (QUAKES,)}
    code, told, err = typed("train", "--with-feedback", "--name", "desk", "--json")
    assert code == 0, err
    assert set(json.loads(told)["per_label"]) <= {FARMS, QUAKES}
    manifest = json.loads(Path(tmp_path / "models/desk/1/manifest.json").read_text("utf-8"))
    assert [(one["file"], one["rows"]) for one in manifest["corpora"]] == [("feedback", 24)]


def test_an_article_that_was_forgotten_or_whose_text_is_gone_is_in_no_export(reviewed, typed):
    assert typed("forget", reviewed[0].site, reviewed[0].id, "--yes")[0] == 0
    KeptText.objects.filter(article=reviewed[1].id).delete()
    code, told, err = typed("feedback", "export")
    ids = {json.loads(line)["id"] for line in told.splitlines()}
    assert (code, len(ids)) == (0, 22)
    assert not ids & {f"{ref.site}/{ref.id}" for ref in reviewed[:2]}
    assert "left out 1 reviewed articles whose text is not kept" in err

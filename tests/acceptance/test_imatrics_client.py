"""Superdesk's own iMatrics client class, unmodified, in its own environment, against a newsroom that is really served."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
from pathlib import Path

import pytest

from newstagger.newsroom.reviewqueue import Kind, ReviewQueue
from newstagger.newsroom.vocabularyfile import FILE, load_overlay

pytestmark = pytest.mark.slow
PYTHON = os.environ.get("NEWSTAGGER_SUPERDESK_PYTHON", "")
SCRIPT = Path(__file__).with_name("imatrics_calls.py")
ITEM = {
    "guid": "urn:newsml:localhost:1", "language": "en-CA", "headline": "Pilots end their strike",
    "body_html": "<p>The ferry to Aleppo left at noon.</p><p>The harbour pilots had been on strike; the secret stays.</p>",
    "abstract": "<p>In short.</p>",
}  # fmt: skip


def loaded(name: str, path: Path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def faces(repository):
    if not PYTHON:
        pytest.skip("$NEWSTAGGER_SUPERDESK_PYTHON names no Python with superdesk-core")
    return loaded("faces_of_tests", repository / "tests/unit/service/faces.py")


@pytest.fixture
def newsroom(faces, tmp_path):
    """Serve a newsroom and return its settings and what calls Superdesk's client."""

    def start(**changes):
        settings = faces.newsroom(tmp_path, **changes)
        return settings, faces.served(settings)

    return start


def called(address: str, key: str, *calls, **config):
    """Let Superdesk's client make the calls; return its answers."""
    told = {"IMATRICS_BASE_URL": f"http://{address}/imatrics/", "IMATRICS_USER": "superdesk", "IMATRICS_KEY": key, **config}
    done = subprocess.run(
        [PYTHON, SCRIPT], input=json.dumps({"config": told, "calls": calls}), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_it_analyses_searches_and_tells_what_was_kept(newsroom, faces):
    settings, serving = newsroom()
    with serving as address:
        (told, tags), (found_told, found) = called(address, faces.KEY, ("analyze", ITEM), ("search", {"term": "waterw", "language": "en"}))
        assert (told, found_told) == ("ok", "ok")
        (feedback,) = called(address, faces.KEY, ("feedback", {"item": ITEM, "tags": tags}))
    assert feedback == ["ok", {}]
    assert set(tags) == {"subject", "place", "organisation"}
    assert [tag["qcode"] for tag in tags["subject"]][:2] == ["medtop:20000343", "medtop:20000533"]
    first = tags["subject"][0]
    assert (first["name"], first["scheme"], first["source"]) == ("waterway and maritime transport", "mediatopic", "imatrics")
    assert first["altids"] == {"imatrics": "medtop:20000343", "medtop": "20000343"}
    by_code = {tag["qcode"]: tag for tag in tags["subject"]}
    assert all(tag["parent"] is None or tag["parent"] in by_code for tag in by_code.values())
    assert first["parent"] is not None
    assert "medtop:15000000" not in by_code
    (syria,) = tags["place"]
    assert (syria["qcode"], syria["name"], syria["altids"]["wikidata"]) == ("iso:SY", "Syrian Republic", "Q858")
    assert [tag["qcode"] for tag in tags["organisation"]] == ["actor:pilots"]
    assert found["tags"]["subject"][0]["qcode"] == "medtop:20000343"
    assert [tag["qcode"] for tag in found["broader"]["subject"]][-1] == "medtop:04000000"
    (item,) = ReviewQueue(settings.state_file).items()
    assert (item.ref.site, item.ref.id, item.origin, item.by) == ("courier", ITEM["guid"], "imatrics", "superdesk")
    assert {"medtop:20000343", "iso:SY", "actor:pilots"} <= set(item.told.labels)
    assert item.told.unknown == ()
    assert item.article.body.split("\n\n")[0] == "The ferry to Aleppo left at noon."


def test_subjects_may_be_those_of_a_vocabulary_of_superdesk(newsroom, faces):
    _, serving = newsroom()
    with serving as address:
        ((_, tags),) = called(address, faces.KEY, ("analyze", ITEM), IMATRICS_SUBJECT_SCHEME="mediatopic")
    assert {"name": "Ships", "qcode": "20000343"}.items() <= tags["subject"][0].items()


def test_concepts_that_it_creates_and_deletes_wait_for_review(newsroom, faces):
    settings, serving = newsroom()
    with serving as address:
        answers = called(
            address, faces.KEY,
            ("create", {"title": "drone warfare", "type": "subject"}), ("create", {"title": "Old Harbour", "type": "place"}),
            ("create", {"title": "the", "type": "subject"}), ("delete", {"uuid": "medtop:16000000"}),
        )  # fmt: skip
    assert answers[:2] == [["ok", {}], ["ok", {}]]
    assert answers[3][0] == "failed"
    assert "only the newsroom's own concepts" in answers[3][1]
    assert load_overlay(settings.home / FILE).entries == ()
    waiting = [(item.kind, item.told.label, item.told.facet) for item in ReviewQueue(settings.state_file).items()]
    assert waiting[:2] == [(Kind.CONCEPT, "drone warfare", "topic"), (Kind.CONCEPT, "Old Harbour", "region")]


def test_where_the_site_opts_in_they_stand_in_the_vocabulary_at_once(newsroom, faces):
    settings, serving = newsroom(create_concepts=True)
    with serving as address:
        made = called(
            address, faces.KEY, ("create", {"title": "drone warfare", "type": "subject"}),
            ("search", {"term": "drone w", "language": "en"}), ("create", {"title": "the", "type": "subject"}),
        )  # fmt: skip
        assert [entry.id for entry in load_overlay(settings.home / FILE).entries] == ["own:drone-warfare"]
        gone = called(address, faces.KEY, ("delete", {"uuid": "own:drone-warfare"}), ("delete", {"uuid": "own:drone-warfare"}))
    assert made[0] == ["ok", {}]
    assert [tag["qcode"] for tag in made[1][1]["tags"]["subject"]] == ["own:drone-warfare"]
    assert made[2][0] == "failed"
    assert "everyday word" in made[2][1]
    assert [told for told, _ in gone] == ["ok", "failed"]
    assert load_overlay(settings.home / FILE).entries == ()
    assert list(ReviewQueue(settings.state_file).items()) == []


def test_it_is_told_why_it_is_not_let_in(newsroom, faces):
    _, serving = newsroom()
    with serving as address:
        ((wrong, why),) = called(address, "no key", ("analyze", ITEM))
        ((off, off_why),) = called(address, faces.OTHER, ("analyze", ITEM))
    assert (wrong, off) == ("failed", "failed")
    assert "401" in why
    assert "404" in off_why

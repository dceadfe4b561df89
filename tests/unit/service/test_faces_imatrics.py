"""The iMatrics face over HTTP: what its client does not send. The client itself is in tests/acceptance/test_imatrics_client.py."""

from __future__ import annotations

import json

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from newstagger.newsroom import sqlite_state
from newstagger.newsroom.reviewqueue import Kind, ReviewQueue
from newstagger.newsroom.vocabularyfile import FILE, load_overlay
from newstagger.settings import KeepText, Mode, PolicySettings, PrivacySettings

from . import faces

ARTICLE = {"uuid": "urn:1", "pubStatus": False, "headline": "Pilots end their strike", "language": "en",
           "body": ["The ferry to Aleppo left at noon.", "The pilots said so."]}  # fmt: skip
JSON = {"content-type": "application/json"}


def client_of(address, key=faces.KEY):
    return httpx.Client(base_url=f"http://{address}/imatrics", auth=("superdesk", key), timeout=20)


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return faces.newsroom(tmp_path_factory.mktemp("newsroom"))


@pytest.fixture(scope="module")
def http(settings):
    with faces.served(settings) as address, client_of(address) as http:
        yield http


def rows(settings):
    return list(ReviewQueue(settings.state_file).items())


def test_an_analysis_is_concepts_by_type_and_the_broader_topics(http, settings):
    told = http.post("/article/analysis", json=ARTICLE).json()
    assert [(one["uuid"], one["type"]) for one in told["concepts"]] == [
        ("medtop:20000343", "category"), ("medtop:20000533", "category"), ("iso:SY", "place"), ("actor:pilots", "organisation"),
    ]  # fmt: skip
    syria = told["concepts"][2]
    assert syria["links"] == [{"source": "Wikidata", "relationType": "exactMatch", "id": "Q858"}]
    assert (syria["title"], syria["aliases"], syria["broader"], syria["weight"]) == ("Syria", ["Syrian Arab Republic"], None, 0.8)
    above = {one["uuid"]: one["broader"] for one in told["broader"]}
    assert (above["medtop:20000337"], above["medtop:20000209"]) == ("medtop:20000209", "medtop:04000000")
    assert above["medtop:04000000"] is None
    assert list(sqlite_state(settings.state_file).audit.latest()) == []


def test_what_the_policy_never_gives_is_no_broader_topic_either(tmp_path):
    policy = PolicySettings(tags={"medtop:20000337": Mode.NEVER, "iso:SY": Mode.NEVER})
    with faces.served(faces.newsroom(tmp_path, policy=policy)) as address, client_of(address) as http:
        told = http.post("/article/analysis", json=ARTICLE).json()
    ids = {one["uuid"]: one["broader"] for one in (*told["concepts"], *told["broader"])}
    assert ids["medtop:20000343"] == "medtop:20000209"
    assert not {"medtop:20000337", "iso:SY"} & set(ids)


def test_concepts_are_found_by_name_by_type_and_by_id(http):
    def found(**asked):
        operation = "id" if "uuid" in asked else "title_type"
        return [one["uuid"] for one in http.post("/concept/get", json=asked, params={"operation": operation}).json()["result"]]

    assert found(title="human ri", type="all", draft=False, size=10)[0] == "medtop:20000592"
    assert found(title="human ri", type="place", size=10) == []
    assert len(found(title="s", type="all", size=3)) == 3
    assert len(found(title="s", type="category", size=10**9)) == 100
    assert found(uuid="medtop:16000000") == ["medtop:16000000"]
    assert found(uuid="medtop:99999999") == found(uuid="") == found(title="") == []


def test_what_was_kept_waits_for_review_the_latest_word_alone(http, settings):
    concepts = [{"title": "x", "type": "category", "uuid": "medtop:20000343"}, {"type": "topic", "title": "y", "uuid": "9f-41"}]
    for path in ("concept", "store", "publish"):
        told = http.post(f"/article/{path}", json=ARTICLE | {"concepts": concepts, "headline": f"Then {path}", "preamble": "In short."})
        assert (told.status_code, told.json()["error"]) == (200, False)
    (item,) = [item for item in rows(settings) if item.ref.id == "urn:1"]
    assert (item.told.labels, item.told.unknown) == (("medtop:20000343",), ("9f-41",))
    assert (item.article.headline, item.article.body) == (
        "Then publish",
        "In short.\n\nThe ferry to Aleppo left at noon.\n\nThe pilots said so.",
    )
    assert http.post("/article/concept", json=ARTICLE | {"uuid": "urn:2", "concepts": []}).json()["response"] == "no concepts"
    assert [item for item in rows(settings) if item.ref.id == "urn:2"] == []


def test_where_no_text_is_kept_the_labels_are(tmp_path):
    settings = faces.newsroom(tmp_path, privacy=PrivacySettings(keep_text=KeepText.NONE))
    with faces.served(settings) as address, client_of(address) as http:
        http.post("/article/concept", json=ARTICLE | {"concepts": [{"uuid": "iso:SY"}]}).raise_for_status()
    (item,) = rows(settings)
    assert (item.told.labels, item.article) == (("iso:SY",), None)
    assert b"ferry" not in settings.state_file.read_bytes()


def test_a_concept_that_is_there_is_not_made_twice(http, settings):
    before = len(rows(settings))
    told = http.post("/concept/create", json={"title": " Sport ", "type": "topic"}).json()
    assert (told["error"], told["uuid"]) == (False, "medtop:15000000")
    assert len(rows(settings)) == before


def test_a_proposal_waits_once_and_changes_nothing(http, settings):
    for told in ("waits for review", "was proposed before"):
        assert http.post("/concept/create", json={"title": "drone\twarfare", "type": "event"}).json()["response"] == told
    assert [item.told.label for item in rows(settings) if item.kind is Kind.CONCEPT] == ["drone warfare"]
    assert load_overlay(settings.home / FILE).entries == ()
    assert http.delete("/concept/delete", params={"uuid": "own:nothing"}).status_code == 404
    assert http.delete("/concept/delete").status_code == 404


def test_an_own_concept_goes_when_its_removal_is_taken_or_at_once_where_the_site_may(tmp_path):
    settings = faces.newsroom(tmp_path, create_concepts=True)
    with faces.served(settings) as address, client_of(address) as http:
        assert http.post("/concept/create", json={"title": "Old Harbour", "type": "place"}).json()["uuid"] == "own:old-harbour"
        assert [one["type"] for one in http.post("/concept/get", json={"title": "old h"}).json()["result"]] == ["place"]
    waiting = faces.newsroom(tmp_path)
    with faces.served(waiting) as address, client_of(address) as http:
        assert http.delete("/concept/delete", params={"uuid": "own:old-harbour"}).json()["response"] == "waits for review"
        assert [(item.kind, item.told.labels) for item in rows(waiting)] == [(Kind.REMOVAL, ("own:old-harbour",))]
        assert len(load_overlay(waiting.home / FILE).entries) == 1
    with faces.served(settings) as address, client_of(address) as http:
        assert http.delete("/concept/delete", params={"uuid": "own:old-harbour"}).json()["response"] == "removed"
    assert load_overlay(settings.home / FILE).entries == ()


@pytest.mark.parametrize("title", ["", "the", "x" * 5_000, "\u202egnihton", "\x1b[2J", "!!!"])
def test_a_name_that_cannot_be_one_is_told_to_the_user(http, settings, title):
    before = len(rows(settings))
    told = http.post("/concept/create", json={"title": title, "type": "topic"}).json()
    assert told["error"] is (title != "the")  # an everyday word waits: who takes it is told
    assert len(rows(settings)) == before + (title == "the")


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("article/analysis", b"{", JSON, 400),
        ("article/analysis", b"[]", JSON, 400),
        ("article/analysis", b"[" * 100_000, JSON, 400),
        ("article/analysis", b"{}", {}, 415),
        ("article/analysis", b'{"body": 7}', JSON, 400),
        ("article/analysis", b'{"body": [7]}', JSON, 400),
        ("article/analysis", b'{"headline": []}', JSON, 400),
        ("article/analysis", b'{"language": {}}', JSON, 400),
        ("article/analysis", json.dumps({"body": ["a"] * 30_000}).encode(), JSON, 400),
        ("article/analysis", b" " * 300_000, JSON, 413),
        ("article/concept", b'{"concepts": {"a": 1}}', JSON, 400),
        ("article/concept", b'{"concepts": ["a"]}', JSON, 400),
        ("article/concept", b'{"concepts": [{"uuid": 1}]}', JSON, 400),
        ("article/concept", json.dumps({"concepts": [{"uuid": "u" * 900}]}).encode(), JSON, 422),
        ("article/concept", b'{"uuid": "\\ud800", "concepts": [{"uuid": "iso:SY"}]}', JSON, 422),
        ("concept/get", b'{"title": 1}', JSON, 400),
        ("concept/get", b'{"title": "a", "size": "10"}', JSON, 400),
        ("concept/get", b'{"title": "a", "size": 1.5}', JSON, 400),
        ("concept/create", b'{"title": null, "type": 1}', JSON, 400),
        ("concept/nothing", b"{}", JSON, 404),
        ("concept/delete", b"{}", JSON, 405),
    ],
)
def test_what_cannot_be_read_is_one_clear_problem_and_nothing_is_stored(http, settings, path, body, headers, status):
    before = len(rows(settings))
    told = http.post(f"/{path}", content=body, headers=headers)
    assert told.status_code == status
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json()["detail"]
    assert "\n" not in told.json()["detail"]
    assert len(rows(settings)) == before


@pytest.mark.parametrize(("key", "status"), [("wrong", 401), (faces.OTHER, 404)])
def test_others_are_kept_out(http, settings, key, status):
    before = len(rows(settings))
    with httpx.Client(base_url=http.base_url, auth=("superdesk", key)) as other:
        assert other.post("/article/analysis", json=ARTICLE).status_code == status
        assert other.post("/article/concept", json=ARTICLE | {"concepts": [{"uuid": "iso:SY"}]}).status_code == status
        assert other.post("/concept/create", json={"title": "new", "type": "topic"}).status_code == status
        assert other.delete("/concept/delete", params={"uuid": "own:x"}).status_code == status
    assert len(rows(settings)) == before


FIELDS = ["uuid", "title", "type", "size", "headline", "body", "language", "concepts", "preamble"]
WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=3),
    max_leaves=12,
)
PATHS = ["article/analysis", "article/concept", "concept/get", "concept/get?operation=id", "concept/create"]


@hypothesis_settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(FIELDS), WILD, max_size=5), st.sampled_from(PATHS))
def test_no_json_breaks_it(http, value, path):
    assert http.post(f"/{path}", content=json.dumps(value), headers=JSON).status_code in (200, 400, 422)

"""Annif's own client from PyPI, unmodified, against a real server; and whatever else may be sent to this face."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path

import httpx
import pytest
import requests
from annif_client import AnnifClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from newstagger.domain import Article, ArticleRef
from newstagger.newsroom import sqlite_state
from newstagger.newsroom.reviewqueue import Face, Item, Kind, ReviewQueue, Told
from newstagger.service.signatures import key_of, signed
from newstagger.settings import KeepText, Mode, PolicySettings, PrivacySettings

from . import faces

STORY = "Pilots end their strike\n\nThe ferry to Aleppo left at noon, the harbour pilots said after the strike; the secret stays."
FERRY = "http://cv.iptc.org/newscodes/mediatopic/20000343"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("newsroom")


@pytest.fixture(scope="module")
def address(home):
    with faces.served(faces.newsroom(home)) as address:
        yield address


@pytest.fixture
def client(address) -> AnnifClient:
    return AnnifClient(f"http://anna:{faces.KEY}@{address}/annif/v1/")


@pytest.fixture
def queue(home):
    return ReviewQueue(home / "home" / "newsroom.sqlite3")


def test_the_client_sees_what_answers_and_its_projects(client):
    assert "newstagger" in client.api_info["title"]
    assert client.api_info["version"]
    assert [project["project_id"] for project in client.projects] == [
        "newstagger", "newstagger-topic", "newstagger-region", "newstagger-actor",
    ]  # fmt: skip
    one = client.get_project("newstagger-region")
    assert (one["name"], one["language"], one["backend"]["backend_id"]) == ("newstagger regions", "en", "newstagger")
    assert client.get_project("newstagger-topic-de")["language"] == "de"


@pytest.mark.parametrize(
    "project", ["nothing", "newstagger-nothing", "newstagger-topic-qq", "newstagger-topic-DE", "newstagger-", "x" * 5000]
)
def test_the_client_is_told_of_a_project_that_is_not_there(client, project):
    for ask in (
        lambda: client.get_project(project),
        lambda: client.suggest(project, STORY),
        lambda: client.suggest_batch(project, [{"text": STORY}]),
        lambda: client.learn(project, []),
    ):
        with pytest.raises(ValueError, match="not found"):
            ask()


def test_the_client_gets_suggestions_the_surest_first_and_no_silent_ones(client):
    found = client.suggest("newstagger", STORY)
    assert [(one["label"], one["score"]) for one in found] == [
        ("waterway and maritime transport", 0.9), ("Syria", 0.8), ("harbour pilots", 0.7), ("unemployment", 0.4),
    ]  # fmt: skip
    assert (found[0]["uri"], found[0]["notation"]) == (FERRY, "20000343")
    assert found[2]["uri"] == "urn:newstagger:concept:actor:pilots"
    assert client.suggest("newstagger-topic", io.StringIO(STORY)) == [found[0], found[3]]
    assert client.suggest("newstagger-region", STORY) == [found[1]]
    assert client.suggest("newstagger-actor", STORY) == [found[2]]
    assert client.suggest("newstagger", STORY, limit=1) == found[:1]
    assert client.suggest("newstagger", STORY, limit=0) == []
    assert client.suggest("newstagger", STORY, threshold=0.75) == found[:2]
    assert client.suggest("newstagger", "") == []


def test_topics_are_labelled_in_the_language_that_is_asked_for(client, address):
    assert client.suggest("newstagger-topic-de", STORY)[0]["label"] == "Schifffahrt"
    url = f"http://anna:{faces.KEY}@{address}/annif/v1/projects/newstagger-topic/suggest"
    told = requests.post(url, data={"text": STORY, "language": "de"}, timeout=10)
    assert told.json()["results"][0]["label"] == "Schifffahrt"
    refused = requests.post(url, data={"text": STORY, "language": "tlh"}, timeout=10)
    assert (refused.status_code, refused.json()["status"]) == (400, 400)
    assert "not supported by vocabulary" in refused.json()["detail"]


def test_the_client_sends_batches(client):
    documents = [{"document_id": "a", "text": STORY}, {"text": "Nothing."}, {"document_id": "c", "text": "To Aleppo."}]
    found = client.suggest_batch("newstagger", documents, limit=2, threshold=0.5)
    assert [(one["document_id"], [result["label"] for result in one["results"]]) for one in found] == [
        ("a", ["waterway and maritime transport", "Syria"]), (None, []), ("c", ["Syria"]),
    ]  # fmt: skip
    assert client.suggest_batch("newstagger", []) == []


def test_what_the_client_teaches_waits_for_review(client, queue):
    before = {item.id for item in queue.items()}
    document = {
        "text": STORY,
        "subjects": [
            {"uri": FERRY, "label": "ferries"},
            {"uri": "http://example.org/boats"},
            {"uri": "urn:newstagger:concept:actor:pilots"},
        ],
    }
    answer = client.learn("newstagger", [document, {"text": "no subjects"}, {"subjects": []}])
    assert (answer.status_code, answer.content) == (204, b"")
    (item,) = [item for item in queue.items() if item.id not in before]
    assert item.told.labels == ("medtop:20000343", "actor:pilots")
    assert item.told.unknown == ("http://example.org/boats",)
    assert (item.origin, item.state, item.by, item.ref.site, item.ref.id) == ("annif", "waiting", "anna", "courier", "")
    assert (item.article.headline, item.article.body) == ("Pilots end their strike", STORY.partition("\n\n")[2])
    client.learn("newstagger", [document])
    assert len([item for item in queue.items() if item.id not in before]) == 1


def test_texts_that_are_too_old_go_when_new_ones_come(client, queue):
    long_ago = Item(
        0,
        ArticleRef("courier", "old"),
        Kind.LABELS,
        Face.ANNIF,
        "2001-01-01",
        Told(("iso:SY",)),
        article=Article(ArticleRef("courier", "old")),
    )
    queue.put(long_ago, "hash")
    client.learn("newstagger", [{"text": "A new ferry.", "subjects": [{"uri": FERRY}]}])
    assert "old" not in [item.ref.id for item in queue.items()]


def test_the_client_asks_for_the_language(client):
    text = "Die Lotsen im Hafen nahmen am Montag nach langem Streik ihre Arbeit wieder auf."
    found = client.detect_language(text, ["en", "de"])["results"]
    assert found[0]["language"] == "de"
    assert {one["language"] for one in found} == {"de", "en", None}
    assert sum(one["score"] for one in found) == pytest.approx(1.0, abs=1e-5)
    with pytest.raises(requests.HTTPError, match="400"):
        client.detect_language(text, ["en", "klingon"])
    with pytest.raises(requests.HTTPError, match="400"):
        client.detect_language(text, [])


@pytest.mark.parametrize(
    ("user", "status"),
    [("", 401), ("anna:wrong@", 401), (f"anna:{faces.OTHER}@", 404)],
    ids=["nobody", "wrong key", "a site without the face"],
)
def test_others_are_kept_out(address, queue, user, status):
    before = len(list(queue.items()))
    client = AnnifClient(f"http://{user}{address}/annif/v1/")
    for ask in (lambda: client.projects, lambda: client.learn("newstagger", [{"text": STORY, "subjects": [{"uri": FERRY}]}])):
        with pytest.raises((requests.HTTPError, ValueError)) as told:
            ask()
        assert str(status) in str(told.value) or "off" in str(told.value)
    assert len(list(queue.items())) == before


@pytest.fixture(scope="module")
def http(address):
    with httpx.Client(base_url=f"http://{address}/annif/v1", auth=("anna", faces.KEY), timeout=20) as http:
        yield http


DEEP = b"[" * 100_000
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("projects/newstagger/suggest", b"text=a", {}, 415),
        ("projects/newstagger/suggest", b'{"text": "a"}', JSON, 415),
        ("projects/newstagger/suggest", b"limit=3", FORM, 400),
        ("projects/newstagger/suggest", b"text=%FF%FE", FORM, 400),
        ("projects/newstagger/suggest", b"text=\xff\xfe", FORM, 400),
        ("projects/newstagger/suggest", b"&".join(b"a%d=" % n for n in range(100)), FORM, 400),
        ("projects/newstagger/suggest", b"text=a&limit=-1", FORM, 400),
        ("projects/newstagger/suggest", b"text=a&limit=1e3", FORM, 400),
        ("projects/newstagger/suggest", "text=a&limit=٣".encode(), FORM, 400),
        ("projects/newstagger/suggest", b"text=a&threshold=nan", FORM, 400),
        ("projects/newstagger/suggest", b"text=a&threshold=2", FORM, 400),
        ("projects/newstagger/suggest", b"text=" + b"a" * 300_000, FORM, 413),
        ("projects/newstagger/suggest-batch", b"{", JSON, 400),
        ("projects/newstagger/suggest-batch", DEEP, JSON, 400),
        ("projects/newstagger/suggest-batch", b"[]", JSON, 400),
        ("projects/newstagger/suggest-batch", b'{"documents": {"text": "a"}}', JSON, 400),
        ("projects/newstagger/suggest-batch", b'{"documents": [1]}', JSON, 400),
        ("projects/newstagger/suggest-batch", b'{"documents": [{"text": 1}]}', JSON, 400),
        ("projects/newstagger/suggest-batch", b'{"documents": [{"text": "a", "document_id": {}}]}', JSON, 400),
        ("projects/newstagger/suggest-batch", json.dumps({"documents": [{"text": "a"}] * 9}).encode(), JSON, 400),
        ("projects/newstagger/suggest-batch", b"{}", FORM, 415),
        ("projects/newstagger/learn", b"{}", JSON, 400),
        ("projects/newstagger/learn", b'[{"text": "a", "subjects": 7}]', JSON, 400),
        ("projects/newstagger/learn", b'[{"text": "a", "subjects": [{"label": "x"}]}]', JSON, 400),
        ("projects/newstagger/learn", b'[{"text": 7, "subjects": [{"uri": "x"}]}]', JSON, 400),
        ("projects/newstagger/learn", json.dumps([{"text": "a", "subjects": [{"uri": "u" * 600}]}]).encode(), JSON, 422),
        ("projects/newstagger/learn", json.dumps([{"text": "a", "subjects": [{"uri": f"u:{n}"} for n in range(300)]}]).encode(), JSON, 422),
        ("projects/newstagger/learn", b'[{"text": "a", "subjects": [{"uri": "\\ud800"}]}]', JSON, 422),
        ("detect-language", b'{"text": 1, "languages": ["en"]}', JSON, 400),
        ("detect-language", b'{"text": "a", "languages": "en"}', JSON, 400),
        ("detect-language", b"[]", JSON, 400),
        ("projects/newstagger/nothing", b"", {}, 404),
    ],
)
def test_what_cannot_be_read_is_one_clear_problem_and_nothing_is_stored(http, queue, path, body, headers, status):
    before = len(list(queue.items()))
    told = http.post(f"/{path}", content=body, headers=headers)
    assert told.status_code == status
    assert told.headers["content-type"] == "application/problem+json"
    problem = told.json()
    assert problem["status"] == status
    assert problem["detail"]
    assert "\n" not in problem["detail"]
    assert len(list(queue.items())) == before


def test_a_refused_document_keeps_the_others_out_too(http, queue):
    before = len(list(queue.items()))
    good = {"text": "A ferry to come.", "subjects": [{"uri": FERRY}]}
    told = http.post("/projects/newstagger/learn", json=[good, {"text": "a", "subjects": [{"uri": "\0"}]}])
    assert told.status_code == 422
    assert len(list(queue.items())) == before


def test_a_lesson_wants_a_key_for_a_signature_does_not_cover_where_it_goes(address, queue):
    body = json.dumps([{"text": "A signed ferry.", "subjects": [{"uri": FERRY}]}]).encode()
    headers = JSON | signed([key_of(faces.SECRET, "")], "m1", int(time.time()), body)
    answer = httpx.post(f"http://{address}/annif/v1/projects/newstagger/learn", content=body, headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (
        401, "a signature is for deliveries only (send 'Authorization: Bearer KEY' here)",
    )  # fmt: skip
    assert not any(item.article and item.article.body == "A signed ferry." for item in queue.items())


FIELDS = ["text", "documents", "subjects", "uri", "languages", "document_id"]
WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=3),
    max_leaves=12,
)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WILD, st.sampled_from(["projects/newstagger/suggest-batch", "projects/newstagger/learn", "detect-language"]))
def test_no_json_breaks_it(http, value, path):
    assert http.post(f"/{path}", content=json.dumps(value), headers=JSON).status_code in (200, 204, 400, 422)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["text", "limit", "threshold", "language", "metadata_title"]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    )
)
def test_no_form_breaks_it(http, form):
    assert http.post("/projects/newstagger/suggest", data=form, headers=FORM).status_code in (200, 400)


def test_a_newsroom_that_keeps_no_text_lets_nobody_teach(tmp_path):
    settings = faces.newsroom(tmp_path, privacy=PrivacySettings(keep_text=KeepText.NONE))
    with faces.served(settings) as address:
        client = AnnifClient(f"http://anna:{faces.KEY}@{address}/annif/v1/")
        with pytest.raises(requests.HTTPError, match="403"):
            client.learn("newstagger", [{"text": STORY, "subjects": [{"uri": FERRY}]}])
        assert client.suggest("newstagger-region", STORY)
    assert list(ReviewQueue(settings.state_file).items()) == []


def test_the_sites_policy_holds_and_nothing_is_remembered(tmp_path):
    policy = PolicySettings(tags={"medtop:20000343": Mode.NEVER, "iso:SY": Mode.SILENT})
    settings = faces.newsroom(tmp_path, policy=policy)
    with faces.served(settings) as address:
        client = AnnifClient(f"http://anna:{faces.KEY}@{address}/annif/v1/")
        assert [one["label"] for one in client.suggest("newstagger", STORY)] == ["harbour pilots", "unemployment"]
    assert list(sqlite_state(settings.state_file).audit.latest()) == []


def test_the_routes_are_described_only_where_the_face_is_on(tmp_path):
    from dataclasses import replace

    settings = faces.newsroom(tmp_path)
    assert "/annif/v1/projects/{project_id}/suggest" in faces.app_of(settings).openapi()["paths"]
    sites = {"courier": replace(settings.service.sites["courier"], faces=())}
    off = replace(settings, service=replace(settings.service, sites=sites))
    assert not [path for path in faces.app_of(off).openapi()["paths"] if "annif" in path or "imatrics" in path]

"""The OpenAPI document as a newcomer reads it: every route, parameter and answer is told in words of its own."""

from __future__ import annotations

import json
import re

import pytest

from newstagger.service.app import create_app
from newstagger.service.wording import REFUSALS, SUBJECTS, summary
from newstagger.servicesettings import FACES, ServiceSettings, SiteSettings
from newstagger.settings import Settings


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    site = SiteSettings(keys=("a key of tests",), faces=FACES)
    return create_app(Settings(home=tmp_path_factory.mktemp("home"), service=ServiceSettings(sites={"desk": site}))).openapi()


def operations(document):
    return [(f"{method} {path}", told) for path, methods in document["paths"].items() for method, told in methods.items()]


def test_every_route_has_words_and_a_subject(document):
    subjects = {subject["name"] for subject in document["tags"]}
    assert subjects == set(SUBJECTS)
    for name, told in operations(document):
        assert len(told["description"].split()) > 3, name
        assert told["description"].replace("``", "").startswith(told["summary"]), name
        assert set(told["tags"]) <= subjects, name


def test_every_parameter_is_told_but_those_of_other_people_s_apis(document):
    bare = [
        f"{name}: {part['name']}"
        for name, told in operations(document)
        for part in told.get("parameters", [])
        if "/v1/" in name and "annif" not in name and not {"description"} & {*part, *part["schema"]}
    ]
    assert bare == []


def test_every_refusal_says_what_it_means_and_is_a_problem(document):
    for name, told in operations(document):
        for status, answer in told["responses"].items():
            assert answer["description"] != "Successful Response", name
            if int(status) >= 400 and "readyz" not in name:
                assert answer["description"] == REFUSALS[int(status)], name
                assert set(answer["content"]) == {"application/problem+json"}, name


def test_every_reference_leads_somewhere(document):
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert named <= set(document["components"]["schemas"])


@pytest.mark.parametrize(
    "told, short",
    [
        ("Tag one article: 200, or 202.", "Tag one article"),
        ("Take it in, in the format ``form``.", "Take it in"),
        ("Return all.", "Return all"),
        ("", ""),
    ],
)
def test_a_summary_is_the_description_up_to_its_first_stop(told, short):
    assert summary(told) == short

"""The OpenAPI document is fuzzed: whatever a client sends within it or beside it, the service answers as it says, never with a 5xx."""

from __future__ import annotations

from dataclasses import replace

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi_checks

from newstagger.service.openapi import ROUTES, SCHEMAS
from newstagger.servicesettings import FACES
from newstagger.settings import ServiceSettings
from newstagger.testing.scripted import ScriptedTagger, newsroom

from .callers import bearer, courier, listening

CHECKS = (
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.negative_data_rejection,
    openapi_checks.unsupported_method,
)
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    """Return the document of a running service, over a scripted tagger; no key is wanted, so that no request fails for that."""
    told = replace(newsroom(tmp_path_factory.mktemp("fuzz")), service=ServiceSettings(wait_ms=2_000))
    with listening(told, ScriptedTagger()) as (host, port):
        yield schemathesis.openapi.from_url(f"http://{host}:{port}/openapi.json")


PATHS = {"form": ("article-json", "ghost", "ans", "ninjs", "superdesk", "wordpress", "html"), "name": SCHEMAS, "job": ("1", "2", "0", "x")}


@pytest.mark.parametrize(("method", "path"), sorted(ROUTES))
def test_every_route_answers_as_the_document_says(document, method, path):
    operation = document[path][method]
    known = {name: st.sampled_from(values) for name, values in PATHS.items() if f"{{{name}}}" in path}

    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE) | operation.as_strategy(), told=st.fixed_dictionaries(known))
    @hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    def fuzz(case, told):
        case.path_parameters = {**case.path_parameters, **told}
        case.call_and_validate(checks=CHECKS)

    fuzz()


@pytest.fixture(scope="module")
def faces(tmp_path_factory):
    """Return the document of a running service whose one site has every face on."""
    service = ServiceSettings(wait_ms=2_000, sites={"courier": courier(faces=FACES)})
    with listening(replace(newsroom(tmp_path_factory.mktemp("faces")), service=service), ScriptedTagger()) as (host, port):
        yield schemathesis.openapi.from_url(f"http://{host}:{port}/openapi.json")


def test_no_face_answers_with_a_fault_of_ours(faces):
    found = [result.ok() for result in faces.get_all_operations() if result.ok().path.startswith(("/annif", "/imatrics"))]
    assert len(found) >= 10
    for operation in found:

        @given(case=operation.as_strategy())
        @hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
        def fuzz(case):
            case.call_and_validate(headers=bearer(), checks=(checks.not_a_server_error,))

        fuzz()

"""The OpenAPI document: what each route takes and answers, over the routes as FastAPI knows them and the schemas of the package."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from newstagger.contracts import Json
from newstagger.service.answers import Schema, components, ref
from newstagger.service.signatures import DELIVERIES
from newstagger.service.wording import ANSWERS, INTRODUCTION, PARTS, REFUSALS, subjects, summary

SCHEMAS = ("accepted", "article", "decision", "decision-request", "delivery", "problem", "reuse", "tagging")
EVERYWHERE = (400, 401, 403, 405, 409, 422, 500, 503)
"""What any request may be answered with."""
BODIES = (408, 413, 415)
KEYS: list[Json] = [{"bearer": []}, {"basic": []}]
SIGNATURES: list[Json] = [{"standardWebhooks": []}, {"ghost": []}]
SCHEMES: dict[str, Json] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A site's key."},
    "basic": {"type": "http", "scheme": "basic", "description": "Any user name, a site's key as the password."},
    "standardWebhooks": {
        "type": "apiKey", "in": "header", "name": "webhook-signature",
        "description": "Standard Webhooks: with webhook-id and webhook-timestamp, at most five minutes old; the same delivery counts once.",
    },
    "ghost": {"type": "apiKey", "in": "header", "name": "X-Ghost-Signature", "description": "As Ghost signs its webhooks."},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What a route takes and answers: schemas by name (``takes`` '': no body), and the parameters of its query."""

    takes: str = ""
    answers: Mapping[int, str] | None = None
    query: tuple[str, ...] = ()
    open: bool = False
    missing: bool = False
    others: tuple[str, ...] = ()


ARTICLE = ("id*", "site")
ROUTES: dict[tuple[str, str], Told] = {
    ("post", "/v1/tag"): Told("save-request", {200: "saved", 202: "accepted"}, ("evidence",)),
    ("post", "/v1/batch"): Told("batch-request", {200: "batch"}, ("evidence",)),
    ("get", "/v1/why"): Told(answers={200: "why"}, query=ARTICLE, missing=True),
    ("delete", "/v1/articles"): Told(answers={200: "forgotten"}, query=ARTICLE),
    ("post", "/v1/decisions"): Told("decisions-request", {200: "stored"}),
    ("get", "/v1/decisions"): Told(answers={200: "decisions"}, query=ARTICLE),
    ("post", "/v1/wire"): Told(
        "wire-items", {200: "wire-added"}, ("agency", "feed"), others=("application/x-ndjson", "application/jsonl", "application/xml")
    ),
    ("post", "/v1/wire/check"): Told("article", {200: "reuse"}),
    ("get", "/v1/wire"): Told(answers={200: "wire-state"}),
    ("post", "/v1/hooks/{form}"): Told("any", {202: "received"}, missing=True),
    ("get", "/v1/concepts"): Told(answers={200: "concepts"}, query=("q*", "facet", "limit")),
    ("get", "/v1/jobs"): Told(answers={200: "jobs"}, query=("state",)),
    ("post", "/v1/jobs/{job}/replay"): Told(answers={200: "replayed"}, missing=True),
    ("delete", "/v1/jobs/{job}"): Told(answers={200: "dropped"}, missing=True),
    ("get", "/healthz"): Told(answers={200: "health"}, open=True),
    ("get", "/readyz"): Told(answers={200: "readiness", 503: "readiness"}, open=True),
    ("get", "/metrics"): Told(answers={200: "text/plain"}),
    ("get", "/v1/schemas/{name}"): Told(answers={200: "application/schema+json"}, open=True, missing=True),
}
SIGNED = {("post", path) for path in DELIVERIES}
QUERY: dict[str, Schema] = {
    "id": {"type": "string", "minLength": 1, "maxLength": 1000, "description": "The CMS's own id of the article."},
    "site": {"type": "string", "minLength": 1, "maxLength": 1000, "description": "The site, where the credentials do not tell it."},
    "evidence": {"type": "boolean", "default": True, "description": "Whether the reasons for each tag are answered too."},
    "agency": {"type": "string", "maxLength": 200, "description": "Whose items these are; an item's own word goes first."},
    "feed": {"type": "string", "maxLength": 200, "description": "Name of the feed (else the agency's)."},
    "q": {"type": "string", "minLength": 1, "maxLength": 200, "description": "What was typed so far."},
    "facet": {"enum": ["topic", "region", "actor"], "description": "Concepts of this facet only."},
    "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10, "description": "How many at most."},
    "state": {"enum": ["waiting", "dead"], "default": "waiting", "description": "Those still to be done, or those given up."},
}


def schema_named(name: str) -> bytes | None:
    """Return the JSON schema of the package of that name, or None."""
    return files("newstagger").joinpath(f"data/schemas/{name}.schema.json").read_bytes() if name in SCHEMAS else None


def document(routes: Sequence[BaseRoute], most: int) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of an app's routes; ``most`` is how many articles a batch may hold."""
    told = get_openapi(
        title="newstagger", version=version("newstagger"), summary="Tags articles that a CMS saves.", description=INTRODUCTION,
        routes=routes,
    )  # fmt: skip
    used: set[str] = set()
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            if (known := ROUTES.get((method, path))) is not None:
                _complete(operation, known)
                operation["security"] = [] if known.open else [*KEYS, *(SIGNATURES if (method, path) in SIGNED else ()), {}]
            _say(operation)
            used |= set(operation["tags"])
    schemas = {**_of_the_package(), **components(most)}
    return told | {"tags": subjects(used), "components": {"schemas": schemas, "securitySchemes": SCHEMES}}


def _say(operation: dict[str, Any]) -> None:
    """Put words in the place of those that FastAPI makes out of the names of functions and parameters."""
    operation["summary"] = summary(operation["description"])
    operation["responses"].get("422", {}).get("content", {}).pop("application/json", None)  # an answer that ours is not
    for part in operation.get("parameters", []):
        if (words := PARTS.get(part["name"])) is not None and part["in"] == "path":
            part["description"] = words
            part["schema"].pop("title", None)


def _complete(operation: dict[str, Any], told: Told) -> None:
    answers = told.answers or {}
    refusals = () if told.open else (*EVERYWHERE, *(BODIES if told.takes else ()))
    missing = (404,) if told.missing else ()
    operation["responses"] = {
        **{str(status): refusal(status) for status in (*refusals, *missing)},
        **{str(status): _answer(name) for status, name in answers.items()},
    }
    operation["parameters"] = [*operation.get("parameters", []), *map(_parameter, told.query)]
    if told.takes:
        kinds = {"application/json": {"schema": ref(told.takes)}} | {kind: {"schema": {"type": "string"}} for kind in told.others}
        operation["requestBody"] = {"required": True, "content": kinds}


def refusal(status: int) -> dict[str, Json]:
    """Return how the document tells of a refusal."""
    return {"description": REFUSALS[status], "content": {"application/problem+json": {"schema": ref("problem")}}}


def _answer(name: str) -> dict[str, Json]:
    words = ANSWERS[name]
    if "/" in name:
        return {"description": words, "content": {name: {"schema": {"type": "string" if name == "text/plain" else "object"}}}}
    return {"description": words, "content": {"application/json": {"schema": ref(name)}}}


def _parameter(told: str) -> dict[str, Json]:
    name = told.removesuffix("*")
    return {"name": name, "in": "query", "required": name != told, "schema": QUERY[name]}


@cache
def _of_the_package() -> dict[str, Schema]:
    """Return the schema files as components, each definition inside them a component of its own, and what is made of them."""
    found: dict[str, Schema] = {}
    for name in SCHEMAS:
        found |= dict(_parts(name, json.loads(schema_named(name) or b"{}")))
    tagging = found["tagging"]
    more = {"revision": {"type": ["integer", "null"]}, "content_hash": {"type": "string"}}
    saved = tagging | {
        "title": "The answer to a save: a tagging, and what the CMS told to know it again",
        "properties": {**tagging["properties"], **more}, "required": [*tagging["required"], *more],
    }  # fmt: skip
    return {**found, "saved": saved}


def _parts(name: str, schema: Schema) -> Iterator[tuple[str, Schema]]:
    definitions = schema.pop("$defs", {})
    for key in ("$schema", "$id"):
        schema.pop(key, None)
    yield name, _moved(schema, name)
    for inner, definition in definitions.items():
        yield f"{name}-{inner}", _moved(definition, name)


def _moved(value: Json, name: str) -> Json:
    """Return a schema whose references to definitions in its file are references to components."""
    if isinstance(value, dict):
        moved = {key: _moved(inner, name) for key, inner in value.items()}
        return moved | (ref(f"{name}-{value['$ref'].rpartition('/')[2]}") if "$ref" in value else {})
    return [_moved(inner, name) for inner in value] if isinstance(value, list) else value

"""What the OpenAPI document says of the faces' routes: schemas of our own words for what their clients send and read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newstagger.contracts import Json
from newstagger.service.answers import Schema
from newstagger.service.openapi import BODIES, EVERYWHERE, KEYS, refusal

FORM = "application/x-www-form-urlencoded"
TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
LIMIT: Schema = {"type": "integer", "minimum": 0, "maximum": 999_999_999, "default": 10}
THRESHOLD: Schema = {"type": "number", "minimum": 0, "maximum": 1, "default": 0}
LABELS: Schema = {"type": "string", "description": "Language of the labels, such as 'de'."}


def record(required: tuple[str, ...] = (), /, **fields: Schema) -> Schema:
    """Return the schema of an object with these fields."""
    return {"type": "object", "properties": fields, **({"required": list(required)} if required else {})}


def several(item: Schema) -> Schema:
    """Return the schema of a list of such items."""
    return {"type": "array", "items": item}


def told(
    answer: Schema | None, takes: Schema | None = None, *, kind: str = "application/json", query: Mapping[str, Schema] | None = None
) -> dict[str, Any]:
    """Return what is added to a route's description: what it takes, as which media type, and answers (None: nothing, 204)."""
    refusals = (*EVERYWHERE, 404, *(BODIES if takes else ()))
    done: dict[str, Json] = {} if answer is None else {"content": {"application/json": {"schema": answer}}}
    parameters = [{"name": name, "in": "query", "required": False, "schema": schema} for name, schema in (query or {}).items()]
    found: dict[str, Any] = {
        "responses": {
            **{str(status): refusal(status) for status in refusals},
            "204" if answer is None else "200": {"description": "Done.", **done},
        },
        "security": [*KEYS, {}],
    }
    found |= {"parameters": parameters} if parameters else {}
    return found | ({"requestBody": {"required": True, "content": {kind: {"schema": takes}}}} if takes else {})

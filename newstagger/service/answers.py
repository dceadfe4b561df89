"""The shapes of requests and answers that have no schema file of their own, in the words of JSON Schema; ``openapi`` names them."""

from __future__ import annotations

from newstagger.contracts import Json

Schema = dict[str, Json]
TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
TRUTH: Schema = {"type": "boolean"}
BUDGET: Schema = {
    "type": "number", "minimum": 0, "maximum": 10_000,
    "description": "Milliseconds that the caller waits for the answer; without it wait_ms of the settings. 0: accept only.",
}  # fmt: skip
HASH: Schema = {"type": "string", "maxLength": 200, "description": "The CMS's own hash of the content; it comes back with the answer."}


def ref(name: str) -> Schema:
    """Return a reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def listed(items: Schema, **bounds: int) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items, **bounds}


def closed(**properties: Schema) -> Schema:
    """Return the schema of an object that has exactly these properties."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def components(most: int) -> dict[str, Schema]:
    """Return the schemas by name; ``most`` is how many articles or decisions a request may hold."""
    feed = closed(feed=TEXT, agency=TEXT, stories=WHOLE, ingested=TEXT, age=WHOLE, fresh=TRUTH)
    concept = closed(
        concept=TEXT, label=TEXT, facet=ref("tagging-facet"), alt_labels=listed(TEXT), broader=listed(TEXT), exact_match=listed(TEXT)
    )
    job = closed(
        job=WHOLE, kind={"enum": ["tag", "deliver"]}, site=TEXT, id=TEXT, revision={"type": ["integer", "null"]}, tries=WHOLE, due=TEXT,
        error=TEXT, state={"enum": ["waiting", "held", "dead"]},
    )  # fmt: skip
    decisions = listed(ref("decision-request"), minItems=1, maxItems=most)
    item = {"allOf": [ref("article"), {"type": "object", "properties": dict.fromkeys(("agency", "feed", "version", "status"), TEXT)}]}
    result = {"anyOf": [ref("saved"), ref("accepted"), ref("problem")]}
    return {
        "save-request": {"allOf": [ref("article"), {"type": "object", "properties": {"budget_ms": BUDGET, "content_hash": HASH}}]},
        "batch-request": {
            "type": "object", "required": ["articles"],
            "properties": {"articles": listed(ref("save-request"), minItems=1, maxItems=most), "budget_ms": BUDGET},
        },
        "batch": closed(results=listed(result)),
        "why": closed(tagging=ref("tagging"), decisions=listed(ref("decision"))),
        "decisions-request": {"anyOf": [ref("decision-request"), closed(decisions=decisions)]},
        "stored": closed(stored=WHOLE),
        "decisions": closed(decisions=listed(ref("decision"))),
        "forgotten": closed(site=TEXT, id=TEXT, decisions=WHOLE, answers=WHOLE, texts=WHOLE, waiting=WHOLE),
        "wire-items": {"anyOf": [item, listed(item)]},
        "wire-added": closed(added=WHOLE, failed=WHOLE, stories=WHOLE, problems=listed(ref("problem"))),
        "wire-state": closed(stories=WHOLE, fresh=TRUTH, max_age=WHOLE, reason=TEXT, feeds=listed(feed)),
        "any": {"type": ["object", "array"], "description": "An article in the format that the path names."},
        "received": closed(results=listed({"anyOf": [ref("accepted"), ref("problem")]})),
        "concepts": closed(concepts=listed(concept)),
        "jobs": closed(jobs=listed(job), count=WHOLE),
        "replayed": closed(replayed=TRUTH),
        "dropped": closed(dropped=TRUTH),
        "health": closed(status={"const": "ok"}),
        "readiness": closed(status={"enum": ["ready", "not ready"]}, reasons=listed(TEXT)),
    }  # fmt: skip

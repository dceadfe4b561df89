"""Concepts to choose from while somebody types."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from newstagger.contracts import Json
from newstagger.domain import Concept, Facet
from newstagger.errors import InputError
from newstagger.service.admission import admitted
from newstagger.service.problems import answer

router = APIRouter(tags=["vocabulary"])
MOST, LONGEST = 100, 200


@router.get("/v1/concepts")
async def concepts(request: Request) -> Response:
    """Return the concepts that may be meant by what was typed so far, the best first."""
    service, site = await admitted(request)
    query, facet = request.query_params.get("q", "").strip(), request.query_params.get("facet") or None
    limit = request.query_params.get("limit", "10")
    if not 0 < len(query) <= LONGEST:
        raise InputError(f"q must be a text of 1 to {LONGEST} characters", next_step="add ?q=...")
    if facet is not None and facet not in list(Facet):
        raise InputError(f"unknown facet {facet[:40]!r}", next_step=f"one of: {', '.join(Facet)}")
    if not (limit.isascii() and limit.isdigit() and len(limit) < 5 and 0 < int(limit) <= MOST):
        raise InputError(f"limit must be a whole number from 1 to {MOST}", next_step="correct the query")
    host = service.newsrooms.host(site.name or service.newsrooms.settings.site)
    found = await service.desk.labour(lambda: host.search(query, Facet(facet) if facet else None, int(limit)))
    return answer({"concepts": [concept_json(concept) for concept in found]})


def concept_json(concept: Concept) -> dict[str, Json]:
    """Return a concept as JSON."""
    return {
        "concept": concept.id, "label": concept.pref_label, "facet": str(concept.facet), "alt_labels": list(concept.alt_labels),
        "broader": list(concept.broader), "exact_match": list(concept.exact_match),
    }  # fmt: skip

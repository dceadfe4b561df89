"""Annif's REST API (v1, as Annif 1.4 describes it): its clients are given ``http://NAME:KEY@HOST:PORT/annif/v1/`` and see projects.

One project a facet and one for all; a language after the name (``newstagger-topic-de``) tells the texts' and the labels' language.
https://github.com/NatLibFi/Annif/blob/main/annif/openapi/annif.yaml
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from importlib.metadata import version

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from newstagger.contracts import Json
from newstagger.domain import Article, Tag, Tagging
from newstagger.formats.annif import results
from newstagger.language import among, normalise
from newstagger.newsroom.reviewqueue import Face
from newstagger.service.bodies import expect_json
from newstagger.service.faces.annifasks import (
    MOST_LANGUAGES,
    NAME,
    PROJECTS,
    Project,
    Wanted,
    article_of,
    document_of,
    form_of,
    item_of,
    objects_in,
    text_of,
)
from newstagger.service.faces.described import FORM, LABELS, LIMIT, TEXT, THRESHOLD, record, several, told
from newstagger.service.faces.visits import Visit, bad_request, put_up, received
from newstagger.service.problems import RefusedError, answer
from newstagger.topicnames import known_codes, topic_names

router = APIRouter(prefix="/annif/v1", tags=["annif"])
INFO = record(title=TEXT, version=TEXT)
PROJECT = record(("project_id", "name", "language", "backend"), project_id=TEXT, name=TEXT, language=TEXT, backend=record())
FOUND = record(("results",), results=several(record(("uri", "label", "score"), uri=TEXT, label=TEXT, score=THRESHOLD)))
ASKED = {"limit": LIMIT, "threshold": THRESHOLD, "language": LABELS}
DOCUMENT = record(("text",), text=TEXT, document_id=TEXT, metadata=record(title=TEXT))
TAUGHT = record(text=TEXT, document_id=TEXT, subjects=several(record(("uri",), uri=TEXT, label=TEXT)))
CANDIDATES = record(("text", "languages"), text=TEXT, languages=several({"type": "string", "minLength": 2}))
LIKELY = record(results=several(record(language={"type": ["string", "null"]}, score={"type": "number"})))


@router.get("/", openapi_extra=told(INFO))
async def info(request: Request) -> Response:
    """Tell what answers here."""
    await received(request, Face.ANNIF)
    return answer({"title": "newstagger, speaking Annif's REST API v1", "version": version("newstagger")})


@router.get("/vocabs", openapi_extra=told(record(vocabs=several(record()))))
async def vocabs(request: Request) -> Response:
    """List the vocabularies: there is one, of all concepts that may be suggested."""
    await received(request, Face.ANNIF)
    return answer({"vocabs": [{"vocab_id": NAME, "languages": sorted(known_codes()), "size": None, "loaded": True}]})


@router.get("/projects", openapi_extra=told(record(projects=several(PROJECT))))
async def projects(request: Request) -> Response:
    """List the projects: one for all facets, one for each."""
    visit = await received(request, Face.ANNIF)
    return answer({"projects": [Project(name, facet).to_json(visit) for name, facet in PROJECTS.items()]})


@router.get("/projects/{project_id}", openapi_extra=told(PROJECT))
async def project(request: Request, project_id: str) -> Response:
    """Tell about one project."""
    visit = await received(request, Face.ANNIF)
    return answer(Project.named(project_id).to_json(visit))


@router.post("/projects/{project_id}/suggest", openapi_extra=told(FOUND, record(("text",), text=TEXT, **ASKED), kind=FORM))
async def suggest(request: Request, project_id: str) -> Response:
    """Suggest subjects for a text, sent as a form with ``text`` and, if wanted, ``limit``, ``threshold`` and ``language``."""
    visit, asked = await received(request, Face.ANNIF), Project.named(project_id)
    form = form_of(request, visit.body)
    wanted = Wanted.of(form, asked)
    if "text" not in form:
        raise bad_request("the form has no field 'text'")
    article = article_of(visit, asked, form["text"], title=form.get("metadata_title", ""))
    return answer({"results": await visit.service.desk.think(lambda: _suggested(visit, asked, wanted, article))})


@router.post(
    "/projects/{project_id}/suggest-batch",
    openapi_extra=told(several(FOUND), record(("documents",), documents=several(DOCUMENT)), query=ASKED),
)
async def suggest_batch(request: Request, project_id: str) -> Response:
    """Suggest subjects for each of the ``documents`` in a JSON object."""
    expect_json(request)
    visit, asked = await received(request, Face.ANNIF), Project.named(project_id)
    wanted = Wanted.of(request.query_params, asked)
    value = await visit.json()
    documents = objects_in(visit, value.get("documents") if isinstance(value, dict) else None, "documents")
    articles = [document_of(visit, asked, document) for document in documents]
    think = visit.service.desk.think
    found = await asyncio.gather(*(think(partial(_suggested, visit, asked, wanted, article)) for article in articles))
    return answer([{"document_id": d.get("document_id"), "results": one} for d, one in zip(documents, found, strict=True)])


@router.post(
    "/projects/{project_id}/learn", status_code=HTTPStatus.NO_CONTENT, response_class=Response, openapi_extra=told(None, several(TAUGHT))
)
async def learn(request: Request, project_id: str) -> Response:
    """Put texts with their subjects into the review queue: nothing is learned before a taxonomist takes it."""
    expect_json(request)
    visit, asked = await received(request, Face.ANNIF), Project.named(project_id)
    documents = objects_in(visit, await visit.json(), "the body")
    if not visit.keeps_text:
        step = 'set keep_text under [privacy] to "decided"'
        raise RefusedError(HTTPStatus.FORBIDDEN, f"Project {asked.id!r} may not learn: this newsroom keeps no text", next_step=step)
    taught = [document for document in documents if "text" in document and document.get("subjects")]
    items = [item_of(visit, asked, document) for document in taught]
    await visit.service.desk.think(lambda: put_up(visit, items))
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post("/detect-language", openapi_extra=told(LIKELY, CANDIDATES))
async def detect_language(request: Request) -> Response:
    """Tell how likely each of some ``languages`` is that of ``text``; the score without a language is that of all others."""
    expect_json(request)
    visit = await received(request, Face.ANNIF)
    value = await visit.json()
    asked = value.get("languages") if isinstance(value, dict) else None
    if not isinstance(asked, list) or not 0 < len(asked) <= MOST_LANGUAGES or not all(isinstance(one, str) for one in asked):
        raise bad_request(f"languages must be a list of 1 to {MOST_LANGUAGES} codes")
    codes = [normalise(one) for one in asked]
    if any(code is None for code in codes):
        raise bad_request("unsupported candidate languages", "use codes of ISO 639-1, such as 'en'")
    text, known = text_of(value), [code for code in codes if code]
    found = await visit.service.desk.think(lambda: among(text, known))
    names = dict(zip(codes, asked, strict=True))
    return answer({"results": [{"language": names.get(code), "score": round(score, 6)} for code, score in found.items()]})


def _suggested(visit: Visit, project: Project, wanted: Wanted, article: Article) -> list[dict[str, Json]]:
    tagging = visit.host.suggest(article)
    tags = tuple(tag for tag in tagging.tags if project.facet in (None, tag.concept.facet) and tag.score >= wanted.threshold)
    best: Tagging = replace(tagging, tags=tuple(_labelled(tag, wanted.language) for tag in tags))
    return results(best)[: wanted.limit]


def _labelled(tag: Tag, language: str | None) -> Tag:
    name = None if language is None else topic_names().name(tag.concept.id, language)
    return tag if name is None else replace(tag, concept=replace(tag.concept, pref_label=name))

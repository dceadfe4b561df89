"""The iMatrics API as Superdesk's stock tagging widget calls it: ``IMATRICS_BASE_URL=http://HOST:PORT/imatrics/``, a key of the site.

What its client class sends and reads is the contract (``superdesk.text_checkers.ai.imatrics``): analysis, search, create, delete,
and the tags of a finished article, which wait for review.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from newstagger.cli.vocabulary import add_entry, remove_entry
from newstagger.contracts import Json
from newstagger.domain import Article, ArticleRef, Facet
from newstagger.errors import ConfigError, TaxonomyError
from newstagger.newsroom.reviewqueue import Face, Item, Kind, Told
from newstagger.newsroom.vocabulary import Entry, slug_id
from newstagger.newsroom.vocabularyfile import checked
from newstagger.service.bodies import expect_json
from newstagger.service.faces.described import TEXT, TEXTS, record, several, told
from newstagger.service.faces.imatricsconcepts import FACETS, analysis, concept_to_json, parent_of
from newstagger.service.faces.visits import Visit, bad_request, known_of, now, put_up, received
from newstagger.service.problems import RefusedError, answer, busy
from newstagger.settings import Settings
from newstagger.taxonomy import OWN

router = APIRouter(prefix="/imatrics", tags=["imatrics"])
MOST_FOUND, MOST_PARAGRAPHS = 100, 20_000
CONCEPT = record(("uuid", "title", "type"), uuid=TEXT, title=TEXT, type=TEXT, aliases=TEXTS)
ARTICLE = record(uuid=TEXT, headline=TEXT, preamble=TEXT, body=TEXTS, language=TEXT)
KEPT = record(**ARTICLE["properties"], concepts=several(record(uuid=TEXT, title=TEXT, type=TEXT)))
SOUGHT = record(title=TEXT, type=TEXT, size={"type": "integer"}, uuid=TEXT)
DONE = record(("error",), error={"type": "boolean"}, response=TEXT, uuid=TEXT)
OPERATION: dict[str, Json] = {"operation": {"enum": ["title_type", "id"]}}
WAITS = "waits for review"


@router.post("/article/analysis", openapi_extra=told(record(concepts=several(CONCEPT), broader=several(CONCEPT)), ARTICLE))
async def analyse(request: Request) -> Response:
    """Suggest concepts for an article, with the broader ones of its topics; nothing is remembered."""
    visit, table = await _asked(request)
    article = _article(visit, table)
    tagging = await visit.service.desk.think(lambda: visit.host.suggest(article))
    return answer(analysis(tagging, visit))


@router.post("/concept/get", openapi_extra=told(record(result=several(CONCEPT)), SOUGHT, query=OPERATION))
async def get_concept(request: Request) -> Response:
    """Return concepts: those whose name begins as ``title``, or with ``?operation=id`` the one of a ``uuid``."""
    visit, table = await _asked(request)
    if request.query_params.get("operation") == "id":
        found = [visit.host.find(_text(table, "uuid"))]
    else:
        title, size = _text(table, "title"), table.get("size", 10)
        if isinstance(size, bool) or not isinstance(size, int):
            raise bad_request("size must be a whole number")
        facet = FACETS.get(_text(table, "type"))
        found = [*await visit.service.desk.think(lambda: visit.host.search(title, facet, max(1, min(size, MOST_FOUND))))]
    return answer({"result": [concept_to_json(one, parent=parent_of(one, visit)) for one in found if one is not None]})


@router.post("/concept/create", openapi_extra=told(DONE, record(("title",), title=TEXT, type=TEXT)))
async def create_concept(request: Request) -> Response:
    """Add a concept to the newsroom's vocabulary where the site may, else put it up for review; one that is there is left as it is."""
    visit, table = await _asked(request)
    title, facet = " ".join(_text(table, "title").split()), FACETS.get(_text(table, "type")) or Facet.TOPIC
    there = await visit.service.desk.ask(lambda: visit.host.named(title, facet))
    if there:
        return answer({"error": False, "response": "is there already", "uuid": there[0].id})
    try:
        entry = checked(Entry(slug_id(title), title, facet))
        if visit.site.settings.create_concepts:
            await _written(visit, lambda settings: add_entry(visit.host, settings, entry, facet_told=True))
            return answer({"error": False, "response": "added", "uuid": entry.id})
    except TaxonomyError as error:  # the client tells its user what stands in ``response``
        return answer({"error": True, "response": str(error)})
    return await _proposed(visit, Kind.CONCEPT, Told(label=title, facet=facet))


@router.delete("/concept/delete", openapi_extra=told(DONE, query={"uuid": TEXT}))
async def delete_concept(request: Request) -> Response:
    """Remove one of the newsroom's own concepts where the site may, else put its removal up for review."""
    visit = await received(request, Face.IMATRICS)
    named = request.query_params.get("uuid", "")
    concept = visit.host.find(named) if named else None
    if concept is None:
        raise RefusedError(HTTPStatus.NOT_FOUND, "no such concept", next_step="search for it with concept/get")
    if not concept.id.startswith(OWN):
        step = "take it out of the site's tags with deny under [policy]"
        raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, "only the newsroom's own concepts can be deleted", next_step=step)
    if visit.site.settings.create_concepts:
        await _written(visit, lambda settings: remove_entry(settings, concept.id))
        return answer({"error": False, "response": "removed"})
    return await _proposed(visit, Kind.REMOVAL, Told((concept.id,)))


@router.post("/article/concept", openapi_extra=told(DONE, KEPT))
@router.post("/article/store", openapi_extra=told(DONE, KEPT))
@router.post("/article/publish", openapi_extra=told(DONE, KEPT))
async def feedback(request: Request) -> Response:
    """Put the concepts of a finished article up for review, with its text where the newsroom keeps texts."""
    visit, table = await _asked(request)
    article, given = _article(visit, table), table.get("concepts") or []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise bad_request("concepts must be a list of objects")
    labels, unknown = known_of(visit.host, [_text(one, "uuid") for one in given], lambda uuid: uuid or None)
    if given:
        copy = article if visit.keeps_text else None
        item = Item(0, article.ref, Kind.LABELS, Face.IMATRICS, now(), Told(labels, unknown=unknown), visit.by, article=copy)
        await visit.service.desk.think(lambda: put_up(visit, [item]))
    return answer({"error": False, "response": WAITS if given else "no concepts"})


async def _asked(request: Request) -> tuple[Visit, Mapping[str, Json]]:
    """Return who asks and the object in the body; raise RefusedError."""
    expect_json(request)
    visit = await received(request, Face.IMATRICS)
    value = await visit.json()
    if not isinstance(value, dict):
        raise bad_request("the body must be an object")
    return visit, value


async def _written(visit: Visit, change: Callable[[Settings], object]) -> None:
    """Change the vocabulary; raise RefusedError (503) when its file cannot be written, TaxonomyError for what does not fit."""
    try:
        await visit.service.desk.ask(lambda: change(visit.service.newsrooms.settings))
    except ConfigError as error:
        raise busy(f"not saved: {error.what}", next_step="look at the newsroom's folder") from None


async def _proposed(visit: Visit, kind: Kind, what: Told) -> Response:
    item = Item(0, ArticleRef(visit.site.name, ""), kind, Face.IMATRICS, now(), what, visit.by)
    new = await visit.service.desk.think(lambda: put_up(visit, [item]))
    return answer({"error": False, "response": WAITS if new else "was proposed before"})


def _text(table: Mapping[str, Json], name: str) -> str:
    value = table.get(name)
    if value is not None and not isinstance(value, str):
        raise bad_request(f"{name} must be a text")
    return value or ""


def _article(visit: Visit, table: Mapping[str, Json]) -> Article:
    """Return the article: ``body`` and ``preamble`` are plain paragraphs."""
    given = table.get("body") or []
    paragraphs = [given] if isinstance(given, str) else given
    if not isinstance(paragraphs, list) or not all(isinstance(one, str) for one in paragraphs) or len(paragraphs) > MOST_PARAGRAPHS:
        raise bad_request(f"body must be a list of at most {MOST_PARAGRAPHS} paragraphs")
    body = _joined((_text(table, "preamble"), *paragraphs))
    ref = ArticleRef(visit.site.name, _text(table, "uuid"))
    when = _text(table, "latestVersionTimestamp")[:100] or None
    return Article(ref, _text(table, "headline"), body, language=_text(table, "language") or None, version_created=when)


def _joined(paragraphs: Iterable[str]) -> str:
    return "\n\n".join(one for one in paragraphs if one.strip())

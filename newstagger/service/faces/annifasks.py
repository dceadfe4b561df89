"""What the requests of Annif's clients ask: projects, limits, documents with their subjects. The routes are in ``annif``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl

from starlette.requests import Request

from newstagger.contracts import Json
from newstagger.domain import Article, ArticleRef, Facet
from newstagger.formats.annif import concept_told
from newstagger.formats.plain import split_headline
from newstagger.language import normalise
from newstagger.newsroom.reviewqueue import Face, Item, Kind, Told
from newstagger.service.faces.described import FORM
from newstagger.service.faces.visits import Visit, bad_request, known_of, now
from newstagger.service.problems import RefusedError
from newstagger.topicnames import known_codes

NAME = "newstagger"
PROJECTS: Mapping[str, Facet | None] = {NAME: None, **{f"{NAME}-{facet}": facet for facet in Facet}}
TITLES = {None: "topics, regions and actors", Facet.TOPIC: "topics", Facet.REGION: "regions", Facet.ACTOR: "actors"}
LIMIT, MOST_LIMIT, MOST_LANGUAGES, MOST_FIELDS = 10, 1_000, 20, 50
"""Suggestions where none are asked for, at most, candidate languages at most, fields of a form at most."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project as clients name it: its facet (None: all), and the language of texts and labels (None: any)."""

    id: str
    facet: Facet | None
    language: str | None = None

    @classmethod
    def named(cls, told: str) -> Project:
        """Return the project of that id; raise RefusedError (404) where there is none."""
        if told in PROJECTS:
            return cls(told, PROJECTS[told])
        base, _, suffix = told.rpartition("-")
        if base in PROJECTS and suffix.islower() and (code := normalise(suffix)) == suffix:
            return cls(told, PROJECTS[base], code)
        raise RefusedError(HTTPStatus.NOT_FOUND, f"Project {told[:60]!r} not found", next_step=f"there are {', '.join(PROJECTS)}")

    def to_json(self, visit: Visit) -> dict[str, Json]:
        """Return what a client is told of it."""
        bundle = visit.host.bundle
        trained = bundle is not None and (self.facet in bundle.parts if self.facet else bool(bundle.parts))
        language = self.language or visit.service.newsrooms.settings.vocabulary.language or "en"
        return {
            "project_id": self.id, "name": f"newstagger {TITLES[self.facet]}", "language": language, "backend": {"backend_id": NAME},
            "vocab": {"vocab_id": NAME, "languages": sorted(known_codes())}, "vocab_language": language, "is_trained": trained,
            "modification_time": None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which suggestions a client asks for: so many at most, with a score of at least, labelled in a language (None: as they are)."""

    limit: int = LIMIT
    threshold: float = 0.0
    language: str | None = None

    @classmethod
    def of(cls, told: Mapping[str, str], project: Project) -> Wanted:
        """Return what form fields or a query ask for; raise RefusedError (400) for a value out of range."""
        language = told.get("language") or None
        code = project.language if language is None else normalise(language)
        if language is not None and code not in known_codes():
            raise bad_request(f"language {language[:20]!r} not supported by vocabulary", f"known: {', '.join(sorted(known_codes()))}")
        return cls(_limit(told.get("limit", str(LIMIT))), _threshold(told.get("threshold", "0")), code)


def form_of(request: Request, body: bytes) -> dict[str, str]:
    """Return the fields of a form; raise RefusedError: 415 for what is no form, 400 for one that cannot be read."""
    told = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if told != FORM:
        what = f"the body is {told[:60]!r}" if told else "the body has no Content-Type"
        raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, what, next_step=f"send it as {FORM}")
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError:  # not UTF-8, or more fields than a form of ours has
        raise bad_request("the form cannot be read", "send it in UTF-8, with the field 'text'") from None


def _limit(told: str) -> int:
    if not (told.isascii() and told.isdigit() and len(told) < 10):
        raise bad_request("limit must be a whole number from 0")
    return min(int(told), MOST_LIMIT)


def _threshold(told: str) -> float:
    try:
        value = float(told)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise bad_request("threshold must be a number from 0 to 1")
    return value


def objects_in(visit: Visit, value: Json, what: str) -> Sequence[dict[str, Json]]:
    """Return a list of objects; raise RefusedError (400) for anything else, or more of them than a request may hold."""
    most = visit.service.settings.max_batch
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise bad_request(f"{what} must be a list of objects")
    if len(value) > most:
        raise bad_request(f"{what} holds more than {most} documents", "split the request")
    return value


def text_of(document: Mapping[str, Json]) -> str:
    """Return the text of a document; raise RefusedError (400) where there is none."""
    text = document.get("text")
    if not isinstance(text, str):
        raise bad_request("a document's 'text' must be a text")
    return text


def document_of(visit: Visit, project: Project, document: Mapping[str, Json]) -> Article:
    """Return a document as an article without an id of ours; raise RefusedError (400) for fields of a wrong type."""
    told, metadata = document.get("document_id"), document.get("metadata")
    if told is not None and not isinstance(told, str):
        raise bad_request("document_id must be a text")
    title = metadata.get("title") if isinstance(metadata, dict) else ""
    return article_of(visit, project, text_of(document), told or "", title if isinstance(title, str) else "")


def article_of(visit: Visit, project: Project, text: str, article_id: str = "", title: str = "") -> Article:
    """Return a text as an article; where no title is told, its first line is the headline if it looks like one."""
    headline, body = (title, text) if title else split_headline(text)
    return Article(ArticleRef(visit.site.name, article_id), headline, body, language=project.language)


def item_of(visit: Visit, project: Project, document: Mapping[str, Json]) -> Item:
    """Return a document with its subjects as a row for review; raise RefusedError (400) for subjects that are none."""
    subjects, article = document["subjects"], document_of(visit, project, document)
    named = [subject.get("uri") if isinstance(subject, dict) else None for subject in subjects] if isinstance(subjects, list) else [None]
    if not all(isinstance(uri, str) and uri for uri in named):
        raise bad_request("subjects must be a list of objects with 'uri'")
    labels, unknown = known_of(visit.host, [str(uri) for uri in named], concept_told)
    return Item(0, article.ref, Kind.LABELS, Face.ANNIF, now(), Told(labels, unknown=unknown), visit.by, article=article)

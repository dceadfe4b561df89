"""Requests as the domain's words: the article in a body, with what stands beside it; ids out of a query."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request

from newstagger.cli.articles import json_formats, read_value
from newstagger.contracts import Json
from newstagger.domain import Article, ArticleRef
from newstagger.errors import InputError
from newstagger.formats.charset import checked_id
from newstagger.formats.fields import kind_of
from newstagger.formats.reading import only
from newstagger.newsroom.ledger import is_revision
from newstagger.service.access import Site
from newstagger.service.parts import Service
from newstagger.service.problems import RefusedError
from newstagger.servicesettings import MOST_WAIT_MS

MOST_HASH = 200


@dataclass(frozen=True, slots=True)
class SaveRequest:
    """One save as it was asked for: how long it may take, and the CMS's own hash of the content, which is echoed."""

    article: Article
    budget_ms: float
    content_hash: str = ""


def save_request(value: Json, service: Service, site: Site, budget_ms: float | None = None) -> SaveRequest:
    """Return the save that a JSON value asks for; raise InputError for what an article lacks, RefusedError for another site's."""
    table = value if isinstance(value, dict) else {}
    told_hash = asked_hash(value)
    chosen = _budget(table.get("budget_ms"), service.settings.wait_ms if budget_ms is None else budget_ms)
    return SaveRequest(article_in(value, service, site), chosen, told_hash)


def article_in(value: Json, service: Service, site: Site) -> Article:
    """Return the article in a JSON value, in our own JSON or any format that newstagger reads."""
    home = site.name or service.newsrooms.settings.site
    article = only(read_value(value, json_formats(service.newsrooms.host(home).readers()), "the article", home, None), "the article")
    expect_own(article, site)
    return article


def expect_own(article: Article, site: Site) -> None:
    """Raise RefusedError (403) for an article of another site's, or copied from one there: what editors decided on it stays there.

    Raises InputError for a revision that no database counts.
    """
    site.expect(article.ref.site)
    if article.copied_from is not None:
        site.expect(article.copied_from.site)
    if article.revision is not None and not is_revision(article.revision):
        raise InputError("revision must be a whole number below 2**63", next_step="correct the article")


def asked_hash(value: Json) -> str:
    """Return the ``content_hash`` of an object, '' where it has none; raise InputError for one that is no short text."""
    told = value.get("content_hash") if isinstance(value, dict) else None
    if told is None:
        return ""
    if not isinstance(told, str) or len(told) > MOST_HASH:
        raise InputError(f"content_hash must be a text of at most {MOST_HASH} characters", next_step="correct the request")
    return told


def _budget(told: Json, default: float) -> float:
    if told is None:
        return default
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 <= told <= MOST_WAIT_MS:
        raise InputError(f"budget_ms must be a number from 0 to {MOST_WAIT_MS}", next_step="correct the request")
    return told


def asked_budget(value: Json, default: float) -> float:
    """Return the ``budget_ms`` of an object, or the default; raise InputError for one that is no such number."""
    return _budget(value.get("budget_ms") if isinstance(value, dict) else None, default)


def asked_ref(request: Request, service: Service, site: Site) -> ArticleRef:
    """Return the article that a query names by ``id`` and, where the credentials do not tell it, ``site``."""
    identity = checked_id(_query(request, "id"), "id", "the query")
    home = checked_id(request.query_params.get("site") or site.name or service.newsrooms.settings.site, "site", "the query")
    site.expect(home)
    return ArticleRef(home, identity)


def _query(request: Request, name: str) -> str:
    if (told := request.query_params.get(name)) is None:
        raise InputError(f"the query names no {name}", next_step=f"add ?{name}=...")
    return told


def flag(request: Request, name: str, *, default: bool) -> bool:
    """Return a query's true or false; raise InputError for anything else."""
    told = request.query_params.get(name)
    if told is None:
        return default
    if told.lower() not in ("true", "false", "1", "0"):
        raise InputError(f"{name} must be true or false", next_step="correct the query")
    return told.lower() in ("true", "1")


def expect_object(value: Json, what: str) -> dict[str, Json]:
    """Return a value that is an object; raise RefusedError (422) for any other."""
    if not isinstance(value, dict):
        raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, f"{what} must be a JSON object, not {kind_of(value)}")
    return value

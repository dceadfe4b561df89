"""The editor's word over HTTP: all decisions of a request are stored, or none."""

from __future__ import annotations

import time
from collections.abc import Sequence
from hashlib import sha256

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from newstagger.contracts import Json
from newstagger.domain import Action, ArticleRef, EditorDecision, Facet
from newstagger.errors import InputError
from newstagger.formats.charset import checked_id
from newstagger.formats.tagging_json import decision_to_json
from newstagger.host import Host
from newstagger.jsontext import canonical
from newstagger.newsroom.ledger import is_revision, is_text
from newstagger.service.access import Site
from newstagger.service.admission import admitted, admitted_json
from newstagger.service.parts import Service
from newstagger.service.problems import answer
from newstagger.service.reading import asked_ref, expect_object
from newstagger.service.signatures import ID

router = APIRouter(tags=["decisions"])
LONGEST = 1_000
IDEMPOTENCY = "idempotency-key"
KEY_SECONDS = 7 * 86_400.0
"""How long an idempotency key is remembered."""


@router.post("/v1/decisions")
async def decide(request: Request) -> Response:
    """Store what editors decided; when this fails the editor is to be told that it was not saved."""
    service, site, value = await admitted_json(request)
    items, key, digest = _items(value, service), _key(request, site), sha256(canonical(value)).hexdigest()
    decisions = await service.desk.ask(lambda: [_decision(item, service, site) for item in items])
    return answer({"stored": await service.desk.ask(lambda: _store(decisions, service, key, digest))})


@router.get("/v1/decisions")
async def decided(request: Request) -> Response:
    """Return every decision on an article, oldest first."""
    service, site = await admitted(request)
    ref = asked_ref(request, service, site)
    decisions = await service.desk.ask(lambda: service.newsrooms.host(ref.site).feedback(ref))
    return answer({"decisions": [decision_to_json(one) for one in decisions]})


def _key(request: Request, site: Site) -> str:
    """Return the name under which a request is remembered, '' for one that may be stored again.

    The id of a signed delivery goes first: whoever repeats the delivery could give it another key, which nobody signed.
    """
    names = (ID, IDEMPOTENCY) if site.receipt else (IDEMPOTENCY, ID)
    told = next(filter(None, (request.headers.get(name, "") for name in names)), "")
    if len(told) > LONGEST:
        raise InputError(f"the Idempotency-Key is longer than {LONGEST} characters", next_step="shorten it")
    return f"decisions\n{site.name}\n{told}" if told else ""


def _items(value: Json, service: Service) -> Sequence[dict[str, Json]]:
    table = expect_object(value, "the body")
    if "decisions" not in table:
        return [table]
    items = table["decisions"]
    most = service.settings.max_batch
    if not isinstance(items, list) or not 0 < len(items) <= most:
        raise InputError(f"decisions must be a list of 1 to {most}", next_step="split the request")
    return [expect_object(item, "a decision") for item in items]


def _decision(table: dict[str, Json], service: Service, site: Site) -> EditorDecision:
    home = _text(table, "site") or site.name or service.newsrooms.settings.site
    ref = ArticleRef(checked_id(home, "site", "the decision"), checked_id(_text(table, "id"), "id", "the decision"))
    site.expect(ref.site)
    action, shown, revision = _text(table, "action"), table.get("shown", True), table.get("revision")
    if action not in list(Action):
        raise InputError(f"unknown action {action[:40]!r}", next_step=f"one of: {', '.join(Action)}")
    if not isinstance(shown, bool):
        raise InputError("shown must be true or false", next_step="correct the decision")
    if revision is not None and not is_revision(revision):
        raise InputError("revision must be a whole number below 2**63", next_step="correct the decision")
    concept = _concept(table, service.newsrooms.host(ref.site), ref)
    return EditorDecision(
        ref, concept, Action(action), _text(table, "by"), shown=shown, reason=_text(table, "reason"), revision=revision,
    )  # fmt: skip


def _text(table: dict[str, Json], name: str) -> str:
    value = table.get(name)
    if name == "id" and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None:
        return ""
    if not is_text(value) or len(value) > LONGEST:
        raise InputError(f"{name} must be a text of at most {LONGEST} characters", next_step="correct the decision")
    return str(value)


def _concept(table: dict[str, Json], host: Host, ref: ArticleRef) -> str:
    """Return the id that a decision names, or means by a label; raise InputError for one that nobody here knows."""
    if told := _text(table, "concept"):
        if host.find(told) is None and told not in _known_of(host, ref):
            raise InputError("unknown concept", next_step="see the ids that /v1/tag answers, and /v1/concepts")
        return told
    label, facet = _text(table, "label"), _text(table, "facet")
    if not label:
        raise InputError("the decision names neither concept nor label", next_step='give it "concept"')
    if facet and facet not in list(Facet):
        raise InputError(f"unknown facet {facet[:40]!r}", next_step=f"one of: {', '.join(Facet)}")
    found = host.named(label, Facet(facet) if facet else None)
    if not found:
        raise InputError("no concept is called so", next_step="see /v1/concepts, or add it with 'newstagger vocabulary add'")
    return found[0].id


def _known_of(host: Host, ref: ArticleRef) -> set[str]:
    """Return the concepts of the article's last answer and of earlier decisions: what it was given once may always be decided."""
    last = host.explain(ref)
    return {told.concept for told in host.feedback(ref)} | ({tag.concept.id for tag in last.tags} if last else set())


def _store(decisions: Sequence[EditorDecision], service: Service, key: str, digest: str) -> int:
    """Store all of the decisions or none; return how many. A request that came before under its key stores nothing.

    Plugins are told once all of it is stored: none of them holds the newsroom's file.
    """
    host = service.newsrooms.host
    with service.newsrooms.state.transaction():
        if key and service.newsrooms.keys.seen(key, digest, time.time() + KEY_SECONDS):
            return 0
        stored = [host(decision.ref.site).store_decision(decision) for decision in decisions]
    for decision in stored:
        host(decision.ref.site).tell_decision(decision)
    return len(decisions)

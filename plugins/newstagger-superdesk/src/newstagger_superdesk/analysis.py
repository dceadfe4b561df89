"""The AI service of the editor's widget, answered by the host in this process.

analyze         what newstagger finds in the text as it stands in the form, saved or not
data_operation  search: type-ahead; create: the entry for a label; delete: this suggestion is wrong for this item; feedback: nothing
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import superdesk
from flask import current_app
from superdesk.errors import SuperdeskApiError
from superdesk.text_checkers.ai.base import AIServiceBase

from newstagger import ArticleRef, Concept, Decision, EditorDecision, Event, Facet, Tagging
from newstagger.domain import Action, FormState, in_order
from newstagger.errors import StateError
from newstagger.host import Host
from newstagger_superdesk import items
from newstagger_superdesk.codes import MACHINE, OFFERED, PERSON
from newstagger_superdesk.conf import PLACES
from newstagger_superdesk.desk import Desk, desk_of, person
from newstagger_superdesk.notices import note, trouble
from newstagger_superdesk.standing import held

logger = logging.getLogger("newstagger")
NOT_SAVED = "Not saved: the decision could not be stored, please try again."
MOST_FOUND = 10
Groups = dict[str, list[dict[str, Any]]]


def make_service(name: str, app: Any) -> Any:
    """Register the service under the name that the widget asks for, and return it."""
    return type("NewstaggerService", (Service,), {"name": name})(app)


class Service(AIServiceBase):  # type: ignore[misc]
    """Answers Superdesk's ``ai`` and ``ai_data_op`` requests."""

    name = MACHINE
    label = "newstagger"

    def analyze(self, item: Mapping[str, Any], tags: object = None) -> Groups:
        """Return what may be put on an item, by field; its own tags and a rejected one's absence are told by newstagger's memory."""
        desk = _desk()
        stored = superdesk.get_resource_service("archive").find_one(req=None, _id=items.name_of(item)) or {}
        if items.event_of(stored) is Event.KILL:
            return {}
        data, name, site = items.document({**stored, **item}), items.name_of(item), desk.process.options.settings.site
        existing = held(stored, stored, desk.codes).existing(desk.codes)
        said = {
            "event": Event.AUTOSAVE, "revision": items.version(stored), "copied_from": items.source_of(stored, site),
            "existing_tags": existing, "form": FormState(tuple(tag.concept for tag in existing)),
        }  # fmt: skip
        outcome = desk.process.ask(lambda host: host.article_saved(items.read(host, data, name, site, **said)))
        if message := trouble(outcome):
            logger.warning("analysis: %s", message)
        return groups(desk, outcome.value)

    def data_operation(self, verb: str, operation: str, name: str | None, data: Mapping[str, Any]) -> dict[str, Any]:
        """Do what the widget asks for; raise a bad request, in one line, for what is not known."""
        does = {"search": search, "create": create, "delete": reject, "feedback": lambda *_: {}}.get(operation)
        if does is None or verb != "POST":
            raise SuperdeskApiError.badRequestError(f"newstagger knows no {verb[:10]} {operation[:40]}")
        return dict(does(_desk(), data))


def groups(desk: Desk, tagging: Tagging | None) -> Groups:
    """Return the entries of an answer by field, as the widget takes them; silent tags are not shown."""
    found: Groups = {name: [] for name in PLACES}
    for tag in in_order(tagging.tags if tagging else ()):
        if tag.decision is not Decision.SILENT:
            found[desk.codes.fields[tag.concept.facet]].append(desk.codes.entry(tag.concept, OFFERED))
    return found


def search(desk: Desk, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return concepts in one of whose names a word begins as the term does."""
    term = _said(data, "term")
    outcome = desk.process.ask(lambda host: _found(host, term))
    if outcome.value is None:
        raise SuperdeskApiError.internalError(outcome.problem)
    found, broader = outcome.value
    return {"tags": _by_field(desk, found), "broader": _by_field(desk, broader)}


def _found(host: Host, term: str) -> tuple[Sequence[Concept], Sequence[Concept]]:
    """Return the concepts that a person may mean, and all that are broader than these."""
    found = host.search(term, limit=MOST_FOUND)
    above: dict[str, Concept] = {}
    ids = [name for concept in found for name in concept.broader]
    while ids:
        if (name := ids.pop()) not in above and (concept := host.find(name)) is not None:
            above[name] = concept
            ids += concept.broader
    return found, tuple(above.values())


def _by_field(desk: Desk, concepts: Sequence[Concept]) -> Groups:
    found: Groups = {}
    for concept in concepts:
        found.setdefault(desk.codes.fields[concept.facet], []).append(desk.codes.entry(concept, PERSON))
    return found


def create(desk: Desk, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the entry for a label: the known concept of that name, else one of the label's own. No vocabulary changes."""
    label = " ".join(_said(data, "title").split())
    facet = next((facet for facet, name in desk.codes.fields.items() if name == data.get("type")), Facet.TOPIC)
    outcome = desk.process.ask(lambda host: host.named(label, facet))
    concept = next(iter(outcome.value or ()), None) or Concept(f"typed:{label.casefold()}", label, facet)
    return {"tag": desk.codes.entry(concept, PERSON)}


def reject(desk: Desk, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Store that a suggestion (``qcode``) is wrong for an item (``item``: its guid); say so when it could not be stored."""
    user = person()
    name, code = _said(data, "item"), _said(data, "qcode")
    concept = desk.codes.concept({"qcode": code, "scheme": data.get("scheme"), "altids": data.get("altids")}) or code
    ref = ArticleRef(desk.process.options.settings.site, name)
    decision = EditorDecision(ref, concept, Action.REJECTED, by=str(user.get("username") or ""), reason="rejected in the editor")

    def work(host: Host) -> bool:
        try:
            host.editor_decided(decision)
        except StateError:
            return False
        return True

    if not desk.process.ask(work).value:
        stored = superdesk.get_resource_service("archive").find_one(req=None, _id=name)
        note(stored or {}, user, NOT_SAVED)
        raise SuperdeskApiError.internalError(NOT_SAVED)
    return {}


def _desk() -> Desk:
    if (desk := desk_of(current_app)) is None:
        raise SuperdeskApiError.notFoundError("newstagger is not installed in this Superdesk")
    return desk


def _said(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise SuperdeskApiError.badRequestError(f"{key} is missing")
    return value.strip()

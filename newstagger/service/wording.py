"""The words of the OpenAPI document, for who reads it first: what the service is, its subjects, and what each answer means."""

from __future__ import annotations

import re
from collections.abc import Mapping

from newstagger.contracts import Json

INTRODUCTION = """\
A CMS posts an article when somebody saves it (`POST /v1/tag`) and is answered with its topics, regions and actors: how sure each is, why,
and which to write unasked (`auto`) or to show the editor (`suggest`). When the time that the CMS can wait (`budget_ms`) is over first, the
answer is 202 and comes later. What editors do with the tags goes to `POST /v1/decisions` and holds from then on.

Each site has keys (bearer, or the password of Basic authentication) or signs its requests; without sites in the settings only this
machine may call. Whatever is refused is a problem (RFC 9457) whose `detail` says in one line what is wrong and what to do; nothing was
stored then. Fields that newstagger does not know are ignored."""

SUBJECTS: Mapping[str, str] = {
    "saves": "An article is saved; what it was answered and why; forgetting it.",
    "decisions": "What editors do with tags: it is law from the next save on.",
    "wire": "Agencies' stories, and how much of an article stands in them.",
    "webhooks": "What CMSs send by themselves, in formats of their own.",
    "vocabulary": "Concepts to choose from, as somebody types.",
    "jobs": "Saves that are answered later, answers that are posted; what was given up.",
    "health": "For those who watch the service.",
    "annif": "Annif's REST API, for clients that speak it. Nothing that is asked is remembered.",
    "imatrics": "The API that the tagging widget of Superdesk calls. Nothing that is asked is remembered.",
}
REFUSALS: Mapping[int, str] = {
    400: "The body is no sound JSON in UTF-8, or a value in the address is malformed.",
    401: "No key, an unknown one, or a signature that is wrong or more than five minutes old.",
    403: "The request is about another site than its key, or comes under a foreign name to a service without keys.",
    404: "There is no such thing.",
    405: "This address has other methods.",
    408: "The body was not there in time.",
    409: "This very delivery came before: sign each attempt anew.",
    413: "The body is longer than `max_body`.",
    415: "The body is not said to be JSON, or of another type named here.",
    422: "Understood, but something is missing, unknown or out of range.",
    500: "A fault of newstagger's own.",
    503: "Not done: too many requests wait, or the newsroom's file cannot be written. Try again after `Retry-After`.",
}
ANSWERS: Mapping[str, str] = {
    "saved": "The tagging: tags with scores and reasons, what is known of wire copy, what is missing.",
    "accepted": "Stored, and answered later: ask again, or wait for the answer at the site's callback.",
    "batch": "For each article, in order: a tagging, an accepted, or a problem.",
    "received": "Stored, and tagged as soon as there is time.",
    "stored": "All of the decisions are stored.",
    "why": "The last answer, and the decisions.",
    "forgotten": "How much was erased.",
    "decisions": "Every decision, oldest first.",
    "wire-added": "How many items are new, and what could not be read.",
    "wire-state": "The feeds of the index, and whether they are fresh.",
    "reuse": "The reuse report.",
    "concepts": "The concepts, the best first.",
    "jobs": "The jobs, and how many there are in all.",
    "replayed": "The job waits again.",
    "dropped": "The job is gone.",
    "health": "The process lives.",
    "readiness": "Ready, or the reasons why not.",
    "application/schema+json": "The schema.",
    "text/plain": "Figures in Prometheus' text format.",
}
PARTS: Mapping[str, str] = {
    "form": "The format's name: ghost, wordpress, superdesk, ans, ninjs, schema.org, article-json and those of plugins.",
    "job": "The job's number.",
    "name": "The schema's name, such as tagging.",
    "project_id": "newstagger, or newstagger-topic, -region, -actor; a language may stand behind it: newstagger-topic-de.",
}
_FIRST = re.compile(r"^[^,;:(.]+")


def subjects(used: set[str]) -> list[Json]:
    """Return the subjects that an app's routes have, in the order of this page."""
    return [{"name": name, "description": words} for name, words in SUBJECTS.items() if name in used]


def summary(description: str) -> str:
    """Return what stands in a list of routes: the description up to its first stop."""
    found = _FIRST.match(description.replace("``", ""))
    return found[0].strip() if found else description

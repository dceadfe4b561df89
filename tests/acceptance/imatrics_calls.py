"""Run by Superdesk's Python (not by pytest): drives superdesk-core's own iMatrics client, unmodified, as its API does.

Reads a list of [operation, data] from standard input and writes a list of ["ok", result] or ["failed", message]. The one thing that
stands in for a whole Superdesk is the service of controlled vocabularies, which the client asks for places and subjects.
"""

import asyncio
import json
import logging
import sys
import types
from types import SimpleNamespace

if not hasattr(asyncio, "coroutine"):  # superdesk-core 2.5 still asks for it, in its websockets; Python 3.11 has it no more
    asyncio.coroutine = types.coroutine

import flask
import superdesk
from superdesk.errors import SuperdeskApiError
from superdesk.text_checkers.ai.imatrics import IMatrics

SUBJECTS = [{"name": "Ships", "qcode": "20000343", "is_active": True}]


class Vocabularies:
    """A vocabulary of subjects, and one of places that holds Syria under a name of the newsroom's."""

    def find_one(self, req, _id):
        return {"items": SUBJECTS} if _id == "mediatopic" else None

    def get_article_cv_item(self, item, scheme):
        return {"name": item["name"], "qcode": item["qcode"], "scheme": scheme}

    def get_items(self, _id):
        return [{"name": "Syrian Republic", "qcode": "iso:SY"}] if _id == "place_custom" else []


def call(service, operation, data):
    if operation == "analyze":
        return service.analyze(data)
    return service.data_operation("POST", operation, None, data)


def main():
    logging.disable(logging.CRITICAL)
    told = json.load(sys.stdin)
    app = flask.Flask("superdesk")
    app.config.update(told["config"])
    superdesk.resources["vocabularies"] = SimpleNamespace(service=Vocabularies())
    answers = []
    with app.app_context():
        service = IMatrics(app)
        for operation, data in told["calls"]:
            try:
                answers.append(["ok", call(service, operation, data)])
            except SuperdeskApiError as error:
                answers.append(["failed", str(error)])
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()

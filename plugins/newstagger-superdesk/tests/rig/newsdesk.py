"""A whole Superdesk in this process: the real app of superdesk-core with the plugin, one desk, one editor, spoken to as its client does."""

from __future__ import annotations

import base64
import json
from typing import Any

import stand_ins  # isort: skip (before superdesk)
import superdesk
from superdesk.factory import get_app

from newstagger.testing.scripted import SCRIPT

EDITOR = {
    "username": "petra", "password": "a long one", "email": "petra@courier.example", "user_type": "administrator", "is_active": True,
    "is_enabled": True, "needs_activation": False, "sign_off": "pk", "display_name": "Petra Kern", "first_name": "Petra",
    "last_name": "Kern",
}  # fmt: skip
GARDENING = {"name": "gardening", "qcode": "20001257"}
FIELDS = ("subject", "place", "organisation")


class Refused(Exception):  # noqa: N818 (an answer, not a mishap)
    """Superdesk's answer was an error."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status}: {body}")
        self.status, self.body = status, body


class Newsdesk:
    """The app and its HTTP interface; ``fresh`` empties it and opens a new desk."""

    def __init__(self, redis: str, **settings: Any) -> None:
        self.app = get_app({
            "CELERY_TASK_ALWAYS_EAGER": True, "SECRET_KEY": "for tests", "BCRYPT_GENSALT_WORK_FACTOR": 4, "CORRECTIONS_WORKFLOW": True,
            "REDIS_URL": redis, "BROKER_URL": redis, "CELERY_BROKER_URL": redis, "AUTH_SERVER_SHARED_SECRET": "for tests",
            "MONGO_DBNAME": "courier", "INSTALLED_APPS": ["newstagger_superdesk"], "LOG_CONFIG_FILE": "", **settings,
        })  # fmt: skip
        self.client = self.app.test_client()
        self.headers: dict[str, str] = {}

    def fresh(self) -> None:
        """Empty all stores; then one editor at one desk, and the vocabularies of subjects, places and organisations."""
        stand_ins.empty()
        self.app.redis.flushall()
        self.headers = {}
        with self.app.test_request_context("/api"):
            superdesk.get_resource_service("users").post([dict(EDITOR)])
        self.collection("vocabularies").insert_many(vocabularies())
        signed_in = self.call("POST", "auth_db", {"username": EDITOR["username"], "password": EDITOR["password"]})
        self.headers = {"Authorization": "basic " + base64.b64encode(f"{signed_in['token']}:".encode()).decode()}
        self.desk = self.call("POST", "desks", {"name": "Region", "members": [{"user": signed_in["user"]}]})

    def call(self, method: str, path: str, body: Any = None, *, etag: str = "") -> Any:
        """Send a request as the editor's client does; raise Refused for an error."""
        headers = {**self.headers, **({"If-Match": etag} if etag else {})}
        sent = None if body is None else json.dumps(body)
        answer = self.client.open(f"/api/{path}", method=method, data=sent, content_type="application/json", headers=headers)
        if answer.status_code >= 400:
            raise Refused(answer.status_code, answer.get_json())
        return answer.get_json()

    def collection(self, name: str) -> Any:
        """Return a collection of the database, past Superdesk."""
        with self.app.app_context():
            return self.app.data.mongo.pymongo(name if name in self.app.config["DOMAIN"] else "archive").db[name]

    def create(self, **fields: Any) -> Any:
        """Write a story as the client does: an empty shell (version 0), then what was typed."""
        task = {"desk": self.desk["_id"], "stage": self.desk["working_stage"]}
        shell = self.call("POST", "archive", {"type": "text", "version": 0, "language": fields.pop("language", "en"), "task": task})
        return self.save(shell, **fields)

    def save(self, item: Any, **fields: Any) -> Any:
        """Save changes to a story; return it as it then stands."""
        return self.call("PATCH", f"archive/{item['_id']}", fields, etag=item["_etag"])

    def publish(self, item: Any, kind: str = "publish", **fields: Any) -> Any:
        """Publish a story, or correct, kill, take down or unpublish it."""
        self.call("PATCH", f"archive/{kind}/{item['_id']}", fields, etag=item["_etag"])
        return self.read(item["_id"])

    def read(self, name: str) -> Any:
        """Return a story as an editor who opens it gets it."""
        return self.call("GET", f"archive/{name}")

    def versions(self, name: str) -> list[Any]:
        """Return the version history, oldest first, without the shell."""
        found = self.collection("archive_versions").find({"_id_document": name, "_current_version": {"$gt": 0}})
        return sorted(found, key=lambda version: version["_current_version"])

    def live(self, name: str) -> Any:
        """Return what subscribers have of a story, or None."""
        states = ["published", "corrected", "being_corrected"]
        return self.collection("published").find_one({"item_id": name, "last_published_version": True, "state": {"$in": states}})

    def analyse(self, item: Any, service: str = "newstagger", **typed: Any) -> Any:
        """Run the widget on a form: the story with what was typed since."""
        now = {**item, **typed}
        told = {"guid": now["guid"], "language": now["language"], "headline": now.get("headline") or ""}
        told["body_html"] = now.get("body_html") or ""
        return self.call("POST", "ai", {"service": service, "item": told})["analysis"]

    def operate(self, operation: str, **data: Any) -> Any:
        """Ask the AI service for one of its operations on data."""
        return self.call("POST", "ai_data_op", {"service": "newstagger", "operation": operation, "data": data})["result"]


def vocabularies() -> list[Any]:
    """Return the newsroom's vocabularies: subjects stand under bare numbers, as IPTC's are often imported."""
    concepts = [script.concept for script in SCRIPT.values()]
    topics = [{"name": c.pref_label, "qcode": c.id.removeprefix("medtop:")} for c in concepts if c.id.startswith("medtop:")]
    others = [{"name": c.pref_label, "qcode": c.id, "facet": str(c.facet)} for c in concepts if not c.id.startswith("medtop:")]
    lists = {"mediatopics": [*topics, GARDENING]}
    for other in others:
        lists.setdefault(f"newstagger_{other.pop('facet')}", []).append(other)
    return [
        {"_id": name, "display_name": name, "type": "manageable", "items": [{**item, "is_active": True} for item in items]}
        for name, items in lists.items()
    ]


def labels(item: Any) -> frozenset[str]:
    """Return the names of all entries on a story."""
    return frozenset(entry["name"] for field in FIELDS for entry in (item or {}).get(field) or [])

"""The conformance kit against a real Superdesk in this process, spoken to over its HTTP interface as its client does."""

from __future__ import annotations

import html
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import superdesk
from newsdesk import FIELDS, Newsdesk, Refused, labels
from newstagger_superdesk.conf import GRACE_MS, Options

from newstagger import EditorDecision
from newstagger.domain import ArticleRef
from newstagger.host import Host
from newstagger.settings import Mode, PolicySettings, Settings
from newstagger.testing.conformance import AdapterRules

LIVE = ("published", "corrected")


def markup(body: str) -> str:
    """Return plain text as the editor's rich text field stores it."""
    return "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in body.split("\n\n"))


def text(item: Any) -> str:
    return f"{item.get('headline', '')}\n{item.get('body_html', '')}" if item else ""


class Form:
    """A story open in the editor, with the tagging widget beside it: run when the form is opened and after each save."""

    def __init__(self, desk: Newsdesk, item: Any) -> None:
        self.desk, self.stored, self.typed = desk, item, {}
        self._run_widget()

    def _run_widget(self) -> None:
        self.analysis = self.desk.analyse(self.stored, **self.typed)

    @property
    def now(self) -> Any:
        return {**self.stored, **self.typed}

    @property
    def tags(self) -> frozenset[str]:
        return labels(self.now)

    @property
    def suggestions(self) -> frozenset[str]:
        return labels(self.analysis) - self.tags

    def write(self, *, headline: str | None = None, body: str | None = None) -> None:
        if headline is not None:
            self.typed["headline"] = headline
        if body is not None:
            self.typed["body_html"] = markup(body)

    def add(self, label: str) -> None:
        """Pick an entry from the newsroom's vocabularies."""
        for vocabulary in self.desk.collection("vocabularies").find():
            for item in vocabulary["items"]:
                if item["name"] == label:
                    field = {"newstagger_region": "place", "newstagger_actor": "organisation"}.get(vocabulary["_id"], "subject")
                    self._put(field, {"name": label, "qcode": item["qcode"], "scheme": vocabulary["_id"]})

    def accept(self, label: str) -> None:
        """Take what the widget offers, entry for entry."""
        for field, entries in self.analysis.items():
            for entry in entries:
                if entry["name"] == label:
                    self._put(field, entry)

    def _put(self, field: str, entry: Any) -> None:
        self.typed[field] = [*(self.now.get(field) or []), entry]

    def remove(self, label: str) -> None:
        for field in FIELDS:
            if label in labels({field: self.now.get(field)}):
                self.typed[field] = [entry for entry in self.now[field] if entry["name"] != label]

    def reject(self, label: str) -> None:
        entry = next(entry for entries in self.analysis.values() for entry in entries if entry["name"] == label)
        try:
            self.desk.operate("delete", item=self.stored["guid"], qcode=entry["qcode"], altids=entry["altids"])
        except Refused:
            return  # the widget keeps showing it
        self.analysis = {field: [e for e in entries if e["name"] != label] for field, entries in self.analysis.items()}

    def autosave(self) -> None:
        """Send what stands in the form to the autosave store, as the client does every few seconds."""
        kept = {"_id": self.stored["_id"], **self.typed}
        self.desk.call("POST", "archive_autosave", kept)
        self._run_widget()

    def save(self) -> None:
        """Save; a live story is first opened for correction."""
        if self.stored["state"] in LIVE:
            self.desk.call("PATCH", f"archive/correction/{self.stored['_id']}", {}, etag=self.stored["_etag"])
            self.stored = self.desk.read(self.stored["_id"])
        self._stands(self.desk.save(self.stored, **self.typed))

    def publish(self) -> None:
        kind = "correct" if self.stored["state"] in (*LIVE, "correction") else "publish"
        self._stands(self.desk.publish(self.stored, kind, **self.typed))

    def schedule(self) -> None:
        later = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S")
        self._stands(self.desk.publish(self.stored, publish_schedule=f"{later}+0000", **self.typed))

    def _stands(self, item: Any) -> None:
        self.stored, self.typed = item, {}
        self._run_widget()


class Driver:
    """Superdesk with the plugin in it, in the kit's words."""

    LACKS: Mapping[str, str] = {
        "deliver_late": "signals are sent in the save itself: none can come later",
        "overtaking": "the tags are in the save's own write: nothing can come between",
        "page_source": "the editor is a JavaScript client, which is not part of superdesk-core: the server sends it JSON",
        "redeliver": "signals are sent in the save itself: none comes twice",
        "stale_forms": "Superdesk refuses a form that somebody else's save overtook (412, see test_saving)",
    }

    def __init__(self, desk: Newsdesk, *, applies: bool) -> None:
        self.desk, self.applies = desk, applies
        self.newstagger = desk.app.extensions["newstagger"]

    def start(self, settings: Settings, plugins: Sequence[tuple[str, object]]) -> None:
        mode = PolicySettings(mode=Mode.AUTO if self.applies else Mode.SUGGEST)
        self.settings, self.plugins = replace(settings, policy=mode), plugins
        self.restart()

    def restart(self) -> None:
        options = Options(self.settings, self.settings.budget_ms + GRACE_MS)
        process = self.newstagger.process
        process.restart(options, lambda told: Host(told.settings, plugins=self.plugins, discover=False))
        assert process.host  # else the first save waits for it

    def create(self, headline: str, body: str, *, language: str = "en", published: bool = False) -> str:
        item = self.desk.create(headline=headline, body_html=markup(body), language=language)
        if published:
            self.desk.publish(item)
        return str(item["_id"])

    def open(self, article: str) -> Form:
        return Form(self.desk, self.desk.read(article))

    def tags(self, article: str) -> frozenset[str]:
        return labels(self.desk.live(article))

    def draft_tags(self, article: str) -> frozenset[str]:
        return labels(self.desk.read(article))

    def suggestions(self, article: str) -> frozenset[str]:
        return self.open(article).suggestions

    def live_text(self, article: str) -> str:
        return text(self.desk.live(article))

    def draft_text(self, article: str) -> str:
        return text(self.desk.read(article))

    def notice(self, article: str) -> str:
        version = self.desk.read(article)["_current_version"]
        told = self.desk.collection("activity").find({"name": "newstagger", "item": article, "data.version": version})
        return str(next((activity["message"] for activity in reversed(list(told))), ""))

    def decisions(self, article: str) -> Sequence[EditorDecision]:
        return self.newstagger.process.host.feedback(ArticleRef(self.settings.site, article))

    def revisions(self, article: str) -> int:
        return len(self.desk.versions(article))

    def modified(self, article: str) -> str:
        return str(self.desk.read(article)["versioncreated"])

    def restore(self, article: str, revision: int) -> None:
        item = self.desk.read(article)
        if item["state"] in LIVE:
            self.desk.call("PATCH", f"archive/correction/{article}", {}, etag=item["_etag"])
            item = self.desk.read(article)
        old = self.desk.versions(article)[revision - 1]["_current_version"]
        body = {"old_version": old, "last_version": item["_current_version"]}
        self.desk.call("PUT", f"archive/{article}", body, etag=item["_etag"])

    def copy(self, article: str) -> str:
        where = {"desk": self.desk.desk["_id"], "stage": self.desk.desk["working_stage"], "type": "archive"}
        return str(self.desk.call("POST", f"archive/{article}/duplicate", where)["_id"])

    def kill(self, article: str) -> None:
        """Unpublish: the one way of withdrawing from which Superdesk lets a story return. Kill and takedown: test_publishing."""
        self.desk.publish(self.desk.read(article), "unpublish")

    def publish_due(self) -> None:
        """Move every schedule into the past and run the task that publishes what is due."""
        from apps.publish.enqueue import enqueue_published

        past = datetime.now(UTC) - timedelta(minutes=1)
        when = {"publish_schedule": past, "schedule_settings.utc_publish_schedule": past}
        self.desk.collection("published").update_many({"state": "scheduled"}, {"$set": when})
        with self.desk.app.app_context():
            enqueue_published()

    def api_save(self, article: str, body: str) -> None:
        """Change the body as a program in Superdesk's server does, nobody signed in."""
        with self.desk.app.app_context():
            live = superdesk.get_resource_service("archive").find_one(req=None, _id=article)["state"] in LIVE
            service = superdesk.get_resource_service("archive_correct" if live else "archive")
            service.patch(article, {"body_html": markup(body)})

    def import_articles(self, articles: Sequence[tuple[str, str, frozenset[str]]]) -> Sequence[str]:
        """Write items straight into the database, as a migration does."""
        return [self._import(*article) for article in articles]

    def _import(self, headline: str, body: str, tags: frozenset[str]) -> str:
        form = Form(self.desk, self.desk.create(headline=headline, body_html=""))
        for tag in sorted(tags):
            form.add(tag)
        name = f"urn:newsml:courier.example:{headline.replace(' ', '-')}:{len(body)}"
        item = self.desk.collection("archive").find_one({"_id": form.stored["_id"]})
        item |= {"_id": name, "guid": name, "unique_id": 99, "unique_name": "#99", "body_html": markup(body), **form.typed}
        self.desk.collection("archive").insert_one(item)
        return name

    def backfill(self) -> None:
        with self.desk.app.app_context():
            superdesk.COMMANDS["newstagger:backfill"].run()

    def break_storage(self) -> None:
        """Hold the newsroom's file as a program that hangs does: it can be read, and nobody else can write."""
        self.holder = sqlite3.connect(self.settings.state_file, isolation_level=None)
        self.holder.execute("BEGIN IMMEDIATE")

    def mend_storage(self) -> None:
        self.holder.close()


class TestApplying(AdapterRules):
    """The machine's sure tags are written by themselves."""

    @pytest.fixture
    def cms(self, one_newsdesk):
        one_newsdesk.fresh()
        return Driver(one_newsdesk, applies=True)


class TestSuggesting(AdapterRules):
    """Every tag waits for an editor: ``NEWSTAGGER_MODE = "suggest"``."""

    @pytest.fixture
    def cms(self, one_newsdesk):
        one_newsdesk.fresh()
        return Driver(one_newsdesk, applies=False)

"""Drives WordPress for the conformance kit: its REST API for editors' forms and programs, its own screens for the rest."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

from forms import OURS, TAXONOMIES, RestForm
from rig import ways
from rig.people import POSTS, Person, Program, reader
from rig.service import Service
from rig.site import Site

from newstagger.domain import ArticleRef, EditorDecision, Facet
from newstagger.settings import Settings
from newstagger.testing import Trouble

TIMES = {"meta": ("_newstagger_pending",), "options": ("newstagger_open_until",)}
"""What the plugin keeps Unix times in."""
IN_VAIN = 3
WAIT_MS = 1_000
"""What the kit gives a tagger, which is more than a newsroom does."""


class RestCms:
    """WordPress with the plugin, and newstagger's service beside it."""

    LACKS: Mapping[str, str] = {
        "draft_beside_live": "a save of a live post is live at once",
    }

    def __init__(self, site: Site, desk: Person, mode: str = "apply") -> None:
        self.site, self.desk, self.mode, self.applies = site, desk, mode, mode == "apply"
        self.ana, self.chief = Program(site), Program(site, "chief")
        self.lost: dict[int, str] = {}
        self.service: Service | None = None
        self._labels: dict[tuple[str, int], str] = {}
        self.names: dict[tuple[str, str], str] = {}
        self._holder: sqlite3.Connection | None = None

    def close(self) -> None:
        """End the service and let go of the connections."""
        if self.service is not None:
            self.service.stop()
        self.ana.close()
        self.chief.close()

    # --- the service

    def start(self, settings: Settings, plugins: Sequence[tuple[str, object]]) -> None:
        self.settings, self.plugins = settings, plugins
        self.service = Service(settings, plugins)
        self.service.start()
        self.set()

    def set(self, **changes: Any) -> None:
        """Change the plugin's settings."""
        assert self.service is not None
        told = {"url": self.service.address, "wait_ms": WAIT_MS, "mode": self.mode, **changes}
        self.chief.call("POST", "/rig/v1/option", {"name": "newstagger_settings", "value": told})

    def restart(self) -> None:
        assert self.service is not None
        self.service.restart()

    def waiting(self) -> int:
        """Return how many posts wait for an answer."""
        with self.site.sql() as database:
            told = "SELECT count(DISTINCT post_id) FROM wp_postmeta WHERE meta_key IN ('_newstagger_pending', '_newstagger_queue')"
            return int(database.execute(told).fetchone()[0])

    def in_trouble(self) -> bool:
        """Tell whether a plugin of the service makes trouble on purpose."""
        return any(getattr(plugin, "trouble", Trouble.NONE) is not Trouble.NONE for _, plugin in self.plugins)

    def settle(self) -> bool:
        """Let the clock strike until nothing waits, or it struck in vain again and again; tell whether anything waited.

        While the tagger is in trouble it does not strike: an editor's save is not the place to wait for that.
        """
        waited = left = 0 if self.in_trouble() else self.waiting()
        in_vain = 0
        while left and in_vain < IN_VAIN:
            self.chief.pass_time(7200, **TIMES)
            before, left = left, self.waiting()
            in_vain += left >= before
        return waited > 0

    # --- labels

    def label(self, taxonomy: str, term: int) -> str:
        """Return the whole label of a term."""
        if (taxonomy, term) not in self._labels:
            row = self.ana.call("GET", f"/wp/v2/{taxonomy}/{term}")
            self._labels[taxonomy, term] = str(row["newstagger_label"])
            self.names[taxonomy, str(row["newstagger_label"])] = unescape(str(row["name"]))
        return self._labels[taxonomy, term]

    def typed(self, taxonomy: str, label: str) -> int:
        """Return the term that the field of a taxonomy finds for what somebody types, or makes of it."""
        found = self.ana.call("GET", f"/wp/v2/{taxonomy}", search=label, per_page=20)
        for row in found:
            if label.lower() in (str(row["name"]).lower(), str(row["newstagger_label"]).lower()):
                return int(row["id"])
        return int(self.ana.call("POST", f"/wp/v2/{taxonomy}", {"name": label})["id"])

    # --- editors

    def create(self, headline: str, body: str, *, language: str = "en", published: bool = False) -> str:
        if language != "en":  # a site has one language; a post's own is Polylang's or WPML's
            self.set(language=language)
        draft = ways.begin(self.desk)
        form = RestForm(self, draft)
        form.write(headline=headline, body=body)
        form.save(status="publish" if published else "draft")
        return str(draft)

    def open(self, article: str) -> RestForm:
        self.bring_back(article)
        return RestForm(self, int(article))

    def bring_back(self, article: str) -> None:
        """Take a killed post out of the trash: nobody can edit it there."""
        if ways.read(self.ana, int(article))["status"] == "trash":
            ways.untrash(self.desk, int(article))
            self.settle()

    def tags(self, article: str) -> frozenset[str]:
        with reader(self.site) as anybody:
            answer = anybody.get("/", params={"rest_route": f"{POSTS}/{article}"})
            return self._tags(answer.json()) if answer.is_success else frozenset()

    def draft_tags(self, article: str) -> frozenset[str]:
        return self._tags(ways.read(self.ana, int(article)))

    def _tags(self, read: Mapping[str, Any]) -> frozenset[str]:
        return frozenset(self.label(name, int(term)) for name in TAXONOMIES.values() for term in read[name])

    def _told(self, article: str) -> Mapping[str, Any]:
        told: Mapping[str, Any] = self.ana.call("GET", f"{OURS}/posts/{article}")
        return told

    def suggestions(self, article: str) -> frozenset[str]:
        return frozenset(str(row["label"]) for row in self._told(article)["suggestions"])

    def live_text(self, article: str) -> str:
        with reader(self.site) as anybody:
            answer = anybody.get("/", params={"p": article})
            return answer.text if answer.is_success else ""

    def draft_text(self, article: str) -> str:
        read = ways.read(self.ana, int(article))
        return f"{read['title']['raw']}\n{read['content']['raw']}"

    def notice(self, article: str) -> str:
        return self.lost.get(int(article)) or str(self._told(article)["notice"])

    def decisions(self, article: str) -> Sequence[EditorDecision]:
        assert self.service is not None
        host = self.service.app.state.service.newsrooms.host(self.settings.site)
        return tuple(host.feedback(ArticleRef(self.settings.site, article)))

    def revisions(self, article: str) -> int:
        return len(self._revisions(article))

    def _revisions(self, article: str) -> Sequence[int]:
        """Return the revisions that people saved, without the one that autosaves go to."""
        found = ways.revisions(self.ana, int(article))
        autosaves = {int(row["id"]) for row in self.ana.call("GET", f"{POSTS}/{article}/autosaves")}
        return [revision for revision in found if revision not in autosaves]

    def modified(self, article: str) -> str:
        return str(ways.read(self.ana, int(article))["modified_gmt"])

    def restore(self, article: str, revision: int) -> None:
        ways.restore(self.desk, self._revisions(article)[revision - 1])
        self.settle()

    def copy(self, article: str) -> str:
        copied = str(self.chief.call("POST", "/rig/v1/copy", {"post": int(article)}))
        self.settle()
        return copied

    def kill(self, article: str) -> None:
        ways.trash(self.ana, int(article))
        self.settle()

    def publish_due(self) -> None:
        self.chief.pass_time(7200, **TIMES)
        self.settle()

    # --- programs and clocks

    def api_save(self, article: str, body: str) -> None:
        program = Program(self.site)  # another thread may save meanwhile
        ways.update(program, int(article), content=ways.blocks(body))
        program.close()
        if not self.overtaking():
            self.settle()

    def overtaking(self) -> bool:
        """Tell whether this is a tagger's thread: a save waits for it, so there is nothing to wait for here."""
        return threading.current_thread() is not threading.main_thread()

    def import_articles(self, articles: Sequence[tuple[str, str, frozenset[str]]]) -> Sequence[str]:
        topic = TAXONOMIES[Facet.TOPIC]
        rows = [{"title": title, "content": ways.blocks(body), "terms": {topic: sorted(labels)}} for title, body, labels in articles]
        return [str(post) for post in self.chief.call("POST", "/rig/v1/import", {"posts": rows})]

    def backfill(self) -> None:
        told = self.chief.call("POST", f"{OURS}/backfill", {"start": True})
        while told["running"] and not told["error"]:
            self.chief.pass_time(60, **TIMES)
            told = self.chief.call("GET", f"{OURS}/backfill")
        self.settle()

    def redeliver(self, article: str) -> None:
        self.chief.call("POST", "/rig/v1/event", {"post": int(article)})
        self.settle()

    def deliver_late(self, article: str) -> None:
        saved = self._revisions(article)
        self.chief.call("POST", "/rig/v1/event", {"post": int(article), "revision": saved[-2] if len(saved) > 1 else None})
        self.settle()

    def break_storage(self) -> None:
        self._holder = sqlite3.connect(self.settings.state_file, isolation_level=None, check_same_thread=False)
        self._holder.execute("BEGIN IMMEDIATE")

    def mend_storage(self) -> None:
        if self._holder is not None:
            self._holder.close()
        self.settle()

    def page_source(self, article: str) -> str:
        return self.desk.page("post.php", post=article, action="edit")

"""A newsroom before a browser: its pages, its editor who is logged in, its tagger that does as it is told."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import connection
from editing import Form
from newsroom.copydesk import rich, stream
from newsroom.furnish import EDITOR, PASSWORD, front_of
from newsroom.visitor import Visitor
from newstagger_django import process
from newstagger_django.bindings import binding_of
from newstagger_django.models import Decision
from newstagger_wagtail.pages import page_ref
from wagtail.models import Page

from newstagger.demo import receive
from newstagger.domain import WireItem
from newstagger.testing import ScriptedTagger
from newstagger.testing import newsroom as scripted_newsroom
from newstagger.testing.scripted import SCRIPT

SLUGS = itertools.count(1)


class Newsroom:
    """A newsroom with a scripted tagger and one browser; ``script`` makes the trouble that a test wants."""

    def __init__(self, address: str, driver: Any, home: Path, pictures: Path) -> None:
        self.address, self.driver, self.pictures = address, driver, pictures
        self.script = ScriptedTagger()
        self.settings = replace(scripted_newsroom(home), site="courier.example", budget_ms=5_000)
        self.extra: list[tuple[str, object]] = []
        self.start()
        self.visitor = Visitor(address)
        self.visitor.log_in(EDITOR, PASSWORD)
        self.driver.get(f"{address}/admin/login/")
        self.driver.delete_all_cookies()
        for cookie in self.visitor.cookies():
            self.driver.add_cookie(cookie)

    def start(self) -> None:
        """Build the host anew, as a process that starts does."""
        process.set_host(process.build_host(self.settings, plugins=[("script", self.script), *self.extra], discover=False))

    def close(self) -> None:
        """Leave the page, so that it asks nothing of the next test's newsroom."""
        self.script.wake()
        for handle in self.driver.window_handles[1:]:
            self.driver.switch_to.window(handle)
            self.driver.close()
        self.driver.switch_to.window(self.driver.window_handles[0])
        self.driver.set_window_size(1280, 1000)
        self.driver.get("about:blank")
        process.reset_host()

    def write(self, headline: str, body: str, *, kind: str = "storypage", publish: bool = False, language: str = "en") -> int:
        """Write a page by the real form for new ones; return its id."""
        page = self.visitor.get(f"/admin/pages/add/stories/{kind}/{front_of(language).pk}/")
        text = stream("body", [("paragraph", {"": rich(body)})]) | {"intro": rich("")} if kind == "storypage" else {"text": rich(body)}
        named = {"title": headline, "slug": f"story-{next(SLUGS)}"}
        sent = page.form() | text | named | ({"action-publish": "1"} if publish else {})
        after = self.visitor.post(page.address, sent)
        found = [part for part in after.address.split("/") if part.isdigit()]
        if publish or "/edit/" not in after.address:
            return self.newest(headline)
        return int(found[0])

    @staticmethod
    def newest(headline: str) -> int:
        """Return the newest page with a headline."""
        page = Page.objects.filter(draft_title=headline).order_by("-pk").first()
        assert page is not None, f"{headline} was not saved"
        return int(page.pk)

    def open(self, page: int, *, tab: bool = False, path: str = "edit/") -> Form:
        """Open a page's edit form, in a tab of its own if asked for."""
        if tab:
            self.driver.switch_to.new_window("tab")
        self.driver.get(f"{self.address}/admin/pages/{page}/{path}")
        return Form(self, page)

    def open_new(self, kind: str) -> Form:
        """Open the form for a new page."""
        self.driver.get(f"{self.address}/admin/pages/add/stories/{kind}/{front_of('en').pk}/")
        return Form(self, 0)

    @staticmethod
    def live_tags(page: int) -> frozenset[str]:
        """Return the tags that readers see."""
        return frozenset(Page.objects.get(pk=page).specific.tags.names())

    @staticmethod
    def revisions(page: int) -> list[int]:
        """Return the revisions of a page, oldest first."""
        return list(Page.objects.get(pk=page).revisions.order_by("pk").values_list("pk", flat=True))

    @staticmethod
    def decisions(page: int) -> list[Any]:
        """Return what is remembered of the editors' word about a page, oldest first."""
        return list(process.host().feedback(page_ref(binding_of(Page.objects.get(pk=page).specific), page)))

    def said(self, page: int) -> list[tuple[str, str]]:
        """Return label and action of each decision on a page."""
        labels = {script.concept.id: script.concept.pref_label for script in SCRIPT.values()}
        return [(labels.get(d.concept, d.concept), str(d.action)) for d in self.decisions(page)]

    def wire(self, headline: str, body: str, *, wire_id: str) -> None:
        """Let an agency's story in."""
        receive(process.host(), WireItem("kit", wire_id, headline, body, agency="AFP <b>bold</b>", language="en"), self.settings.home)

    @contextmanager
    def broken_ledger(self, *, gone: bool) -> Iterator[None]:
        """Let no decision be stored inside the block: its table takes no row, or it is ``gone`` and cannot be read either."""
        table = Decision._meta.db_table
        refuse = f"CREATE TRIGGER full BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        self.sql(f"ALTER TABLE {table} RENAME TO {table}_gone" if gone else refuse)
        try:
            yield
        finally:
            self.sql(f"ALTER TABLE {table}_gone RENAME TO {table}" if gone else "DROP TRIGGER full")

    @staticmethod
    def sql(statement: str) -> None:
        """Change the database behind everybody's back."""
        with connection.cursor() as cursor:
            cursor.execute(statement)

    @contextmanager
    def broken_panel(self) -> Iterator[None]:
        """Let the browser not reach the panel's address inside the block."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/newstagger/panel/*"]})
        try:
            yield
        finally:
            self.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})

    def picture(self, name: str, element: Any | None = None) -> Path:
        """Keep a picture of an element, or of the window."""
        path = self.pictures / f"{name}.png"
        path.write_bytes(element.screenshot_as_png if element is not None else self.driver.get_screenshot_as_png())
        return path

"""The rules of the conformance kit that concern an editor's form, with a person's mouse and keyboard in Chromium.

The rest of the kit (events, storage, drafts and kills by program) needs no browser and runs in process: ``tests/test_conformance.py``.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest
from browsing import Newsroom
from driver import WagtailCms
from editing import Form

from newstagger.testing.conformance import AdapterRules
from newstagger.testing.rules.word import PersonsTagRules, RefusalRules, StaleFormRules


class BrowserForm:
    """An open form in a tab of its own, in the words of the kit; Wagtail's autosave waits until the kit asks for it."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self._hold()

    def _hold(self) -> None:
        self.form.front()
        self.form.hold_autosave()

    def _label(self, name: str) -> str:
        return next((row["label"] for row in self.form.rows() if row["name"] == name), name)

    def _name(self, label: str) -> str:
        return next((row["name"] for row in self.form.rows() if row["label"] == label), label)

    @property
    def tags(self) -> frozenset[str]:
        self.form.front()
        return frozenset(self._label(name) for name in self.form.tags)

    @property
    def suggestions(self) -> frozenset[str]:
        return self.form.front().suggestions

    def write(self, *, headline: str | None = None, body: str | None = None) -> None:
        self.form.front()
        if headline is not None:
            self.form.type_title(headline)
        if body is not None:
            self.form.type_body(body)

    def add(self, label: str) -> None:
        self.form.front().add(self._name(label))

    def remove(self, label: str) -> None:
        self.form.front().remove(self._name(label))

    def accept(self, label: str) -> None:
        self.form.front().accept(label)

    def reject(self, label: str) -> None:
        self.form.front().reject(label)

    def autosave(self) -> None:
        self.form.front().autosave_now()

    def save(self) -> None:
        self.form.front().save()
        self._hold()

    def publish(self) -> None:
        self.form.front().publish()
        self._hold()


class BrowserCms(WagtailCms):
    """Wagtail in a browser; what no editor does in a form (copies by the API, clocks, imports) is done in process."""

    LACKS = MappingProxyType({**WagtailCms.LACKS, "schedule": "the date is set in a dialog: this rule runs in process"})

    def __init__(self, room: Newsroom, client: Any, kind: str) -> None:
        super().__init__(client, kind)
        self.room = room

    def create(self, headline: str, body: str, *, language: str = "en", published: bool = False) -> str:
        return str(self.room.write(headline, body, kind=self.kind, publish=published, language=language))

    def open(self, article: str) -> BrowserForm:
        return BrowserForm(self.room.open(int(article), tab=True))

    def page_source(self, article: str) -> str:
        return str(self.open(article).form.driver.page_source)


class TestSuggest(RefusalRules, PersonsTagRules, StaleFormRules):
    """Stories, where the panel suggests: what a person does in a form."""

    desk = AdapterRules.desk
    test_refused_through_ten_saves = None  # a minute of typing: test_panel.py has it in a shorter story

    @pytest.fixture
    def cms(self, newsroom, client):
        return BrowserCms(newsroom, client, "storypage")

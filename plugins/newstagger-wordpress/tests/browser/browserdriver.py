"""Drives WordPress for the conformance kit through the block editor in Chromium; what no editor does in a form is done as in ``driver``."""

from __future__ import annotations

from typing import Any

from driver import RestCms
from forms import FACETS, TAXONOMIES
from panel import PanelEditor
from rig import ways

from newstagger.domain import Facet


class BrowserForm:
    """An open form in a tab of its own."""

    def __init__(self, cms: BrowserCms, post: int) -> None:
        self.cms = cms
        self.editor = PanelEditor(cms.window, cms.site.address, post, tab=True)
        self.post = self.editor.post

    def front(self) -> PanelEditor:
        """Bring the form's tab to the front."""
        self.editor.front()
        return self.editor

    @property
    def tags(self) -> frozenset[str]:
        editor = self.front()
        return frozenset(self.cms.label(name, term) for name in TAXONOMIES.values() for term in editor.ids(name))

    @property
    def suggestions(self) -> frozenset[str]:
        return self.front().offers

    def write(self, *, headline: str | None = None, body: str | None = None) -> None:
        editor = self.front()
        if headline is not None:
            editor.type_title(headline)
        if body is not None:
            editor.put_body(ways.blocks(body))

    def add(self, label: str) -> None:
        self.front().add(TAXONOMIES[FACETS.get(label, Facet.TOPIC)], label)

    def remove(self, label: str) -> None:
        editor = self.front()
        for name in TAXONOMIES.values():
            for term in editor.ids(name):
                if self.cms.label(name, term) == label:
                    editor.remove(name, term)

    def accept(self, label: str) -> None:
        self.front().accept(label)

    def reject(self, label: str) -> None:
        editor = self.front()
        editor.reject(label)
        if label in editor.offers:
            self.cms.lost[self.post] = editor.notice

    def autosave(self) -> None:
        self.front().autosave()
        self._look()

    def save(self) -> None:
        self.front().save()
        self._saved()

    def publish(self) -> None:
        self.front().publish()
        self._saved()

    def schedule(self) -> None:
        editor = self.front()
        editor.driver.execute_script(
            "wp.data.dispatch('core/editor').editPost(arguments[0])", {"status": "future", "date": ways.in_an_hour()}
        )
        editor.do("savePost")
        editor.rest()
        self._saved()

    def _saved(self) -> None:
        self.cms.lost.pop(self.post, None)
        if self.cms.settle():
            self.editor = PanelEditor(self.cms.window, self.cms.site.address, self.post)
        else:
            self._look()

    def _look(self) -> None:
        """Wait until the panel shows what stands on the post."""
        offered = self.cms.suggestions(str(self.post))
        self.editor.until(lambda: self.editor.offers == offered, "the panel to show what is offered")


class BrowserCms(RestCms):
    """WordPress in a browser."""

    def __init__(self, site: Any, desk: Any, window: Any) -> None:
        super().__init__(site, desk)
        self.window = window

    def create(self, headline: str, body: str, *, language: str = "en", published: bool = False) -> str:
        if language != "en":
            self.set(language=language)
        form = BrowserForm(self, 0)
        form.write(headline=headline, body=body)
        form.publish() if published else form.save()
        return str(form.post)

    def open(self, article: str) -> BrowserForm:
        self.bring_back(article)
        return BrowserForm(self, int(article))

    def page_source(self, article: str) -> str:
        form = self.open(article)
        for label in form.editor.tags | form.editor.offers:
            form.editor.why(label)
        return str(self.window.page_source)

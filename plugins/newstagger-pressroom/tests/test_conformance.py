"""The conformance kit against this adapter: a driver that does in the CMS what editors and clocks do, and the rules in two modes.

Each method of the driver says one thing in the CMS's own words; nothing here may call the adapter where an editor would press a key.
"""

from __future__ import annotations

import html
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from newstagger_pressroom import install

from newstagger import EditorDecision
from newstagger.domain import ArticleRef
from newstagger.host import Host
from newstagger.settings import Mode, PolicySettings, Settings
from newstagger.testing.conformance import AdapterRules
from newstagger.testing.pressroom import EditForm, Pressroom, Term, Version


def markup(body: str) -> str:
    """Return plain text as the CMS's rich-text field stores it."""
    return "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in body.split("\n\n"))


def labels(terms: Sequence[Term]) -> frozenset[str]:
    return frozenset(term.label for term in terms)


def text(version: Version | None) -> str:
    return f"{version.headline}\n{version.body}" if version else ""


class Form:
    """An open form, in the kit's words."""

    def __init__(self, form: EditForm) -> None:
        self._form = form

    @property
    def tags(self) -> frozenset[str]:
        return labels(self._form.version.terms)

    @property
    def suggestions(self) -> frozenset[str]:
        return frozenset(self._form.offers)

    def write(self, *, headline: str | None = None, body: str | None = None) -> None:
        if headline is not None:
            self._form.type(headline=headline)
        if body is not None:
            self._form.type(body=markup(body))

    def add(self, label: str) -> None:
        self._form.add(label)

    def remove(self, label: str) -> None:
        self._form.remove(label)

    def accept(self, label: str) -> None:
        self._form.add(label)

    def reject(self, label: str) -> None:
        self._form.reject(label)

    def autosave(self) -> None:
        self._form.submit("autosaved")

    def save(self) -> None:
        self._form.submit()

    def publish(self) -> None:
        self._form.submit("published")

    def schedule(self) -> None:
        self._form.submit("published", later=True)


class Driver:
    """The CMS with the adapter in it, in the kit's words."""

    LACKS: Mapping[str, str] = {}

    def __init__(self, *, applies: bool) -> None:
        self.applies = applies
        self.cms = Pressroom([Term("medtop:20001257", "gardening")])

    def start(self, settings: Settings, plugins: Sequence[tuple[str, object]]) -> None:
        mode = PolicySettings(mode=Mode.AUTO if self.applies else Mode.SUGGEST)
        self.settings, self.plugins = replace(settings, policy=mode), plugins
        self.restart()

    def restart(self) -> None:
        self.host = Host(self.settings, plugins=self.plugins, discover=False)
        self.adapter = install(self.cms, self.host, self.settings)

    def create(self, headline: str, body: str, *, language: str = "en", published: bool = False) -> str:
        form = self.cms.new(language)
        form.type(headline=headline, body=markup(body))
        return form.submit("published" if published else "saved")

    def open(self, article: str) -> Form:
        return Form(self.cms.edit(article))

    def tags(self, article: str) -> frozenset[str]:
        live = self.cms.public(article)
        return labels(live.terms) if live else frozenset()

    def draft_tags(self, article: str) -> frozenset[str]:
        return labels(self.cms.read(article).terms)

    def suggestions(self, article: str) -> frozenset[str]:
        return labels(self.cms.panel(article).offers)

    def live_text(self, article: str) -> str:
        return text(self.cms.public(article))

    def draft_text(self, article: str) -> str:
        return text(self.cms.read(article))

    def notice(self, article: str) -> str:
        return self.cms.note(article)

    def decisions(self, article: str) -> Sequence[EditorDecision]:
        return self.host.feedback(ArticleRef(self.settings.site, article))

    def revisions(self, article: str) -> int:
        return self.cms.revisions(article)

    def modified(self, article: str) -> str:
        return str(self.cms.read(article).stamp)

    def restore(self, article: str, revision: int) -> None:
        self.cms.restore(article, revision)

    def copy(self, article: str) -> str:
        return self.cms.copy(article)

    def kill(self, article: str) -> None:
        self.cms.withdraw(article)

    def publish_due(self) -> None:
        self.cms.publish_due()

    def api_save(self, article: str, body: str) -> None:
        self.cms.update(article, body=markup(body))

    def import_articles(self, articles: Sequence[tuple[str, str, frozenset[str]]]) -> Sequence[str]:
        known = self.cms.vocabulary
        return self.cms.bulk_import(
            Version(headline, markup(body), "en", tuple(known.get(tag) or Term(f"typed:{tag}", tag) for tag in sorted(tags)))
            for headline, body, tags in articles
        )

    def backfill(self) -> None:
        self.adapter.backfill()

    def redeliver(self, article: str) -> None:
        self.cms.redeliver(article)

    def deliver_late(self, article: str) -> None:
        self.cms.redeliver(article, back=2)

    def break_storage(self) -> None:
        """Hold the newsroom's file as a program that hangs does: it can be read, and nobody else can write."""
        self.holder = sqlite3.connect(self.settings.state_file, isolation_level=None)
        self.holder.execute("BEGIN IMMEDIATE")

    def mend_storage(self) -> None:
        self.holder.close()

    def page_source(self, article: str) -> str:
        return self.cms.page(article)


class TestApplying(AdapterRules):
    """The machine's sure tags are written by themselves."""

    @pytest.fixture
    def cms(self) -> Driver:
        return Driver(applies=True)


class TestSuggesting(AdapterRules):
    """Every tag waits for an editor: ``[policy] mode = "suggest"``."""

    @pytest.fixture
    def cms(self) -> Driver:
        return Driver(applies=False)

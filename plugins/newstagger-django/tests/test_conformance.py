"""The conformance kit against the real admin: taggit in both modes, many-to-many in *apply*."""

from __future__ import annotations

import html
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pytest
from desk import Page
from django.core.management import call_command
from django.db import connection, connections
from newsapp.models import Article, Keyword, Story
from newstagger_django.bindings import Binding, bind, binding_of
from newstagger_django.conf import Mode
from newstagger_django.models import Answer, Decision, KeptText, Standing, Term
from newstagger_django.panel import panel_for
from newstagger_django.process import build_host, host, set_host
from newstagger_django.saving import schedule

from newstagger.domain import EditorDecision
from newstagger.settings import Mode as PolicyMode
from newstagger.settings import PolicySettings, Settings
from newstagger.testing import LABELS
from newstagger.testing.conformance import AdapterRules

pytestmark = pytest.mark.slow
QUOTED = {label.replace('"', "'"): label for label in LABELS.values() if '"' in label}
OURS = (Answer, Decision, KeptText, Standing, Term)


def markup(body: str) -> str:
    return "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in body.split("\n\n"))


def labels(names: Iterable[str]) -> frozenset[str]:
    """Return what tags are called in full: taggit's names have no double quotes."""
    return frozenset(QUOTED.get(name, name) for name in names)


def name_of(label: str) -> str:
    return next((name for name, quoted in QUOTED.items() if quoted == label), label)


class Form:
    """The admin's change form in the kit's words."""

    def __init__(self, driver: Driver, page: Page) -> None:
        self._driver, self._page = driver, page

    @property
    def tags(self) -> frozenset[str]:
        return labels(name for field in self._driver.fields for name in self._page.names(field))

    @property
    def suggestions(self) -> frozenset[str]:
        said = {*self._page.said["accepted"], *self._page.said["rejected"]}
        return frozenset(tag.label for tag in self._page.panel.suggestions if tag.concept not in said)

    def write(self, *, headline: str | None = None, body: str | None = None) -> None:
        told = {self._driver.headline: headline, self._driver.body: None if body is None else markup(body)}
        self._page.values |= {name: value for name, value in told.items() if value is not None}

    def add(self, label: str) -> None:
        self._driver.offer(label)
        self._page.put(self._driver.fields[0], label, on=True)

    def remove(self, label: str) -> None:
        for field in self._driver.fields:
            self._page.put(field, name_of(label), on=False)

    def accept(self, label: str) -> None:
        self._page.say("accepted", self._tag(label))

    def reject(self, label: str) -> None:
        self._page.say("rejected", self._tag(label))

    def _tag(self, label: str):
        return next(tag for tag in self._page.panel.suggestions if tag.label == label)

    def save(self) -> None:
        self._page.save()
        self._driver.told = self._page.messages

    def publish(self) -> None:
        if "status" in self._page.values:
            self._page.values["status"] = "live"
        self.save()


class Driver:
    """The news site with its admin, in the kit's words."""

    LACKS: Mapping[str, str] = {
        "drafts": "a row is what readers get",
        "autosave": "the admin has none",
        "schedule": "a row is what readers get",
        "revisions": "the admin keeps none",
        "restore": "the admin keeps no revisions",
    }
    model, headline, body, fields = Article, "title", "text", ("tags",)

    def __init__(self, client, *, applies: bool) -> None:
        self.client, self.applies, self.told = client, applies, []

    def start(self, settings: Settings, plugins: Sequence[tuple[str, object]]) -> None:
        policy = PolicySettings(mode=PolicyMode.AUTO if self.applies else PolicyMode.SUGGEST)
        self.settings, self.plugins = replace(settings, policy=policy, site="courier.example"), plugins
        mode = Mode.APPLY if self.applies else Mode.SUGGEST
        bind(self.model, Binding(self.model, replace(binding_of(self.model).fields, mode=mode)))
        self.restart()

    def restart(self) -> None:
        set_host(build_host(self.settings, plugins=self.plugins, discover=False))
        host().warm()

    def offer(self, label: str) -> None:
        """Let the tag widget know a term, as a newsroom's list of keywords does."""

    def get(self, article: str):
        return self.model._base_manager.get(pk=article)

    def create(self, headline: str, body: str, *, language: str = "en", published: bool = False) -> str:
        form = Form(self, Page(self.client, self.model))
        form.write(headline=headline, body=body)
        if "lang" in form._page.values:
            form._page.values["lang"] = language
        form.save()
        return str(form._page.pk)

    def open(self, article: str) -> Form:
        return Form(self, Page(self.client, self.model, article))

    def tags(self, article: str) -> frozenset[str]:
        return labels(name for way in binding_of(self.model).tag_fields.values() for name in way.names(self.get(article)))

    draft_tags = tags

    def suggestions(self, article: str) -> frozenset[str]:
        return frozenset(tag.label for tag in panel_for(self.get(article)).suggestions)

    def live_text(self, article: str) -> str:
        row = self.get(article)
        return "" if getattr(row, "status", "") == "killed" else f"{getattr(row, self.headline)}\n{getattr(row, self.body)}"

    draft_text = live_text

    def notice(self, article: str) -> str:
        return "\n".join(dict.fromkeys((*panel_for(self.get(article)).notices, *self.told)))

    def decisions(self, article: str) -> Sequence[EditorDecision]:
        return host().feedback(binding_of(self.model).ref(self.get(article)))

    def modified(self, article: str) -> str:
        return str(self.get(article).modified)

    def copy(self, article: str) -> str:
        page = Page(self.client, self.model, article)
        page.save(_saveasnew="1")
        return str(page.pk)

    def kill(self, article: str) -> None:
        page = Page(self.client, self.model, article)
        page.values["status"] = "killed"
        page.save()

    def api_save(self, article: str, body: str) -> None:
        try:
            row = self.get(article)
            setattr(row, self.body, markup(body))
            row.save(update_fields=[self.body])
        finally:
            if connection.connection is not None and not connection.in_atomic_block:
                connections.close_all()

    def import_articles(self, articles) -> Sequence[str]:
        rows = [self.model(**{self.headline: headline, self.body: markup(body)}) for headline, body, _ in articles]
        self.model.objects.bulk_create(rows)
        for row, (_, _, labels) in zip(rows, articles, strict=True):
            self.tag(row, labels)
        return [str(row.pk) for row in rows]

    def tag(self, row, labels) -> None:
        row.tags.add(*labels)

    def backfill(self) -> None:
        call_command("tag_articles", stderr=io.StringIO())

    def redeliver(self, article: str) -> None:
        schedule(self.get(article))

    deliver_late = redeliver

    broken = False

    def break_storage(self) -> None:
        self.broken = True
        self._rename("", "_gone")

    def mend_storage(self) -> None:
        self.broken = False
        self._rename("_gone", "")

    def _rename(self, old: str, new: str) -> None:
        with connection.cursor() as cursor:
            for model in OURS:
                cursor.execute(f"ALTER TABLE {model._meta.db_table}{old} RENAME TO {model._meta.db_table}{new}")

    def page_source(self, article: str) -> str:
        return Page(self.client, self.model, article).html


class StoryDriver(Driver):
    """Tags are rows that the story points to: two fields, one for places."""

    LACKS: Mapping[str, str] = {
        **Driver.LACKS,
        "copy": "not switched on for stories",
        "languages": "stories are English",
        "kill": "stories have no status",
        "deliver_late": "as with articles",
        "modified": "stories do not keep it",
    }
    model, headline, body, fields = Story, "headline", "body", ("topics", "places")

    def offer(self, label: str) -> None:
        Keyword.objects.get_or_create(name=label, defaults={"slug": label.replace(" ", "-")})

    def tag(self, row, labels) -> None:
        for label in labels:
            self.offer(label)
        row.topics.add(*Keyword.objects.filter(name__in=labels))


@pytest.fixture(autouse=True)
def bindings(transactional_db):
    before = {model: binding_of(model) for model in (Article, Story)}
    yield
    set_host(None)
    for model, binding in before.items():
        bind(model, binding)


def working(driver):
    yield driver
    if driver.broken:
        driver.mend_storage()


class TestSuggest(AdapterRules):
    @pytest.fixture
    def cms(self, desk):
        yield from working(Driver(desk, applies=False))


class TestApply(AdapterRules):
    @pytest.fixture
    def cms(self, desk):
        yield from working(Driver(desk, applies=True))


class TestManyToMany(AdapterRules):
    @pytest.fixture
    def cms(self, desk):
        yield from working(StoryDriver(desk, applies=True))

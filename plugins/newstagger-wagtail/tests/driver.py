"""Drives Wagtail for the conformance kit: its real admin by the test client, its real API for programs, its real commands."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import timedelta
from io import StringIO
from unittest import mock

import desk
from django.core.management import call_command
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone
from newsroom.copydesk import rich
from newsroom.furnish import front_of
from newsroom.stories.models import NotePage, StoryPage
from newsroom.visitor import Page as Seen
from newstagger_django import process
from newstagger_django.panel import panel_for
from newstagger_wagtail.signals import page_binding
from wagtail.models import Revision

from newstagger.domain import EditorDecision
from newstagger.settings import Settings

TABLES = ("newstagger_decision", "newstagger_answer", "newstagger_standing", "newstagger_term", "newstagger_kepttext")
KINDS = {"storypage": StoryPage, "notepage": NotePage}
_slugs = itertools.count(1)


class WagtailForm(desk.OpenForm):
    """An open form, in the words of the kit."""

    def load(self) -> None:
        super().load()
        self.panel = self.seen.soup

    def rows(self) -> Mapping[str, Mapping[str, str]]:
        """Return the panel's rows by label, as the form shows them."""
        found = self.panel.select("[data-newstagger-row]")
        return {str(row["data-label"]): {key: str(value) for key, value in row.attrs.items()} for row in found}

    @property
    def tags(self) -> frozenset[str]:
        labels = {row["data-name"]: label for label, row in self.rows().items()}
        return frozenset(labels.get(name, name) for name in self.names())

    def names(self) -> list[str]:
        from taggit.utils import parse_tags

        return list(parse_tags(self.fields.get("tags", "")))

    @property
    def suggestions(self) -> frozenset[str]:
        return frozenset(label for label, row in self.rows().items() if row["data-state"] == "suggested")

    def _hold(self, names: Sequence[str]) -> None:
        from newstagger_wagtail.forms import written

        self.fields["tags"] = written(list(names))

    def _say(self, what: str, label: str) -> str:
        import json

        row = self.rows()[label]
        told = json.loads(self.fields["newstagger"])
        told[what].append(row["data-concept"])
        self.fields["newstagger"] = json.dumps(told)
        return row["data-name"]

    def add(self, label: str) -> None:
        self._hold([*self.names(), label])

    def remove(self, label: str) -> None:
        row = self.rows().get(label)
        gone = row["data-name"] if row else label
        self._hold([name for name in self.names() if name != gone])

    def accept(self, label: str) -> None:
        name = self._say("accepted", label)
        self._hold([*self.names(), name])

    def reject(self, label: str) -> None:
        name = self._say("rejected", label)
        self._hold([held for held in self.names() if held != name])

    def autosave(self) -> dict:
        told = super().autosave()
        fresh = Seen("panel", self.client.get(reverse("newstagger_panel", args=[self.page])).content.decode())
        self.panel = fresh.soup
        self.fields["newstagger"] = str(fresh.soup.select_one("input[name=newstagger]")["value"])
        return told

    def save(self) -> None:
        super().save()

    def publish(self) -> None:
        super().save(action_publish="1")

    def schedule(self) -> None:
        self.fields["go_live_at"] = (timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M")
        super().save(action_publish="1")
        self.fields["go_live_at"] = ""


class WagtailCms:
    """Wagtail with the adapter; one page type of the newsroom."""

    LACKS: Mapping[str, str] = {}

    def __init__(self, client, kind: str) -> None:
        self.client, self.kind = client, kind
        self.model = KINDS[kind]
        self.applies = kind == "notepage"

    def start(self, settings: Settings, plugins: Sequence[tuple[str, object]]) -> None:
        self.settings, self.plugins = settings, plugins
        self.restart()

    def restart(self) -> None:
        process.set_host(process.build_host(self.settings, plugins=self.plugins, discover=False))

    def create(self, headline: str, body: str, *, language: str = "en", published: bool = False) -> str:
        address = reverse("wagtailadmin_pages:add", args=["stories", self.kind, front_of(language).pk])
        fields = Seen(address, self.client.get(address).content.decode()).form()
        from wagtail.test.utils.form_data import inline_formset, nested_form_data

        fields |= {key: str(value) for key, value in nested_form_data({"comments": inline_formset([])}).items()}
        fields |= {"intro": rich("")} if self.kind == "storypage" else {}
        fields |= {"title": headline, "slug": f"story-{next(_slugs)}", **desk.body_fields(self.kind, body)}
        if published:
            fields["action-publish"] = "1"
        before = self.model.objects.count()
        answer = self.client.post(address, fields)
        assert answer.status_code == 302, Seen(address, answer.content.decode()).told()
        assert self.model.objects.count() == before + 1
        return str(self.model.objects.latest("pk").pk)

    def open(self, article: str) -> WagtailForm:
        return WagtailForm(self.client, int(article))

    def _row(self, article: str):
        return self.model.objects.get(pk=article)

    def _draft(self, article: str):
        return self._row(article).get_latest_revision_as_object()

    def _labels(self, page) -> frozenset[str]:
        from newstagger_django.models import Term

        names = [tag.name for tag in page.tags.all()]
        try:
            labels = dict(Term.objects.filter(name__in=names).values_list("name", "label"))
        except OperationalError:  # the storage is broken on purpose
            labels = {}
        return frozenset(labels.get(name, name) for name in names)

    def tags(self, article: str) -> frozenset[str]:
        row = self._row(article)
        return self._labels(row) if row.live else frozenset()

    def draft_tags(self, article: str) -> frozenset[str]:
        return self._labels(self._draft(article))

    def suggestions(self, article: str) -> frozenset[str]:
        return frozenset(row.label for row in panel_for(self._draft(article)).suggestions)

    def live_text(self, article: str) -> str:
        answer = self.client.get(self._row(article).get_url())
        return answer.content.decode() if answer.status_code == 200 else ""

    def draft_text(self, article: str) -> str:
        page = self._draft(article)
        return f"{page.title}\n{page_binding(self.model).body(page)}"

    def notice(self, article: str) -> str:
        return "\n".join(panel_for(self._draft(article)).notices)

    def decisions(self, article: str) -> Sequence[EditorDecision]:
        return process.host().feedback(page_binding(self.model).ref(self._row(article)))

    def revisions(self, article: str) -> int:
        return self._row(article).revisions.count()

    def modified(self, article: str) -> str:
        row = self._row(article)
        return f"{row.latest_revision_created_at} {row.last_published_at} {row.get_latest_revision().created_at}"

    def restore(self, article: str, revision: int) -> None:
        old = list(self._row(article).revisions.order_by("pk"))[revision - 1]
        WagtailForm(self.client, int(article), revision=old.pk).save()

    def copy(self, article: str) -> str:
        row = self._row(article)
        address = reverse("wagtailadmin_pages:copy", args=[row.pk])
        parent = row.get_parent().pk
        answer = self.client.post(address, {"new_title": row.title, "new_slug": f"copy-{next(_slugs)}", "new_parent_page": str(parent)})
        assert answer.status_code == 302
        return str(self.model.objects.latest("pk").pk)

    def kill(self, article: str) -> None:
        assert self.client.post(reverse("wagtailadmin_pages:unpublish", args=[article])).status_code == 302

    def publish_due(self) -> None:
        later = timezone.now() + timedelta(hours=2)
        with mock.patch("django.utils.timezone.now", lambda: later):
            call_command("publish_scheduled", stdout=StringIO())

    def api_save(self, article: str, body: str) -> None:
        page = self._draft(article)
        self._write(page, body)
        revision = page.save_revision()
        if page.live:
            revision.publish()

    def _write(self, page, body: str) -> None:
        html = "".join(f"<p>{part}</p>" for part in body.split("\n\n"))
        if self.kind == "storypage":
            page.body = [("paragraph", _rich(html))]
        else:
            page.text = html

    def import_articles(self, articles: Sequence[tuple[str, str, frozenset[str]]]) -> Sequence[str]:
        found = []
        for headline, body, labels in articles:
            page = self.model(title=headline, slug=f"import-{next(_slugs)}", live=True)
            self._write(page, body)
            with mock.patch("django.db.models.signals.post_save.send"):
                front_of("en").add_child(instance=page)
            page.tags.add(*labels)
            page.tagged_items.commit() if hasattr(page, "tagged_items") else page.save()
            found.append(str(page.pk))
        return found

    def backfill(self) -> None:
        call_command("tag_articles", stdout=StringIO(), stderr=StringIO())

    def redeliver(self, article: str) -> None:
        from newstagger_wagtail import signals

        revision = self._row(article).get_latest_revision()
        signals._revision_saved(Revision, revision, created=True)

    def deliver_late(self, article: str) -> None:
        from newstagger_wagtail import signals

        before = list(self._row(article).revisions.order_by("pk"))
        signals._revision_saved(Revision, before[-2] if len(before) > 1 else before[-1], created=True)

    def break_storage(self) -> None:
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_away")

    def mend_storage(self) -> None:
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table}_away RENAME TO {table}")

    def page_source(self, article: str) -> str:
        return self.open(article).html


def _rich(html: str):
    from wagtail.rich_text import RichText

    return RichText(html)

"""How a page type is read and written: the newest draft is what editors go on with, and no write-back makes a revision.

Called by ``newstagger_django`` (saving, panel, backfill) through its Binding; ``signals`` and ``forms`` hand in pages at hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import models
from newstagger_django.bindings import Binding, Changes, binding_of
from newstagger_django.standing import Stands
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Revision

from newstagger.domain import Article, ArticleRef, Event, FormState
from newstagger_wagtail.body import html_of, rich_text

REVISION = "_newstagger_revision"
"""Where an object at hand tells which revision it is."""
_at_hand: ContextVar[tuple[Any, ...]] = ContextVar("newstagger_at_hand", default=())


@contextmanager
def at_hand(page: Any) -> Iterator[None]:
    """Spare the next reading of this page inside the block a look into the database: it is what was just saved."""
    token = _at_hand.set((page,))
    try:
        yield
    finally:
        _at_hand.reset(token)


def _take(pk: Any) -> Any | None:
    """Return the page at hand once: whoever reads it a second time does so because it has changed."""
    held = _at_hand.get()
    if held and held[0].pk == pk:
        _at_hand.set(())
        return held[0]
    return None


class PageBinding(Binding):
    """One page type. Saves are told by ``signals``, never by Django's post_save of the page."""

    on_save = False

    def fresh(self, pk: Any, using: str, *, lock: bool = False) -> Any | None:
        """Return the newest draft as its editors would open it; None for a page that is gone, or an alias of another."""
        if not lock and (page := _take(pk)) is not None:
            return page
        row = super().fresh(pk, using, lock=lock)
        return None if row is None or row.alias_of_id else row.get_latest_revision_as_object()

    def unmoved(self, obj: Any, using: str) -> bool | None:
        """Tell it by the newest revision, which every save of a draft writes; a page without one has to be read."""
        if obj.latest_revision_id is None:
            return None
        rows = Page.objects.using(using).filter(pk=obj.pk).values_list("latest_revision_id", "latest_revision_created_at")
        return bool(rows.first() == (obj.latest_revision_id, obj.latest_revision_created_at))

    def article(
        self, obj: Any, *, event: Event | None = None, form: FormState | None = None, saved_by: str = "", stands: Stands | None = None
    ) -> Article:
        """Return the article; a draft is never told as published, whatever the event was called when it was asked for."""
        read = super().article(obj, event=event, form=form, saved_by=saved_by, stands=stands)
        return replace(
            read,
            media_type="text/html",
            language=read.language or _language(obj),
            revision=obj.__dict__.get(REVISION, obj.latest_revision_id),
            event=_honest(obj, read.event),
        )

    def body(self, obj: Any) -> str:
        """Return the body's fields as HTML, in order: all rich text and StreamFields where none is named."""
        return "\n".join(part for name in self.fields.bodies or self._text_fields() if name and (part := self._field(obj, name)))

    def _text_fields(self) -> Sequence[str]:
        kinds = (RichTextField, StreamField)
        return [f.name for f in self.model._meta.get_fields() if isinstance(f, kinds)]

    def _field(self, obj: Any, name: str) -> str:
        value = getattr(obj, name, None)
        value = value() if callable(value) else value
        field = next((f for f in self.model._meta.get_fields() if f.name == name), None)
        return rich_text(value or "") if isinstance(field, RichTextField) and isinstance(value, str) else html_of(value)

    def put(self, page: Any, changes: Changes) -> Sequence[str]:
        """Change the tags of a page in memory, whose own save will store them; return a line for each that has no place."""
        return super().write(page, changes)

    def write(self, obj: Any, changes: Changes) -> Sequence[str]:
        """Put tags on a page that is saved already, without a new revision, in the caller's transaction.

        They go into the newest revision, which keeps its number and its time, and into the live page where readers see that
        very text; a live page with a newer draft is left alone.
        """
        refused: list[str] = []
        revision = Revision.objects.filter(pk=obj.latest_revision_id).first() if obj.latest_revision_id else None
        if revision is not None:
            draft = revision.as_object()
            refused += super().write(draft, changes)
            Revision.objects.filter(pk=revision.pk).update(content=draft.serializable_data())
        if revision is None or not obj.has_unpublished_changes:
            row = self.model._base_manager.get(pk=obj.pk)
            refused += super().write(row, changes)
            self._commit(row)
        return list(dict.fromkeys(refused))

    def _commit(self, row: Any) -> None:
        """Store the tags of a page's row and nothing else of it: no ``save()``, so no signals and no new date."""
        for name in self.tag_fields:
            field = self.model._meta.get_field(name)
            through = getattr(field.remote_field, "through", None)
            if through is not None and getattr(field, "_need_commit_after_assignment", False):
                relation = through._meta.get_field("content_object").remote_field.get_accessor_name()
                getattr(row, relation).commit()


def page_binding(model: Any) -> PageBinding | None:
    """Return the binding of a page type that is tagged; None for any other model."""
    binding = binding_of(model) if model is not None else None
    return binding if isinstance(binding, PageBinding) else None


def page_ref(binding: Binding, pk: Any) -> ArticleRef:
    """Return the name of the article that a page of this type is."""
    return binding.ref(binding.model(pk=pk))


def _language(page: Any) -> str | None:
    """Return the page's language where the site has several; a site with one may never have said which it is."""
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return None
    return str(page.locale.language_code)


def _honest(page: Any, event: Event) -> Event:
    """Call a newest draft a draft, though an older version of the page went live at that moment."""
    public = page.live and (not page.has_unpublished_changes or REVISION in page.__dict__)
    return event if public or event not in (Event.PUBLISH, Event.CORRECT) else Event.DRAFT


def is_page(model: type[models.Model]) -> bool:
    """Tell whether a model is a page type."""
    return issubclass(model, Page)

"""A page that is taken down, expires or is deleted: whoever derived something from it is told, after the commit."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import router, transaction
from newstagger_django.edge import attempt
from newstagger_django.process import host
from wagtail.models import Page

from newstagger.domain import Event
from newstagger_wagtail.pages import PageBinding, page_binding

FAILED = "a withdrawal could not be told"


def unpublished(sender: Any, instance: Any, **_: Any) -> None:
    """Kill a page that somebody takes down: it has no tags until its next save. One that expired is only told of."""
    binding = page_binding(sender)
    if binding is not None and not instance.alias_of_id:
        attempt(lambda: _taken_down(binding, instance), FAILED)


def _taken_down(binding: PageBinding, page: Any) -> None:
    using = page._state.db or router.db_for_write(type(page))
    ref = binding.ref(page)

    def told() -> None:
        row = Page.objects.using(using).filter(pk=page.pk).first()
        if row is None or row.live:  # deleted: told of by the deletion
            return
        if page.expired:
            host().article_retracted(ref, "expired")
        else:
            host().article_saved(binding.article(page, event=Event.KILL))

    transaction.on_commit(partial(attempt, told, FAILED), using=using, robust=True)


def deleted(sender: Any, instance: Any, **_: Any) -> None:
    """Tell that a page is gone."""
    binding = page_binding(sender)
    if binding is None or instance.alias_of_id:
        return
    using = instance._state.db or router.db_for_write(sender)
    gone = partial(attempt, partial(host().article_retracted, binding.ref(instance), "deleted"), FAILED)
    transaction.on_commit(gone, using=using, robust=True)

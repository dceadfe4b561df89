"""System checks: what keeps newstagger from working in this Wagtail site is told when it starts, in one line each.

E101 settings, E102 the order of INSTALLED_APPS, E103 tags that are not saved with a draft, W101 copies cannot be watched.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core import checks
from newstagger_django.bindings import bound

from newstagger.errors import ConfigError
from newstagger_wagtail import copies
from newstagger_wagtail.conf import wagtail_settings
from newstagger_wagtail.pages import PageBinding, is_page

ORDER = ("newstagger_django", "newstagger_wagtail", "wagtail.admin")


def register() -> None:
    """Let Django run the checks at every start."""
    checks.register(check_wagtail, "newstagger")


def check_wagtail(app_configs: Any = None, **_: Any) -> list[checks.CheckMessage]:
    """Return what is wrong with newstagger in this site."""
    return [*_settings(), *_order(), *_tags(), *_copies()]


def _settings() -> Iterator[checks.CheckMessage]:
    try:
        wagtail_settings()
    except ConfigError as error:
        yield checks.Error(f"{error.where}: {error.what}", hint=error.next_step, id="newstagger.E101")


def _order() -> Iterator[checks.CheckMessage]:
    installed = [config.name for config in apps.get_app_configs()]
    places = [installed.index(name) if name in installed else -1 for name in ORDER]
    if -1 in places or places != sorted(places):
        hint = f"list them in this order: {', '.join(ORDER)}"
        yield checks.Error("newstagger's apps stand in the wrong order in INSTALLED_APPS", hint=hint, id="newstagger.E102")


def _tags() -> Iterator[checks.CheckMessage]:
    for binding in bound():
        if not isinstance(binding, PageBinding) and not is_page(binding.model):
            continue
        for name in binding.fields.tag_fields:
            field = next((f for f in binding.model._meta.get_fields() if f.name == name), None)
            if field is not None and not getattr(field, "_need_commit_after_assignment", False):
                hint = "make it a modelcluster.contrib.taggit.ClusterTaggableManager"
                told = f"the tags in {binding.model._meta.label}.{name} would reach the live page with a draft"
                yield checks.Error(told, hint=hint, id="newstagger.E103")


def _copies() -> Iterator[checks.CheckMessage]:
    if not copies.watchable():
        hint = "see whether there is a newer newstagger-wagtail for this Wagtail"
        yield checks.Warning("copied pages do not take their editors' decisions along", hint=hint, id="newstagger.W101")

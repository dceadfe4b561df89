"""System checks: what is wrong with ``settings.NEWSTAGGER`` is told when the site starts, in one line each.

E001 settings, E002 newstagger's own settings, E003 an unknown model, E004 an unknown field, E005 a field that holds no tags,
W001 no model bundle, W002 no declared model.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.module_loading import import_string

from newstagger.errors import ConfigError, NewstaggerError
from newstagger_django.bindings import Binding
from newstagger_django.conf import ArticleFields, SiteSettings, core_settings, site_settings
from newstagger_django.edge import attempt
from newstagger_django.process import build_host


def register() -> None:
    """Let Django run the checks at every start."""
    checks.register(check_settings, "newstagger")


def check_settings(app_configs: Any = None, **_: Any) -> list[checks.CheckMessage]:
    """Return what is wrong with the site's settings of newstagger."""
    try:
        site = site_settings()
    except ConfigError as error:
        return [_error(error, 1)]
    found: list[checks.CheckMessage] = []
    for label, fields in site.models.items():
        found += _check_model(label, fields)
    return [*found, *_check_core(site)]


def _check_core(site: SiteSettings) -> Iterator[checks.CheckMessage]:
    try:
        settings = core_settings(site)
    except NewstaggerError as error:
        yield _error(error, 2)
        return
    if not site.models:
        yield checks.Warning("settings.NEWSTAGGER names no article model", hint="add MODELS, or bind models yourself", id="newstagger.W002")
    ready, failed = attempt(lambda: build_host(settings), "newstagger cannot start")
    if failed or ready is None or ready.bundle is None:
        hint = "run 'newstagger models list'; until there is one, articles are saved without tags"
        yield checks.Warning(failed or f"there is no model bundle {settings.bundle!r} that can be used", hint=hint, id="newstagger.W001")


def _check_model(label: str, fields: ArticleFields) -> Iterator[checks.CheckMessage]:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        known = [m._meta.label for m in apps.get_models()]
        near = difflib.get_close_matches(label, known, 1, 0.5)
        hint = f"did you mean {near[0]}?" if near else "write it as 'app.Model'"
        yield checks.Error(f"settings.NEWSTAGGER MODELS: there is no model {label!r}", hint=hint, id="newstagger.E003")
        return
    yield from (_unknown_field(model, key, name) for key, name in _named_fields(fields) if not _has(model, name))
    yield from _check_event(model, fields)
    try:
        Binding(model, fields).tag_fields  # noqa: B018 (raises)
    except ConfigError as error:
        yield _error(error, 5)


def _named_fields(fields: ArticleFields) -> Sequence[tuple[str, str]]:
    simple = [(key, getattr(fields, key)) for key in ("headline", "byline", "credit", "source", "changed")]
    loose = [("media_type", fields.media_type)] if "/" not in fields.media_type else []
    language = [("language", fields.language)] if len(fields.language.partition("-")[0]) > 3 else []
    return [(key, name) for key, name in [*simple, *(("body", b) for b in fields.bodies), *loose, *language] if name]


def _has(model: type[models.Model], path: str) -> bool:
    first = path.partition("__")[0]
    return hasattr(model, first) or first in {field.name for field in model._meta.get_fields()}


def _unknown_field(model: type[models.Model], key: str, name: str) -> checks.CheckMessage:
    near = difflib.get_close_matches(name, [field.name for field in model._meta.get_fields()], 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else "name a field, a property or a method of the model"
    return checks.Error(f"{model._meta.label} has no {name!r} for {key!r}", hint=hint, id="newstagger.E004")


def _check_event(model: type[models.Model], fields: ArticleFields) -> Iterator[checks.CheckMessage]:
    event = fields.event
    if isinstance(event, str) and "." in event:
        try:
            import_string(event)
        except (ImportError, ImproperlyConfigured):
            hint = "name a function that takes the object and returns an event's name"
            yield checks.Error(f"cannot import {event!r}", hint=hint, obj=model, id="newstagger.E004")
    elif event is not None and not callable(event):
        field = event if isinstance(event, str) else next(iter(event), "")
        if not _has(model, field):
            yield _unknown_field(model, "event", field)


def _error(error: NewstaggerError, number: int) -> checks.CheckMessage:
    where = f"{error.where}: " if error.where else ""
    return checks.Error(f"{where}{error.what}", hint=error.next_step or None, id=f"newstagger.E00{number}")

"""Binds the declared page types when the site starts: how they are read, what their form does, where the panel stands."""

from __future__ import annotations

from typing import Any

from newstagger_django import bindings
from newstagger_django.bindings import Binding
from newstagger_django.conf import ArticleFields
from wagtail.admin.forms import WagtailAdminPageForm

from newstagger.errors import ConfigError
from newstagger_wagtail.conf import wagtail_settings
from newstagger_wagtail.forms import NewstaggerForm
from newstagger_wagtail.pages import PageBinding, is_page
from newstagger_wagtail.panels import NewstaggerPanel, places_panel

PANELS = "content_panels"


def bind_declared_pages() -> None:
    """Bind every page type that ``settings.NEWSTAGGER`` declares, in place of the plain binding that Django's layer gave it."""
    for binding in bindings.bound():
        if is_page(binding.model) and not isinstance(binding, PageBinding):
            bind_page(binding.model, binding.fields)


def bind_page(model: Any, fields: ArticleFields, kind: type[PageBinding] = PageBinding) -> Binding:
    """Let a page type be tagged: bind it, and equip its form; return the binding. Call it before the first form is built."""
    binding = kind(model, fields)
    bindings.bind(model, binding)
    equip_form(model)
    equip_panels(model)
    return binding


def equip_form(model: Any) -> None:
    """Lay newstagger's part under the form class of a page type, unless the site has done so."""
    model.base_form_class = _with_newstagger(getattr(model, "base_form_class", WagtailAdminPageForm))
    handler = getattr(model, "edit_handler", None)
    if handler is not None and getattr(handler, "base_form_class", None) is not None:
        handler.base_form_class = _with_newstagger(handler.base_form_class)


def _with_newstagger(form: Any) -> Any:
    if issubclass(form, NewstaggerForm):
        return form
    return type(form)(f"Newstagger{form.__name__}", (NewstaggerForm, form), {})


def equip_panels(model: Any) -> None:
    """Put the panel below the content of a page type, if the site wants that and has not placed it."""
    try:
        wanted = wagtail_settings().panel
    except ConfigError:  # the system checks tell
        return
    handler = getattr(model, "edit_handler", None)
    definitions = [handler] if handler is not None else [*model.content_panels, *model.promote_panels, *model.settings_panels]
    if not wanted or places_panel(definitions):
        return
    if handler is None:
        setattr(model, PANELS, [*model.content_panels, NewstaggerPanel()])
    elif hasattr(handler, "children"):
        first = handler.children[0] if handler.children and hasattr(handler.children[0], "children") else handler
        first.children = [*first.children, NewstaggerPanel()]

"""The Django admin: ``NewstaggerAdmin`` shows the panel in a change form and reads what came back; our own tables, to look at."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest

from newstagger_django.forms import FIELD, read_form, record
from newstagger_django.models import Answer, Decision, Term
from newstagger_django.panel import panel_for
from newstagger_django.saving import Told, attach, schedule

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object


class NewstaggerAdmin(_Admin):
    """Mix into the ModelAdmin of a declared model, before ``admin.ModelAdmin``."""

    change_form_template = "newstagger/admin/change_form.html"

    class Media:
        """Style and scripts of the panel."""

        css: ClassVar[Any] = {"all": ("newstagger/panel.css",)}
        js = ("newstagger/panel.js", "newstagger/admin.js")

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Add the panel to the page."""
        obj = kwargs.get("obj")
        obj = self.model() if obj is None else obj
        panel = panel_for(obj)
        if request.method == "POST" and read_form(request.POST, obj).form is not None:
            panel = replace(panel, value=request.POST[FIELD])  # the form comes back with errors: what was said in it still is
        context["newstagger_panel"] = panel
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Save, and store what the form said about suggestions in the same transaction."""
        said, by = read_form(request.POST, obj), request.user.get_username()

        told = Told(form=said.form, by=by, copied_from=said.copied_from, tell=partial(messages.warning, request))
        attach(obj, told)
        super().save_model(request, obj, form, change)
        if lines := record(obj, said, by):
            schedule(obj, told=replace(told, notices=lines))


class _ReadOnlyAdmin(_Admin):
    """Pages to look at: what happened is not edited by hand."""

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


@admin.register(Decision)
class DecisionAdmin(_ReadOnlyAdmin, admin.ModelAdmin):  # type: ignore[type-arg]
    """What editors decided."""

    list_display = ("article", "action", "concept", "by", "at")
    list_filter = ("action",)
    search_fields = ("article", "concept", "by")
    ordering = ("-pk",)


@admin.register(Answer)
class AnswerAdmin(_ReadOnlyAdmin, admin.ModelAdmin):  # type: ignore[type-arg]
    """What was answered to each save."""

    list_display = ("article", "at", "suggestions", "reuse", "bundle")
    list_filter = ("reuse",)
    search_fields = ("article",)
    ordering = ("-pk",)


@admin.register(Term)
class TermAdmin(_ReadOnlyAdmin, admin.ModelAdmin):  # type: ignore[type-arg]
    """Which concept goes by which name."""

    list_display = ("name", "facet", "concept")
    list_filter = ("facet",)
    search_fields = ("name", "concept")
    ordering = ("name",)

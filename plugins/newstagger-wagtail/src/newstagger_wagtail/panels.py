"""The panel in the page editor: what newstagger suggests, applies and keeps off, why, and whether the words came off the wire.

Put ``NewstaggerPanel()`` where it is to stand; page types that do not get it below their content (``setup``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from newstagger_django.forms import FIELD
from newstagger_django.panel import Panel as Shown
from newstagger_django.panel import panel_for
from wagtail.admin.panels import Panel

from newstagger_wagtail.pages import page_binding

TEMPLATE = "newstagger_wagtail/panel.html"
URL = "newstagger_panel"


def shown(page: Any, posted: str | None = None) -> dict[str, Any]:
    """Return what the panel's template needs; ``posted`` is the hidden field of a form that came back with errors."""
    panel: Shown = panel_for(page)
    if posted:
        panel = replace(panel, value=posted)
    return {"panel": panel, "panel_url": reverse(URL, args=[page.pk or 0])}


def places_panel(definitions: Iterable[Any]) -> bool:
    """Tell whether a site has placed the panel somewhere among its panels."""
    return any(isinstance(panel, NewstaggerPanel) or places_panel(getattr(panel, "children", None) or ()) for panel in definitions)


class NewstaggerPanel(Panel):  # type: ignore[misc]
    """Suggestions beside the form of a page; on a page type that is not tagged it is not shown."""

    def __init__(self, **options: Any) -> None:
        options["heading"] = options.get("heading") or _("Suggested tags")
        options["icon"] = options.get("icon") or "tag"
        super().__init__(**options)

    @property
    def clean_name(self) -> str:
        """The name in the panel's id, the same in every language."""
        return "newstagger"

    class BoundPanel(Panel.BoundPanel):  # type: ignore[misc]
        """The panel on one form."""

        template_name = TEMPLATE

        def is_shown(self) -> bool:
            """Show it on page types that are tagged, and not on aliases, which nobody edits."""
            return page_binding(type(self.instance)) is not None and not self.instance.alias_of_id

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Return the panel's data; a form that came back with errors keeps what its editor said."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            posted = self.form.data.get(FIELD) if self.form is not None and self.form.is_bound and self.form.errors else None
            return context | shown(self.instance, posted if isinstance(posted, str) else None)

        class Media:
            """The panel's style and script."""

            css = {"all": ("newstagger_wagtail/panel.css",)}  # noqa: RUF012 (Django reads it so)
            js = ("newstagger_wagtail/panel.js",)

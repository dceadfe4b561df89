"""What Wagtail's admin gets from newstagger: addresses, the report in its menu, and what a form must know of old revisions."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.menu import AdminOnlyMenuItem

from newstagger_wagtail.forms import RESTORES
from newstagger_wagtail.panels import URL
from newstagger_wagtail.reports import SuggestionsReport
from newstagger_wagtail.views import panel


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def addresses() -> list[URLPattern]:
    """Return the addresses below the admin's."""
    return [
        path("newstagger/panel/<int:page_id>/", panel, name=URL),
        path("reports/newstagger/", SuggestionsReport.as_view(), name="newstagger_report"),
        path("reports/newstagger/results/", SuggestionsReport.as_view(results_only=True), name="newstagger_report_results"),
    ]


class ReportMenuItem(AdminOnlyMenuItem):  # type: ignore[misc]
    """The report in the menu of reports, for people who may do something with pages."""

    def is_shown(self, request: Any) -> bool:
        """Show it to whoever has a permission on some page."""
        return bool(user_has_any_page_permission(request.user))


@hooks.register("register_reports_menu_item")  # type: ignore[untyped-decorator]
def report_menu_item() -> ReportMenuItem:
    """Return the menu item of the report."""
    return ReportMenuItem(_("Suggested tags"), reverse("newstagger_report"), name="newstagger", icon_name="tag", order=750)


@hooks.register("before_edit_page")  # type: ignore[untyped-decorator]
def notice_restoring(request: Any, page: Any) -> None:
    """Mark a page that is an old revision: what its form holds was chosen then, and by nobody now."""
    match = request.resolver_match
    if match is not None and match.url_name == "revisions_revert":
        page.__dict__[RESTORES] = True

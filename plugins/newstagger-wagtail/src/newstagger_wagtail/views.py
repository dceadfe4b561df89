"""The panel on its own, as the editor's form reloads it after an autosave."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from wagtail.models import Page

from newstagger_wagtail.pages import page_binding
from newstagger_wagtail.panels import TEMPLATE, shown


@never_cache
@require_GET
def panel(request: HttpRequest, page_id: int) -> HttpResponse:
    """Answer with the panel of a page's newest draft as HTML; 403 for people who may not edit it, 404 for no tagged page."""
    row = get_object_or_404(Page, pk=page_id)
    if not row.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    if page_binding(row.specific_class) is None or row.alias_of_id:
        return HttpResponse("this page is not tagged", status=404, content_type="text/plain")
    return render(request, TEMPLATE, shown(row.get_latest_revision_as_object()))

"""The report of all suggestions in Wagtail's admin: one row a tag, filters, CSV and XLSX."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_filters
from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from newstagger_django.bindings import bound
from newstagger_django.conf import site_settings
from newstagger_django.edge import attempt
from newstagger_django.models import Decision as DecisionRow
from wagtail.admin.auth import permission_denied, user_has_any_page_permission
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import page_permission_policy

from newstagger.domain import Action
from newstagger_wagtail.index import bring_up_to_date
from newstagger_wagtail.models import Suggestion
from newstagger_wagtail.pages import PageBinding

YES = (str(Action.ACCEPTED), str(Action.ADDED))
NO = (str(Action.REJECTED), str(Action.REMOVED))
STATES = {"open": _("open"), "accepted": _("accepted"), "rejected": _("rejected")}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
"""What a spreadsheet takes for the beginning of a formula."""


def harmless(value: Any) -> Any:
    """Return a cell that no spreadsheet runs: a text that looks like a formula gets an apostrophe before it (OWASP, CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value.lstrip().startswith(FORMULA) else value


def page_types() -> QuerySet[ContentType]:
    """Return the content types of the page types that are tagged."""
    models = [binding.model for binding in bound() if isinstance(binding, PageBinding)]
    return ContentType.objects.filter(pk__in=[ContentType.objects.get_for_model(model).pk for model in models])


class SuggestionsFilterSet(WagtailFilterSet):  # type: ignore[misc]
    """The filters beside the report."""

    state = django_filters.ChoiceFilter(label=_("Editors' word"), choices=tuple(STATES.items()), empty_label=_("All"))
    facet = django_filters.AllValuesFilter(label=_("Facet"), empty_label=_("All"))
    concept = django_filters.CharFilter(label=_("Tag or its id"), method="about")
    kind = django_filters.ModelChoiceFilter(
        label=_("Page type"), field_name="tagged__page__content_type", queryset=lambda _: page_types(), empty_label=_("All")
    )
    language = django_filters.AllValuesFilter(label=_("Language"), field_name="tagged__language", empty_label=_("All"))
    reuse = django_filters.AllValuesFilter(label=_("Wire copy"), field_name="tagged__reuse", empty_label=_("All"))

    class Meta:
        """The model behind the filters; each of them is declared above."""

        model = Suggestion
        fields: tuple[str, ...] = ()

    def about(self, rows: QuerySet[Suggestion], name: str, value: str) -> QuerySet[Suggestion]:
        """Return the rows of a concept, told by its id or by a part of its label."""
        return rows.filter(Q(concept=value) | Q(label__icontains=value))


class SuggestionsReport(ReportView):  # type: ignore[misc]
    """All suggestions on pages that the person may edit."""

    model = Suggestion
    page_title = _("Suggested tags")
    header_icon = "tag"
    index_url_name = "newstagger_report"
    index_results_url_name = "newstagger_report_results"
    filterset_class = SuggestionsFilterSet
    is_searchable = False
    default_ordering = None
    list_export = (
        "page_title",
        "page_id",
        "label",
        "concept",
        "facet",
        "role",
        "score",
        "decision",
        "state",
        "language",
        "reuse",
        "tagged_at",
    )
    export_headings: Mapping[str, Any] = {
        "page_title": _("Page"),
        "page_id": _("Page id"),
        "state": _("Editors' word"),
        "language": _("Language"),
        "reuse": _("Wire copy"),
        "tagged_at": _("Tagged at"),
    }

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Refuse people who have nothing to do with pages."""
        if not user_has_any_page_permission(request.user):
            return permission_denied(request)
        return super().dispatch(request, *args, **kwargs)

    def get_filename(self) -> str:
        """Return the name of an exported file."""
        return "newstagger-suggestions"

    def get_base_queryset(self) -> QuerySet[Suggestion]:
        """Return the suggestions on pages that the person may edit, each with the latest word about it."""
        if not getattr(self, "_up_to_date", False):
            self._up_to_date = True
            attempt(bring_up_to_date, "the report's index could not be brought up to date")
        pages = page_permission_policy.instances_user_has_permission_for(self.request.user, "change")
        said = DecisionRow.objects.filter(site=site_settings().site, article=OuterRef("tagged__article"), concept=OuterRef("concept"))
        word = Subquery(said.order_by("-pk").values("action")[:1])
        return with_state(Suggestion.objects.filter(tagged__page__in=pages).annotate(word=word)).annotate(
            page_title=F("tagged__page__draft_title"),
            page_id=F("tagged__page_id"),
            language=F("tagged__language"),
            reuse=F("tagged__reuse"),
            tagged_at=F("tagged__at"),
        )

    def get_queryset(self) -> QuerySet[Suggestion]:
        """Return the rows of the report, newest page first."""
        return self.get_base_queryset().select_related("tagged__page")

    @property
    def columns(self) -> list[Any]:
        """The columns of the list."""
        return [
            TitleColumn("page_title", label=_("Page"), accessor="page_title", get_url=_edit_url),
            Column("label", label=_("Tag"), accessor="label"),
            Column("facet", label=_("Facet"), accessor="facet"),
            Column("score", label=_("How sure"), accessor=_percent),
            Column("state", label=_("Editors' word"), accessor=lambda row: STATES[row.state]),
            Column("language", label=_("Language"), accessor="language"),
            Column("reuse", label=_("Wire copy"), accessor=_reuse),
        ]

    def to_row_dict(self, item: Any) -> Any:
        """Return a row for a spreadsheet, in which no label runs as a formula."""
        return {name: harmless(value) for name, value in super().to_row_dict(item).items()}


def with_state(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """Add what editors said of each row: open, accepted or rejected."""
    yes, no = When(word__in=YES, then=Value("accepted")), When(word__in=NO, then=Value("rejected"))
    return rows.annotate(state=Case(yes, no, default=Value("open"), output_field=CharField()))


def _edit_url(row: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[row.page_id])


def _percent(row: Any) -> str:
    return f"{round(row.score * 100)} %"


def _reuse(row: Any) -> str:
    return str(row.reuse).replace("-", " ")

"""Filters for the admin's list of articles: with suggestions or without, wire copy. Article and answers in one database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from newstagger.domain import Verdict
from newstagger_django.bindings import binding_of
from newstagger_django.models import Answer

CHOICES: dict[str | None, dict[str, Any]] = {
    "yes": {"newstagger_value__gt": 0},
    "no": {"newstagger_value": 0},
    "new": {"newstagger_value__isnull": True},
}
WIRE = (Verdict.WHOLLY_DERIVED, Verdict.PARTIALLY_DERIVED)


def with_answers(rows: QuerySet[Any], column: str) -> QuerySet[Any]:
    """Return articles annotated with a column of their newest answer, as ``newstagger_value``; null for those without one."""
    binding = binding_of(rows.model)
    if binding is None:
        return rows.none().annotate(newstagger_value=F("pk"))
    ref = binding.ref(rows.model())
    name = Concat(Value(ref.id), Cast(OuterRef("pk"), CharField()))
    newest = Answer.objects.filter(site=ref.site, article=name).order_by("-pk").values(column)[:1]
    return rows.annotate(newstagger_value=Subquery(newest))


class SuggestionsFilter(admin.SimpleListFilter):
    """Articles by whether newstagger had something to say."""

    title = "suggestions"
    parameter_name = "newstagger"

    def lookups(self, request: Any, model_admin: Any) -> Iterable[tuple[str, str]]:
        """Return the choices."""
        return [("yes", "With suggestions"), ("no", "Without"), ("new", "Not looked at yet")]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the articles of the choice."""
        value = self.value()
        if value not in CHOICES:
            return queryset
        return with_answers(queryset, "suggestions").filter(**CHOICES[value])


class WireFilter(admin.SimpleListFilter):
    """Articles in which words of a wire story stand."""

    title = "wire copy"
    parameter_name = "newstagger_wire"

    def lookups(self, request: Any, model_admin: Any) -> Iterable[tuple[str, str]]:
        """Return the choices."""
        return [(str(Verdict.WHOLLY_DERIVED), "Wire copy"), (str(Verdict.PARTIALLY_DERIVED), "Partly"), ("unchecked", "Not checked")]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the articles of the choice."""
        value = self.value()
        if value in WIRE:
            return with_answers(queryset, "reuse").filter(newstagger_value=value)
        if value == "unchecked":
            checked = [*WIRE, Verdict.NON_DERIVED]
            return with_answers(queryset, "reuse").exclude(newstagger_value__in=checked, newstagger_value__isnull=False)
        return queryset

"""Brings the report's index up to date with the answers that were given since it was looked at last, whoever asked for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.dateparse import parse_datetime
from newstagger_django.bindings import bound
from newstagger_django.conf import site_settings
from newstagger_django.models import Answer
from newstagger_django.state import save_record
from wagtail.models import Page

from newstagger.domain import Decision, Tagging
from newstagger_wagtail.models import LONGEST, Suggestion, TaggedPage
from newstagger_wagtail.pages import PageBinding

BATCH = 500
SAID = (Decision.AUTO, Decision.SUGGEST)


def bring_up_to_date() -> int:
    """Read the newest answer of every page that was answered since; return how many pages. Raises what the database raises."""
    seen = TaggedPage.objects.aggregate(last=Max("answer"))["last"] or 0
    prefixes = tuple(f"{binding.model._meta.label_lower}:" for binding in bound() if isinstance(binding, PageBinding))
    newest = Answer.objects.filter(site=site_settings().site, pk__gt=seen).values("article").annotate(last=Max("pk")).order_by("last")
    ids = [row["last"] for row in newest.iterator() if row["article"].startswith(prefixes)]
    for start in range(0, len(ids), BATCH):
        _take_in(ids[start : start + BATCH])
    return len(ids)


def _take_in(ids: Sequence[int]) -> None:
    answers = {int(row.article.rpartition(":")[2]): row for row in Answer.objects.filter(pk__in=ids)}
    there = set(Page.objects.filter(pk__in=answers).values_list("pk", flat=True))
    with transaction.atomic():
        TaggedPage.objects.filter(page_id__in=answers).delete()
        records = ((pk, save_record(answers[pk])) for pk in sorted(there))
        rows = [(_tagged(pk, answers[pk], record.tagging), record.tagging) for pk, record in records if record is not None]
        TaggedPage.objects.bulk_create(row for row, _ in rows)
        Suggestion.objects.bulk_create(found for row, tagging in rows for found in _suggestions(row, tagging))


def _tagged(pk: int, row: Any, tagging: Tagging) -> TaggedPage:
    reuse = "" if tagging.reuse is None else str(tagging.reuse.verdict)
    at, language = parse_datetime(row.at), (tagging.language or "")[:35]
    return TaggedPage(page_id=pk, answer=row.pk, article=row.article, language=language, reuse=reuse, at=at)


def _suggestions(row: TaggedPage, tagging: Tagging) -> Iterable[Suggestion]:
    for tag in tagging.tags:
        if tag.decision in SAID and tag.concept.id not in tagging.rejected and len(tag.concept.id) <= LONGEST:
            yield Suggestion(
                tagged=row,
                concept=tag.concept.id,
                label=tag.concept.pref_label[:LONGEST],
                facet=str(tag.concept.facet),
                role=str(tag.role),
                decision=str(tag.decision),
                score=tag.score,
            )

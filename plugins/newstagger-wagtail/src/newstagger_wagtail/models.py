"""The report's own index of what stands in the newest answers: one row a page, one row a tag; it can be thrown away and built anew."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from newstagger.domain import Decision, Facet, Verdict

LONGEST = 255


class TaggedPage(models.Model):
    """What was answered last about a page. ``answer`` is the id of the answer's row."""

    page: models.OneToOneField[Page, Page] = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="+")
    answer: models.BigIntegerField[int, int] = models.BigIntegerField(db_index=True)
    article: models.CharField[str, str] = models.CharField(max_length=LONGEST)
    language: models.CharField[str, str] = models.CharField(_("language"), max_length=35, blank=True)
    reuse: models.CharField[str, str] = models.CharField(
        _("wire copy"), max_length=32, blank=True, choices=[(str(v), str(v).replace("-", " ")) for v in Verdict]
    )
    at: models.DateTimeField[object, object] = models.DateTimeField(_("tagged at"), null=True)

    def __str__(self) -> str:
        return self.article


class Suggestion(models.Model):
    """One tag of a page's newest answer that is shown or written."""

    tagged: models.ForeignKey[TaggedPage, TaggedPage] = models.ForeignKey(TaggedPage, on_delete=models.CASCADE, related_name="tags")
    concept: models.CharField[str, str] = models.CharField(_("concept"), max_length=LONGEST, db_index=True)
    label: models.CharField[str, str] = models.CharField(_("tag"), max_length=LONGEST)
    facet: models.CharField[str, str] = models.CharField(_("facet"), max_length=16, choices=[(str(f), str(f)) for f in Facet])
    role: models.CharField[str, str] = models.CharField(_("role"), max_length=16, blank=True)
    decision: models.CharField[str, str] = models.CharField(_("policy"), max_length=16, choices=[(str(d), str(d)) for d in Decision])
    score: models.FloatField[float, float] = models.FloatField(_("score"))

    class Meta:
        """The newest page first, the surest tag of each facet first."""

        ordering = ("-tagged__at", "tagged_id", "facet", "-score", "concept")
        verbose_name = _("suggested tag")

    def __str__(self) -> str:
        return self.label

"""The tables: decisions, answers and kept texts (the newsroom's memory), names of tags, and what stands on an article now."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models

from newstagger.domain import Action, Facet


class _AppendOnly(models.QuerySet[Any]):
    def update(self, **_: Any) -> NoReturn:
        """Refuse: a record of what happened is never changed."""
        raise TypeError("records of decisions and answers are never changed")


class _Record(models.Model):
    """A row that is written once."""

    site: models.CharField[str, str] = models.CharField(max_length=255)
    article: models.CharField[str, str] = models.CharField(max_length=255)
    at: models.CharField[str, str] = models.CharField(max_length=40)

    objects: ClassVar[models.Manager[Any]] = models.Manager.from_queryset(_AppendOnly)()

    class Meta:
        """No table of its own."""

        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new record; raise TypeError for one that is stored already."""
        if not self._state.adding:
            raise TypeError("records of decisions and answers are never changed")
        super().save(*args, **kwargs)


class Decision(_Record):
    """What an editor did with one tag of one article (``EditorDecision``); append-only, the latest about a concept counts."""

    concept: models.CharField[str, str] = models.CharField(max_length=255)
    action: models.CharField[str, str] = models.CharField(max_length=16, choices=[(str(a), str(a)) for a in Action])
    by: models.CharField[str, str] = models.CharField(max_length=255, blank=True)
    text_hash: models.CharField[str, str] = models.CharField(max_length=64, blank=True)
    bundle: models.CharField[str, str] = models.CharField(max_length=255, blank=True)
    shown: models.BooleanField[bool, bool] = models.BooleanField(default=True)
    reason: models.TextField[str, str] = models.TextField(blank=True)
    revision: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)

    class Meta:
        """Indexes and what is unique."""

        indexes = (models.Index(fields=["site", "article", "id"], name="newstagger_decision_article"),)

    def __str__(self) -> str:
        return f"{self.action} {self.concept}"


class Answer(_Record):
    """What was answered to one save (``SaveRecord``); append-only.

    ``tagging`` is compressed JSON with all evidence; ``suggestions`` (how many tags the answer shows or writes) and ``reuse``
    (the verdict) are for lists and filters.
    """

    work_key: models.CharField[str, str] = models.CharField(max_length=64, blank=True)
    reuse_state: models.TextField[str, str] = models.TextField(blank=True)
    wishes: models.CharField[str, str] = models.CharField(max_length=64, blank=True)
    seen: models.JSONField[Any, Any] = models.JSONField(null=True)
    tagging: models.BinaryField[bytes, bytes] = models.BinaryField()
    revision: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)
    rules: models.CharField[str, str] = models.CharField(max_length=64, blank=True)
    suggestions: models.PositiveIntegerField[int, int] = models.PositiveIntegerField(default=0)
    reuse: models.CharField[str, str] = models.CharField(max_length=32, blank=True)
    bundle: models.CharField[str, str] = models.CharField(max_length=255, blank=True)

    class Meta:
        """Indexes and what is unique."""

        indexes = (models.Index(fields=["site", "article", "id"], name="newstagger_answer_article"),)

    def __str__(self) -> str:
        return f"{self.article} at {self.at}"


class KeptText(_Record):
    """The copy of an article under the hash of its text, compressed; kept only where the privacy settings say so."""

    text_hash: models.CharField[str, str] = models.CharField(max_length=64)
    copy: models.BinaryField[bytes, bytes] = models.BinaryField()

    class Meta:
        """Indexes and what is unique."""

        constraints = (models.UniqueConstraint(fields=["site", "article", "text_hash"], name="newstagger_kept_once"),)
        indexes = (models.Index(fields=["at"], name="newstagger_kept_at"),)

    def __str__(self) -> str:
        return f"{self.article} {self.text_hash[:12]}"


class Term(models.Model):
    """Under which name a concept stands in the site's tags. ``key`` is the name as it is compared: folded, blanks narrowed."""

    concept: models.CharField[str, str] = models.CharField(max_length=255, unique=True)
    facet: models.CharField[str, str] = models.CharField(max_length=16, choices=[(str(f), str(f)) for f in Facet])
    label: models.TextField[str, str] = models.TextField()
    name: models.CharField[str, str] = models.CharField(max_length=255)
    key: models.CharField[str, str] = models.CharField(max_length=255, unique=True)

    def __str__(self) -> str:
        return self.name


class Standing(models.Model):
    """What stands on an article now: the concepts that the machine put on (``applied``), and what went wrong at its last save.

    ``source``: site and id of the article that it was copied from, else empty.
    """

    site: models.CharField[str, str] = models.CharField(max_length=255)
    article: models.CharField[str, str] = models.CharField(max_length=255)
    applied: models.JSONField[Any, Any] = models.JSONField(default=list)
    notices: models.JSONField[Any, Any] = models.JSONField(default=list)
    source: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        """Indexes and what is unique."""

        constraints = (models.UniqueConstraint(fields=["site", "article"], name="newstagger_standing_once"),)

    def __str__(self) -> str:
        return self.article

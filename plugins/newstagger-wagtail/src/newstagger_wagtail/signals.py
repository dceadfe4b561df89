"""When a page is tagged: after the commit of whatever saved it, whichever way that was.

    a revision is saved (form, autosave, API, script, restore) · it is scheduled · a version goes live · a page is copied, created by
    a script, unpublished or deleted

A form that will publish is tagged once, when the page goes live. Nothing here fails a save.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import router, transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from newstagger_django.conf import Mode
from newstagger_django.edge import attempt
from newstagger_django.process import host
from newstagger_django.saving import Told, answer
from newstagger_django.standing import set_applied, standing, standing_of_copy
from wagtail.models import PageLogEntry, Revision
from wagtail.signals import page_published, page_unpublished

from newstagger.domain import Event
from newstagger_wagtail import copies, withdrawals
from newstagger_wagtail.forms import Submission, apply_tags, current_submission, forget_submission, last_submission, settle
from newstagger_wagtail.pages import REVISION, PageBinding, at_hand, page_binding, page_ref

FAILED = "a page could not be tagged"
JUST_NOW = 1.0
"""Seconds within which the save of a live page is taken for the one that published it."""


def listen() -> None:
    """Listen to everything that saves a page; what is no article costs a look into a dict."""
    post_save.connect(_revision_saved, sender=Revision, dispatch_uid="newstagger.revision")
    post_save.connect(_page_saved, dispatch_uid="newstagger.page")
    post_delete.connect(withdrawals.deleted, dispatch_uid="newstagger.page_deleted")
    page_published.connect(_published, dispatch_uid="newstagger.published")
    page_unpublished.connect(withdrawals.unpublished, dispatch_uid="newstagger.unpublished")
    request_started.connect(forget_submission, dispatch_uid="newstagger.request_started")
    request_finished.connect(_request_finished, dispatch_uid="newstagger.request_finished")
    copies.watch(_copied)


def _revision_saved(sender: Any, instance: Revision, created: bool, raw: bool = False, update_fields: Any = None, **_: Any) -> None:
    if raw or copies.copying() is not None:
        return
    attempt(lambda: _revision(instance, created, update_fields), FAILED)


def _revision(revision: Revision, created: bool, update_fields: Any) -> None:
    binding = page_binding(revision.content_type.model_class())
    if binding is None:
        return
    if update_fields is not None:  # Wagtail sets or clears the time of a revision that is there
        if "approved_go_live_at" in update_fields and revision.approved_go_live_at is not None:
            _after_commit(binding, revision.as_object(), Told(Event.SCHEDULE), revision.pk)
        return
    submission = current_submission(_pk(binding, revision))
    if submission is not None and submission.publishes:
        return
    page = _saved_page(revision, created, submission)
    told = _told(submission) if submission is not None else Told(by=_name(revision.user))
    if told.event is None:
        told = replace(told, event=_event_of(revision, created, binding, page))
    if submission is None or submission.tagging is None:
        _after_commit(binding, page, told, revision.pk)
    elif not _failed(submission):
        using = page._state.db or router.db_for_write(type(page))
        transaction.on_commit(partial(attempt, partial(settle, submission, revision.pk), FAILED), using=using, robust=True)
    forget_submission()


def _pk(binding: PageBinding, revision: Revision) -> Any:
    return binding.model._meta.pk.to_python(revision.object_id)


def _saved_page(revision: Revision, created: bool, submission: Submission | None) -> Any:
    """Return the page that the revision holds, without reading it back where it is at hand."""
    if submission is not None:
        return submission.page
    field = Revision._meta.get_field("content_object")
    if created and field.is_cached(revision):
        return field.get_cached_value(revision)
    return revision.as_object()


def _event_of(revision: Revision, created: bool, binding: PageBinding, page: Any) -> Event | None:
    """Return why a revision was saved: the declaration's word, scheduled, or the same one again, as autosave does."""
    if revision.approved_go_live_at is not None:
        return Event.SCHEDULE
    declared = binding.event(page)
    return declared if declared is not Event.DRAFT else Event.DRAFT if created else Event.AUTOSAVE


def _told(submission: Submission, event: Event | None = None) -> Told:
    """Return what the form tells; once *apply* has read it, the page holds other tags than it sent."""
    form = submission.answer.form if submission.tagging is None else None
    return Told(event or submission.event, form, submission.by, notices=submission.notices)


def _failed(submission: Submission) -> bool:
    """Tell whether the form's own tagging went wrong: asking again would make the editor wait a second time."""
    return submission.tagging is not None and bool(submission.tagging.problems)


def _name(user: Any) -> str:
    return "" if user is None else str(user.get_username())


def _after_commit(binding: PageBinding, page: Any, told: Told, revision: int | None = None) -> None:
    using = page._state.db or router.db_for_write(type(page))
    transaction.on_commit(partial(attempt, partial(_tag, binding, page, using, told, revision), FAILED), using=using, robust=True)


def _tag(binding: PageBinding, page: Any, using: str, told: Told, revision: int | None) -> None:
    if told.form is None and revision is not None and told.event in (None, Event.DRAFT, Event.AUTOSAVE):
        log = _log_since(page, revision)
        if "wagtail.unpublish" in log:
            return
        told = replace(told, event=Event.RESTORE) if "wagtail.revert" in log else told
    if revision is not None:
        page.__dict__[REVISION] = revision
    try:
        with at_hand(page):
            answer(binding, page.pk, using, told)
    finally:
        page.__dict__.pop(REVISION, None)


def _log_since(page: Any, revision: int) -> frozenset[str]:
    """Return what Wagtail's log says that no form does: a program brought this revision back, or it was withdrawn since."""
    brought_back = Q(revision_id=revision, action="wagtail.revert")
    withdrawn = Q(page=page.pk, action="wagtail.unpublish", timestamp__gt=page.latest_revision_created_at or timezone.now())
    return frozenset(PageLogEntry.objects.filter(brought_back | withdrawn).values_list("action", flat=True))


def _published(sender: Any, instance: Any, revision: Revision | None = None, **_: Any) -> None:
    binding = page_binding(sender)
    if binding is not None and instance.live and not instance.alias_of_id and copies.copying() is None:
        attempt(lambda: _went_live(binding, instance, revision), FAILED)


def _went_live(binding: PageBinding, page: Any, revision: Revision | None) -> None:
    """Tag what readers see now; where editors are further on already, the newest draft and its tags are left alone."""
    submission = current_submission(page.pk)
    declared = binding.event(page)
    first = page.first_published_at == page.last_published_at
    event = declared if declared not in (Event.DRAFT, Event.AUTOSAVE) else Event.PUBLISH if first else Event.CORRECT
    told = Told(event, None, _name(getattr(revision, "user", None)))
    if submission is not None:
        told = _told(submission, event)
    if submission is not None and _failed(submission):
        return forget_submission()
    if page.has_unpublished_changes:
        using = page._state.db or router.db_for_write(type(page))
        transaction.on_commit(partial(attempt, partial(_tell, binding, page, told, revision), FAILED), using=using, robust=True)
    else:
        _after_commit(binding, page, told, None if revision is None else revision.pk)
    return forget_submission()


def _tell(binding: PageBinding, page: Any, told: Told, revision: Revision | None) -> None:
    if revision is not None:
        page.__dict__[REVISION] = revision.pk
    host().article_saved(binding.article(page, event=told.event, saved_by=told.by))


def _page_saved(sender: Any, instance: Any, created: bool, raw: bool = False, update_fields: Any = None, **_: Any) -> None:
    """Put tags on the new page of a form in *apply* before it is committed; tag a page that a script saves after that."""
    binding = page_binding(sender)
    if binding is None or raw or update_fields is not None or instance.alias_of_id or copies.copying() is not None:
        return
    submission = current_submission(instance.pk)
    if submission is not None:
        if created and submission.page is instance and binding.mode is Mode.APPLY:
            attempt(lambda: apply_tags(submission), FAILED)
    elif instance.live and not _being_published(instance):
        attempt(lambda: _after_commit(binding, instance, Told(Event.IMPORT if created else None)), FAILED)


def _being_published(page: Any) -> bool:
    """Tell whether Wagtail saves the page in order to publish it: its signal follows."""
    at = page.last_published_at
    return at is not None and abs((timezone.now() - at).total_seconds()) < JUST_NOW


def _copied(page: Any, copy: copies.Copying) -> None:
    binding = page_binding(type(page))
    if binding is not None and not page.alias_of_id:
        attempt(lambda: _copy(binding, page, copy), FAILED)


def _copy(binding: PageBinding, page: Any, copy: copies.Copying) -> None:
    """Tag a copy, which takes its editors' decisions along; a translation is another article and takes none."""
    source, ref = page_ref(binding, copy.source), binding.ref(page)
    if copy.translation:
        attempt(lambda: set_applied(ref, standing(source).applied), FAILED)
    else:
        attempt(lambda: standing_of_copy(ref, source), FAILED)
    using = page._state.db or router.db_for_write(type(page))
    told = Told(Event.IMPORT, copied_from=None if copy.translation else source)
    transaction.on_commit(partial(attempt, partial(answer, binding, page.pk, using, told), FAILED), using=using, robust=True)


def _request_finished(**_: Any) -> None:
    """Tag the draft of a form that was to publish and did not: a hook of the site's stopped it."""
    submission = last_submission()
    forget_submission()
    if submission is not None and submission.publishes and submission.page.pk is not None:
        page = submission.page
        using = page._state.db or router.db_for_write(type(page))
        attempt(partial(answer, submission.binding, page.pk, using, _told(submission)), FAILED)

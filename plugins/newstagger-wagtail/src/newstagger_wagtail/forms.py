"""The page form: what its editor said is stored with the page, rejected tags do not come back, and *apply* puts its tags on.

``setup`` lays ``NewstaggerForm`` under the form class of every bound page type; a site may derive from ``NewstaggerPageForm``.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

from newstagger_django.bindings import binding_of
from newstagger_django.conf import Mode
from newstagger_django.edge import attempt
from newstagger_django.forms import FormAnswer, read_form, record
from newstagger_django.process import host
from newstagger_django.saving import problem_lines
from newstagger_django.standing import set_applied, set_notices, standing, standing_of_copy
from newstagger_django.state import django_state
from newstagger_django.terms import concepts_of, remember_terms
from newstagger_django.writeback import applied_after, changes_for, wanted
from wagtail.admin.forms import WagtailAdminPageForm

from newstagger.domain import ArticleRef, Decision, Event, Tagging
from newstagger_wagtail.pages import REVISION, PageBinding

RESTORES = "_newstagger_restores"
"""Where the page of a form says that it is an old revision that somebody brings back."""


@dataclass(slots=True)
class Submission:
    """A form on its way into the database.

    ``revision``: the one that an autosave writes over (None: a new one). ``tagging``: what *apply* was answered before the save.
    """

    page: Any
    binding: PageBinding
    answer: FormAnswer = field(default_factory=FormAnswer)
    by: str = ""
    publishes: bool = False
    revision: int | None = None
    notices: tuple[str, ...] = ()
    tagging: Tagging | None = None

    @property
    def event(self) -> Event | None:
        """Why the page is saved, where the form knows better than the page; a kill is one, whatever it is restored from."""
        restores = self.page.__dict__.get(RESTORES) and self.binding.event(self.page) is not Event.KILL
        return Event.RESTORE if restores else None


_current: ContextVar[Submission | None] = ContextVar("newstagger_submission", default=None)


def current_submission(pk: Any) -> Submission | None:
    """Return the form on this page that is being saved in this thread, or None."""
    submission = _current.get()
    return submission if submission is not None and submission.page.pk == pk else None


def last_submission() -> Submission | None:
    """Return the form that was saved last in this thread, if nothing has come of it yet."""
    return _current.get()


def forget_submission(**_: Any) -> None:
    """Forget the form that was saved last: a new request, or what it was needed for is done."""
    _current.set(None)


class NewstaggerForm:
    """The part of a page form that newstagger adds; it stands before the site's own form class."""

    def save(self, commit: bool = True) -> Any:
        """Save the form, with what its editor said about tags; whatever fails here, the page is saved."""
        forget_submission()
        attempt(lambda: _begin(self), "a form could not be read")
        return super().save(commit=commit)  # type: ignore[misc]

    def get_field_updates_for_resave(self) -> list[tuple[str, str]]:
        """Return what the open form must take over after an autosave: also the tags, where they are not those it sent."""
        updates: list[tuple[str, str]] = super().get_field_updates_for_resave()  # type: ignore[misc]
        tags, _ = attempt(lambda: _tag_updates(self), "an open form could not be brought up to date")
        return [*updates, *(tags or ())]


class NewstaggerPageForm(NewstaggerForm, WagtailAdminPageForm):  # type: ignore[misc]
    """A page form to derive from; forms of other bases get the same part by themselves."""


def _begin(form: Any) -> None:
    """Read and store what the editor said, take out what others rejected, and in *apply* put on what is sure."""
    page, binding = form.instance, binding_of(form.instance)
    if not isinstance(binding, PageBinding):
        return
    user = form.for_user
    submission = Submission(page, binding, read_form(form.data, page), "" if user is None else user.get_username())
    submission.publishes = "action-publish" in form.data
    submission.revision = _overwritten(form.data.get("overwrite_revision_id"), page)
    _current.set(submission)
    if page.pk is None:
        return
    submission.notices = record(page, submission.answer, submission.by)
    attempt(lambda: _strip(form, submission), "rejected tags could not be taken out of a form")
    if binding.mode is Mode.APPLY and _has_tags(form, binding):
        form.save_cluster_m2m()
        apply_tags(submission)
        _take_over(form, submission)


def _overwritten(told: str | None, page: Any) -> int | None:
    """Return the revision that the form will be saved into, if it is the newest one."""
    return page.latest_revision_id if told and told == str(page.latest_revision_id) else None


def _has_tags(form: Any, binding: PageBinding) -> bool:
    return any(name in form.cleaned_data for name in binding.fields.tag_fields)


def _strip(form: Any, submission: Submission) -> None:
    """Take tags that editors rejected out of a form that held them before; whoever put one on anew wants it."""
    binding, told = submission.binding, submission.answer.form
    for name in binding.fields.tag_fields:
        sent = form.cleaned_data.get(name)
        if not isinstance(sent, list) or not sent:
            continue
        before = set(told.held) if told is not None else set(concepts_of(_names(form.initial.get(name))).values())
        refused = before and _refused(binding.ref(submission.page))
        if refused:
            meant = concepts_of([str(tag) for tag in sent])
            form.cleaned_data[name] = [tag for tag in sent if meant.get(str(tag)) not in refused & before]


def _refused(ref: ArticleRef) -> set[str]:
    words = {d.concept: d.action.wants for d in host().feedback(ref) if d.action.wants or d.shown}
    return {concept for concept, wants in words.items() if not wants}


def _names(tags: Any) -> list[str]:
    return [str(getattr(tag, "name", tag)) for tag in tags or ()]


def apply_tags(submission: Submission) -> None:
    """Tag the page as it stands in memory and put the sure tags on it, before it is saved: one revision holds both."""
    page, binding = submission.page, submission.binding
    ref = binding.ref(page)
    stands = standing_of_copy(ref)
    page.__dict__[REVISION] = submission.revision
    try:
        article = binding.article(page, event=submission.event, form=submission.answer.form, saved_by=submission.by, stands=stands)
    finally:
        del page.__dict__[REVISION]
    submission.tagging = tagging = host().article_saved(article)
    if not tagging.unchanged:
        remember_terms(tag.concept for tag in tagging.tags if tag.decision is not Decision.SILENT)
    held, wishes = binding.held_tags(page, stands), wanted(ref)
    changes = changes_for(binding.mode, tagging, held, wishes)
    refused = binding.put(page, changes) if changes and article.event is not Event.KILL else ()
    if (applied := applied_after(stands, held, changes, wishes)) != stands.applied:
        set_applied(ref, applied)
    submission.notices = (*submission.notices, *problem_lines(tagging), *refused)
    if tagging.problems:  # else the save after this one tells
        set_notices(ref, ("; ".join(submission.notices),))
    submission.notices = ("; ".join(submission.notices),) if submission.notices else ()


def settle(submission: Submission, revision: int) -> None:
    """Remember in which revision, and beside which tags, the answer that *apply* got before the save came to stand.

    The same as telling the host of the save once more, without reading and looking up its text again.
    """
    page, ref = submission.page, submission.binding.ref(submission.page)
    audit = django_state().audit
    last = audit.last(ref)
    seen = tuple(sorted({tag.concept for tag in submission.binding.held_tags(page)}))
    if last is not None and (last.revision, last.seen) != (revision, seen):
        audit.remember(replace(last, revision=revision, seen=seen))
    if submission.notices != standing(ref).notices:
        set_notices(ref, submission.notices)


def _take_over(form: Any, submission: Submission) -> None:
    """Let the form's own save write the tags that stand on the page now."""
    for name, way in submission.binding.tag_fields.items():
        if name in form.cleaned_data:
            form.cleaned_data[name] = list(way.names(submission.page))


def _tag_updates(form: Any) -> list[tuple[str, str]]:
    """Return the tag fields whose content is not what was sent, as the open form holds them."""
    binding = binding_of(form.instance)
    if not isinstance(binding, PageBinding):
        return []
    updates = []
    for name, way in binding.tag_fields.items():
        if name not in form.fields:
            continue
        sent = form.fields[name].clean(form.data.get(form.add_prefix(name), "")) or []
        now = list(way.names(form.instance))
        if {str(tag) for tag in sent} != set(now):
            updates.append((form.add_prefix(name), written(now)))
    return updates


def written(names: list[str]) -> str:
    """Return tags as the tag field's text holds them: quoted, so that blanks and commas stay inside."""
    return ", ".join('"{}"'.format(name.replace('"', "")) for name in names)

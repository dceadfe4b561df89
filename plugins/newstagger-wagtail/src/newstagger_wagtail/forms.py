"""The page form: what its editor said is stored with the page, rejected tags do not come back, and *apply* puts its tags on.

``setup`` lays ``NewstaggerForm`` under the form class of every bound page type; a site may derive from ``NewstaggerPageForm``.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from newstagger_django.bindings import binding_of
from newstagger_django.conf import Mode
from newstagger_django.edge import attempt
from newstagger_django.forms import FormAnswer, read_form, record
from newstagger_django.process import host
from newstagger_django.saving import problem_lines
from newstagger_django.standing import set_applied, set_notices, standing
from newstagger_django.terms import concepts_of, remember_terms
from newstagger_django.writeback import applied_after, changes_for, wanted
from wagtail.admin.forms import WagtailAdminPageForm

from newstagger.domain import Decision, Event, Tagging
from newstagger_wagtail.pages import REVISION, PageBinding

RESTORES = "_newstagger_restores"
"""Where the page of a form says that it is an old revision that somebody brings back."""


@dataclass(slots=True)
class Submission:
    """A form on its way into the database. ``tagging``: what *apply* was answered before the page was saved."""

    page: Any
    binding: PageBinding
    answer: FormAnswer = field(default_factory=FormAnswer)
    by: str = ""
    publishes: bool = False
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
    _current.set(submission)
    if page.pk is None:
        return
    submission.notices = record(page, submission.answer, submission.by)
    attempt(lambda: _strip(form, submission), "rejected tags could not be taken out of a form")
    if binding.mode is Mode.APPLY and _has_tags(form, binding):
        form.save_cluster_m2m()
        apply_tags(submission)
        _take_over(form, submission)


def _has_tags(form: Any, binding: PageBinding) -> bool:
    return any(name in form.cleaned_data for name in binding.fields.tag_fields)


def _strip(form: Any, submission: Submission) -> None:
    """Take tags that editors rejected out of a form that held them before; whoever put one on anew wants it."""
    binding, ref = submission.binding, submission.binding.ref(submission.page)
    words = {d.concept: d.action.wants for d in host().feedback(ref) if d.action.wants or d.shown}
    refused = {concept for concept, wants in words.items() if not wants}
    if not refused:
        return
    told = submission.answer.form
    for name in binding.fields.tag_fields:
        sent = form.cleaned_data.get(name)
        if not isinstance(sent, list):
            continue
        meant = concepts_of([str(tag) for tag in sent])
        before = set(told.held) if told is not None else set(concepts_of(_names(form.initial.get(name))).values())
        form.cleaned_data[name] = [tag for tag in sent if meant.get(str(tag)) not in refused & before]


def _names(tags: Any) -> list[str]:
    return [str(getattr(tag, "name", tag)) for tag in tags or ()]


def apply_tags(submission: Submission) -> None:
    """Tag the page as it stands in memory and put the sure tags on it, before it is saved: one revision holds both.

    ``revision`` is not told: the one that will hold this text does not exist yet.
    """
    page, binding = submission.page, submission.binding
    ref = binding.ref(page)
    stands = standing(ref)
    page.__dict__[REVISION] = None
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
    if submission.notices != stands.notices:
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

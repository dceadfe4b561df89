"""An editor at Wagtail's real admin, by Django's test client: opens forms, fills them in, autosaves as Wagtail's browser side does."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from newsroom.copydesk import rich, stream
from newsroom.visitor import Fields
from newsroom.visitor import Page as Seen
from wagtail.models import GroupPagePermission, Page

JSON = {"HTTP_ACCEPT": "application/json"}


class Refused(AssertionError):  # noqa: N818 (what happened)
    """The admin did not do what the form asked for."""


def body_fields(model: str, body: str) -> Fields:
    """Return the form fields of a body in plain text: a StreamField of paragraphs for a story, rich text for a note."""
    if model == "storypage":
        return stream("body", [("paragraph", {"": rich(part)}) for part in body.split("\n\n") if part.strip()])
    return {"text": rich(body)}


class OpenForm:
    """One open edit form: its fields as the browser would send them."""

    def __init__(self, client: Client, page: int, *, revision: int | None = None) -> None:
        self.client, self.page = client, page
        args = [page] if revision is None else [page, revision]
        self.address = reverse("wagtailadmin_pages:edit" if revision is None else "wagtailadmin_pages:revisions_revert", args=args)
        self.load()

    def load(self) -> None:
        """Fetch the form afresh, as a browser does after a save that leaves it."""
        answer = self.client.get(self.address)
        if answer.status_code != 200:
            raise Refused(f"{self.address}: {answer.status_code}")
        self.html = answer.content.decode()
        self.seen = Seen(self.address, self.html)
        self.fields = self.seen.form()
        self.fields |= self._body()

    def _body(self) -> Fields:
        """Return the fields that JavaScript builds: those of StreamFields and of comments."""
        from wagtail.test.utils.form_data import inline_formset, nested_form_data

        page = Page.objects.get(pk=self.page).get_latest_revision_as_object()
        held: dict[str, Any] = {"comments": inline_formset([])}
        fields: Fields = {name: str(value) for name, value in nested_form_data(held).items()}
        if hasattr(page, "body"):
            blocks = [(b["type"], _values(b["value"])) for b in page.body.get_prep_value()]
            fields |= stream("body", blocks)
        return fields

    def write(self, *, headline: str | None = None, body: str | None = None) -> None:
        """Type a new headline or body."""
        if headline is not None:
            self.fields["title"] = headline
        if body is not None:
            self.fields |= body_fields(Page.objects.get(pk=self.page).specific_class._meta.model_name, body)

    def post(self, **more: str) -> Any:
        """Press a button: ``action-publish`` and the like; return the response."""
        return self.client.post(self.address, self.fields | {name.replace("_", "-"): value for name, value in more.items()})

    def save(self, **more: str) -> None:
        """Press a button and open the form again; raise Refused when it was not saved."""
        answer = self.post(**more)
        if answer.status_code != 302:
            raise Refused(Seen(self.address, answer.content.decode()).told() or str(answer.status_code))
        self.address = reverse("wagtailadmin_pages:edit", args=[self.page])
        self.load()

    def autosave(self) -> dict[str, Any]:
        """Save in the background and take in what the browser takes in: field updates, the revision to overwrite."""
        answer = self.client.post(self.address, self.fields, **JSON)
        told: dict[str, Any] = json.loads(answer.content)
        if answer.status_code != 200:
            raise Refused(f"{answer.status_code}: {told.get('error_code')}")
        self.fields |= told["field_updates"]
        self.fields["overwrite_revision_id"] = str(told["revision_id"])
        self.fields["loaded_revision_id"] = str(told["revision_id"])
        self.fields["loaded_revision_created_at"] = told["revision_created_at"]
        return told


def _values(value: Any) -> Fields:
    """Return a block's stored value as the editor sends it; the rich text of paragraphs goes through the editor's own format."""
    if isinstance(value, dict):
        return {name: "" if inner is None else str(inner) for name, inner in value.items()}
    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

    if "<" in str(value):
        return {"": str(ContentstateConverter(["bold", "italic", "link", "ol", "ul", "h2", "hr"]).from_database_format(str(value)))}
    return {"": str(value)}


def colleague(*permissions: str, page=None) -> Client:
    """Return the browser of a second user of the admin with these permissions on a page."""
    user = get_user_model().objects.create_user("ben", "ben@courier.example", "words")
    group = Group.objects.create(name="desk")
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    user.groups.add(group)
    for codename in permissions:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.create(group=group, page=page, permission=permission)
    client = Client()
    client.force_login(user)
    return client

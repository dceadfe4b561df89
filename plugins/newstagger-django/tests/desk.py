"""An editor at the admin's desk without a browser: opens change forms, fills them in as the panel's scripts do, and posts them."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

from django.db import models
from django.test import Client
from django.urls import reverse
from taggit.utils import parse_tags


def joined(names) -> str:
    """Write names as taggit reads them."""
    return ", ".join(f'"{plain}"' if {" ", ","} & set(plain := name.replace('"', "")) else plain for name in names)


class Page:
    """A change form as it was when it was opened; ``save`` posts it."""

    def __init__(self, client: Client, model: type[models.Model], pk: Any = None) -> None:
        self.client, self.model, self.pk = client, model, pk
        self.messages: list[str] = []
        self.reload()

    @property
    def address(self) -> str:
        name = f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}"
        return reverse(f"{name}_add") if self.pk is None else reverse(f"{name}_change", args=[self.pk])

    def reload(self) -> None:
        answer = self.client.get(self.address)
        assert answer.status_code == 200
        self.html, self.panel = answer.content.decode(), answer.context["newstagger_panel"]
        form = answer.context["adminform"].form
        self.values = {name: value for name in form.fields if (value := form[name].value()) is not None}
        self.many = [name for name in form.fields if hasattr(form.fields[name], "queryset") and isinstance(self.values.get(name), list)]
        if "tags" in self.values:
            self.values["tags"] = [tag.name for tag in self.values["tags"]] if not isinstance(self.values["tags"], str) else []
        for name in self.many:
            self.values[name] = [getattr(row, "pk", row) for row in self.values[name]]
        self.said = json.loads(self.panel.value or "{}")

    def names(self, field: str) -> list[str]:
        """Return what stands in a tag field now."""
        if field == "tags":
            return list(self.values["tags"])
        related = self.model._meta.get_field(field).related_model
        return [str(row) for row in related.objects.filter(pk__in=self.values.get(field, []))]

    def put(self, field: str, name: str, *, on: bool) -> None:
        """Put a name into a tag field or take it out."""
        if field == "tags":
            others = [other for other in self.values["tags"] if other != name]
            self.values["tags"] = [*others, name] if on else others
            return
        rows = {str(row): row.pk for row in self.model._meta.get_field(field).related_model.objects.all()}
        others = [pk for pk in self.values.get(field, []) if pk != rows.get(name)]
        self.values[field] = [*others, rows[name]] if on and name in rows else others

    def say(self, word: str, tag) -> None:
        """Click a button of the panel."""
        self.said[word] = [*self.said[word], tag.concept]
        self.put(tag.field, tag.name, on=word == "accepted")

    def save(self, **more: str) -> None:
        values = {**self.values, **more}
        if "tags" in values:
            values["tags"] = joined(values["tags"])
            assert set(parse_tags(values["tags"])) == {name.replace('"', "") for name in self.values["tags"]}
        if self.said:
            values["newstagger"] = json.dumps(self.said)
        before = set(self.model._base_manager.values_list("pk", flat=True))
        answer = self.client.post(self.address, values | {"_continue": "1"} | more, follow=True)
        assert answer.redirect_chain, answer.context["errors"]
        self.messages = [str(message) for message in answer.context["messages"] if str(message).startswith("newstagger")]
        new = set(self.model._base_manager.values_list("pk", flat=True)) - before
        self.pk = new.pop() if new else self.pk
        self.reload()


class _Elements(HTMLParser):
    """Collects the elements that stand in a page only if something was not escaped."""

    def __init__(self) -> None:
        super().__init__()
        self.alive: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.alive += [tag for name, _ in attrs if name == "data-hostile"]


def living(page: str) -> list[str]:
    """Return the elements of a page that came out of hostile copy."""
    elements = _Elements()
    elements.feed(page)
    return elements.alive

"""An open form of WordPress' classic editor, told in the fields that it sends: all of them each time, terms by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag
from forms import FACETS, TAXONOMIES
from rig import ways

from newstagger.domain import Facet

if TYPE_CHECKING:
    from driver import RestCms

BOX = "newstagger_box"
IGNORED = ("submit", "button", "reset", "file")


class ClassicForm:
    """The post's screen as it was fetched, and what was filled in since."""

    def __init__(self, cms: RestCms, post: int) -> None:
        self.cms, self.post = cms, post
        self.take()

    def take(self) -> None:
        """Stand as the screen does when it is fetched."""
        address = {"post": self.post, "action": "edit"}
        self.page = BeautifulSoup(self.cms.desk.page("post.php" if self.post else "post-new.php", **(address if self.post else {})), "lxml")
        form = self.page.select_one("form#post")
        assert form is not None, "there is no classic editor"
        self.fields = fields_of(form)
        self.post = int(self.fields["post_ID"])
        self.held = {name: self._labels(name) for name in TAXONOMIES.values()}
        self.labels = {name: list(labels) for name, labels in self.held.items()}
        self.offers = {row.legend.bdi.get_text(): str(row["data-concept"]) for row in form.select("fieldset.newstagger-suggestion")}
        self.said: dict[str, str] = {}

    def _labels(self, taxonomy: str) -> list[str]:
        held = ways.read(self.cms.ana, self.post)[taxonomy] if self.fields.get("original_post_status") != "auto-draft" else []
        return [self.cms.label(taxonomy, int(term)) for term in held]

    @property
    def tags(self) -> frozenset[str]:
        return frozenset(label for labels in self.labels.values() for label in labels)

    @property
    def suggestions(self) -> frozenset[str]:
        return frozenset(self.offers) - {label for label, answer in self.said.items() if answer}

    def write(self, *, headline: str | None = None, body: str | None = None) -> None:
        if headline is not None:
            self.fields["post_title"] = headline
        if body is not None:
            self.fields["content"] = body

    def add(self, label: str) -> None:
        self.labels[TAXONOMIES[FACETS.get(label, Facet.TOPIC)]].append(label)

    def remove(self, label: str) -> None:
        for labels in self.labels.values():
            labels[:] = [held for held in labels if held != label]

    def accept(self, label: str) -> None:
        self.said[label] = "accept"

    def reject(self, label: str) -> None:
        self.said[label] = "reject"

    def send(self, **more: str) -> None:
        """Press a button; fetch the screen anew."""
        answers = {f"{BOX}[said][{_quoted(self.page, self.offers[label])}]": answer for label, answer in self.said.items()}
        terms = {self._field(name): self._names(name) for name, labels in self.labels.items() if labels != self.held[name]}
        answer = self.cms.desk.send("post.php", {**self.fields, **terms, **answers, **more})
        assert answer.status_code == 302, "the form was not saved"
        told = BeautifulSoup(self.cms.desk.page("post.php", post=self.post, action="edit"), "lxml").select_one(".notice-error p")
        self.cms.lost.pop(self.post, None)
        if told is not None:
            self.cms.lost[self.post] = told.get_text().strip()
        self.cms.settle()
        self.take()

    def _field(self, taxonomy: str) -> str:
        return f"tax_input[{taxonomy}]"

    def _names(self, taxonomy: str) -> str:
        """Return what the field then holds: names, which may be cut, and what somebody typed, with commas between."""
        return ",".join(self.cms.names.get((taxonomy, label), label) for label in self.labels[taxonomy])

    def save(self) -> None:
        live = self.fields.get("original_post_status") == "publish"
        self.send(**({"save": "Update"} if live else {"save": "Save Draft", "post_status": "draft"}))

    def publish(self) -> None:
        live = self.fields.get("original_post_status") == "publish"
        self.send(**({"save": "Update"} if live else {"publish": "Publish", "post_status": "publish"}))

    def schedule(self) -> None:
        then = datetime.now(UTC) + timedelta(hours=1)
        day = {"aa": f"{then:%Y}", "mm": f"{then:%m}", "jj": f"{then:%d}", "hh": f"{then:%H}", "mn": f"{then:%M}", "ss": f"{then:%S}"}
        self.send(publish="Schedule", post_status="publish", **day)


def _quoted(page: BeautifulSoup, concept: str) -> str:
    """Return a concept's id as the form's radio buttons have it in their names."""
    for button in page.select(f"input[type=radio][name^='{BOX}[said]']"):
        name = str(button["name"]).removeprefix(f"{BOX}[said][").removesuffix("]")
        if unquote(name) == concept:
            return name
    raise AssertionError(f"no answer can be given to {concept}")


def fields_of(form: Tag) -> dict[str, Any]:
    """Return what a browser would send of a form that nobody touched."""
    fields: dict[str, Any] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(field["name"]), str(field.get("type", "")).lower()
        if kind in IGNORED or field.has_attr("disabled") or (kind in ("checkbox", "radio") and not field.has_attr("checked")):
            continue
        if name.endswith("[]"):
            fields.setdefault(name, []).append(_value(field))
        else:
            fields[name] = _value(field)
    return fields


def _value(field: Tag) -> str:
    if field.name == "select":
        chosen = field.select_one("option[selected]") or field.select_one("option")
        return "" if chosen is None else str(chosen.get("value", ""))
    if field.name == "textarea":
        return field.get_text().removeprefix("\n")
    attributes: Mapping[str, Any] = field.attrs
    return str(attributes.get("value", ""))

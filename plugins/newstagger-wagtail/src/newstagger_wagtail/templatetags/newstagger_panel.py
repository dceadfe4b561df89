"""Puts what a panel shows into the order and the words of Wagtail's editor; nothing is looked up or decided here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from newstagger_django.panel import Panel, Reuse, Suggestion

register = template.Library()

FACETS = ("topic", "region", "actor")
ICONS = {"topic": "tag", "region": "globe", "actor": "group"}


@dataclass(frozen=True, slots=True)
class Row:
    """One tag in the panel. ``state``: suggested, applied (by the machine), on (by a person) or rejected; ``role`` in words, or ''."""

    tag: Suggestion
    state: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one facet, in the order in which they are shown."""

    facet: str
    title: str
    icon: str
    rows: tuple[Row, ...]


@register.filter
def groups(panel: Panel) -> Sequence[Group]:
    """Return the facets that have rows, each with what is suggested and what is on, the surest first, the focus before all."""
    rows = [Row(tag, "suggested", _role(tag)) for tag in panel.suggestions]
    rows += [Row(tag, "applied" if tag.by == "machine" else "on", _role(tag)) for tag in panel.applied]
    titles = {"topic": _("Topics"), "region": _("Regions"), "actor": _("People and organisations")}
    found = ((facet, tuple(sorted((row for row in rows if row.tag.facet == facet), key=_order))) for facet in FACETS)
    return [Group(facet, titles[facet], ICONS[facet], mine) for facet, mine in found if mine]


@register.filter
def kept_off(panel: Panel) -> Sequence[Row]:
    """Return what editors keep off the page; a concept that no vocabulary knows any more goes by its tag."""
    return [Row(tag if tag.label != tag.concept else replace(tag, label=tag.name), "rejected") for tag in panel.rejected]


@register.filter
def sure(tag: Suggestion) -> str:
    """Return how sure the machine is, in words of the editor's language."""
    words = {
        "almost certain": _("almost certain"),
        "very likely": _("very likely"),
        "likely": _("likely"),
        "possible": _("possible"),
    }
    return words.get(tag.sure, tag.sure)


@register.filter
def signed(value: float) -> str:
    """Return a contribution with its sign, as numbers are written in the editor's language."""
    return ("+" if value >= 0 else "−") + str(number_format(abs(value), 2))


@register.filter
def tone(reuse: Reuse) -> str:
    """Return how loud the warning about wire copy is."""
    alarming = any(source.killed or not source.credited for source in reuse.sources)
    return "critical" if alarming else "warning"


@register.simple_tag
def panel_texts() -> str:
    """Return as JSON what the panel's script says aloud; ``%s`` is a tag's label."""
    texts = {
        "accepted": _("%s: accepted, will be saved with the page."),
        "rejected": _("%s: rejected, will be saved with the page."),
        "undone": _("%s: as before."),
        "saved": _("Your decisions are saved."),
        "lost": _("Not saved: please decide again."),
        "unsaved": _("Your decisions are not saved yet."),
        "unreachable": _("The page is saved, but nobody can tell whether your decisions are. Reload the page to see."),
    }
    return json.dumps(texts)


def _role(tag: Suggestion) -> str:
    roles = {
        "focus": _("in focus"),
        "mentioned": _("mentioned"),
        "source": _("quoted as a source"),
        "derived": _("follows from another tag"),
    }
    return roles.get(tag.role, "")


def _order(row: Row) -> tuple[bool, float, str]:
    return (row.tag.role != "focus", -row.tag.score, row.tag.label)

"""``settings.NEWSTAGGER_WAGTAIL``: what concerns Wagtail alone; which pages are articles stands in ``settings.NEWSTAGGER``.

NEWSTAGGER_WAGTAIL = {"PANEL": True}   # put the panel below the content of every page type that does not place it itself
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from newstagger.errors import ConfigError

WHERE = "settings.NEWSTAGGER_WAGTAIL"
KEYS = ("PANEL",)


@dataclass(frozen=True, slots=True)
class WagtailSettings:
    """``panel``: the suggestion panel is put into the forms of bound page types that have none."""

    panel: bool = True


def wagtail_settings() -> WagtailSettings:
    """Return what the site says now; raise ConfigError for what cannot be used."""
    table = getattr(settings, "NEWSTAGGER_WAGTAIL", {})
    if not isinstance(table, Mapping):
        raise ConfigError("must be a dict", where=WHERE, next_step="correct the settings")
    for key in table:
        if key not in KEYS:
            near = difflib.get_close_matches(str(key).upper(), KEYS, 1, 0.5)
            raise ConfigError(
                f"unknown key {key!r}", where=WHERE, next_step=f"did you mean {near[0]}?" if near else f"known: {', '.join(KEYS)}"
            )
    panel = table.get("PANEL", True)
    if not isinstance(panel, bool):
        raise ConfigError("must be True or False", where=f"{WHERE} PANEL", next_step="correct the settings")
    return WagtailSettings(panel)

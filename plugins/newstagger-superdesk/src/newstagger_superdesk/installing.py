"""Connects newstagger to a Superdesk app, once when it starts."""

from __future__ import annotations

from typing import Any

import superdesk
from superdesk import signals
from superdesk.text_checkers.ai.base import registered_ai_services

from newstagger.errors import ConfigError
from newstagger_superdesk import saving
from newstagger_superdesk.analysis import Service, make_service
from newstagger_superdesk.backfill import Backfill
from newstagger_superdesk.codes import Codes, Entry
from newstagger_superdesk.conf import read_options
from newstagger_superdesk.desk import EXTENSION, Desk, Vocabularies
from newstagger_superdesk.process import Process

SLOTS = ("archive", "archive_publish", "archive_correct")
"""Resources whose PATCH writes a version."""


def install(app: Any) -> None:
    """Connect the signals, the AI service and the commands; raise ConfigError for a wrong setting."""
    options = read_options(app.config)
    codes = Codes(options.fields, options.schemes, Vocabularies(_entries).known)
    process = Process(options)
    app.extensions[EXTENSION] = Desk(process, codes)
    signals.item_create.connect(saving.created)
    signals.item_update.connect(saving.updated)
    signals.item_publish.connect(saving.published)
    signals.item_duplicate.connect(saving.duplicated)
    for resource in SLOTS:
        _on(app, f"on_update_{resource}", saving.slots)
    _on(app, "on_replaced_archive", saving.replaced)
    _on(app, "on_archive_item_updated", saving.operated)
    serve(options.service, app)
    superdesk.command("newstagger:backfill", Backfill())
    app.before_first_request(process.warm_up)


def serve(name: str, app: Any) -> None:
    """Register the AI service; raise ConfigError where another one has its name."""
    if not isinstance(registered_ai_services.get(name) or make_service(name, app), Service):
        step = "choose another name, or take the app that brings that service out of INSTALLED_APPS"
        raise ConfigError(f"NEWSTAGGER_AI_SERVICE {name!r} is taken", where="Superdesk's settings", next_step=step)


def _on(app: Any, event: str, handler: Any) -> None:
    """Add a handler to one of Eve's events."""
    slot = getattr(app, event)
    slot += handler


def _entries(scheme: str) -> list[Entry]:
    found = superdesk.get_resource_service("vocabularies").find_one(req=None, _id=scheme)
    return list((found or {}).get("items") or [])

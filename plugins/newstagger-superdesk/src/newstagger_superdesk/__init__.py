"""newstagger in Superdesk's server: ``INSTALLED_APPS.append("newstagger_superdesk")`` is all; the settings are in ``conf``.

Superdesk calls ``init_app`` when it starts. newstagger itself only finds ``configure`` here: importing this module needs no Superdesk.
"""

from __future__ import annotations

from typing import Any

from newstagger import hookimpl
from newstagger.errors import ConfigError
from newstagger.settings import Settings

NAME = "superdesk"


@hookimpl
def configure(settings: Settings) -> None:
    """Raise ConfigError when newstagger.toml has a table for this plugin: Superdesk's settings live in Superdesk."""
    if settings.plugins.get(NAME):
        where, step = f"newstagger.toml, [plugins.{NAME}]", "set NEWSTAGGER_... in Superdesk's settings.py"
        raise ConfigError("this plugin has no settings here", where=where, next_step=step)


def init_app(app: Any) -> None:
    """Connect newstagger to a Superdesk app; raise ConfigError for a NEWSTAGGER_ setting that is unknown or has a wrong value."""
    from newstagger_superdesk.installing import install  # noqa: PLC0415 (needs Superdesk)

    install(app)

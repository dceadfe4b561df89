"""newstagger in Pressroom: ``install`` puts the adapter into a CMS; ``configure`` checks ``[plugins.pressroom]`` at start-up."""

from __future__ import annotations

from newstagger import hookimpl
from newstagger.errors import ConfigError
from newstagger.host import Host
from newstagger.settings import Settings
from newstagger.testing.pressroom import Pressroom
from newstagger_pressroom.adapter import Adapter

NAME = "pressroom"


@hookimpl
def configure(settings: Settings) -> None:
    """Raise ConfigError for a key of ``[plugins.pressroom]`` that is unknown or has a wrong value."""
    creator_of(settings)


def creator_of(settings: Settings) -> str:
    """Return the name under which the machine's terms stand in the CMS (``creator``)."""
    table = dict(settings.plugins.get(NAME, {}))
    creator = table.pop("creator", "newstagger")
    if table or not isinstance(creator, str) or not creator:
        what = f"unknown key {next(iter(table))}" if table else "creator must be a name"
        raise ConfigError(what, where=f"newstagger.toml, [plugins.{NAME}]", next_step='it knows one key: creator = "newstagger"')
    return creator


def install(cms: Pressroom, host: Host, settings: Settings) -> Adapter:
    """Let the CMS call newstagger from now on; call it once, when the process starts."""
    host.warm()
    adapter = Adapter(cms, host, site=settings.site, creator=creator_of(settings))
    cms.extension = adapter
    return adapter

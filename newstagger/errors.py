"""Every error that newstagger raises on purpose, in one tree.

    NewstaggerError
    ├── ConfigError                 newstagger.toml, options, the newsroom's home
    ├── InputError                  an article or a file that cannot be read
    ├── TaxonomyError               an unknown or misused concept id
    ├── CorpusError                 a training or test set that cannot be used
    ├── BundleError
    │   ├── BundleNotFoundError     no such name or version
    │   ├── BundleDamagedError      a file that is not what the manifest says
    │   └── BundleIncompatibleError a format this release does not read
    ├── StateError                  ledger, audit log or wire index cannot be read or written
    └── PluginError
        ├── PluginLoadError         a plugin that cannot be imported or registered
        └── PluginContractError     a plugin that raises, overruns or answers with the wrong type

The message says what is wrong, where, and what to do next, in one line; only the command line turns it into an exit code.
"""

from __future__ import annotations


class NewstaggerError(Exception):
    """Root of all errors that a user of newstagger can cause; ``str()`` is one clear line."""

    def __init__(self, what: str, *, where: str = "", next_step: str = "") -> None:
        self.what, self.where, self.next_step = what, where, next_step
        place = f"{where}: " if where else ""
        step = f" ({next_step})" if next_step else ""
        super().__init__(" ".join(f"{place}{what}{step}".split()))


class ConfigError(NewstaggerError):
    """A setting, an option or the newsroom's home cannot be used."""


class InputError(NewstaggerError):
    """An article or a file of articles cannot be read."""


class TaxonomyError(NewstaggerError):
    """A concept id is unknown, retired without a successor, or of the wrong facet."""


class CorpusError(NewstaggerError):
    """A training or test set cannot be used as asked."""


class BundleError(NewstaggerError):
    """A model bundle cannot be used."""


class BundleNotFoundError(BundleError):
    """No bundle of that name and version is in any models folder."""


class BundleDamagedError(BundleError):
    """A file of the bundle is missing, unlisted, altered or malformed."""


class BundleIncompatibleError(BundleError):
    """The bundle has a format that this release does not read."""


class StateError(NewstaggerError):
    """The newsroom's own state (ledger, audit log, wire index) cannot be read or written."""


class PluginError(NewstaggerError):
    """A plugin failed."""


class PluginLoadError(PluginError):
    """A plugin could not be imported or registered."""


class PluginContractError(PluginError):
    """A plugin raised, overran its time or answered with the wrong type."""

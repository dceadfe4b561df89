"""A newsroom's house rules as a plugin of newstagger: the hooks stand here, the rules in ``rules``.

newstagger finds this module through the entry point and calls the two hooks at its end. The object behind them keeps the
settings, so that a test can make one of its own for each host.
"""

from __future__ import annotations

from newstagger import Article, Tagging, hookimpl
from newstagger.settings import Settings
from newstagger_houserules.rules import Rules, apply_rules, read_rules

__all__ = ["HouseRules", "adjust_tagging", "configure"]


class HouseRules:
    """The plugin: reads its table once and applies it to every tagging. Without settings it changes nothing."""

    def __init__(self) -> None:
        self._rules = Rules()

    @hookimpl
    def configure(self, settings: Settings) -> None:
        """Read ``[plugins.houserules]``; raise ConfigError for a key or a value that is wrong."""
        self._rules = read_rules(settings.plugins.get("houserules", {}))

    @hookimpl
    def adjust_tagging(self, article: Article, tagging: Tagging) -> Tagging | None:
        """Return the tagging as the house wants it, or None when the rules change nothing."""
        adjusted = apply_rules(self._rules, article, tagging)
        return None if adjusted == tagging else adjusted


_installed = HouseRules()
configure = _installed.configure
adjust_tagging = _installed.adjust_tagging

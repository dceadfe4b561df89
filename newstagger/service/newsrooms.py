"""The hosts behind the service: one for each policy that a site has, all over the one state of the newsroom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from newstagger.domain import ArticleRef
from newstagger.errors import StateError
from newstagger.host import Host
from newstagger.newsroom import sqlite_newsroom
from newstagger.newsroom.memory import Forgotten
from newstagger.service.storing import Storing
from newstagger.service.turns import Turns
from newstagger.settings import PolicySettings, Settings
from newstagger.wire.detector import WireReuseDetector

PATIENCE_S = 1.0
"""How long a write waits for another worker's: no page of a CMS waits for it, the budget of a save ends before."""

DEAD_DAYS = 30
"""How long a dead letter is kept at most, its article with it."""
FORGET_S = 5.0
"""How long forgetting an article waits for saves of it that run."""


class Newsrooms:
    """Hosts by site; ``jobs``, ``keys`` and ``review`` are those of the newsroom's file, ``turns`` its articles'.

    ``storing`` looks after the file. Safe to share between threads; made once a process.
    """

    def __init__(self, settings: Settings, plugins: Iterable[tuple[str, object]] = (), *, discover: bool = True) -> None:
        self.settings = settings
        newsroom = sqlite_newsroom(settings.state_file, patience=PATIENCE_S)
        self.state, self.jobs, self.keys, self.review, file = newsroom
        self.storing = Storing(file)
        self.turns = Turns(settings.home)
        self.reuse = WireReuseDetector(settings.state_file, settings.wire)
        own, patient = tuple(plugins), replace(settings, budget_ms=max(settings.budget_ms, settings.service.work_ms))
        self._hosts: list[tuple[PolicySettings, Host]] = []
        for policy in (settings.policy, *(site.policy for site in settings.service.sites.values() if site.policy is not None)):
            if self._of(policy) is None:
                self._hosts.append((policy, Host(replace(patient, policy=policy), plugins=own, discover=discover, state=self.state)))

    def host(self, site: str) -> Host:
        """Return the host that answers for a site: the newsroom's own where the site has no policy of its own."""
        told = self.settings.service.sites.get(site)
        found = self._of(self.settings.policy if told is None or told.policy is None else told.policy)
        assert found is not None
        return found

    @property
    def hosts(self) -> tuple[Host, ...]:
        """All hosts."""
        return tuple(host for _, host in self._hosts)

    def forget(self, ref: ArticleRef, wait_s: float = FORGET_S) -> Forgotten:
        """Erase an article in its turn, so that no save that is under way brings it back; raise StateError when it was not erased."""
        with self.turns.turn(ref, wait_s) as mine:
            if not mine:
                raise StateError("saves of the article are under way", next_step="try again")
            return self.host(ref.site).forget(ref)

    def expire(self, now: datetime) -> None:
        """Erase dead letters and rows for review whose article may be kept no longer; raise StateError when they were not erased."""
        privacy = self.settings.privacy
        self.jobs.expire((now - timedelta(days=min(privacy.keep_days, DEAD_DAYS))).timestamp())
        self.review.expire((now - timedelta(days=privacy.keep_days)).isoformat())

    def warm(self) -> None:
        """Load what first saves would wait for."""
        for host in self.hosts:
            host.warm()

    def _of(self, policy: PolicySettings) -> Host | None:
        return next((host for known, host in self._hosts if known == policy), None)

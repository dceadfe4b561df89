"""Keeps a running host up to date: a changed vocabulary holds at the next save, a promoted bundle soon after it was promoted.

One look at a file is made at each save, one at the ``current`` pointers at most once a second. A new bundle is loaded in a
thread of its own while the old one tags, and takes its place in one step. There are no locks: a process may fork at any moment,
and whoever sees an older state than is on disk looks again at the next save.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from newstagger.building import Builder
from newstagger.bundles.current import CURRENT
from newstagger.bundles.store import parse_spec
from newstagger.domain import Concept, Facet, Problem
from newstagger.errors import ConfigError, NewstaggerError
from newstagger.ground import Ground, named, search
from newstagger.guard import Budget, Guard
from newstagger.house import House
from newstagger.newsroom.vocabularyfile import FILE, mark_of, read_overlay
from newstagger.vocabularycheck import vocabulary_problems

LOOK_SECONDS = 1.0
RETRY_SECONDS = 60.0
"""How long after a bundle could not be loaded it is tried again, though its pointer has not moved: a copy may be on its way."""
BARE_SECONDS = 3.0
"""The same while no bundle serves at all: whoever puts a damaged file right in its place waits for the tags."""
Mark = tuple[tuple[int, ...], ...]


class LiveHouse:
    """The house of a host as it stands now. Raises BundleError when made with ``required`` and without a bundle that can serve."""

    def __init__(self, builder: Builder, *, required: bool) -> None:
        self._builder = builder
        self._file = builder.settings.home / FILE
        self._pointers = _pointers(builder)
        self._mark, self._ground = self._marks(), builder.ground(required=required)
        self._own = read_overlay(self._file)
        self._house = (self._ground, self._own, builder.house(self._ground, self._own))
        self._looked = time.monotonic()
        self._retry = 0.0 if self._ground.bundle else self._looked + BARE_SECONDS
        self._loading: threading.Thread | None = None

    def now(self) -> House:
        """Return the house for a save: under the vocabulary as it is on disk, on the newest bundle that was loaded."""
        self._look()
        own, ground = self._own, self._ground
        if mark_of(self._file) != own.mark:
            self._own = own = read_overlay(self._file, own)
        built_on, built_under, house = self._house
        if built_on is not ground or built_under is not own:
            house = self._builder.house(ground, own)
            self._house = (ground, own, house)
        return house

    def named(self, label: str, facet: Facet | None) -> tuple[Concept, ...]:
        """Return the concepts that bear a name, the newsroom's own first."""
        self.now()
        ground, own, _ = self._house
        return named(label, facet, ground, own)

    def search(self, query: str, facet: Facet | None, limit: int) -> tuple[Concept, ...]:
        """Return the concepts in one of whose names a word begins as the query does, the best first, at most ``limit``."""
        house = self.now()
        ground, own, _ = self._house
        found = search(query, ground, own, house.find)
        return tuple(islice((concept for concept in found if facet is None or concept.facet is facet), limit))

    def vocabulary_problems(self) -> Mapping[str, Sequence[str]]:
        """Return what is wrong with the newsroom's own concepts on the ground of now, by id."""
        self.now()
        ground, own, _ = self._house
        return vocabulary_problems(ground, own)

    def reload(self) -> tuple[Problem, ...]:
        """Read the current bundle again; keep the old one and return why when the new one does not verify."""
        mark = self._marks()
        try:
            ground = self._builder.next_ground()
        except NewstaggerError as error:
            return (Problem("reload", "newstagger", str(error)),)
        self._mark, self._ground, self._retry = mark, ground, 0.0
        return ()

    def _look(self) -> None:
        """Start loading when a pointer moved since the bundle was loaded, or failed to."""
        now = time.monotonic()
        if not self._pointers or now - self._looked < LOOK_SECONDS or (self._loading is not None and self._loading.is_alive()):
            return
        self._looked = now
        if (mark := self._marks()) != self._mark or 0.0 < self._retry <= now:
            self._loading = threading.Thread(target=self._load, args=(mark,), name="newstagger-reload", daemon=True)
            self._loading.start()

    def _load(self, mark: Mark) -> None:
        """Put the current bundle in place, or note at the old one why it stays; in a thread of its own."""
        started = time.monotonic()
        outcome = Guard().call("reload", "newstagger", self._builder.next_ground, trusted=True, budget=Budget(None))
        failed = outcome.value is None
        ground = outcome.value or _kept(self._ground, outcome.problem.message if outcome.problem else "")
        now = time.monotonic()
        pause = RETRY_SECONDS if ground.bundle else max(BARE_SECONDS, now - started)  # at most half of the time goes into trying
        self._mark, self._ground, self._retry = mark, ground, now + pause if failed else 0.0

    def _marks(self) -> Mark:
        return tuple(mark_of(path) for path in self._pointers)


def _pointers(builder: Builder) -> tuple[Path, ...]:
    """Return the pointers to watch: none where the settings name a version, or do not want it."""
    name, version = None, None
    with suppress(ConfigError):  # told as a problem when the bundle is loaded
        name, version = parse_spec(builder.settings.bundle)
    if name is None or version is not None or not builder.settings.reload:
        return ()
    return tuple(folder / name / CURRENT for folder in builder.store.folders)


def _kept(ground: Ground, why: str) -> Ground:
    """Return the ground that stays, with the reason why the next one does not serve in the place of an older reason."""
    told = Problem("bundle", "newstagger", why)
    if ground.bundle is not None:
        told = Problem("reload", "newstagger", f"{ground.bundle.ref} goes on, the new bundle does not serve: {why}")
    problems = (*(problem for problem in ground.problems if problem.stage != told.stage), told)
    return ground if set(problems) == set(ground.problems) else replace(ground, problems=problems)

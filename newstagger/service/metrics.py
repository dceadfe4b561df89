"""Figures for Prometheus: how long saves take, what was answered, which jobs wait. They hold no name of a site or an article.

With several workers each writes its figures to a folder (``PROMETHEUS_MULTIPROC_DIR``, which ``running`` sets before this module is
imported) and whoever is asked adds them up. Jobs are counted in the newsroom's file at the moment they are asked for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from newstagger.errors import StateError
from newstagger.newsroom.jobs import Jobs

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
MEDIA_TYPE = CONTENT_TYPE_LATEST
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds; 0.3 is the default budget of a save."""


class Metrics:
    """The figures of one app; the names stand in the documentation of the service and never change."""

    def __init__(self, jobs: Jobs) -> None:
        self._registry, self._jobs = CollectorRegistry(), _Jobs(jobs)
        told = "Time from a save's request to its answer."
        self._saves = Histogram("newstagger_save_seconds", told, buckets=BUCKETS, registry=self._registry)
        self._answers = Counter("newstagger_answers", "Answers by route and status.", ("route", "status"), registry=self._registry)

    def saved(self, seconds: float) -> None:
        """Note how long a save took."""
        self._saves.observe(seconds)

    def answered(self, route: str, status: int) -> None:
        """Count an answer."""
        self._answers.labels(route, str(status)).inc()

    def text(self) -> bytes:
        """Return all figures in Prometheus' text format."""
        registry = self._registry
        if os.environ.get(FOLDER):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        gauges = CollectorRegistry()
        gauges.register(self._jobs)
        return generate_latest(registry) + generate_latest(gauges)


class _Jobs:
    """Counts jobs when it is asked; nothing where the newsroom's file cannot be read."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def describe(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily("newstagger_jobs", "Jobs in the newsroom's file by state.", labels=("state",))

    def collect(self) -> Iterator[GaugeMetricFamily]:
        family = next(self.describe())
        with suppress(StateError):
            for state, count in self._jobs.counts().items():
                family.add_metric((state,), count)
        yield family

"""The rules that every adapter keeps, as a test class: subclass it, say which CMS, and pytest runs them all.

    from newstagger.testing.conformance import AdapterRules

    class TestCourier(AdapterRules):
        @pytest.fixture
        def cms(self):
            return CourierDriver()  # a ``newstagger.testing.Cms``

A rule that needs what the CMS lacks (``Cms.LACKS``) is skipped with the driver's reason: ``pytest -rs`` shows them. Needs pytest.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

pytest.register_assert_rewrite("newstagger.testing.rules")

from newstagger.testing.driver import Cms  # noqa: E402 (the rules are rewritten from here on)
from newstagger.testing.rules.desk import Desk  # noqa: E402
from newstagger.testing.rules.drafts import DraftRules, KillRules  # noqa: E402
from newstagger.testing.rules.events import EventRules  # noqa: E402
from newstagger.testing.rules.faults import StorageRules, TaggerRules  # noqa: E402
from newstagger.testing.rules.hostile import HostileRules  # noqa: E402
from newstagger.testing.rules.saving import SavingRules  # noqa: E402
from newstagger.testing.rules.telling import TellingRules  # noqa: E402
from newstagger.testing.rules.word import BlindRules, PersonsTagRules, RefusalRules, StaleFormRules  # noqa: E402
from newstagger.testing.scripted import newsroom  # noqa: E402

MEMORY = "/dev/shm"  # noqa: S108 (a folder of its own is made in it)


class AdapterRules(
    SavingRules, TellingRules, RefusalRules, PersonsTagRules, StaleFormRules, BlindRules, DraftRules, KillRules, TaggerRules,
    StorageRules, EventRules, HostileRules,
):  # fmt: skip
    """Every rule of the kit. A subclass gives the fixture ``cms``: a driver of an empty CMS, made anew for each rule."""

    @pytest.fixture
    def desk(self, cms: Cms) -> Iterator[Desk]:
        """Start the CMS with the scripted tagger in a newsroom of its own."""
        with TemporaryDirectory(prefix="newsroom-", dir=_memory(), ignore_cleanup_errors=True) as folder:
            desk = Desk(cms, newsroom(Path(folder) / "kit"))
            yield desk.start()
            desk.tagger.wake()


def _memory() -> str | None:
    """Return a folder in memory, where the machine has one: the rules save many hundred times, and each save waits for the disk."""
    return MEMORY if os.access(MEMORY, os.W_OK) else None

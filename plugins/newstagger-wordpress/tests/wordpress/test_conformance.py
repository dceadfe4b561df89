"""The conformance kit through WordPress' REST API, as the block editor speaks it: where the machine writes tags, and where it suggests."""

from __future__ import annotations

import pytest
from driver import RestCms

from newstagger.testing.conformance import AdapterRules


class TestApplying(AdapterRules):
    """Sure tags are put on by the save."""

    @pytest.fixture
    def cms(self, wordpress, editor):
        cms = RestCms(wordpress, editor)
        yield cms
        cms.close()


class TestSuggesting(AdapterRules):
    """All tags are offered, none is put on unasked."""

    @pytest.fixture
    def cms(self, wordpress, editor):
        cms = RestCms(wordpress, editor, mode="suggest")
        yield cms
        cms.close()

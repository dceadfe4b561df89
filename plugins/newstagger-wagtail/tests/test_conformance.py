"""The rules that every adapter keeps, in the real Wagtail, once for suggestions and once for pages that are tagged by the save itself."""

from __future__ import annotations

import pytest
from driver import WagtailCms

from newstagger.testing.conformance import AdapterRules

pytestmark = pytest.mark.slow


class TestSuggest(AdapterRules):
    @pytest.fixture
    def cms(self, client):
        return WagtailCms(client, "storypage")


class TestApply(AdapterRules):
    @pytest.fixture
    def cms(self, client):
        return WagtailCms(client, "notepage")

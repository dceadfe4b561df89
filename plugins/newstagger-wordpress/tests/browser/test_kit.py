"""The conformance kit through the block editor: a person's mouse and keyboard in Chromium.

Rules in which no form decides anything run in ``tests/wordpress/test_conformance.py``; ``NEWSTAGGER_BROWSER_KIT=all`` runs them here, too.
"""

from __future__ import annotations

import pytest
from browserdriver import BrowserCms

from newstagger.testing.conformance import AdapterRules


class TestBlockEditor(AdapterRules):
    """Sure tags are put on by the save; a person does the rest in the form."""

    @pytest.fixture
    def cms(self, window, wordpress, editor):
        cms = BrowserCms(wordpress, editor, window)
        yield cms
        cms.close()

"""Says why the other tests of this plugin are not there, where they are not."""

from __future__ import annotations

from importlib.util import find_spec

import pytest


def test_superdesk_is_here():
    if find_spec("superdesk") is None:
        pytest.skip("superdesk-core is not in this environment: tests/environment.sh makes one in which these tests run")
    from superdesk.text_checkers.ai.base import AIServiceBase

    assert callable(AIServiceBase.analyze)

"""Makes every plugin of this repository importable by the tests without installing it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(source) for source in sorted(Path(__file__).resolve().parent.glob("*/src"))]

collect_ignore = ["newstagger-django", "newstagger-wagtail", "newstagger-wordpress"]
"""Plugins with settings of their own for their tests, which run apart: ``cd plugins/NAME && pytest``."""

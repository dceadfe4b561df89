"""A report becomes one file: drawn, rendered and written whole, readable by its owner alone."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from newstagger.contracts import Progress
from newstagger.domain import Evaluation
from newstagger.errors import ConfigError
from newstagger.files import write_whole
from newstagger.report.data import About
from newstagger.report.gather import gather
from newstagger.report.notes import Notes

PAGE = "report.html"
MODE = 0o600
"""The page quotes articles that may be unpublished."""
NEEDED = ("jinja2", "matplotlib")


def expect_extra(folder: Path) -> None:
    """Raise ConfigError unless a report can be written to ``folder``: what it needs is installed, and no file is in the way.

    Called before the long work begins.
    """
    if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
        step = "pip install 'newstagger[report]'"
        raise ConfigError(f"a report needs {' and '.join(missing)}", where="--report", next_step=step)
    above = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        what = "cannot be written to" if above.is_dir() else "not a folder"
        raise ConfigError(what, where=str(above), next_step="name another folder with --report")


def write_report(folder: Path, evaluation: Evaluation, notes: Notes, about: About, progress: Progress) -> Path:
    """Write the page into ``folder``, which is made if absent, and return its path; a page that is there is replaced in one step."""
    from newstagger.report.page import rendered

    progress("report: working out the figures")
    data = rendered(gather(evaluation, notes, about), progress).encode("utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / PAGE, data, mode=MODE)
    return folder / PAGE

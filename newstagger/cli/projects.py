"""Makes a new plugin's project from the templates in the package: whole, or not at all."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from newstagger.errors import ConfigError
from newstagger.plugins import BUILTIN

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
KINDS = tuple(sorted(folder.name for folder in TEMPLATES.iterdir() if folder.is_dir() and not folder.name.startswith("_")))
NAME = re.compile(r"[a-z][a-z0-9]{1,39}")
PLACE = "@NAME@"
SUFFIX = ".in"
"""Of every file of a template, so that nothing takes one for a part of the package."""


def new_project(name: str, kind: str, into: Path) -> Path:
    """Make the project ``newstagger-NAME`` in the folder ``into`` and return its folder.

    ``kind`` is one of ``KINDS``. Raises ConfigError for a name that cannot be one or a project that is there already.
    """
    if not NAME.fullmatch(name) or name in BUILTIN:
        what = f"a plugin cannot be called {name[:60]!r}"
        raise ConfigError(what, next_step="use 2 to 40 lower-case letters and digits, a letter first, and no built-in plugin's name")
    project = into / f"newstagger-{name}"
    if project.exists() or project.is_symlink():
        raise ConfigError("exists already", where=str(project), next_step="choose another name, or another folder with --into")
    try:
        _make(project, name, kind)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise ConfigError(what, where=str(project), next_step="check the space and permissions there, or choose another --into") from None
    return project


def _make(project: Path, name: str, kind: str) -> None:
    into = project.parent
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".newstagger-", dir=into) as half:
        whole = Path(half) / "project"
        for file, text in project_files(name, kind):
            (whole / file).parent.mkdir(parents=True, exist_ok=True)
            (whole / file).write_text(text, "utf-8", newline="\n")
        whole.rename(project)


def project_files(name: str, kind: str) -> Iterator[tuple[str, str]]:
    """Yield (path inside the project, text) of every file of a project, in order."""
    template = TEMPLATES / kind
    for path in sorted(path for path in template.rglob(f"*{SUFFIX}") if path.is_file()):
        file = path.relative_to(template).as_posix().removesuffix(SUFFIX)
        yield file.replace(PLACE, name), path.read_text("utf-8").replace(PLACE, name)

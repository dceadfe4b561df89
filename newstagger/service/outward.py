"""What leaves over HTTP names no folder of the server: problems and errors keep the file's name, the operator finds the rest in the log."""

from __future__ import annotations

import re
from dataclasses import replace

from newstagger.contracts import Json
from newstagger.domain import Tagging
from newstagger.formats.tagging_json import tagging_to_json

_FOLDERS = re.compile(r"(?<![^\s'\"`(\[=:,])(?:/(?!v1/)|[A-Za-z]:\\)(?:[^/\\\s'\"]+[/\\])+(?=[^/\\\s])")


def without_folders(line: str) -> str:
    """Return a line of text whose absolute paths are cut down to their last part; addresses of the web stay."""
    return _FOLDERS.sub("", line)


def tagging_out(tagging: Tagging) -> dict[str, Json]:
    """Return a tagging as JSON for a client."""
    problems = tuple(replace(one, message=without_folders(one.message)) for one in tagging.problems)
    return tagging_to_json(replace(tagging, problems=problems))

"""The table of news agencies: every way to write one leads to its one name.

``agencies.json`` is data; add a name there. Case counts for short names ("PA", "EFE"), which are words in other languages;
it does not for long ones. Only ``credit`` asks, and only about stretches where a credit may stand.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

SHORT = 5


@dataclass(frozen=True, slots=True)
class Named:
    """An agency's name where it stands: offsets into the string that was searched."""

    agency: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _forms() -> dict[str, str]:
    """Return the name by form; forms over ``SHORT`` letters are case-folded."""
    table = json.loads(Path(__file__).with_name("agencies.json").read_text("utf-8"))
    forms: dict[str, str] = {}
    for row in table["agencies"]:
        for form in (row["name"], *row["aliases"]):
            forms[form if len(form) <= SHORT else form.casefold()] = row["name"]
            if len(form) <= SHORT and form.isascii():
                forms.setdefault(form.upper(), row["name"])
    return forms


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    ordered = sorted(_forms(), key=lambda form: (-len(form), form))
    short = "|".join(re.escape(form) for form in ordered if len(form) <= SHORT)
    long = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in ordered if len(form) > SHORT)
    return re.compile(rf"(?:(?<![A-ZÀ-Þ\d_])(?i:{long})|(?<!\w)(?:{short}))(?!\w)")  # pages glue "Anna ExampleAssociated Press"


_PIECE = re.compile(r"[A-ZÀ-Þ]+(?![a-zà-ÿ])|[A-ZÀ-Þ]?[^\W_A-ZÀ-Þ]+|[^\W_]+")


@lru_cache(maxsize=1)
def _openings() -> dict[str, frozenset[str]]:
    """Return the second words of the forms by their first piece, case-folded; an empty one where what follows does not matter.

    Only where a form opens is the whole pattern tried: its first piece may be as common as "the".
    """
    found: dict[str, set[str]] = {}
    for form in _forms():
        first, second, *_ = (*map(str.casefold, _PIECE.findall(form)), "", "")
        apart = form.casefold().startswith(f"{first} {second}") and second.isascii()  # other capitals are cut otherwise
        found.setdefault(first, set()).add(second if apart else "")
    return {first: frozenset(seconds) for first, seconds in found.items()}


def _opens(pieces: list[str]) -> bool:
    """Tell whether a form may begin with one of some pieces."""
    openings = _openings()
    for at, piece in enumerate(pieces):
        if (seconds := openings.get(piece)) and ("" in seconds or (at + 1 < len(pieces) and pieces[at + 1] in seconds)):
            return True
    return False


def named_in(string: str, start: int, end: int) -> list[Named]:
    """Return the agencies named in a short stretch of a string, in order."""
    found: list[Named] = []
    openings, pattern = _openings(), _pattern()
    if not _opens(list(map(str.casefold, _PIECE.findall(string, start, end)))):
        return found
    for piece in _PIECE.finditer(string, start, end):
        if piece.start() < start or piece.group().casefold() not in openings:
            continue
        if match := pattern.match(string, piece.start(), end):
            found.append(Named(canonical(match.group()), *match.span()))
            start = match.end()
    return found


def is_known(name: str) -> bool:
    """Tell whether a name, however it is written, is that of an agency in the table."""
    return canonical(name) in {*_forms().values()}


def nearest(name: str) -> str | None:
    """Return the agency of the form that is spelt most like a name that is not in the table, or nothing."""
    close = get_close_matches(name.casefold(), sorted({form.casefold() for form in _forms()}), 1, 0.8)
    return canonical(close[0]) if close else None


def canonical(name: str) -> str:
    """Return the one name of an agency, however it is written ("afp"); a name that is not in the table stays as it is."""
    plain = " ".join(name.split())
    forms = _forms()
    return forms.get(plain) or forms.get(plain.casefold()) or forms.get(plain.upper()) or plain

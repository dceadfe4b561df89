"""Datelines and update marks at the head of a paragraph: where the story was filed, by whom, in which version.

Shape decides: a place in capitals or an agency in parentheses, then a dash. A doubtful one is left in the text.
"""

from __future__ import annotations

import re

from newstagger.text.agencies import is_agency_list
from newstagger.text.phrases import MONTHS

MAX_DATELINE = 120
MAX_CAPITALS = 4
"""A place in capitals has at most this many words; more are a heading."""
_BREAK = re.compile(r"\s?\.?\s?(?:—|–|--|―|(?:(?<=[\s).])|(?<=\)))-(?=\s|$))\s?-?")
_PARENTHESIS = re.compile(r"\(([^()]{2,60})\)")
_CAPITALS = re.compile(r"[A-ZÀ-ÖØ-ÞŁŚŻČŠŽĞİ][A-ZÀ-ÖØ-ÞŁŚŻČŠŽĞİ'’.]+(?:[ /-][A-ZÀ-ÖØ-ÞŁŚŻČŠŽĞİ'’.]+){0,5}")
_PLACE = re.compile(r"[^\W\d_][\w'’.]*(?:[ /,-]{1,2}[^\W_][\w'’.]*){0,9}[,.]?")
_COUNTRY = re.compile(r"[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]+){0,2}")
_UPDATE = re.compile(
    r"\d{0,2}(?:st|nd|rd|th|er|e|ème)?\s?(?:UPDATE|LEAD|LD|MISE À JOUR|ACTUALIZACIÓN|AKTUALISIERT|ZF)\b.{0,12}", re.IGNORECASE
)
_DATE = re.compile(r"\d{1,2}\.?\s?[^\W\d_]{3,10}\.?|[^\W\d_]{3,10}\.?\s\d{1,2}|\d{1,2}[./]\d{1,2}[./]?(?:\d{2,4})?")
_MARK = re.compile(
    r"(?:\(\s*)?(?:\d{1,2}(?:st|nd|rd|th|er|e|ème|ª|º)?\s)?(?=[A-ZÚ])"
    r"(?i:updated?|updates|corrected|correction|breaking|eilmeldung|urgent|urgente|aktualisier(?:t|ung)|mis(?:e)? à jour|"
    r"actualiza(?:ción|do|da)|"
    r"atualiza(?:ção|do|da)|aggiorna(?:mento|to)|bijgewerkt|korrektur|korrigiert|rectificatif|original (?:entry|story|"
    r"post)|última hora|latest)"
    r"(?:\s(?:\d[\d:.h]{0,7}|h|[AaPp]\.?[Mm]\.?|[A-Z]{2,4}|[uU]hr|at|on|um|à|a las|[A-Z][a-z]{2,8}\.?),?){0,6}\s?"
    r"(?:\)\s?[-–—:]?|:|\s[-–—]|(?<=\d)-)\s?"
)


def update_mark(line: str) -> int:
    """Return how many characters at the head of a line are an update mark ("UPDATE 1920 GMT: "); 0 for none."""
    match = _MARK.match(line[:80])
    return match.end() if match else 0


def _date_in(words: str) -> bool:
    return any(
        any(part.strip(".").casefold() in MONTHS for part in re.split(r"[\s\d]+", match)) or match[0].isdigit()
        for match in _DATE.findall(words)
    )


def _is_dateline(head: str) -> bool:
    """Tell whether the words before the dash are a dateline: place, date, agency, version."""
    inside = _PARENTHESIS.findall(head)
    agency = any(map(is_agency_list, inside))
    if not all(is_agency_list(inner) or _UPDATE.match(inner) or _COUNTRY.fullmatch(inner) for inner in inside):
        return False
    place = " ".join(_PARENTHESIS.sub(" ", head).replace(" ,", ",").split()).replace(" ,", ",").strip(" ,")
    if not place:
        return agency
    capitals = _CAPITALS.match(place)
    in_capitals = bool(capitals and len(capitals.group()) >= 3 and len(place.split(",")[0].split()) <= MAX_CAPITALS)
    if not _PLACE.fullmatch(place) or not place[0].isupper():
        return False
    first, *others = place.split(",")
    dated = not any(map(str.isdigit, first)) and any(map(_date_in, others))
    words = place.replace(",", " ").split()
    small = [word for word in words if word[0].islower() and word.strip(".").casefold() not in MONTHS and len(word) > 3]
    return not small and len(words) <= 10 and (agency or in_capitals or dated)


def dateline(line: str, *, early: bool = True) -> int:
    """Return how many characters at the head of a paragraph are its dateline, dash included; 0 for none.

    What follows must begin like a sentence and be longer than the dateline's usual rest. Past the first paragraphs (not
    ``early``) only one that names an agency counts.
    """
    head = line[:MAX_DATELINE]
    if not (early or "(" in head) or not (head[:1].isupper() or head[:1] == "("):
        return 0
    if not early and not any(map(is_agency_list, _PARENTHESIS.findall(head))):
        return 0
    for match in _BREAK.finditer(line[:MAX_DATELINE]):
        rest = line[match.end() :].lstrip()
        if _is_dateline(line[: match.start()]) and len(rest) >= 20 and not rest[0].islower():
            return len(line) - len(rest)
    return _bare(line)


def _bare(line: str) -> int:
    """Return the length of a dateline without a dash: a place in capitals or nothing, and an agency in parentheses."""
    match = _PARENTHESIS.search(line[:MAX_DATELINE])
    if not match or not is_agency_list(match[1]):
        return 0
    head, rest = line[: match.start()].strip(), line[match.end() :].lstrip(" :.")
    in_capitals = not head or (head.upper() == head and _is_dateline(line[: match.end()]))
    return len(line) - len(rest) if in_capitals and len(rest) >= 20 and not rest[0].islower() else 0

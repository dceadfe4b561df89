"""Captions: what is said of a picture, by its label, its picture credit or its file name.

A caption is never evidence for what a story is about, so only shapes that pictures alone have count.
"""

from __future__ import annotations

import re

from newstagger.text.agencies import is_agency, is_agency_list, names_picture
from newstagger.text.phrases import CAPTION_LABELS

MAX_CAPTION = 900
_MARK = re.compile(r"\s?[:|/]\s?|\s[-–—]\s|\s?[—–]\s?")
_LABEL_BY = re.compile(
    r"[\[(]?(?:(?:file )?photos?|pictures?|images?|fotos?|illustration) (?:by|courtesy of|von|par|de|di|door|via)[ :]", re.IGNORECASE
)
_DATED = re.compile(
    r"(?:FILE|ARCHIV|ARCHIVES?|ARCHIVO|ARQUIVO|ARCHIVIO)\s?[-–—:]|In this .{3,40} (?:file )?(?:photo|image|frame|picture)\b"
)
_TRAILER = re.compile(r"[(\[]([^()\[\]]{2,100})[)\]]\.?$")
_SLASH = re.compile(r"(?:^|[\s(])([A-Za-z][\w. -]{1,24}?)\s?/\s?(?=[A-ZÀ-Þ])")
_SLASH_TRAILER = re.compile(
    r"(?:Photo|Foto|Image|REUTERS|Reuters|AFP|AP|EPA|EFE|ANSA|dpa|DPA|Getty Images|Getty|Shutterstock|"
    r"Alamy)\s?/\s?[A-ZÀ-Þ][\w .'’-]{2,50}$"
)
_VIA = re.compile(r"/[^/]{1,60} via [A-Z][\w ]{1,25}$")
_SIGNED = re.compile(
    r"(?:—|–|--|\s-|/|[.!?\"”])\s?(?:(?:AP|AFP|REUTERS|Reuters|EPA|Getty|File|dpa) (?:[Pp]hoto|[Ii]mages?|[Pp]icture|pic))s?\.?$"
)
_PICTURE_ENDS = tuple(f"{word}{end}" for word in ("hoto", "mage", "icture", "pic") for end in ("", "s", ".", "s."))
_NAME_AGENCY = re.compile(r"[(]?[A-ZÀ-Þ][\w.'’-]+(?: [\w.'’-]{1,25}){0,4}(?:\s?[/|]\s?|, (?=[A-Z]{2,4}\)?$))([A-Za-z][\w -]{1,25})[)]?")
_FILE_NAME = re.compile(
    r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+){1,15}|[\w-]{1,80}\.(?:jpe?g|png|gif|webp|svg|avif|mp4|mov|pdf|tiff?)", re.IGNORECASE
)
_EXTENSION = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|avif|mp4|mov|pdf|tiff?)$", re.IGNORECASE)


def _is_file_name(line: str) -> bool:
    """Tell whether a line is one lower-case word of hyphens or underscores, as an image's name makes an alternative text."""
    if len(line) > 120 or " " in line or not _FILE_NAME.fullmatch(line):
        return False
    if _EXTENSION.search(line) or "_" in line:
        return True
    parts = line.split("-")
    return line == line.lower() and any(part.isalpha() for part in parts) and len(parts) >= 3


def _is_picture_credit(words: str) -> bool:
    """Tell whether words in parentheses credit a picture: "AFP Photo/A. Name", "Foto: dpa", "Name/Getty Images"."""
    if names_picture(words) and (
        re.search(r"[:/|©]|\bby\b|\bvia\b|\bvon\b", words) or is_agency(words.split(maxsplit=1)[0]) or "Images" in words
    ):
        return True
    if (via := words.rpartition(" via ")[2]) != words and is_agency_list(via):
        return True
    match = _SLASH.search(words)
    return bool(match) and (is_agency(match[1] if match else "") or is_agency(words.rpartition("/")[2]))


def _label(line: str) -> bool:
    """Tell whether a line begins with a picture's label; before a dash only one in capitals counts."""
    match = _MARK.search(line, 0, 40)
    label = line[: match.start()].strip("[( ") if match else ""
    if not match or label.casefold() not in CAPTION_LABELS:
        return False
    return label[:1].isupper() if match.group().strip() in (":", "|", "/") else label.isupper()


def _trailed(line: str) -> bool:
    """Tell whether a line ends with a picture credit in parentheses, or with an agency there and no full stop before it."""
    if line[-1] not in ")].":
        return False
    match = _TRAILER.search(line, max(0, len(line) - 110))
    if not match:
        return False
    before = line[: match.start()].rstrip()
    return _is_picture_credit(match[1]) or (
        len(line) <= 300 and before[-1:].isalnum() and before.count(" ") >= 2 and is_agency_list(match[1])
    )


def _signed(line: str) -> bool:
    """Tell whether a line ends with a photographer and an agency: "Reuters/Ann Other", "Ann Other / AP", "Ann Other, AP"."""
    tail = line[-90:]
    if "/" in tail and _SLASH_TRAILER.search(tail):
        return True
    if tail.endswith(_PICTURE_ENDS) and _SIGNED.search(tail):
        return True
    if "/" in tail and (via := _VIA.search(tail)) and is_agency(via.group().rpartition(" via ")[2]):
        return True
    if len(line) > 80:
        return False
    match = _NAME_AGENCY.fullmatch(line)
    return bool(match and is_agency(match[1])) or (is_agency(line.split(maxsplit=1)[0]) and names_picture(line))


def is_caption(line: str, *, edge: bool = False) -> bool:
    """Tell whether a whole line is a caption or the credit of a picture.

    Away from the text's head and end (not ``edge``) an agency's bare name is one too: galleries sign that way.
    """
    if len(line) > MAX_CAPTION:
        return False
    if _label(line) or _DATED.match(line) or _is_file_name(line):
        return True
    if (len(line) <= 160 and _LABEL_BY.match(line)) or (not edge and is_agency(line)):
        return True
    return _trailed(line) or _signed(line)

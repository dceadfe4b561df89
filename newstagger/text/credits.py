"""Credit lines: by-lines, copyright lines, sign-offs and the lines that say who else worked on a story.

A line is a credit only as a whole; an agency named in a sentence ("told AFP") is text. Whether a credit covers reused words is
the business of ``wire``.
"""

from __future__ import annotations

import re

from newstagger.text.agencies import is_agency, is_agency_byline, is_agency_list
from newstagger.text.phrases import words_of

MAX_CREDIT = 400
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)\s|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|todos os direitos reservados|"
    r"tutti i diritti riservati|alle rechten voorbehouden|all rights reserved)",
    re.IGNORECASE,
)
_COPYRIGHT_LINE = re.compile(r"(?:©|\(c\)\s|copyright\s?(?:©|\(|\d{4}|by\b|:|/)|all rights reserved)", re.IGNORECASE)
_RESERVED = re.compile(
    r"\b(?:all rights reserved|alle rechte vorbehalten|tous droits (?:de reproduction.{0,30} )?réservés|"
    r"(?:todos los derechos|todos os direitos) reservados|"
    r"(?:tutti i diritti riservati|riproduzione riservata)|alle rechten voorbehouden|material may not be (?:published|reproduced)|"
    r"reproduction interdite)\b",
    re.IGNORECASE,
)
_WORK = re.compile(
    r"\(?(?:(?:additional |further )?(?:reporting|writing|editing|research|photography|compiled|written|edited|"
    r"reported)(?: (?:and|,) (?:writing|editing|reporting))?"
    r"(?: in \w+)? by\b|writing by\b|"
    r"(?:redaktion|bearbeitet von|bericht(?:erstattung)? von|mitarbeit|geschrieben von|redigiert von)\s?:?\s|"
    r"(?:reportage (?:de|par)|rédigé par|rédaction de|édité par|édition de|version française)\b|"
    r"(?:reporte de|reportaje de|información de|escrito por|editado por|traducido por|redactado por)\b|"
    r"(?:reportagem de|edição de|texto de|escrito por|traduzido por)\b|(?:a cura di|redazione di|scritto da)\b|"
    r"(?:door onze|bewerkt door|redactie)\s?:?\s)",
    re.IGNORECASE,
)
_MATERIAL = re.compile(
    r"[-–—*(]*\s?(?:with (?:files|reporting|reports?|material|information|inputs?|additional reporting) (?:from|by)|"
    r"mit (?:material|informationen|agenturmaterial) (?:von|der)|"
    r"avec (?:des informations )?(?:de )?(?:l'|l’)?|con (?:informaci[oó]n|informaciones|datos|material) de|"
    r"com (?:informa[cç][oõ]es|material|agências)\b|con agencias|"
    r"con (?:informazioni|materiale) di|met (?:materiaal|informatie|medewerking) van|source|quelle|quellen|fuente|fuentes|"
    r"fonte|fonti|bron|bronnen|agenturen|"
    r"agences|agencias|agências)\s?:?\s?",
    re.IGNORECASE,
)
_CONTRIBUTED = re.compile(
    r"\b(?:contributed (?:to (?:this|the) (?:report|story|article)|reporting)|contributed(?: from [A-Z][\w .]{2,40})?\.?$|"
    r"a contribué à cet|(?:was|were) used in this (?:report|story)|ont contribué à cet|"
    r"(?:hat|haben) (?:an|zu) diese[mr] \w+ (?:mitgewirkt|beigetragen|mitgearbeitet)|contribuy(?:ó|eron) a (?:este|esta)|"
    r"contribu(?:iu|íram) para (?:esta|este)|"
    r"ha(?:nno)? (?:contribuito|collaborato) a quest|werkte mee aan dit|heeft bijgedragen)",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:By|BY|by|Von|VON|Par|PAR|Por|POR|Di|DI|Door|DOOR|Text|Texte|Texto|Testo|Tekst|Autor(?:in)?|Author|Auteur|"
    r"Autore)(?:\s?[:-]\s?|\s)(?=\S)"
)
_NEWSROOM = re.compile(
    r"(?:(?:La |Die |Da )?(?:Redacción|Redaktion|[Rr]édaction|Redazione|Redação|Redactie)|Staff [Rr]eports?|Newsroom)\b[:,]?\s?"
)
_NAME_WORD = re.compile(r"[(\"“]?[A-ZÀ-ÞĀ-ŽŠĐ][\w'’.-]*[,;)\"”]?|[/&|,•·–-]|@\w+")
_JOINER = frozenset(
    words_of(
        "and und et y e en for in the of at de la van von der den di da del du le dos das bin al el ben zu aus für pour para per voor "
        "with staff writer writers reporter correspondent editor news agencies agency special to associated press"
    )
)
_TASKS = frozenset(words_of("reporting writing editing additional compiled graphics research by translated photography video"))
_SIGN_OFF = re.compile(r"(?:[a-zäöü]{1,4}(?:[/,][a-zäöü]{1,4}){0,5})\s?\(([^()]{2,80})\)\.?")
_INITIALS = re.compile(r"\(?[a-zäöü]{2,4}(?:/[a-zäöü]{2,4}){1,4}\)?")
_WRAPPED = re.compile(r"[-–—(\[\s/]*([^()\[\]]{2,80}?)[-–—)\]\s.]*")
_TAIL = re.compile(r"(?<=[.!?\"”»’'…)])\s?((?:[-–—]{1,2}\s?|/)?\(?([^()\s][^().!?]{0,58}[^()\s])\)?\.?)$")
_TAIL_DASH = re.compile(r"(?<=[.!?\"”»’…)\w])\s+[-–—]{1,2}$")


def _is_byline(line: str) -> bool:
    """Tell whether a line is "By NAME", its words all names and the small words between them."""
    match = _BY.match(line)
    if not match or len(line) > 140:
        return False
    words = line[match.end() :].split()
    if len(words) > 14 or line.endswith(("?", "!", ":")) or (line.endswith(".") and len(words) > 3):
        return False
    return _NAME_WORD.fullmatch(words[0]) is not None and all(
        word.strip(",").casefold() in _JOINER or _NAME_WORD.fullmatch(word) for word in words
    )


def _is_copyright(line: str) -> bool:
    match = _COPYRIGHT_LINE.match(line[:40].lstrip("-–—* (")) or (_COPYRIGHT.match(line) if len(line) <= 80 else None)
    return bool(match) or (len(line) <= 120 and bool(_RESERVED.search(line)))


def _is_sign_off(line: str) -> bool:
    """Tell whether a line is initials, agencies or both: "ab/cd (AP, dpa)", "(Reuters)", "ab/cd"."""
    if len(line) > 120:
        return False
    if match := _SIGN_OFF.fullmatch(line):
        return is_agency_list(match[1], names=True)
    if _INITIALS.fullmatch(line):
        return True
    match = _WRAPPED.fullmatch(line)
    return bool(match) and is_agency_byline(match[1].strip() if match else "")


def _is_material(line: str) -> bool:
    """Tell whether a line names where material came from: "With files from AP", "Quelle: dpa"."""
    if len(line) > 160:
        return False
    match = _MATERIAL.match(line)
    if not match:
        before, comma, after = line.partition(", ")
        return bool(comma) and bool(_MATERIAL.match(after)) and _names_only(before) and _is_material(after)
    rest = line[match.end() :].strip(" .)*-–—")
    return (
        is_agency_list(rest, acronyms=True)
        or (line[match.end() - 1 : match.end()] in ": " and _names_only(rest) and ":" in match.group())
        or (match.group().casefold().startswith(("with ", "mit ")) and len(rest.split()) <= 12 and _names_only(rest))
    )


def _names_only(words: str) -> bool:
    parts = words.split()
    return 0 < len(parts) <= 14 and all(part.strip(",.").casefold() in _JOINER or _NAME_WORD.fullmatch(part) for part in parts)


def is_credit(line: str, *, edge: bool) -> bool:
    """Tell whether a whole line is a credit; by-lines and bare agency names count only near the text's head or end (``edge``)."""
    if len(line) > MAX_CREDIT:
        return False
    if _is_copyright(line) or _is_material(line) or _is_work(line):
        return True
    tail = line[-90:]
    if _may_be_contributed(tail) and _CONTRIBUTED.search(tail):
        return True
    if edge:
        return _is_byline(line) or _is_sign_off(line) or _is_names(line) or _is_newsroom(line)
    return _is_byline(line) and _ends_with_agency(line)


def _may_be_contributed(tail: str) -> bool:
    """Tell whether a stem of ``_CONTRIBUTED`` stands in a line's tail; asked of every line, so nothing is built for it."""
    return (
        "ontribu" in tail or "used in this" in tail or "mitgewirkt" in tail or "mitgearbeitet" in tail or "beigetragen" in tail
        or "ollaborato" in tail or "werkte mee" in tail or "bijgedragen" in tail
    )  # fmt: skip


def _is_newsroom(line: str) -> bool:
    """Tell whether a line signs as a newsroom: "Redacción", "Redaktion Wirtschaft"."""
    match = _NEWSROOM.match(line) if len(line) <= 60 else None
    return bool(match) and (match.end() == len(line) or _names_only(line[match.end() :]) if match else False)


def _ends_with_agency(line: str) -> bool:
    words = line.rstrip(".").split()
    return any(is_agency(" ".join(words[-count:])) for count in (1, 2, 3) if count < len(words))


def _is_work(line: str) -> bool:
    """Tell whether a line says who wrote, edited or translated, and little else: names, and the small words between them."""
    match = _WORK.match(line) if len(line) <= 300 else None
    if not match:
        return False
    rest = [word.strip("().,;:") for word in line[match.end() :].split()]
    other = [word for word in rest if word[:1].islower() and word.casefold() not in _JOINER and word not in _TASKS]
    return bool(rest) and not rest[0][:1].islower() and len(other) <= 2


def _is_names(line: str) -> bool:
    """Tell whether a line is names, a comma and an agency in full: "Ann Other and Max Muster, Associated Press"."""
    names, _, agency = line.rpartition(", ")
    return len(line) <= 120 and len(agency) > 4 and is_agency(agency) and _names_only(names)


def credit_tail(line: str) -> int:
    """Return where a credit or a dash begins that closes a paragraph ("... he said. (AFP)"); the line's length when none does."""
    start = max(0, len(line) - 80)
    if match := _TAIL_DASH.search(line, start):
        return match.start()
    match = _TAIL.search(line, start)
    if match and (match[1][0] in "-–—(/" or is_agency(match[2])) and is_agency_list(match[2]):
        return match.start()
    return len(line)

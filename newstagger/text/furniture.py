"""Furniture of a page: what editors and templates put around a story and no reader takes for it.

A long sentence is never furniture; shapes (shortcodes, addresses, share bars, dates) come before phrases.
"""

from __future__ import annotations

import re

from newstagger.text.phrases import CLOCK, CLOCK_SURE, KICKERS, LABELS, MONTHS, SHARE, SHARE_SURE, WEEKDAYS, WHOLE_LINES

MAX_FURNITURE = 160
MAX_LABELLED = 25
SHORTCODE = re.compile(
    r"\[/?(?=[^\]]{0,200}[_=/]|(?:gallery|embed|advert\w*|ads?|video|audio|caption|playlist|widget|more|toc)\b)[A-Za-z][^\[\]]{0,300}\]"
)
_ADDRESS = re.compile(r"(?:\W{0,3}(?:https?://|www\.|mailto:|pic\.twitter\.com/|t\.co/)\S+){1,5}|\S+@[\w-]+\.[\w.]{2,20}", re.IGNORECASE)
_MARK = re.compile(r"\s?[:>»|→]\s?")
_OFFER = re.compile(
    r"(?:subscribe|sign up|register|get (?:the|our|full|unlimited)|join (?:our|us)|"
    r"follow (?:[^\s]+ ){1,8}(?:on|at)|like us|download|click here|"
    r"support (?:our|us)|unlimited digital|already a subscriber|we use cookies|this (?:site|website) uses|by (?:clicking|"
    r"signing|subscribing)|enter your email|"
    r"abonnieren sie|melden sie sich|folgen sie uns|jetzt (?:abonnieren|registrieren|testen)|laden sie|abonnez-vous|"
    r"inscrivez-vous|suivez-nous|recevez|téléchargez|"
    r"suscríb\w+|regístr\w+|síguenos|descarg\w+|recib[ae]|assine|inscreva-se|siga|receba|baixe|iscriviti|abbonati|seguici|scarica|ricevi|"
    r"abonneer|schrijf je in|meld je aan|volg ons|download)\b",
    re.IGNORECASE,
)
_OFFERED = re.compile(
    r"\b(?:newsletters?|bulletin|alerts?|updates?|app|inbox|e-?mails?|subscri\w+|account|twitter|facebook|instagram|"
    r"telegram|whatsapp|youtube|linkedin|podcasts?|channel|"
    r"kanal|digital access|cookies?|terms|privacy|here|abo|infolettre|lettre|boletín|boletim|canal|canale|nieuwsbrief|"
    r"free|gratis|gratuit\w*|@\w+)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]+(?:[.'’-][^\W\d_]+)*")
_SENTENCE_END = (".", "!", "?", ".”", '."', ".»", "…", "?”", '?"')


def is_sentence(line: str) -> bool:
    """Tell whether a line is long enough, and ends like, a sentence of the story."""
    return len(line) > 80 and line.endswith(_SENTENCE_END) and line.count(" ") >= 14


def _is_address(line: str) -> bool:
    """Tell whether a line is a web or mail address, or ends with one after a colon."""
    if len(line) > 500 or not ("://" in line or "www." in line or "@" in line or "pic.t" in line):
        return False
    if _ADDRESS.fullmatch(line):
        return True
    before, http, address = line.partition("http")
    return bool(http) and len(line) <= MAX_FURNITURE and before.rstrip().endswith(":") and " " not in address


def _is_share_bar(words: list[str]) -> bool:
    folded = [word.casefold() for word in words]
    return len(words) <= 14 and all(word in SHARE for word in folded) and any(word in SHARE_SURE for word in folded)


def _is_date(line: str, words: list[str]) -> bool:
    """Tell whether a line is only a date or a time ("Updated 5:30 p.m., July 1, 2018")."""
    if len(line) > 90 or not any(character.isdigit() for character in line):
        return False
    folded = [word.casefold().strip(".") for word in words]
    known = all(word in MONTHS or word in WEEKDAYS or word in CLOCK for word in folded)
    return known and any(word in MONTHS or word in WEEKDAYS or word in CLOCK_SURE for word in folded)


def _is_kicker(line: str, words: list[str]) -> bool:
    """Tell whether a line is a section's name in capitals."""
    return line.isupper() and len(words) <= 4 and any(word.casefold() in KICKERS for word in words)


def _label_end(line: str) -> int:
    """Return where a label that announces links ends, its mark included; 0 when the line begins with something else."""
    match = _MARK.search(line, 0, 60)
    return match.end() if match and line[: match.start()].casefold() in LABELS else 0


def is_label(line: str) -> bool:
    """Tell whether a line is only an announcement of links to come ("Related video:"); what follows it may be furniture too."""
    return _label_end(line) == len(line)


def is_furniture(line: str) -> bool:
    """Tell whether a whole line belongs to the page and not to the story."""
    if (line[0] == "[" and SHORTCODE.fullmatch(line)) or _is_address(line):
        return True
    if len(line) > MAX_FURNITURE or is_sentence(line):
        return False
    if line.casefold().strip(" .:!…»>|→-–—[]()*") in WHOLE_LINES:
        return True
    if _label_end(line) and line.count(" ") < MAX_LABELLED:
        return True
    if _OFFER.match(line) and _OFFERED.search(line):
        return True
    words = _WORDS.findall(line)
    if not words:
        return not any(map(str.isdigit, line)) or "{{" in line
    return _is_share_bar(words) or _is_date(line, words) or _is_kicker(line, words) or "{{" in line

"""Finds where an article names an agency as the source of its words, and tells that from an agency that is merely mentioned.

A name in running text ("told AFP", "an AFP correspondent") is no credit; a caption credits its picture only. What counts is
a place where credits stand: the by-line, the dateline, a copyright line, a sign-off, a field of the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from newstagger.domain import Article, Credit, CreditForm, CreditReport, CreditState, Paragraph, ParagraphKind, Text
from newstagger.wire.agencies import Named, canonical, named_in

HEAD, TAIL = 8, 12
"""By-lines stand among the first, sign-offs among the last paragraphs; counted in paragraphs."""
LONGEST, SHORT = 400, 160
LONGEST_LINE = 20
SENTENCE = 16

_COPYRIGHT = (
    "©", "(c)", "copyright", "all rights reserved", "alle rechte", "tous droits", "todos los derechos", "todos os direitos",
    "tutti i diritti", "riproduzione riservata", "alle rechten", "may not be published", "may not be reproduced",
)  # fmt: skip
_PICTURE = re.compile(
    r"\b(?:photos?|fotos?|photograph\w*|pictures?|images?|bild(?:er)?|beeld|imag[eé]ns?|imagem|immagine|video|graphic|getty|pool|handout|file"
    r"|lehtikuva|epa|credit:)\b|\bREUTERS ?/",
    re.IGNORECASE,
)
_PICTURED = re.compile(
    r"\b(?:AFP|AP|EPA|Reuters)/[A-ZÀ-Þ][\w.'’-]+ [A-ZÀ-Þ]|\b[A-ZÀ-Þ][\w.'’-]+ [A-ZÀ-Þ][\w.'’-]+/(?:AFP|AP|EPA|REUTERS|Reuters)\b"
)
_PERSON = re.compile(r"\W*(?:[A-ZÀ-Þ][\w.'’-]+\s+){1,3}[A-ZÀ-Þ][\w.'’-]+\s*(?P<sign>[/(,])\s*")
_BY = re.compile(
    r"\W*(?:(?:story |text |written |reporting |reported )?by|from|von|par|por|di|da|door|av|af|sources?|quellen?|fuentes?|fonte|bron"
    r"|källa|kilde|lähde|zdroj|źródło|forrás|kaynak|with (?:inputs?|agency inputs?|reports?|files) from|with|mit|mit material von"
    r"|(?:con|com|avec|con le) inform\w+ d\w{1,3}|avec|con|com|met)\b[\s:]",
    re.IGNORECASE,
)
_CONTRIBUTED = re.compile(
    r"contribut\w+ (?:to|from|reporting)|(?:report|story|article) (?:contains|includes|uses)|contribu\w+ à"
    r"|colabor\w+ (?:en|com|con)|mitgewirkt|beigetragen",
    re.IGNORECASE,
)
_CONTRIBUTING = ("contribu", "colabor", "mitgewirkt", "beigetragen", "contains", "includes", "uses")
"""One of these stands wherever the pattern matches; most lines hold none."""
_SAID = re.compile(
    r"\b(?:told|tells?|said|says|according|citing|quoted|sagte|laut|zufolge|selon|dijo|según|segundo|disse|secondo)\b", re.IGNORECASE
)
_MENTION = re.compile(rf"{_SAID.pattern}|\b(?:reports?|reported|spokes\w+|correspondent in|berichtete?|interview)\b", re.IGNORECASE)
_DATELINE = re.compile(r"(?:[^\n()/]{0,70}[\s,.:])?[(/\[]\s*(?P<list>[^\n()\[\]]{2,40}?)\s*[)/\]]\s*(?:[-–—:.=•]|$)")
_PLACE = r"(?:[A-ZÀ-Þ][\w.'’-]*[ ,]+){1,4}"
_PLACE_AGENCY = re.compile(_PLACE + r"(?P<list>[^\s,–—]{2,20}) ?[-–—] ?(?=[A-ZÀ-Þ\"“„«])")
_PLACE_DATE_AGENCY = re.compile(_PLACE + r"(?:[A-ZÀ-Þ]\w{2,8}\.? \d{1,2}|\d{1,2} \w{3,9}\.?)[ ,]+\((?P<list>[^()\n]{2,20})\) (?=[A-ZÀ-Þ])")
_SMALL_WORD = re.compile(r"\b[a-zà-ÿ]{5,}\b")
_SIGNED = re.compile(r"(?:[(\[]\s*(?P<list>[^()\[\]\n]{2,60})[)\]]|(?:\s[-–—]+\s?|/{1,2}\s?)(?P<one>[^-–—()\[\]/\n]{2,40}))[\s.]*$")
_SITE = re.compile(r"\b[\w-]{1,40}\.[a-z]{2,3}\b")
_WORDS = re.compile(r"[^\W_]+")
_GLUE = re.compile(
    r"(?:staff|writers?|reporters?|correspondents?|news|agency|agencies|wires?|services?|political|foreign|editors?|bureau|and|und|et|y|e|en|og|och|the"
    r"|redaktion|agenturen|agences|agencias|agenzie|desk|online|com|redaction|with|mit|avec|con)",
    re.IGNORECASE,
)


def credits_of(article: Article, text: Text) -> tuple[Credit, ...]:
    """Return every naming of an agency as a source: those in fields first, then in the order of the text, once per agency and form."""
    found: dict[tuple[str, CreditForm], Credit] = {}
    for credit in (*_in_fields(article), *_in_text(text)):
        found.setdefault((credit.agency, credit.form), credit)
    return tuple(found.values())


def report(found: tuple[Credit, ...], sources: Iterable[str] | None) -> CreditReport:
    """Return what the credits say about words taken from these agencies; ``sources`` None: no reuse is known of.

    ``sources`` are the agencies of the best matches: one story may have come by two feeds, and naming one of them will do.
    """
    agencies = tuple(dict.fromkeys(credit.agency for credit in found if credit.form is not CreditForm.CAPTION))
    if sources is None:
        return CreditReport(CreditState.CREDITED if agencies else CreditState.NONE_NEEDED, agencies, found)
    states = {state_of(agencies, source) for source in sources}
    order = (CreditState.CREDITED, CreditState.CONFLICTING, CreditState.UNCREDITED)
    return CreditReport(next((state for state in order if state in states), CreditState.NONE_NEEDED), agencies, found)


def state_of(agencies: Iterable[str], source: str) -> CreditState:
    """Return how an article that credits these agencies treats words of ``source`` (empty: an agency that nobody named)."""
    credited = set(agencies)
    if not credited:
        return CreditState.UNCREDITED
    return CreditState.CREDITED if not source or canonical(source) in credited else CreditState.CONFLICTING


def _in_fields(article: Article) -> Iterator[Credit]:
    for value, form in ((article.byline, CreditForm.BYLINE), (article.credit, CreditForm.FIELD), (article.source, CreditForm.FIELD)):
        for name in named_in(value, 0, min(len(value), LONGEST)):
            yield Credit(name.agency, form, quote=value[name.start : name.end])


def _in_text(text: Text) -> Iterator[Credit]:
    first, last = _story(text, range(len(text.paragraphs))), _story(text, range(len(text.paragraphs) - 1, -1, -1))
    first, last = (len(text.paragraphs), -1) if first is None or last is None else (first, last)
    for number, paragraph in enumerate(text.paragraphs):
        before = text.paragraphs[number - 1] if number else None
        after = len(text.paragraphs) - 1 - number
        head = number <= first or (number < last and number <= min(HEAD, after))
        tail = number >= last or (number > first and after < min(TAIL, number))
        form, names = _judge(text, paragraph, before, head=head, tail=tail, edge=head or not first < number < last)
        for name in names:
            yield Credit(name.agency, form, name.start, name.end, text.string[name.start : name.end])


def _story(text: Text, numbers: Iterable[int]) -> int | None:
    """Return the first of some paragraphs that is a sentence of the story."""
    told = ((n, text.paragraphs[n]) for n in numbers)
    return next((n for n, p in told if p.kind is ParagraphKind.BODY and _is_long(text.words(p))), None)


def _is_long(line: str) -> bool:
    return len(_WORDS.findall(line[:LONGEST])) > SENTENCE


def _judge(
    text: Text, paragraph: Paragraph, before: Paragraph | None, *, head: bool, tail: bool, edge: bool
) -> tuple[CreditForm, list[Named]]:
    """Return the form of the credits in one paragraph, and who is credited; ``edge``: it stands before or after the story."""
    string, start, end = text.string, paragraph.start, min(paragraph.end, paragraph.start + LONGEST)
    if paragraph.kind is ParagraphKind.DATELINE:
        return CreditForm.DATELINE, named_in(string, start, end)
    if paragraph.kind is ParagraphKind.CAPTION:
        return CreditForm.CAPTION, named_in(string, max(start, paragraph.end - LONGEST), paragraph.end)
    if paragraph.kind in (ParagraphKind.HEADLINE, ParagraphKind.QUOTE):
        return CreditForm.BYLINE, []
    line = string[start : paragraph.end] if paragraph.end - start <= LONGEST else ""
    if line and _may_credit(line) and (names := named_in(string, start, end)):
        if _is_copyright(line):
            return CreditForm.COPYRIGHT, names
        if _is_picture_line(line, before) or _is_photographer(line, names, start, edge=edge):
            return CreditForm.CAPTION, names
        if (form := _line_form(line, names, start, paragraph.kind, head=head, tail=tail)) is not None:
            return form, names
    return _in_story(string, paragraph, head=head, tail=tail)


def _may_credit(line: str) -> bool:
    return len(line) <= SHORT or _is_copyright(line) or _is_contributed(line)


def _is_contributed(line: str) -> bool:
    small = line.lower()
    return any(words in small for words in _CONTRIBUTING) and _CONTRIBUTED.search(line) is not None


def _is_copyright(line: str) -> bool:
    small = line.lower()
    return any(words in small for words in _COPYRIGHT)


def _is_picture_line(line: str, before: Paragraph | None) -> bool:
    follows = before is not None and before.kind is ParagraphKind.CAPTION and not _BY.match(line)
    return bool(_PICTURE.search(line) or _PICTURED.search(line)) or (follows and len(_WORDS.findall(line)) <= 4)


def _is_photographer(line: str, names: list[Named], start: int, *, edge: bool) -> bool:
    """Tell a photographer's line ("Anna Example/AP") from a reporter's; a comma or a bracket decides only inside the story."""
    person = _PERSON.fullmatch(line, 0, names[0].start - start)
    if person is None or _BY.match(line) or _WORDS.search(line, names[-1].end - start):
        return False
    return person.group("sign") == "/" or not edge


def _line_form(line: str, names: list[Named], start: int, kind: ParagraphKind, *, head: bool, tail: bool) -> CreditForm | None:
    """Return the form of a line that is a credit as a whole, or None."""
    count = len(_WORDS.findall(line))
    if _is_contributed(line) and count <= 60 and not _SAID.search(line):
        return CreditForm.SIGN_OFF
    if kind is not ParagraphKind.CREDIT and (count > LONGEST_LINE or _MENTION.search(line) or not _is_bare(line, names, start)):
        return None
    if tail and not (head and _BY.match(line)):
        return CreditForm.SIGN_OFF
    return CreditForm.BYLINE if head or kind is ParagraphKind.CREDIT else None


def _is_bare(line: str, names: list[Named], start: int) -> bool:
    """Tell whether a line holds agencies and what stands beside them in a credit: initials, people's names, a date, "By"."""
    rest = line
    for name in reversed(names):
        rest = rest[: name.start - start] + " " + rest[name.end - start :]
    if match := _BY.match(line):
        rest = rest[match.end() :]
    words = [word for word in _WORDS.findall(_SITE.sub(" ", rest)) if not _GLUE.fullmatch(word)]
    small = [word for word in words if word.islower() and len(word) > 4]
    return not small and not re.search(r"[.!?]\s+\w+\s+\w+", rest.replace(" a.m.", "").replace(" p.m.", "")) and line[-1:] not in "?!"


def _in_story(string: str, paragraph: Paragraph, *, head: bool, tail: bool) -> tuple[CreditForm, list[Named]]:
    """Return the credit at the beginning or at the end of a paragraph of the story itself."""
    start, end = paragraph.start, paragraph.end
    if head and (match := _dateline(string, start, min(end, start + 120))):
        names = _names_alone(string, match.start("list"), match.end("list"))
        if names and not _SMALL_WORD.search(string[start : match.start("list")]):
            return CreditForm.DATELINE, names
    if tail and (match := _SIGNED.search(string, max(start, end - 80), end)):
        group = "list" if match.group("list") else "one"
        return CreditForm.SIGN_OFF, _names_alone(string, match.start(group), match.end(group))
    return CreditForm.SIGN_OFF, []


def _dateline(string: str, start: int, end: int) -> re.Match[str] | None:
    """Return what may be a dateline with an agency: in brackets before a dash, after a place, or after place and date."""
    patterns = (_DATELINE, _PLACE_AGENCY, _PLACE_DATE_AGENCY)
    return next((match for pattern in patterns if (match := pattern.match(string, start, end))), None)


def _names_alone(string: str, start: int, end: int) -> list[Named]:
    """Return the agencies in a list that holds nothing else but initials; none when it holds other words."""
    names = named_in(string, start, end)
    rest = string[start:end]
    for name in reversed(names):
        rest = rest[: name.start - start] + " " + rest[name.end - start :]
    others = [word for word in _WORDS.findall(rest) if not _GLUE.fullmatch(word) and len(word) > 4]
    return names if not others else []

"""Finds what stands in quotation marks, in every language's style, and forgives the marks that editors forget.

Two outlets that heard the same press conference share its sentences: quoted words are no sign of reuse. A quote may be
nested, run over several paragraphs (each opened, only the last closed) or never be closed. Linear in the text's length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from newstagger.domain import Paragraph, ParagraphKind, Span, Text

# What may close a quote, by what opened it: Germans close with what the English open with, Swedes open with what both close with.
_CLOSERS = {
    '"': '"”“',
    "“": '”"“',
    "”": '”"',
    "„": '“”"‟',
    "‟": '”"',
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹›",
    "「": "」",
    "『": "』",
    "《": "》",
    "＂": "＂",
    "''": "''",
    "``": "''",
    "‘‘": "’’",
}
_ALWAYS_OPEN = frozenset({"„", "‟", "「", "『", "《", "``", "‘‘"})
_MARK = re.compile("``|''|‘‘|’’|[\"“”„‟«»‹›「」『』《》＂]")
_SENTENCE_END = re.compile(r"[.!?…](?=\s|$)")
_SINGLE = re.compile(r"['‘](?<![\w'’‘].)(?=\w)[^'‘’\n]{1,240}(?:(?<=\w)['’](?=\w)[^'‘’\n]{1,240}){0,4}['’](?!\w)")


def quote_spans(text: Text) -> tuple[Span, ...]:
    """Return the quoted stretches of a text's paragraphs, marks included, by start; they may overlap where single marks nest."""
    spans: list[Span] = []
    paragraphs = [p for p in text.paragraphs if p.kind in (ParagraphKind.BODY, ParagraphKind.QUOTE, ParagraphKind.HEADLINE)]
    for paragraph, following in zip_longest(paragraphs, paragraphs[1:]):
        if paragraph.kind is ParagraphKind.QUOTE:
            spans.append(Span(paragraph.start, paragraph.end))
            continue
        goes_on = following is not None and _opens_with_mark(text.string, following)
        spans += _double(text.string, paragraph, goes_on=goes_on)
        spans += (Span(*m.span()) for m in _SINGLE.finditer(text.string, paragraph.start, paragraph.end))
    return tuple(sorted(spans))


def _opens_with_mark(string: str, paragraph: Paragraph) -> bool:
    mark = _MARK.match(string, paragraph.start, paragraph.end)
    return mark is not None and mark.group() in _CLOSERS


def _double(string: str, paragraph: Paragraph, *, goes_on: bool) -> Iterator[Span]:
    """Yield the stretches between double marks; an inner quote belongs to the outer one."""
    opened: str | None = None
    start = 0
    for mark in _MARK.finditer(string, paragraph.start, paragraph.end):
        sign = mark.group()
        if opened is None:
            if sign in _CLOSERS and _may_open(string, mark, paragraph):
                opened, start = sign, mark.start()
        elif sign in _CLOSERS[opened] and not _must_open(string, mark, paragraph, sign):
            yield Span(start, mark.end())
            opened = None
        elif sign == opened and _must_open(string, mark, paragraph, sign):
            yield Span(start, _sentence_end(string, start, mark.start()))
            start = mark.start()
    if opened is not None:
        yield Span(start, paragraph.end if goes_on else _sentence_end(string, start, paragraph.end))


def _may_open(string: str, mark: re.Match[str], paragraph: Paragraph) -> bool:
    """Tell whether a mark may open: after a digit it is an inch, after a letter it closes what was never opened."""
    if mark.group() in _ALWAYS_OPEN:
        return True
    before = string[mark.start() - 1] if mark.start() > paragraph.start else " "
    after = string[mark.end()] if mark.end() < paragraph.end else " "
    return not (before.isalnum() and not _is_cjk(before)) and not (after.isspace() and before not in " \n" and mark.group() != "«")


def _must_open(string: str, mark: re.Match[str], paragraph: Paragraph, sign: str) -> bool:
    """Tell whether a mark stands where only an opening one can: after a blank or a bracket, before a word."""
    if sign in _ALWAYS_OPEN:
        return True
    before = string[mark.start() - 1] if mark.start() > paragraph.start else " "
    after = string[mark.end()] if mark.end() < paragraph.end else " "
    return (before.isspace() or before in "([{—–") and (after.isalnum() or after in "[(…") and sign not in "»«’’''"


def _is_cjk(char: str) -> bool:
    return "\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af"


def _sentence_end(string: str, start: int, end: int) -> int:
    """Return the end of the first sentence after ``start``: as much as a forgotten mark may hide."""
    found = _SENTENCE_END.search(string, start, end)
    return found.end() if found else end

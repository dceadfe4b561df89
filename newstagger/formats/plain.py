"""Plain text files: the first line is the headline when it looks like one, the rest is the body."""

from __future__ import annotations

from newstagger.domain import Article, ArticleRef
from newstagger.errors import InputError
from newstagger.formats.charset import checked_id, decode_text, id_of
from newstagger.text.captions import is_caption
from newstagger.text.characters import clean, tidy
from newstagger.text.credits import is_credit
from newstagger.text.datelines import dateline, update_mark
from newstagger.text.furniture import is_furniture
from newstagger.text.plain import is_wrapped

MAX_HEADLINE = 200
MAX_HEADLINE_SENTENCE = 12
"""A first line that ends with a full stop is a headline only up to this many words."""


def _is_apparatus(line: str) -> bool:
    """Tell whether a line is a caption, a credit or furniture."""
    return is_furniture(line) or is_caption(line, edge=True) or is_credit(line, edge=True)


def _looks_like_headline(line: str, following: list[str]) -> bool:
    """Tell whether a first line, given the lines after it, heads the text."""
    if not 2 <= len(line) < MAX_HEADLINE or not any(map(str.isalpha, line)):
        return False
    if line.endswith(".") and line.count(" ") >= MAX_HEADLINE_SENTENCE:
        return False
    if _is_apparatus(line) or dateline(line) or update_mark(line):
        return False
    rest = next((text for text in map(tidy, following[:40]) if text and not _is_apparatus(text)), "")
    apart = not following[0].strip()
    return bool(rest) and (apart or (len(rest) > len(line) and not is_wrapped([line, *following[:200]])))


def split_headline(string: str) -> tuple[str, str]:
    """Return headline and body of a plain text; the headline is empty when the text begins with something else."""
    lines = clean(string).lstrip().split("\n")
    first = tidy(lines[0]).lstrip("#").strip()
    if len(lines) > 1 and _looks_like_headline(first, lines[1:]):
        return first, "\n".join(lines[1:]).strip("\n")
    return "", string


class PlainReader:
    """Reads ``.txt`` and its like."""

    name = "plain"
    suffixes: tuple[str, ...] = (".txt", ".text", ".md")

    def read(self, data: bytes, *, name: str, site: str) -> Article:
        """Return the article in a text file; raise InputError when there is no text in it."""
        headline, body = split_headline(decode_text(data))
        if not clean(headline + body).strip():
            raise InputError("holds no text", where=name, next_step="name a file with an article in it")
        return Article(ArticleRef(checked_id(site, "site", name), id_of(name)), headline=headline, body=body)

"""Plain text: where its paragraphs end, whether lines were wrapped by hand or each line is a paragraph.

Only lengths, blank lines and indents are looked at, so any language will do.
"""

from __future__ import annotations

from itertools import pairwise

from newstagger.text.blocks import MAX_CHARACTERS, Block, Parsed
from newstagger.text.characters import clean, tidy_clean

MAX_WRAPPED_LINE = 100
_SAMPLE = 2_000
_ENDS = tuple(".!?:;…\"'”’»)]|")


def _width(lines: list[str]) -> int:
    """Return the length that nine lines in ten do not exceed."""
    lengths = sorted(len(line) for line in lines if line)
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def is_wrapped(lines: list[str]) -> bool:
    """Tell whether line ends fall inside sentences: most lines that another one follows are full and end without a stop."""
    sample = [line.strip() for line in lines[:_SAMPLE]]
    width = _width(sample)
    followed = [line for line, after in pairwise(sample) if line and after]
    full = [line for line in followed if len(line) >= 0.6 * width]
    open_ended = sum(not line.endswith(_ENDS) for line in full)
    return 30 <= width <= MAX_WRAPPED_LINE and len(full) >= 2 and open_ended * 2 > len(full) and len(full) * 2 > len(followed)


def _ends(line: str, after: str, width: int) -> bool:
    """Tell whether a paragraph ends with this wrapped line: the next is indented, or its first word would have fitted."""
    indent, next_indent = len(line) - len(line.lstrip()), len(after) - len(after.lstrip())
    first = after.split(None, 1)[0]
    return next_indent > indent + 1 or len(line.rstrip()) + 1 + len(first) < 0.8 * width


def _joined(lines: list[str]) -> list[str]:
    """Return paragraphs of hand-wrapped lines."""
    width = _width([line.strip() for line in lines])
    paragraphs: list[str] = []
    current: list[str] = []
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        current.append(line)
        if not after.strip() or not line.strip() or _ends(line, after, width):
            paragraphs.append(" ".join(current))
            current = []
    return paragraphs


def paragraphs_of(string: str) -> list[str]:
    """Return the paragraphs of plain text, tidied, none empty."""
    lines = clean(string).expandtabs(4).split("\n")
    found = _joined(lines) if is_wrapped(lines) else lines
    return [paragraph for line in found if (paragraph := tidy_clean(line))]


def parse_plain(string: str) -> Parsed:
    """Return the paragraphs of a plain-text body as blocks; never raises."""
    troubles = (f"only the first {MAX_CHARACTERS:,} characters were read",) if len(string) > MAX_CHARACTERS else ()
    return Parsed(tuple(Block((line,)) for line in paragraphs_of(string[:MAX_CHARACTERS])), None, troubles)

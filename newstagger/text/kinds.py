"""What each paragraph is: blocks become typed pieces, cut where a line holds two kinds (dateline and body, body and sign-off).

Only headline, body and quote count as the story's own words, so whatever is in doubt stays body.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from newstagger.domain import ParagraphKind as Kind
from newstagger.text.blocks import Block
from newstagger.text.captions import is_caption
from newstagger.text.credits import credit_tail, is_credit
from newstagger.text.datelines import dateline, update_mark
from newstagger.text.furniture import SHORTCODE, is_furniture, is_label, is_sentence

EDGE_LINES = 6
"""By-lines and sign-offs are looked for in this many paragraphs at either end, and outside the first and last sentences."""
DATELINE_PARAGRAPHS = 4
"""A dateline without an agency is looked for at the head of this many sentences."""
_MARKS = {'"': '"', "“": "”", "„": "“”", "«": "»", "»": "«", "‘": "’", "'": "'", "”": "”", "‚": "‘"}


MAX_LINES = 10_000
"""Between the first and the last so many lines nothing is looked at: it is body, or what its element says."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A typed stretch; ``glue`` is what stands between it and the piece before."""

    kind: Kind
    string: str
    glue: str = "\n\n"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a block, with what its block tells of it; ``same`` when the line before belongs to the same block."""

    string: str
    block: Block
    same: bool
    edge: bool
    looked_at: bool = True


def _is_quotation(line: str) -> bool:
    """Tell whether a line is one quotation and nothing else."""
    closing = _MARKS.get(line[0])
    end = line.rstrip(".,!?")
    if not closing or len(end) < 3 or end[-1] != closing:
        return False
    inside = end[1:-1]
    if line[0] in "'‘‚":
        return len(line) < 80 and f"{closing} " not in inside
    return not any(mark in inside for mark in '"“”„«»')


def _by_shape(line: Line) -> Kind:
    """Return a line's kind by its own shape."""
    string = line.string
    if is_furniture(string):
        return Kind.BOILERPLATE
    if is_caption(string, edge=line.edge):
        return Kind.CAPTION
    if is_credit(string, edge=line.edge):
        return Kind.CREDIT
    return Kind.QUOTE if _is_quotation(string) else Kind.BODY


def _kind(line: Line) -> Kind:
    """Return a line's kind: what its element says, unless its own shape says more or a sentence says otherwise."""
    told = line.block.kind
    if not line.looked_at:
        return told or Kind.BODY
    if told is None or (line.block.weak and is_sentence(line.string)):
        return _by_shape(line)
    shape = _by_shape(line) if told in (Kind.QUOTE, Kind.BOILERPLATE) else told
    if told is Kind.BOILERPLATE:
        return Kind.CREDIT if shape is Kind.CREDIT else told
    return told if shape is Kind.BODY else shape


def lines_of(blocks: Sequence[Block]) -> list[Line]:
    """Return the lines of the blocks in order."""
    flat = [(string, block, number > 0) for block in blocks for number, string in enumerate(block.lines)]
    sentences = [number for number, (string, _, _) in enumerate(flat) if is_sentence(string)] or [0]
    first, last, count = max(EDGE_LINES, sentences[0]), min(len(flat) - EDGE_LINES, sentences[-1]), len(flat)
    return [
        Line(string, block, same, number < first or number >= last, number < MAX_LINES or number >= count - MAX_LINES)
        for number, (string, block, same) in enumerate(flat)
    ]


def _without_shortcodes(line: Line) -> list[Piece]:
    """Return the pieces of a line between and inside shortcodes; a caption's shortcode makes captions."""
    pieces, end, caption = [], 0, False
    for match in SHORTCODE.finditer(line.string):
        if before := line.string[end : match.start()].strip():
            pieces.append(Piece(Kind.CAPTION if caption else _kind(replace(line, string=before)), before))
        pieces.append(Piece(Kind.BOILERPLATE, match.group()))
        end, caption = match.end(), match.group().startswith("[caption")
    if rest := line.string[end:].strip():
        pieces.append(Piece(_kind(replace(line, string=rest)), rest))
    return pieces


def _pieces(line: Line) -> list[Piece]:
    pieces = _without_shortcodes(line) if "[" in line.string else [Piece(_kind(line), line.string)]
    if line.same and pieces:
        pieces[0] = replace(pieces[0], glue="\n")
    return pieces


def _headed(piece: Piece) -> list[Piece]:
    """Cut an update mark off the head of a body piece."""
    if piece.kind is not Kind.BODY or not (length := update_mark(piece.string)):
        return [piece]
    mark, rest = piece.string[:length].strip(), piece.string[length:].strip()
    head = Piece(Kind.BOILERPLATE, mark, piece.glue)
    return [head, Piece(Kind.BODY, rest, " ")] if rest else [head]


def _dated(pieces: list[Piece]) -> list[Piece]:
    """Cut datelines off body paragraphs."""
    done, seen = [], 0
    for piece in pieces:
        if piece.kind is Kind.BODY:
            seen += is_sentence(piece.string)
            if length := dateline(piece.string, early=seen <= DATELINE_PARAGRAPHS):
                done.append(Piece(Kind.DATELINE, piece.string[:length].strip(), piece.glue))
                piece = Piece(Kind.BODY, piece.string[length:], " ")  # noqa: PLW2901
        done.append(piece)
    return done


def _signed(pieces: list[Piece]) -> list[Piece]:
    """Cut a sign-off off the last body paragraph, and drop the dash that stays where one was cut."""
    number = next((n for n in range(len(pieces) - 1, -1, -1) if pieces[n].kind in (Kind.BODY, Kind.QUOTE)), None)
    if number is None:
        return pieces
    piece = pieces[number]
    cut = credit_tail(piece.string)
    body, credit = piece.string[:cut], piece.string[cut:].strip()
    if not credit or not body:
        return pieces
    kept = [replace(piece, string=body)] + ([Piece(Kind.CREDIT, credit, " ")] if credit.strip("-– —") else [])
    return [*pieces[:number], *kept, *pieces[number + 1 :]]


def _furnished(pieces: list[Piece]) -> list[Piece]:
    """Type what repeats a caption, or what stands under an announcement of links, like its companion."""
    captions = {piece.string for piece in pieces if piece.kind is Kind.CAPTION}
    done: list[Piece] = []
    for piece in pieces:
        kind = piece.kind
        if kind is Kind.BODY and piece.string in captions:
            kind = Kind.CAPTION
        elif kind in (Kind.BODY, Kind.QUOTE) and done and _is_link(piece.string) and is_label(done[-1].string):
            kind = Kind.BOILERPLATE
        done.append(piece if kind is piece.kind else replace(piece, kind=kind))
    return done


def _is_link(string: str) -> bool:
    return len(string) <= 120 and not string.endswith((".", "!", ":", '."', ".”"))


def _same_words(first: str, second: str) -> bool:
    return len(first) <= 2 * len(second) + 20 and "".join(first.casefold().split()) == "".join(second.casefold().split())


def _without_headline(blocks: Sequence[Block], headline: str) -> list[Block]:
    """Return the blocks without the headline's repetitions at the head of the body."""
    return [
        block for number, block in enumerate(blocks)
        if not (headline and (number < EDGE_LINES or block.level == 1) and _same_words(" ".join(block.lines), headline))
    ]  # fmt: skip


def _headline(blocks: Sequence[Block], headline: str) -> tuple[str, Sequence[Block]]:
    """Return the headline, from the field or else from the first h1 of the body, and the blocks without it."""
    if not headline:
        first = next((block for block in blocks if block.level == 1 and block.kind is None), None)
        headline = " ".join(first.lines) if first else ""
    return headline, _without_headline(blocks, headline)


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Join lines of one block that are of one kind."""
    done: list[Piece] = []
    run: list[str] = []
    for piece in [*pieces, None]:
        if piece and run and piece.glue == "\n" and piece.kind is done[-1].kind:
            run.append(piece.string)
            continue
        if len(run) > 1:
            done[-1] = replace(done[-1], string="\n".join(run))
        if piece:
            done.append(replace(piece, glue="\n\n") if piece.glue == "\n" else piece)
            run = [piece.string]
    return done


def typed(blocks: Sequence[Block], headline: str) -> list[Piece]:
    """Return the typed pieces of a text in order, the headline first if there is one."""
    headline, blocks = _headline(blocks, headline)
    pieces = [headed for line in lines_of(blocks) for piece in _pieces(line) for headed in _headed(piece)]
    pieces = _signed(_dated(_furnished(_merged(pieces))))
    return [Piece(Kind.HEADLINE, headline), *pieces] if headline else pieces

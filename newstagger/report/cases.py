"""One wrong answer made readable: the headline and the passages that speak for or against the label, highlighted, and the sum behind it.

Only what the page shows is kept of an article, a few hundred characters, however long it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from newstagger.contracts import Example
from newstagger.domain import ParagraphKind, Proposal, Quote, Tag, Text
from newstagger.report.seen import Case, Piece, Reason, Sum
from newstagger.snippets import ELLIPSIS, Snippet, snippets

LONGEST_HEADLINE, LONGEST_WORD, LONGEST_ID = 240, 80, 80
CONTEXT, PASSAGES = 60, 4
OPENING = 240
"""So much of the body is shown where nothing in it was weighed."""
SHOWN_LABELS = 8
MOST_QUOTES = 12
"""Of one term: a text that repeats a word a thousand times is not shown a thousand times."""


def case_of(row: int, example: Example, proposal: Proposal, tag: Tag | None, names: Mapping[str, str]) -> Case:
    """Return what the page shows of one article and one label; ``names`` translates label ids, ``tag`` is what was said of the label."""
    weights = _weights(tag, example.text)
    return Case(
        row,
        clipped(example.article.ref.id, LONGEST_ID),
        (example.date or "")[:10],
        example.text.language or "",
        None if tag is None else tag.score,
        headline_of(example, weights),
        tuple(_passages(example.text, weights)),
        None if tag is None else _sum(tag),
        tuple(names.get(label, label) for label in example.labels[:SHOWN_LABELS]),
        tuple(t.concept.pref_label for t in proposal.tags if t.decision != "silent")[:SHOWN_LABELS],
    )


def clipped(text: str, most: int) -> str:
    """Return text on one line of at most ``most`` characters."""
    line = " ".join(text[: 4 * most].split())
    return line if len(line) <= most else f"{line[: most - 1]}{ELLIPSIS}"


def _weights(tag: Tag | None, text: Text) -> dict[tuple[int, int], float]:
    """Return what each stretch of the text adds to the margin; reasons that share a stretch add up."""
    found: dict[tuple[int, int], float] = {}
    for reason in tag.evidence if tag else ():
        for quote in reason.quotes[:MOST_QUOTES]:
            if 0 <= quote.start < quote.end <= len(text.string):
                found[quote.start, quote.end] = found.get((quote.start, quote.end), 0.0) + reason.contribution
    return found


def headline(example: Example) -> str:
    """Return the article's headline, or the opening of its text where it has none, on one line."""
    return clipped(example.article.headline.strip() or example.text.string, LONGEST_HEADLINE)


def headline_of(example: Example, weights: Mapping[tuple[int, int], float]) -> tuple[Piece, ...]:
    """Return the article's headline in pieces; the opening of its text where it has none."""
    end = _headline_end(example.text)
    if not end:
        return (Piece(headline(example)),)
    stop = min(end, LONGEST_HEADLINE)
    more = (Piece(ELLIPSIS),) if stop < end else ()
    return (*(piece for piece in _pieces(example.text.string, stop, weights) if piece.string), *more)


def _headline_end(text: Text) -> int:
    return max((p.end for p in text.paragraphs[:3] if p.kind is ParagraphKind.HEADLINE), default=0)


def _passages(text: Text, weights: Mapping[tuple[int, int], float]) -> Iterator[tuple[Piece, ...]]:
    end = _headline_end(text)
    body = {span: weight for span, weight in weights.items() if span[0] >= min(end, LONGEST_HEADLINE)}
    if not body:
        if rest := clipped(text.string[end : end + 4 * OPENING], OPENING):
            yield (Piece(rest),)
        return
    strongest = sorted(body, key=lambda span: (-abs(body[span]), span))[:MOST_QUOTES]
    quotes = [Quote(start, min(stop, start + LONGEST_WORD), "") for start, stop in strongest]
    sums = {(quote.start, quote.end): body[span] for quote, span in zip(quotes, strongest, strict=True)}
    for snippet in snippets(text, quotes, context=CONTEXT, most=PASSAGES):
        yield _cut(snippet, sums, max(map(abs, weights.values())))


def _cut(snippet: Snippet, weights: Mapping[tuple[int, int], float], most: float) -> tuple[Piece, ...]:
    opened = bool(snippet.start)  # such a snippet begins with an ellipsis that is not in the text
    pieces, at = [Piece(ELLIPSIS)][: int(opened)], snippet.start
    for part in snippet.parts[int(opened) :]:
        weight = sum(weight for (start, end), weight in weights.items() if start <= at < end) if part.marked else 0.0
        pieces.append(Piece(part.string, strength(weight, most)))
        at += len(part.string)
    return tuple(pieces)


def _pieces(string: str, end: int, weights: Mapping[tuple[int, int], float]) -> Iterator[Piece]:
    """Cut the first ``end`` characters where weighed spans begin and end; a span that overlaps an earlier one is left unmarked."""
    most, at = max(map(abs, weights.values()), default=0.0), 0
    for (first, last), weight in sorted(weights.items()):
        if at <= first and last <= end:
            yield from (Piece(string[at:first]), Piece(string[first:last], strength(weight, most)))
            at = last
    yield Piece(string[at:end])


def strength(weight: float, most: float) -> int:
    """Return 1 to 3 with the weight's sign: thirds of the strongest weight; 0 for no weight."""
    level = min(3, 1 + int(3 * abs(weight) / most - 1e-9)) if most and weight else 0
    return level if weight > 0 else -level


def _sum(tag: Tag) -> Sum:
    reasons: Sequence[Reason] = [Reason(clipped(e.term, LONGEST_WORD), e.contribution) for e in tag.evidence]
    return Sum(tag.bias, tuple(reasons[:12]), tag.rest + sum(r.contribution for r in reasons[12:]), tag.margin)

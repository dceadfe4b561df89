"""What a taxonomist took from the review queue, as rows of a corpus: the form that editors' reviewed articles have.

What an id means today decides; what no vocabulary knows is left out and counted, never guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from newstagger.contracts import Json
from newstagger.domain import Action, EditorDecision
from newstagger.newsroom.review import Find, Heirs, judgements
from newstagger.newsroom.reviewqueue import Item, Kind
from newstagger.training.feedback import NOT_KEPT, TWICE, Feedback, row_of

UNKNOWN = "labels that no vocabulary knows"
NOTHING = "rows without a label that a vocabulary knows"


def taken_rows(items: Iterable[Item], find: Find, heirs: Heirs) -> Feedback:
    """Return the rows of the taken texts, oldest first; where one text came more than once, the latest word about it counts."""
    tally: Counter[str] = Counter()
    latest: dict[tuple[str, str], Mapping[str, Json]] = {}
    for item in items:
        if item.kind is Kind.LABELS and (row := _row(item, find, heirs, tally)) is not None:
            text = (row["title"], row.get("text") or row.get("html") or "")
            tally[TWICE] += latest.pop(text, None) is not None
            latest[text] = row
    return Feedback(tuple(latest.values()), dict(sorted((+tally).items())))


def _row(item: Item, find: Find, heirs: Heirs, tally: Counter[str]) -> Mapping[str, Json] | None:
    if item.article is None:
        tally[NOT_KEPT] += 1
        return None
    words = ((label, Action.ADDED) for label in item.told.labels)
    refused = ((label, Action.REJECTED) for label in item.told.rejected)
    decisions = [EditorDecision(item.ref, label, action, at=item.at) for label, action in (*words, *refused)]
    unknown: Counter[str] = Counter()
    judged = judgements(decisions, None, find, heirs, unknown)
    tally[UNKNOWN] += unknown.total() + len(item.told.unknown)
    if not judged:
        tally[NOTHING] += 1
        return None
    ref = item.ref if item.ref.id else replace(item.ref, id=f"review-{item.id}")
    return row_of(ref, item.article, judged, item.at)

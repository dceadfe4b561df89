"""The ledger's decisions as training rows: articles that a person reviewed, with the text that the decision was about.

A row has the form of a corpus, so that it can be read, edited and given to ``train --corpus``. What is not judged stays unknown:
unreviewed machine tags never become training data. Nothing says who decided.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from newstagger.contracts import Json, SaveRecord, State
from newstagger.corpus import Selection, iso_date
from newstagger.domain import Article, ArticleRef, EditorDecision, Facet, Text
from newstagger.jsontext import line_of
from newstagger.newsroom.archive import readable_since
from newstagger.newsroom.review import Find, Heirs, Judgement, counting, judgements
from newstagger.recipe import Source
from newstagger.settings import PrivacySettings
from newstagger.training.examples import Feed
from newstagger.training.reviewed import FEEDBACK

NOT_KEPT = "reviewed articles whose text is not kept"
KILLED = "reviewed articles that were killed or hold no text"
TWICE = "reviewed articles with the text of one that was reviewed later"
NO_TEXT = Text("", ()).text_hash
HTML = ("text/html", "application/xhtml+xml")
FILE = "feedback"
"""What stands for a file's name in the manifest."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which decisions to take: of these facets, of these sites (none: all), about articles last decided on since a date (ISO 8601)."""

    facets: tuple[Facet, ...] = tuple(Facet)
    sites: tuple[str, ...] = ()
    since: str = ""


@dataclass(frozen=True)
class Feedback:
    """Rows in the order of their articles' refs, and how many articles or tags were left out why."""

    rows: tuple[Mapping[str, Json], ...]
    left_out: Mapping[str, int]

    @cached_property
    def data(self) -> bytes:
        """The rows as JSON lines, in UTF-8."""
        return "".join(f"{line_of(row)}\n" for row in self.rows).encode("utf-8")

    def counts(self) -> dict[str, int]:
        """Return how many articles were reviewed in each facet."""
        return {str(facet): count for facet in Facet if (count := sum(facet in row["labels"] for row in self.rows))}

    def feed(self, facets: tuple[Facet, ...]) -> Feed:
        """Return the rows as training reads them, of these facets."""
        source = Source(FEEDBACK, note="articles of the newsroom that its editors reviewed")
        return Feed(Path(FILE), Selection(facets), source, self.rows, hashlib.sha256(self.data).hexdigest())


@dataclass(frozen=True, slots=True)
class Newsroom:
    """What reviewing is told of a newsroom: what it remembers, what its settings let be read, and what its ids mean today."""

    state: State
    privacy: PrivacySettings
    find: Find
    heirs: Heirs
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def feedback(newsroom: Newsroom, chosen: Chosen = Chosen()) -> Feedback:
    """Return the rows of all articles that a person reviewed; raise StateError when what is remembered cannot be read.

    Where one text was reviewed as several articles, the latest word counts.
    """
    tally: Counter[str] = Counter()
    oldest = readable_since(newsroom.privacy, newsroom.now())
    latest: dict[str, tuple[str, Mapping[str, Json]]] = {}
    for ref, decisions in _by_article(newsroom.state, chosen):
        made = _row(ref, decisions, newsroom, chosen, oldest, tally)
        if made is not None:
            text_hash, at, row = made
            tally[TWICE] += text_hash in latest
            if text_hash not in latest or latest[text_hash][0] <= at:
                latest[text_hash] = (at, row)
    return Feedback(tuple(row for _, row in latest.values()), dict(sorted((+tally).items())))


def _by_article(state: State, chosen: Chosen) -> Iterator[tuple[ArticleRef, Sequence[EditorDecision]]]:
    """Yield the articles with decisions that count, in the order of their refs."""
    found: dict[ArticleRef, list[EditorDecision]] = {}
    for decision in state.ledger.all():
        if not chosen.sites or decision.ref.site in chosen.sites:
            found.setdefault(decision.ref, []).append(decision)
    for ref in sorted(found):
        told = counting(found[ref])
        if told and max(decision.at for decision in told)[: len(chosen.since)] >= chosen.since:
            yield ref, told


def _row(
    ref: ArticleRef, decisions: Sequence[EditorDecision], newsroom: Newsroom, chosen: Chosen, oldest: str | None, tally: Counter[str]
) -> tuple[str, str, Mapping[str, Json]] | None:  # fmt: skip
    """Return the hash of the text, when it was last decided on, and the row of one article; None, counted, where there is none."""
    last = newsroom.state.audit.last(ref)
    if last is not None and last.tagging.text_hash == NO_TEXT:
        tally[KILLED] += 1
        return None
    judged = judgements(decisions, last, newsroom.find, newsroom.heirs, tally)
    judged = {facet: one for facet, one in judged.items() if facet in chosen.facets}
    if not judged:
        return None
    for text_hash in () if oldest is None else _hashes(decisions, last, oldest):
        if (article := newsroom.state.archive.article(ref, text_hash)) is not None:
            at = decisions[-1].at
            return text_hash, at, row_of(ref, article, judged, at)
    tally[NOT_KEPT] += 1
    return None


def _hashes(decisions: Sequence[EditorDecision], last: SaveRecord | None, oldest: str) -> Sequence[str]:
    """Return the texts to look for in turn: that of the latest decision, the last that was answered, those of earlier decisions.

    A decision that was read from the tags of a save names no text: it is about the one of that save.
    """
    answered = "" if last is None or last.at < oldest else last.tagging.text_hash
    told = [decision.text_hash or answered for decision in reversed(decisions) if decision.at >= oldest]
    return tuple(dict.fromkeys(one for one in (*told[:1], answered, *told) if one not in ("", NO_TEXT)))


def row_of(ref: ArticleRef, article: Article, judged: Mapping[Facet, Judgement], at: str) -> dict[str, Json]:
    """Return the row of an article in the form of a corpus."""
    html = article.media_type.split(";", maxsplit=1)[0].strip().casefold() in HTML
    more = {
        "lang": article.language,
        "date": iso_date(article.version_created or "") or at,
        "byline": article.byline,
        "credit": article.credit,
        "rejected": {str(facet): list(one.rejected) for facet, one in judged.items() if one.rejected},
        "unknown": {str(facet): list(one.unknown) for facet, one in judged.items() if one.unknown},
    }
    return {
        "id": row_id(ref),
        "title": article.headline,
        "html" if html else "text": article.body,
        "labels": {str(facet): list(one.wanted) for facet, one in judged.items()},
        **{name: value for name, value in more.items() if value},
    }


def row_id(ref: ArticleRef) -> str:
    """Return one text for a ref, different for every two."""
    return f"{ref.site.replace('%', '%25').replace('/', '%2F')}/{ref.id}"

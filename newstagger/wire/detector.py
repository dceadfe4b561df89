"""Wire reuse of an article, from text to report: candidates, masks, comparison, verdict, credit. One straight line.

The pipeline calls ``WireReuseDetector``; the command line calls ``examine`` with whatever source it was given.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from newstagger.domain import Article, Passage, ReuseReport, Text, Verdict, WireMatch
from newstagger.settings import WireSettings
from newstagger.wire.agencies import canonical
from newstagger.wire.credit import credits_of, report, state_of
from newstagger.wire.index import WireIndex
from newstagger.wire.masks import Witness, candidates, groups, masks_of, to_tell_apart
from newstagger.wire.normalise import words_of
from newstagger.wire.shingles import fingerprint
from newstagger.wire.source import Holders, Source, Story, shingles_of
from newstagger.wire.verdict import Comparison, compare, shared_quotes, verdict_of

CANDIDATES, LEAST = 10, 2
"""So many stories are compared word by word, and only such as share two shingles: twenty words of reuse give three or more."""
QUOTING = 3
"""So many more stories, of those that share little but quotes, are asked for them; they have no say in the verdict."""
Found = list[tuple[Story, Comparison]]


def examine(article: Article, text: Text, source: Source, settings: WireSettings, *, thorough: bool = False) -> ReuseReport:
    """Return the reuse report of an article against a source; ``thorough``: every story that shares anything is compared."""
    compared, quotes = _compared(text, source, settings, thorough=thorough)
    found = [(story, comparison) for story, comparison in compared if comparison.is_reuse]
    found.sort(key=lambda pair: (pair[0].is_digest, -pair[1].share, pair[0].doc))
    verdict, share = verdict_of([comparison for _, comparison in found])
    best = max((comparison.share for _, comparison in found), default=0.0)
    agencies = [canonical(story.item.agency) for story, comparison in found if 2 * comparison.share >= best] if found else None
    credit = report(credits_of(article, text), agencies)
    matches = tuple(_match(story, comparison, credit.agencies) for story, comparison in found)
    return ReuseReport(verdict, share, credit, matches, _in_order(quotes))


def not_checked(article: Article, text: Text, reason: str) -> ReuseReport:
    """Return the report of an article that could not be compared: its credits, and why."""
    return ReuseReport(Verdict.NOT_CHECKED, credit=report(credits_of(article, text), None), reason=reason)


def _compared(text: Text, source: Source, settings: WireSettings, *, thorough: bool) -> tuple[Found, list[Passage]]:
    """Return the stories that share most with the article, compared, and the quotes that it shares with these and with others.

    Which common words are nobody's own is asked only when a story would count as reused: most articles never need to know.
    """
    words = words_of(text)
    at, hashes, _ = fingerprint(words)
    firsts = at.tolist()
    holders = source.holders(hashes.view("int64").tolist())
    masks = masks_of(words, firsts, holders, {}, settings.window_days)
    chosen = candidates(masks, firsts, holders, 1) if thorough else candidates(masks, firsts, holders, LEAST)[:CANDIDATES]
    found = [(story, compare(text, words, masks, story.words)) for story in source.stories(chosen)]
    quotes = [quote for _, comparison in found for quote in comparison.quotes]
    quoting = [doc for doc in candidates(masks, firsts, holders, 1 if thorough else LEAST, quoted=True) if doc not in set(chosen)]
    for story in source.stories(quoting[:QUOTING]):
        quotes += shared_quotes(text, words, masks, story.words)
    if any(comparison.is_reuse for _, comparison in found):
        masks = masks_of(words, firsts, holders, _witnesses(source, holders), settings.window_days)
        if masks.common.any():
            found = [(story, compare(text, words, masks, story.words) if old.is_reuse else old) for story, old in found]
    return found, quotes


def _witnesses(source: Source, holders: Sequence[Holders]) -> dict[int, Witness]:
    """Return the stories that hold the article's common words, told apart; digests hold a little of all and bear no witness."""
    stories = [story for story in source.stories(to_tell_apart(holders)) if not story.is_digest]
    labels = groups([shingles_of(story) for story in stories])
    return {story.doc: Witness(label, story.day) for story, label in zip(stories, labels, strict=True)}


def _match(story: Story, comparison: Comparison, credited: tuple[str, ...]) -> WireMatch:
    item = story.item
    state = state_of(credited, item.agency)
    return WireMatch(item.id, item.agency, comparison.share, comparison.passages, item.version, item.status, item.feed, state)


def _in_order(quotes: list[Passage]) -> tuple[Passage, ...]:
    """Return the quotes that stand in wire stories too, each stretch of the article once, in its order."""
    kept: list[Passage] = []
    for passage in sorted(quotes, key=lambda p: (p.start, -p.end)):
        if not kept or passage.start >= kept[-1].end:
            kept.append(passage)
    return tuple(kept)


class WireReuseDetector:
    """Checks articles against the wire index in a file; a missing, empty or stale index answers *not checked*.

    ``clock`` returns seconds since 1970. Safe to call from several threads. Raises StateError when the index is damaged.
    """

    name = "wire"

    def __init__(self, index_path: Path, settings: WireSettings, clock: Callable[[], float] = time.time) -> None:
        self._path, self._settings, self._clock = index_path, settings, clock
        self._lock = threading.Lock()
        self._index: WireIndex | None = None
        self._identity: tuple[int, int] | None = None

    def check(self, article: Article, text: Text) -> ReuseReport:
        """Return the reuse report of an article; the credits are looked for even where nothing could be checked."""
        index = self._open()
        reason = why_not(index, self._settings, self._clock())
        if reason or index is None:
            return not_checked(article, text, reason)
        found = examine(article, text, index, self._settings)
        lapsed = lapsed_feeds(index, self._settings, self._clock())
        if found.verdict is Verdict.NON_DERIVED and lapsed:
            return not_checked(
                article, text, f"not seen for over {self._settings.max_age} s: {', '.join(lapsed)}; nothing in the other feeds"
            )
        return found

    @property
    def fresh_at(self) -> float | None:
        """When the index was last fed, in seconds since 1970; None when there is none."""
        index = self._open()
        return None if index is None else index.fresh_at

    @property
    def generation(self) -> str:
        """The state of the index in a word: it changes when stories come in, when a feed lapses and when the index goes stale."""
        index, now = self._open(), self._clock()
        if index is None or why_not(index, self._settings, now):
            return f"{0 if index is None else index.generation} not checked"
        return " ".join([str(index.generation), *lapsed_feeds(index, self._settings, now)])

    def _open(self) -> WireIndex | None:
        """Return the index, opened anew when another file has taken its place."""
        with self._lock:
            try:
                found = os.stat(self._path)  # noqa: PTH116 (called at every save)
            except OSError:
                self._index = self._identity = None
                return None
            if self._index is None or self._identity != (found.st_dev, found.st_ino):
                self._identity, self._index = (found.st_dev, found.st_ino), WireIndex.watch(self._path)
            return self._index if self._index is not None and self._index.made else None


def lapsed_feeds(index: WireIndex, settings: WireSettings, now: float) -> tuple[str, ...]:
    """Return the feeds that fell silent: past ``max_age``, but within the window in which their stories are still compared.

    An article that is in none of the living feeds may still be in one of these, so there is no saying that it is not wire copy.
    """
    return index.silent_feeds(now - settings.max_age, now - max(settings.window_days * 86_400, settings.max_age))


def why_not(index: WireIndex | None, settings: WireSettings, now: float) -> str:
    """Return why an index must not be asked, or an empty string when it may."""
    fresh_at = None if index is None else index.fresh_at
    if index is None or fresh_at is None:
        return "no wire index: feed it with 'newstagger wire add'"
    age = now - fresh_at
    if abs(age) > settings.max_age:
        hours = f"{abs(age) / 3600:.0f} hours {'ago' if age > 0 else 'ahead of the clock'}"
        return f"wire index is stale: last fed {hours}, wire.max_age is {settings.max_age} s"
    return "wire index is empty" if index.empty else ""

"""Reuse reports and feeds for people: the passages of article and wire side by side. Copy is data, never obeyed by a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import zip_longest

from newstagger.cli.show import plain
from newstagger.contracts import Json
from newstagger.domain import Passage, ReuseReport, Verdict, WireItem, WireMatch
from newstagger.settings import Settings
from newstagger.wire.against import AgainstFiles
from newstagger.wire.detector import why_not
from newstagger.wire.index import FeedStatus, WireIndex
from newstagger.wire.ingest import WITHDRAWN, newer
from newstagger.wire.source import moment_of, stamp_of

COLUMN = 56
LONGEST = 600
_STATUS = dict.fromkeys(WITHDRAWN, "killed by the agency: not to be used") | {"withheld": "withheld by the agency: not to be used yet"}
LIMITS = "Word runs are compared: a heavy paraphrase or a translation is not found."


def reuse_block(headline: str, report: ReuseReport, source: AgainstFiles | WireIndex | None, now: float) -> str:
    """Return the lines that tell a report: verdict, credits, and each match with its passages beside the wire's words.

    ``now``, in seconds since 1970, tells which embargoes still stand.
    """
    lines = [headline, f"  {_verdict(report)}", f"  credit: {report.credit.state}{_credits(report)}"]
    for match in report.matches:
        string = source.string(match.feed, match.wire_id, match.version) if source is not None else None
        history = source.history(match.feed, match.wire_id) if source is not None else ()
        lines += ["", f"  {_match(match)}", *_notices(match, history, now), *_beside(match.passages, string or "")]
    if report.shared_quotes:
        lines += ["", "  quoted in both, not counted:", *(f"    “{plain(p.quote, 2 * COLUMN)}”" for p in report.shared_quotes)]
    return "\n".join([*lines, "", f"  {LIMITS}"])


def _verdict(report: ReuseReport) -> str:
    if report.verdict is Verdict.NOT_CHECKED:
        return f"not checked: {plain(report.reason)}"
    return f"{report.verdict}: {report.share:.0%} of the article's own words stand in wire copy"


def _credits(report: ReuseReport) -> str:
    found = [f"{plain(c.agency)} ({c.form}{f' at {c.start}' if c.start is not None else ''})" for c in report.credit.found]
    return f"; found {', '.join(found)}" if found else ""


def _match(match: WireMatch) -> str:
    status = "" if match.status == "usable" else f" · {plain(match.status.upper(), 20)}"
    name = f"{plain(match.agency or 'wire')} {plain(match.wire_id, 60)} version {plain(match.version, 20)}"
    return f"{name}{status} · {match.share:.0%} · {match.credit}"


def _notices(match: WireMatch, history: Sequence[WireItem], now: float) -> list[str]:
    """Return what a desk must know before it runs the story: killed or held back, out of date, under embargo, of limited use."""
    newest = None
    for item in history:
        newest = item if newest is None or newer(item.version, newest.version) else newest
    version, status = (match.version, match.status) if newest is None else (newest.version, newest.status)
    found = [_STATUS.get(status, "")]
    if version != match.version:
        found.append(f"a newer version {plain(version, 20)} exists")
    if newest is not None:
        found.append(_embargo(newest.embargo or "", now))
        found.append(f"usage: {plain(newest.usage, 200)}" if newest.usage.strip() else "")
    return [f"    ! {notice}" for notice in found if notice]


def _embargo(stamp: str, now: float) -> str:
    moment = moment_of(stamp)
    return "" if not stamp.strip() or (moment is not None and moment <= now) else f"under embargo until {plain(stamp, 60)}"


def _beside(passages: Sequence[Passage], string: str) -> list[str]:
    lines = [f"    {'article':<{COLUMN}} | wire"]
    for passage in sorted(passages, key=lambda p: p.start):
        wire = string[passage.wire_start : passage.wire_end]
        lines.append(f"    {f'{passage.start}–{passage.end}, {passage.words} words':<{COLUMN}} | {passage.wire_start}–{passage.wire_end}")
        rows = zip_longest(_wrapped(passage.quote), _wrapped(wire), fillvalue="")
        lines += [f"    {left:<{COLUMN}} | {right}".rstrip() for left, right in rows]
    return lines


def _wrapped(words: str) -> list[str]:
    return textwrap.wrap(plain(words, LONGEST), COLUMN)


def index_state(index: WireIndex | None, settings: Settings, now: float) -> dict[str, Json]:
    """Return the state of the wire index as JSON; ``reason`` says why it must not be asked."""
    reason = why_not(index, settings.wire, now)
    value: dict[str, Json] = {"stories": 0 if index is None else len(index), "fresh": not reason, "max_age": settings.wire.max_age}
    return value | {"reason": reason, "feeds": feed_table(() if index is None else index.status(), now, settings.wire.max_age)}


def feed_table(feeds: Sequence[FeedStatus], now: float, max_age: int) -> list[Json]:
    """Return the feeds as JSON; ``age`` is in seconds."""
    return [
        {
            "feed": feed.feed, "agency": feed.agency, "stories": feed.items, "ingested": stamp_of(feed.ingested),
            "age": round(now - feed.ingested), "fresh": abs(now - feed.ingested) <= max_age,
        }
        for feed in feeds
    ]  # fmt: skip


def feed_lines(feeds: Sequence[FeedStatus], now: float, max_age: int) -> list[str]:
    """Return one line a feed."""
    return [
        f"{plain(feed.feed, 24):<25}{plain(feed.agency, 20):<21}{feed.items:>9} stories, read {stamp_of(feed.ingested)}"
        f"{'' if abs(now - feed.ingested) <= max_age else '  STALE'}"
        for feed in feeds
    ]

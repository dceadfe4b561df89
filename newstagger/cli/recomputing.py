"""Makes a stored answer again, from the kept text and the bundle of then, and tells what differs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from newstagger.contracts import SaveRecord
from newstagger.domain import Article, EditorDecision, Tag, Tagging, Text
from newstagger.host import Host
from newstagger.settings import Settings

NO_BUNDLE = "none@0"
"""A version that no bundle ever has: taggers are handed none, as they were then."""
PATIENCE_MS = 10_000


@dataclass(frozen=True, slots=True)
class Difference:
    """A tag that does not come out as it was: the stored one and the one of now, None where there is none."""

    concept: str
    then: Tag | None
    now: Tag | None


@dataclass(frozen=True, slots=True)
class Recomputed:
    """``reason`` says in a line why it could not be done (empty: it was); ``text`` is there whenever the copy was kept.

    ``remarks`` say what else has changed since, and so may be why tags differ.
    """

    reason: str = ""
    text: Text | None = None
    differences: tuple[Difference, ...] = ()
    remarks: tuple[str, ...] = ()


def recompute(record: SaveRecord, kept: Article | None, decisions: Iterable[EditorDecision], settings: Settings) -> Recomputed:
    """Return what comes out of the kept article today with the bundle of then; tags that editors decided on are not compared."""
    if kept is None:
        return Recomputed("the text of that answer was not kept (see keep_text and keep_days under [privacy] in the settings)")
    then = record.tagging.bundle
    patient = replace(settings, bundle=str(then or NO_BUNDLE), strict=False, budget_ms=max(settings.budget_ms, PATIENCE_MS))
    host = Host(patient, stateless=True)
    text = host.extract(kept)
    if then is not None and host.bundle is None:
        return Recomputed(f"the bundle {then} of then is gone or damaged (see 'newstagger models list')", text)
    if then is not None and host.bundle is not None and host.bundle.ref.digest != then.digest:
        found = f"digest {host.bundle.ref.digest[:12]}, then {then.digest[:12]}"
        return Recomputed(f"the bundle {then} that is here is not the one of then: {found}", text)
    tagging = host.article_saved(kept)
    decided = {decision.concept for decision in decisions} | set(record.tagging.rejected)
    return Recomputed("", text, _differences(record.tagging, tagging, decided), tuple(_remarks(record, tagging, text, host)))


def _remarks(record: SaveRecord, tagging: Tagging, text: Text, host: Host) -> Iterable[str]:
    if text.text_hash != record.tagging.text_hash:
        yield "this release reads the text of the article otherwise than the one of then"
    if record.rules != host.rules_digest:
        yield "policy, plugins or own vocabulary have changed since"
    yield from (f"{problem.stage} ({problem.plugin}): {problem.message}" for problem in tagging.problems if problem.stage != "bundle")


def _differences(then: Tagging, now: Tagging, decided: set[str]) -> tuple[Difference, ...]:
    before, after = ({tag.concept.id: tag for tag in tagging.tags if tag.concept.id not in decided} for tagging in (then, now))
    pairs = ((concept, before.get(concept), after.get(concept)) for concept in sorted(before.keys() | after.keys()))
    return tuple(Difference(*pair) for pair in pairs if _told(pair[1]) != _told(pair[2]))


def _told(tag: Tag | None) -> object:
    """Return what of a tag must come out again: the score as it is stored, and what was to happen with it."""
    return None if tag is None else (round(tag.score, 6), tag.decision, tag.role)

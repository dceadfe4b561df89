"""How editors receive what the machine proposes: counts by concept, bundle, person or site, from the ledger and the last answers.

Pure functions over the Protocols' streams; nothing is held but the counts and what counts now of each article's decisions.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from newstagger.domain import Action, ArticleRef, Concept, Decision, EditorDecision, Facet
from newstagger.newsroom.policy import unknown_concept
from newstagger.state import SaveRecord

Z95 = 1.959963984540054
"""Quantile of the normal distribution for a two-sided interval of 95 %."""


class GroupBy(StrEnum):
    """What the counts are told apart by."""

    CONCEPT = "concept"
    BUNDLE = "bundle"
    PERSON = "person"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Reception:
    """How a group of tags was received: counts of tags on articles, the last word about each counts.

    ``shown``: tags that the last answers write or suggest, not counting those that only an editor put on. ``accepted`` and
    ``rejected`` answer what the machine proposed (a machine's tag taken off in the CMS is ``removed``); ``added`` is what it missed.
    """

    name: str
    label: str = ""
    facet: Facet | None = None
    shown: int = 0
    accepted: int = 0
    rejected: int = 0
    added: int = 0
    removed: int = 0

    @property
    def decided(self) -> int:
        """How many tags have an editor's yes or no as an answer to the machine."""
        return self.accepted + self.rejected + self.removed

    @property
    def rate(self) -> float | None:
        """Share of ``decided`` that editors kept; None where nothing was decided."""
        return self.accepted / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % Wilson score interval of ``rate``; None where nothing was decided."""
        return wilson(self.accepted, self.decided) if self.decided else None


def wilson(successes: int, trials: int, z: float = Z95) -> tuple[float, float]:
    """Return the score interval of a proportion (E. B. Wilson 1927), in [0, 1]; raise ValueError without trials."""
    if not 0 <= successes <= trials or trials == 0:
        raise ValueError(f"{successes} of {trials} is no proportion")
    share, square = successes / trials, z * z
    centre = share + square / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    low, high = (centre - spread) / (1 + square / trials), (centre + spread) / (1 + square / trials)
    return (0.0 if successes == 0 else low, 1.0 if successes == trials else high)


def receptions(
    answers: Iterable[SaveRecord],
    decisions: Iterable[EditorDecision],
    by: GroupBy = GroupBy.CONCEPT,
    find: Callable[[str], Concept | None] = lambda _: None,
) -> tuple[Reception, ...]:
    """Return the counts of every group, the most decided first; ``find`` names concepts that no stored answer names.

    Persons show nothing: ``shown`` is 0 when counting by them.
    """
    counts: dict[str, Counter[str]] = {}
    concepts: dict[str, Concept] = {}
    for record in answers:
        for tag in record.tagging.tags:
            concepts.setdefault(tag.concept.id, tag.concept)
            if tag.decision is not Decision.SILENT and tag.tagger != "editor" and by is not GroupBy.PERSON:
                bundle = "" if tag.bundle is None and record.tagging.bundle is None else str(tag.bundle or record.tagging.bundle)
                counts.setdefault(_group(by, tag.concept.id, bundle, "", record.ref), Counter())["shown"] += 1
    for decision in last_words(decisions):
        group = _group(by, decision.concept, decision.bundle, decision.by, decision.ref)
        counts.setdefault(group, Counter())[str(decision.action)] += 1
    named = (_reception(by, name, counted, concepts, find) for name, counted in counts.items())
    return tuple(sorted(named, key=lambda r: (-(r.decided + r.added), -r.shown, r.name)))


def last_words(decisions: Iterable[EditorDecision]) -> Iterable[EditorDecision]:
    """Return the decision that counts about each concept of each article; a tag that people put on and took off again has none."""
    last: dict[tuple[ArticleRef, str], EditorDecision] = {}
    for decision in decisions:
        about = (decision.ref, decision.concept)
        if decision.action.wants or decision.shown:
            before = last.pop(about, None)
            if decision.action.wants or before is None or before.action is not Action.ADDED:
                last[about] = decision
    return last.values()


def facet_sums(counted: Iterable[Reception]) -> tuple[Reception, ...]:
    """Return the sums of counts by concept, one for each facet that has any, in the order of facets."""
    groups: dict[Facet, list[Reception]] = {}
    for one in counted:
        if one.facet is not None:
            groups.setdefault(one.facet, []).append(one)
    return tuple(_sum(facet, groups[facet]) for facet in Facet if facet in groups)


def _sum(facet: Facet, of: Iterable[Reception]) -> Reception:
    shown, accepted, rejected, added, removed = map(
        sum, zip(*((r.shown, r.accepted, r.rejected, r.added, r.removed) for r in of), strict=True)
    )
    return Reception(str(facet), "", facet, shown, accepted, rejected, added, removed)


def _group(by: GroupBy, concept: str, bundle: str, person: str, ref: ArticleRef) -> str:
    return {GroupBy.CONCEPT: concept, GroupBy.BUNDLE: bundle, GroupBy.PERSON: person, GroupBy.SITE: ref.site}[by]


def _reception(
    by: GroupBy, name: str, counted: Mapping[str, int], concepts: Mapping[str, Concept], find: Callable[[str], Concept | None]
) -> Reception:
    concept = concepts.get(name) or find(name) or unknown_concept(name) if by is GroupBy.CONCEPT else None
    label, facet = (concept.pref_label, concept.facet) if concept else ("", None)
    actions = (counted.get(str(action), 0) for action in (Action.ACCEPTED, Action.REJECTED, Action.ADDED, Action.REMOVED))
    return Reception(name, label, facet, counted.get("shown", 0), *actions)

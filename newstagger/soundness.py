"""Whether an answer of the right type is sound inside: a plugin's junk must be told as that plugin's, and never stored.

Types are promises in Python, not walls: a Proposal may hold anything. These checks cost microseconds and are made only of what
foreign plugins answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from newstagger.domain import (
    Abstention,
    Concept,
    Credit,
    CreditReport,
    Decision,
    Evidence,
    Paragraph,
    Passage,
    Problem,
    Proposal,
    Quote,
    ReuseReport,
    Role,
    Tag,
    Tagging,
    Text,
    Verdict,
    WireMatch,
)


def unsound(answer: Any) -> str | None:
    """Return what is wrong inside a Text, Proposal, ReuseReport or Tagging, or None; never raises."""
    try:
        return None if _CHECKS[type(answer)](answer) else f"the {type(answer).__name__} is malformed inside"
    except Exception:
        return f"the {type(answer).__name__} is malformed inside"


def _all(values: Any, kind: type, check: Callable[[Any], bool] = lambda _: True) -> bool:
    return isinstance(values, tuple) and all(isinstance(value, kind) and check(value) for value in values)


def _finite(*values: Any) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) for value in values)


def _texts(values: Iterable[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _place(value: Quote | Passage) -> bool:
    return isinstance(value.start, int) and isinstance(value.end, int) and 0 <= value.start <= value.end and isinstance(value.quote, str)


def _text(text: Text) -> bool:
    ends = [0, *(paragraph.end for paragraph in text.paragraphs)]
    ordered = all(end <= p.start <= p.end <= len(text.string) for end, p in zip(ends, text.paragraphs, strict=False))
    return _texts([text.string]) and _all(text.paragraphs, Paragraph) and ordered and _all(text.problems, Problem)


def _evidence(evidence: Evidence) -> bool:
    return _texts([evidence.term]) and _finite(evidence.contribution) and _all(evidence.quotes, Quote, _place)


def _tag(tag: Tag) -> bool:
    concept = tag.concept
    named = (
        isinstance(concept, Concept) and _texts([concept.id, concept.pref_label, concept.facet, *concept.exact_match]) and bool(concept.id)
    )
    told = isinstance(tag.decision, Decision) and isinstance(tag.role, Role) and isinstance(tag.tagger, str)
    figures = _finite(tag.score, tag.margin, tag.bias, tag.rest) and 0 <= tag.score <= 1
    return named and told and figures and _all(tag.evidence, Evidence, _evidence)


def _proposal(proposal: Proposal) -> bool:
    return _all(proposal.tags, Tag, _tag) and _all(proposal.abstained, Abstention)


def _match(match: WireMatch) -> bool:
    return (
        _texts([match.wire_id, match.agency, match.version, match.status])
        and _finite(match.share)
        and _all(match.passages, Passage, _place)
    )


def _reuse(report: ReuseReport) -> bool:
    credit = isinstance(report.credit, CreditReport) and _all(report.credit.found, Credit) and _all(report.credit.agencies, str)
    passages = _all(report.matches, WireMatch, _match) and _all(report.shared_quotes, Passage, _place)
    return isinstance(report.verdict, Verdict) and _finite(report.share) and credit and passages and _texts([report.reason])


def _tagging(tagging: Tagging) -> bool:
    parts = _all(tagging.tags, Tag, _tag) and _all(tagging.abstained, Abstention) and _all(tagging.problems, Problem)
    reuse = tagging.reuse is None or (isinstance(tagging.reuse, ReuseReport) and _reuse(tagging.reuse))
    return parts and reuse and isinstance(tagging.timings, Mapping) and _texts([tagging.text_hash, tagging.ref.site, tagging.ref.id])


_CHECKS: dict[type, Callable[[Any], bool]] = {Text: _text, Proposal: _proposal, ReuseReport: _reuse, Tagging: _tagging}

"""What a form shows beside the tags: suggestions with their reasons, what is applied and rejected, the wire warning, notices.

``panel_for`` reads it once, frozen; ``newstagger/panel.html`` shows it in any editor on Django.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from newstagger.domain import (
    Concept,
    CreditState,
    Decision,
    Facet,
    FormState,
    Origin,
    Passage,
    Quote,
    ReuseReport,
    Tag,
    Tagging,
    Text,
    Verdict,
    WireMatch,
)
from newstagger.host import Host, snippets
from newstagger_django.bindings import Binding, binding_of, is_new, kind_of
from newstagger_django.edge import attempt
from newstagger_django.forms import seal
from newstagger_django.process import host
from newstagger_django.standing import Stands, standing, unstored_notices
from newstagger_django.terms import names_of

LONGEST_LABEL = 80
MOST_REASONS = 6
SURE = ((0.9, "almost certain"), (0.75, "very likely"), (0.5, "likely"), (0.0, "possible"))
VERDICTS = {Verdict.WHOLLY_DERIVED: "Wire copy", Verdict.PARTIALLY_DERIVED: "Partly wire copy"}
CREDITS = {
    CreditState.CREDITED: "credited",
    CreditState.UNCREDITED: "not credited",
    CreditState.CONFLICTING: "credited to another agency",
    CreditState.NONE_NEEDED: "no credit needed",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a snippet: plain text, marked or not."""

    string: str
    marked: bool


Pieces = tuple[Piece, ...]
"""One snippet."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One term that speaks for (positive) or against a tag; ``contribution`` is in margin units."""

    term: str
    contribution: float

    @property
    def signed(self) -> str:
        """The contribution with its sign, as it is shown."""
        return f"{self.contribution:+.2f}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One tag. ``name`` is what stands in the tag field ``field``, which is of this ``kind`` (``TagField.kind``).

    ``sure`` and ``percent`` tell the calibrated score; ``decision`` is the machine's (auto, suggest). ``held``: it stands on the
    article; ``by`` is ``human`` or ``machine`` then.
    """

    concept: str
    label: str
    name: str
    facet: str
    role: str
    field: str
    kind: str
    score: float = 0.0
    percent: int = 0
    sure: str = ""
    decision: str = ""
    held: bool = False
    by: str = ""
    reasons: tuple[Reason, ...] = ()
    snippets: tuple[Pieces, ...] = ()

    @property
    def short(self) -> str:
        """The label, cut where it is too long to be shown whole."""
        return self.label if len(self.label) <= LONGEST_LABEL else f"{self.label[: LONGEST_LABEL - 1]}…"


@dataclass(frozen=True, slots=True)
class Source:
    """A wire story whose words stand in the article; ``killed``: the agency has withdrawn it."""

    agency: str
    wire_id: str
    percent: int
    credit: str
    credited: bool
    killed: bool
    snippets: tuple[Pieces, ...] = ()


@dataclass(frozen=True, slots=True)
class Reuse:
    """The warning about wire copy: what, how much of the article's own words, and where from."""

    verdict: str
    percent: int
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """All that a form shows. ``value`` is that of the hidden field; ``current``: the reasons are about the text as it is now."""

    suggestions: tuple[Suggestion, ...] = ()
    applied: tuple[Suggestion, ...] = ()
    rejected: tuple[Suggestion, ...] = ()
    reuse: Reuse | None = None
    abstained: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    language: str = ""
    bundle: str = ""
    text_hash: str = ""
    current: bool = False
    answered: bool = False
    value: str = ""


def panel_for(obj: Any, *, binding: Binding | None = None) -> Panel:
    """Return what to show for an object, stored or not. Never raises: what cannot be read is a notice."""
    chosen = binding or binding_of(obj)
    if chosen is None:
        return Panel(notices=(f"newstagger: {type(obj).__name__} is not declared as an article",))
    panel, failed = attempt(lambda: _panel(obj, chosen), "suggestions cannot be shown")
    if panel is not None:
        return panel
    ref = chosen.ref(obj)
    return Panel(notices=unstored_notices(ref) or (f"newstagger: {failed}",), value="" if is_new(obj) else seal(ref, None))


def _panel(obj: Any, binding: Binding) -> Panel:
    ref = binding.ref(obj)
    if is_new(obj):
        return Panel(value=seal(replace(ref, id=kind_of(ref)), FormState()))
    ready, stands = host(), standing(ref)
    tagging = ready.explain(ref)
    stands = replace(stands, held=tuple(binding.held_tags(obj, stands)))
    held = {tag.concept: tag.origin for tag in stands.held or ()}
    if tagging is None:
        return Panel(notices=stands.notices, value=seal(ref, FormState(tuple(held))))
    return _shown(binding, obj, ready, stands, tagging, held)


def _shown(binding: Binding, obj: Any, ready: Host, stands: Stands, tagging: Tagging, held: Mapping[str, Origin]) -> Panel:
    text = _text(ready, binding.article(obj, stands=stands), tagging)
    seen = [tag for tag in tagging.tags if tag.decision is not Decision.SILENT and tag.concept.id not in tagging.rejected]
    refused = [_concept(ready, concept) for concept in tagging.rejected]
    names = names_of([*(tag.concept for tag in seen), *refused])
    rows = [_suggestion(tag, names, binding, held, text) for tag in seen]
    offered = tuple(row for row in rows if not row.held)
    form = FormState(tuple(sorted(held)), tuple(row.concept for row in offered))
    return Panel(
        suggestions=offered,
        applied=tuple(row for row in rows if row.held),
        rejected=tuple(_plain(concept, names, binding) for concept in refused),
        reuse=_reuse(tagging.reuse, text),
        abstained=tuple(f"{a.facet}: {a.reason}" for a in tagging.abstained),
        notices=stands.notices,
        language=tagging.language or "",
        bundle="" if tagging.bundle is None else str(tagging.bundle),
        text_hash=tagging.text_hash,
        current=text is not None,
        answered=True,
        value=seal(tagging.ref, form, tagging.text_hash, kept_off=tagging.rejected),
    )


def _text(ready: Host, article: Any, tagging: Tagging) -> Text | None:
    """Return the article's text, if it is the one that was tagged."""
    text = ready.extract(article)
    return text if text.text_hash == tagging.text_hash else None


def _concept(ready: Host, concept_id: str) -> Concept:
    found, _ = attempt(lambda: ready.concept(concept_id), "a concept is unknown")
    return found or Concept(concept_id, concept_id, next(iter(Facet)))


def _plain(concept: Concept, names: Mapping[str, str], binding: Binding) -> Suggestion:
    field = binding.fields.tag_field(concept.facet)
    kind = binding.kind_of(field)
    return Suggestion(concept.id, concept.pref_label, names[concept.id], str(concept.facet), "", field, kind)


def _suggestion(tag: Tag, names: Mapping[str, str], binding: Binding, held: Mapping[str, Origin], text: Text | None) -> Suggestion:
    reasons = sorted(tag.evidence, key=lambda evidence: -abs(evidence.contribution))[:MOST_REASONS]
    return replace(
        _plain(tag.concept, names, binding),
        role=str(tag.role),
        score=tag.score,
        percent=round(tag.score * 100),
        sure=next(words for least, words in SURE if tag.score >= least),
        decision=str(tag.decision),
        held=tag.concept.id in held,
        by=str(held.get(tag.concept.id, "")),
        reasons=tuple(Reason(evidence.term, evidence.contribution) for evidence in reasons),
        snippets=_cut(text, [quote for evidence in reasons if evidence.contribution > 0 for quote in evidence.quotes]),
    )


def _cut(text: Text | None, stretches: Sequence[Quote | Passage]) -> tuple[Pieces, ...]:
    """Return the stretches in their context; without the text that was tagged, the stored words alone."""
    if text is None:
        return tuple((Piece(words, True),) for words in dict.fromkeys(stretch.quote for stretch in stretches[:5]))
    return tuple(tuple(Piece(part.string, part.marked) for part in snippet.parts) for snippet in snippets(text, stretches))


def _reuse(report: ReuseReport | None, text: Text | None) -> Reuse | None:
    """Return the warning, or None where there is none to give."""
    if report is None or report.verdict not in VERDICTS:
        return None
    return Reuse(VERDICTS[report.verdict], round(report.share * 100), tuple(_source(match, text) for match in report.matches))


def _source(match: WireMatch, text: Text | None) -> Source:
    credited = match.credit in (CreditState.CREDITED, CreditState.NONE_NEEDED)
    killed = match.status == "canceled"
    passages = _cut(text, match.passages)
    return Source(match.agency, match.wire_id, round(match.share * 100), CREDITS[match.credit], credited, killed, passages)

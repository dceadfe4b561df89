"""Our own JSON: a tagging, a reuse report, an evaluation and a decision, out and (for stored taggings) back in.

The shape is public and described by the schemas in ``newstagger/data/schemas``; ``SCHEMA_VERSION`` grows when it changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from newstagger.contracts import Json
from newstagger.domain import (
    Abstention,
    Article,
    ArticleRef,
    BundleRef,
    Concept,
    Credit,
    CreditForm,
    CreditReport,
    CreditState,
    Decision,
    EditorDecision,
    Evaluation,
    Evidence,
    Facet,
    FacetScore,
    Passage,
    Problem,
    Quote,
    ReuseReport,
    Role,
    SetScore,
    Tag,
    Tagging,
    Text,
    Verdict,
    WireMatch,
    in_order,
)
from newstagger.jsontext import line_of

SCHEMA_VERSION = "1"


def tagging_to_json(tagging: Tagging, *, everything: bool = False) -> dict[str, Json]:
    """Return a tagging as JSON; silent tags only with ``everything``."""
    tags = [tag for tag in in_order(tagging.tags) if everything or tag.decision is not Decision.SILENT]
    return {
        "schema_version": SCHEMA_VERSION,
        "site": tagging.ref.site,
        "id": tagging.ref.id,
        "text_hash": tagging.text_hash,
        "language": tagging.language,
        "bundle": None if tagging.bundle is None else bundle_to_json(tagging.bundle),
        "unchanged": tagging.unchanged,
        "abstained": [{"facet": str(a.facet), "reason": a.reason} for a in tagging.abstained],
        "tags": [tag_to_json(tag) for tag in tags],
        "rejected": list(tagging.rejected),
        "reuse": None if tagging.reuse is None else reuse_to_json(tagging.reuse),
        "problems": [problem_to_json(problem) for problem in tagging.problems],
        "timings": {stage: round(ms, 3) for stage, ms in tagging.timings.items()},
    }


def bundle_to_json(ref: BundleRef) -> dict[str, Json]:
    """Return a bundle's name, version and digest."""
    return {"name": ref.name, "version": ref.version, "digest": ref.digest}


def problem_to_json(problem: Problem) -> dict[str, Json]:
    """Return one problem."""
    return {"stage": problem.stage, "plugin": problem.plugin, "message": problem.message}


def tag_to_json(tag: Tag) -> dict[str, Json]:
    """Return one tag with the evidence that adds up to its margin."""
    return {
        "concept": tag.concept.id,
        "label": tag.concept.pref_label,
        "facet": str(tag.concept.facet),
        "score": round(tag.score, 6),
        "decision": str(tag.decision),
        "role": str(tag.role),
        "exact_match": list(tag.concept.exact_match),
        "evidence": [_evidence_to_json(evidence) for evidence in tag.evidence],
        "margin": tag.margin,
        "bias": tag.bias,
        "rest": tag.rest,
        "tagger": tag.tagger,
    }


def _evidence_to_json(evidence: Evidence) -> dict[str, Json]:
    """Return one reason with its first place (nulls where no words carry it); further places of the term stand under ``also``."""
    places = [{"start": q.start, "end": q.end, "quote": q.quote} for q in evidence.quotes]
    first = places[0] if places else {"start": None, "end": None, "quote": None}
    return {"term": evidence.term, "contribution": evidence.contribution, **first, "also": places[1:]}


def reuse_to_json(report: ReuseReport) -> dict[str, Json]:
    """Return a reuse report; ``reason`` is there only when nothing was checked."""
    found = [{"agency": c.agency, "form": str(c.form), "start": c.start, "end": c.end, "quote": c.quote} for c in report.credit.found]
    value: dict[str, Json] = {
        "verdict": str(report.verdict),
        "share": round(report.share, 4),
        "credit": {"state": str(report.credit.state), "agencies": list(report.credit.agencies), "found": found},
        "matches": [_match_to_json(match) for match in report.matches],
        "shared_quotes": [_passage_to_json(passage) for passage in report.shared_quotes],
    }
    return value | ({"reason": report.reason} if report.verdict is Verdict.NOT_CHECKED else {})


def _match_to_json(match: WireMatch) -> dict[str, Json]:
    return {
        "wire_id": match.wire_id,
        "agency": match.agency,
        "share": round(match.share, 4),
        "feed": match.feed,
        "version": match.version,
        "status": match.status,
        "credit": str(match.credit),
        "passages": [_passage_to_json(passage) for passage in match.passages],
    }


def _passage_to_json(passage: Passage) -> dict[str, Json]:
    return {field.name: getattr(passage, field.name) for field in fields(passage)}


def decision_to_json(decision: EditorDecision) -> dict[str, Json]:
    """Return one editor's decision."""
    return {
        "site": decision.ref.site,
        "id": decision.ref.id,
        "concept": decision.concept,
        "action": str(decision.action),
        "by": decision.by,
        "at": decision.at,
        "text_hash": decision.text_hash,
        "bundle": decision.bundle,
        "shown": decision.shown,
        "reason": decision.reason,
    }


def evaluation_to_json(evaluation: Evaluation) -> dict[str, Json]:
    """Return figures by facet, and once more at the top when only one facet was evaluated."""
    facets = {str(score.facet): _score_to_json(score) for score in evaluation.facets}
    top = next(iter(facets.values())) if len(facets) == 1 else {}
    more: dict[str, Json] = {"elsewhere": [_set_to_json(score) for score in evaluation.elsewhere]} if evaluation.elsewhere else {}
    return {"schema_version": SCHEMA_VERSION, "corpus": evaluation.corpus, "facets": facets, **top, **more}


def _set_to_json(score: SetScore) -> dict[str, Json]:
    """Return the figures of one set, rounded."""
    table = asdict(score) | {"facet": str(score.facet)}
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in table.items()}


def _score_to_json(score: FacetScore) -> dict[str, Json]:
    figures: dict[str, Json] = {
        name: round(getattr(score, name), 6) for name in ("micro_f1", "macro_f1", "document_f1", "precision", "recall")
    }
    labels = {
        label.label: {
            "precision": round(label.precision, 6),
            "recall": round(label.recall, 6),
            "f1": round(label.f1, 6),
            "support": label.support,
            "predicted": label.predicted,
        }
        for label in score.per_label
    }
    optional = {name: getattr(score, name) for name in ("hierarchical_f1", "auto_precision", "with_auto", "calibration_error")}
    figures |= {name: round(value, 6) for name, value in optional.items() if value is not None}
    return figures | {"documents": score.documents, "per_label": labels}


def tagging_from_json(value: Mapping[str, Any]) -> Tagging:
    """Return the tagging that ``tagging_to_json`` wrote; anything else raises KeyError, TypeError or ValueError."""
    bundle = None if value["bundle"] is None else BundleRef(**value["bundle"])
    return Tagging(
        ref=ArticleRef(value["site"], value["id"]),
        text_hash=value["text_hash"],
        language=value["language"],
        bundle=bundle,
        tags=tuple(_tag_from_json(tag, bundle) for tag in value["tags"]),
        reuse=None if value["reuse"] is None else _reuse_from_json(value["reuse"]),
        abstained=tuple(Abstention(Facet(a["facet"]), a["reason"]) for a in value["abstained"]),
        problems=tuple(Problem(**problem) for problem in value["problems"]),
        timings=dict(value["timings"]),
        unchanged=bool(value["unchanged"]),
        rejected=tuple(value.get("rejected", ())),
    )


def _tag_from_json(value: Mapping[str, Any], bundle: BundleRef | None) -> Tag:
    concept = Concept(value["concept"], value["label"], Facet(value["facet"]), exact_match=tuple(value["exact_match"]))
    evidence = tuple(_evidence_from_json(item) for item in value["evidence"])
    return Tag(
        concept, value["score"], Decision(value["decision"]), Role(value["role"]), value["margin"], value["bias"], value["rest"],
        evidence, value["tagger"], bundle,
    )  # fmt: skip


def _evidence_from_json(value: Mapping[str, Any]) -> Evidence:
    first = () if value["start"] is None else (Quote(value["start"], value["end"], value["quote"]),)
    return Evidence(value["term"], value["contribution"], first + tuple(Quote(**q) for q in value["also"]))


def _reuse_from_json(value: Mapping[str, Any]) -> ReuseReport:
    credit = value["credit"]
    found = tuple(Credit(c["agency"], CreditForm(c["form"]), c["start"], c["end"], c["quote"]) for c in credit["found"])
    return ReuseReport(
        Verdict(value["verdict"]),
        value["share"],
        CreditReport(CreditState(credit["state"]), tuple(credit["agencies"]), found),
        tuple(_match_from_json(match) for match in value["matches"]),
        _passages(value["shared_quotes"]),
        value.get("reason", ""),
    )


def _match_from_json(value: Mapping[str, Any]) -> WireMatch:
    plain = {name: value[name] for name in ("wire_id", "agency", "share", "feed", "version", "status")}
    return WireMatch(**plain, passages=_passages(value["passages"]), credit=CreditState(value["credit"]))


def _passages(values: Iterable[Mapping[str, Any]]) -> tuple[Passage, ...]:
    return tuple(Passage(**passage) for passage in values)


class TaggingJson:
    """Renderer of our own JSON (``tag --as json``)."""

    name = "json"
    media_type = "application/json"
    loses: tuple[str, ...] = ("silent tags", "article", "event", "form")

    def render(self, article: Article, text: Text, tagging: Tagging) -> str:
        """Return the tagging as one line of JSON, silent tags left out."""
        return line_of(tagging_to_json(tagging))

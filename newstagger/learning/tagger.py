"""The tagger of a linear part: from one text to tags with calibrated scores and evidence that adds up, or to an abstention."""

from __future__ import annotations

import numpy as np

from newstagger.contracts import FacetPart
from newstagger.domain import Abstention, Article, BundleRef, Decision, Proposal, Role, Tag, Text, in_order
from newstagger.learning.evidence import MICRO, Reasons, Words, micro, reasons
from newstagger.learning.hierarchy import lineage
from newstagger.learning.linear import Doubles, LinearModel, Scored

LOWEST = 0.02
"""Tags of a lower score are not worth a look, not even in a report."""

_DECISIONS = (Decision.SILENT, Decision.SUGGEST, Decision.AUTO)
"""By how many of two bars a score is over: that of showing and that of writing."""


class LinearTagger:
    """Proposes concepts of one facet from the words of the text. Holds no state of its own, so threads may share it."""

    def __init__(self, part: FacetPart, ref: BundleRef | None) -> None:
        self.name = str(part.facet)
        self.facet = part.facet
        self._ref = ref
        self._model = LinearModel.read(part)
        self._rarest = float(self._model.vocabulary.idf.max(initial=0.0))
        self._concepts = part.concepts
        self._languages = dict(part.settings.get("languages", {}))
        self._at_least_one = bool(part.settings.get("at_least_one", False))
        self._floor = float(part.settings.get("floor", 0.0))
        self._min_words = int(part.settings.get("min_words", 0))
        self._auto_words = int(part.settings.get("auto_words", 0))
        self._auto_languages = frozenset(part.settings.get("auto_languages", ()))
        self._min_known = float(part.settings.get("min_known", 0.0))
        self._above = _above(part) if part.settings.get("hierarchy", False) else ()

    def tag(self, article: Article, text: Text) -> Proposal:
        """Return the concepts worth a look with their evidence; abstain where the text is too short or not in a known language."""
        return self._propose(text, explained=True)

    def tag_tersely(self, article: Article, text: Text) -> Proposal:
        """Return what ``tag`` would, without evidence; ``rest`` holds all of it."""
        return self._propose(text, explained=False)

    def _propose(self, text: Text, *, explained: bool) -> Proposal:
        if reason := self._foreign(text):
            return Proposal(abstained=(Abstention(self.facet, reason),))
        scored = self._model.score(text)
        words = Words.of(scored)
        if reason := self._speechless(scored, words):
            return Proposal(abstained=(Abstention(self.facet, reason),))
        scores = self._model.probabilities(scored.margins, len(scored.vector.columns))
        decisions = self._decide(scored, scores, unasked=self._dares(text, scored, words))
        derived = self._derive(scores, decisions)
        shown = [at for at, score in enumerate(scores.tolist()) if score >= LOWEST or decisions[at] is not Decision.SILENT]
        why = zip(shown, reasons(text, scored, words, shown) if explained else [Reasons((), 0)] * len(shown), strict=True)
        return Proposal(in_order(self._tag(scored, w, at, float(scores[at]), decisions[at], derived=at in derived) for at, w in why))

    def bars(self, concept_id: str) -> tuple[float, float] | None:
        """Return the scores from which a concept is suggested and written unasked (above 1: never); None for one it lacks."""
        at = self._place(concept_id)
        if at is None:
            return None
        own = self._model.per_label
        shown = own["thresholds"] if self._model.curve is not None else self._model.probabilities(own["thresholds"])
        return float(shown[at]), float(own["auto"][at])

    def weigh(self, text: Text, concept_id: str) -> Tag | None:
        """Return one concept's tag with its evidence, however low its score; None for one it lacks or a text without a known word."""
        at, scored = self._place(concept_id), self._model.score(text)
        if at is None or not len(scored.vector.columns):
            return None
        scores = self._model.probabilities(scored.margins, len(scored.vector.columns))
        words = Words.of(scored)
        decisions = self._decide(scored, scores, unasked=self._dares(text, scored, words))
        return self._tag(scored, reasons(text, scored, words, [at])[0], at, float(scores[at]), decisions[at])

    def _place(self, concept_id: str) -> int | None:
        return next((at for at, concept in enumerate(self._concepts) if concept.id == concept_id), None)

    def _foreign(self, text: Text) -> str | None:
        if not self._languages or text.language in self._languages:
            return None
        return "the language is unknown" if text.language is None else f"not trained on the language {text.language}"

    def _speechless(self, scored: Scored, words: Words) -> str | None:
        told = scored.terms.story_words
        if told < self._min_words or not told:
            return f"the text has {told} words, fewer than the {max(1, self._min_words)} that a judgement needs"
        if not words.known or words.known < self._min_known * len(words):
            return "hardly any word of the text is in the vocabulary"
        return None

    def _dares(self, text: Text, scored: Scored, words: Words) -> bool:
        """Tell whether anything may be written unasked on this text."""
        spoken = not self._auto_languages or text.language in self._auto_languages
        return spoken and scored.terms.story_words >= self._auto_words and self._telling(scored, words) >= self._min_known

    def _telling(self, scored: Scored, words: Words) -> float:
        """Return how much of what the words could tell is known: by idf, unknown ones as telling as the rarest known."""
        telling = float(self._model.vocabulary.idf[scored.vector.columns].sum())
        return telling / (telling + (len(words) - words.known) * self._rarest)

    def _decide(self, scored: Scored, scores: Doubles, *, unasked: bool) -> list[Decision]:
        over = self._model.worth_showing(scored.margins, scores)
        auto = over & (scores >= self._model.per_label["auto"]) & unasked
        decisions = [_DECISIONS[level] for level in (over.astype(np.int8) + auto).tolist()]
        best = int(np.argmax(scores))
        if self._at_least_one and not over.any() and scores[best] >= self._floor:
            decisions[best] = Decision.SUGGEST
        return decisions

    def _derive(self, scores: Doubles, decisions: list[Decision]) -> frozenset[int]:
        """Lift the broader concepts of what is shown to its decision and its score, in place; return which they are."""
        derived: set[int] = set()
        for narrow, ups in enumerate(self._above):
            if decisions[narrow] is Decision.SILENT:
                continue
            derived.update(ups)
            for up in ups:
                scores[up] = max(scores[up], scores[narrow])
                decisions[up] = Decision.AUTO if Decision.AUTO in (decisions[up], decisions[narrow]) else Decision.SUGGEST
        return frozenset(derived)

    def _tag(self, scored: Scored, why: Reasons, label: int, score: float, decision: Decision, *, derived: bool = False) -> Tag:
        margin = micro(float(scored.margins[label]))
        bias = micro(float(self._model.per_label["bias"][label]))
        rest = margin - bias - why.micros
        return Tag(
            concept=self._concepts[label],
            score=round(score, 6),
            decision=decision,
            role=Role.DERIVED if derived else Role.MAIN,
            margin=margin / MICRO,
            bias=bias / MICRO,
            rest=rest / MICRO,
            evidence=why.evidence,
            tagger=self.name,
            bundle=self._ref,
        )


def _above(part: FacetPart) -> tuple[tuple[int, ...], ...]:
    """Return for each label of a part the numbers of its broader ones."""
    number = {concept.id: at for at, concept in enumerate(part.concepts)}
    ups = lineage(part.concepts)
    return tuple(tuple(number[up.id] for up in ups[concept.id] if up.id in number) for concept in part.concepts)

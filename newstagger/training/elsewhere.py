"""How a new part fares on sets that it never learned from: other outlets, other languages. Named by the recipe, told by the model card.

Rows of one label count the first tag only: whoever gave one label meant what the story is about most.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from newstagger.contracts import Example, FacetPart, Tagger
from newstagger.domain import Decision, SetScore
from newstagger.errors import CorpusError
from newstagger.learning.reliability import expected_error
from newstagger.recipe import Source
from newstagger.training.examples import Tools, feed_of, labelled, read_material
from newstagger.training.job import TrainingJob
from newstagger.training.measure import in_terms_of
from newstagger.training.trainers import vocabulary_of

FEWEST = 50
"""Rows of a language in a set before a figure of it says anything."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tagger says of one article: concepts worth showing and concepts written unasked, best first, and every score."""

    shown: tuple[str, ...]
    written: tuple[str, ...]
    scores: Mapping[str, float]


def ask(tagger: Tagger, example: Example) -> Answer:
    """Tag one article; a row of one label counts the first tag only."""
    tags = tagger.tag(example.article, example.text).tags
    shown = [tag.concept.id for tag in tags if tag.decision is not Decision.SILENT]
    written = [tag.concept.id for tag in tags if tag.decision is Decision.AUTO]
    most = 1 if len(example.labels) == 1 else len(tags)
    scores = {tag.concept.id: tag.score for tag in sorted(tags, key=lambda tag: -tag.score)[:most]}
    return Answer(tuple(shown), tuple(written[:most]), scores)


def carried(name: str, language: str, part: FacetPart, examples: Sequence[Example], answers: Sequence[Answer]) -> SetScore:
    """Return how right first tags and unasked ones are, how many articles get one, and the expected calibration error."""
    pairs = [(score, label in e.labels) for a, e in zip(answers, examples, strict=True) for label, score in a.scores.items()]
    written = [label in e.labels for a, e in zip(answers, examples, strict=True) for label in a.written]
    first = [bool(a.shown) and a.shown[0] in e.labels for a, e in zip(answers, examples, strict=True)]
    return SetScore(
        facet=part.facet,
        name=name,
        language=language,
        documents=len(examples),
        first_right=float(np.mean(first)),
        with_auto=float(np.mean([bool(a.written) for a in answers])),
        auto_precision=float(np.mean(written)) if written else None,
        calibration_error=expected_error(np.array([p for p, _ in pairs]), np.array([hit for _, hit in pairs], dtype=np.bool_)),
    )


def measured_elsewhere(job: TrainingJob, part: FacetPart, tools: Tools) -> tuple[SetScore, ...]:
    """Return the figures of a part on the recipe's test sets, language by language; sets that are not at hand are told and left out."""
    tagger = tools.tagger(part, None)
    found: list[SetScore] = []
    for source in job.recipe.facet(part.facet).tests:
        try:
            examples = _read(job, source, part, tools)
        except CorpusError as error:
            tools.progress(f"{part.facet}: not measured on {source.id}: {error}")
            continue
        tools.progress(f"{part.facet}: measuring on {source.id}, {len(examples)} rows")
        found += [_score(source, language, part, rows, tagger) for language, rows in _by_language(part, examples)]
    return tuple(found)


def _score(source: Source, language: str, part: FacetPart, rows: Sequence[Example], tagger: Tagger) -> SetScore:
    name = f"{source.id.rpartition('/')[2]}{f' ({source.note})' if source.note else ''}"
    return carried(name, language, part, rows, [ask(tagger, row) for row in rows])


def _read(job: TrainingJob, source: Source, part: FacetPart, tools: Tools) -> list[Example]:
    material = read_material([feed_of(source, part.facet, job.data, job.beside)], tools)
    return in_terms_of(part, labelled(material, part.facet, vocabulary_of(part)).examples)[0]


def _by_language(part: FacetPart, examples: Sequence[Example]) -> Iterator[tuple[str, list[Example]]]:
    """Yield the labelled rows of each language that the part speaks; all of them where it asks for none."""
    spoken = part.settings.get("languages") or {}
    told = {(example.text.language or "") if spoken else "" for example in examples}
    for language in sorted(told):
        rows = [e for e in examples if e.labels and (not spoken or (e.text.language or "") == language)]
        if len(rows) >= FEWEST and (not spoken or language in spoken):
            yield language, rows

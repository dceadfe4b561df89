"""Held-out margins as a new outlet would give them: whole sources left out, big ones by stretches of time, texts also cut short.

Called by the trainer where the recipe says ``calibrate = "sources"``; what is learned from them is in ``carry``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Example
from newstagger.domain import Text
from newstagger.learning.analysis import Analysis
from newstagger.learning.constants import LinearConstants
from newstagger.learning.experts import Memo, fit_experts
from newstagger.learning.matrix import Matrix, count_terms
from newstagger.learning.split import folds
from newstagger.learning.svm import Bools, Doubles, Heard, Problem, unheard
from newstagger.tokens import tokens_of

Rows = NDArray[np.int64]
FEWEST = 200
"""Sources of fewer rows are always learned from."""
LENGTHS = (4, 5, 6, 7, 8, 10, 12, 16)
"""Words that texts are cut to, in turn: from a headline to a sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """Margins (texts x labels) of held-out texts: first the whole ones, then the same cut short.

    ``terms``: how many known terms each text has; ``wanted`` and ``mask``: what was wanted, and which entries count.
    """

    margins: Doubles
    terms: Doubles
    wanted: Bools
    mask: Bools


def leave_out(examples: Sequence[Example], number: int) -> list[Rows]:
    """Return what to leave out in turn: each source of ``FEWEST`` rows or more, whole; one of over half the rows in ``number`` stretches.

    Stretches follow the examples' dates, so that running stories fall into one; undated rows come first, in their order.
    """
    sizes = Counter(example.source for example in examples)
    parts: list[Rows] = []
    for source in sorted(name for name, size in sizes.items() if size >= FEWEST):
        rows = np.array([at for at, example in enumerate(examples) if example.source == source], dtype=np.int64)
        if 2 * len(rows) > len(examples):
            dates = np.array([examples[at].date or "" for at in rows])
            parts += [np.sort(part) for part in np.array_split(rows[np.argsort(dates, kind="stable")], number)]
        else:
            parts.append(rows)
    return parts


def thinned(examples: Sequence[Example], parts: Sequence[Rows], exponent: float) -> list[Rows]:
    """Return the held-out rows that are judged: of a source of n rows about n^(1 - exponent) of them, evenly drawn, all of the smallest."""
    sizes = Counter(examples[at].source for part in parts for at in part)
    least = min(sizes.values(), default=0)
    steps = {source: (size / least) ** exponent for source, size in sizes.items()}
    return [part[_evenly(len(part), steps[examples[int(part[0])].source])] for part in parts]


def _evenly(count: int, step: float) -> Rows:
    return np.unique(np.floor(np.arange(0, count, step)).astype(np.int64))


def shortened(text: Text, words: int) -> Text:
    """Return the text up to its word number ``words``."""
    ends = tokens_of(text).ends
    if len(ends) <= words:
        return text
    end = int(ends[words - 1])
    paragraphs = tuple(replace(p, end=min(p.end, end)) for p in text.paragraphs if p.start < end)
    return Text(text.string[:end], paragraphs, text.language)


def parts_left_out(examples: Sequence[Example], constants: LinearConstants) -> list[Rows]:
    """Return what is left out in turn: whole sources or stretches of them, shuffled folds where no source has ``FEWEST`` rows."""
    groups = [example.group for example in examples]
    return leave_out(examples, constants.folds) or list(folds(len(examples), groups, constants.folds, constants.seed))


def held_out_margins(
    problem: Problem, analysis: Analysis, examples: Sequence[Example], parts: Sequence[Rows], constants: LinearConstants, jobs: int,
    heard: Heard = unheard,
) -> HeldOut:  # fmt: skip
    """Return what fits without a part say of its rows, for each of ``parts``."""
    judged = thinned(examples, parts, constants.equal_sources)
    chosen = np.concatenate(judged)
    texts = [shortened(examples[at].text, LENGTHS[n % len(LENGTHS)]) for n, at in enumerate(chosen)]
    counts = count_terms(texts, constants.blocks)
    margins = _margins(problem, analysis.rows(counts), parts, judged, constants, jobs, heard)
    terms = np.concatenate([_known(problem)[chosen], analysis.known(counts)])
    return HeldOut(margins, terms, np.tile(problem.wanted[chosen], (2, 1)), np.tile(problem.mask[chosen], (2, 1)))


def _known(problem: Problem) -> Doubles:
    return np.asarray(np.diff(problem.rows.indptr), dtype=np.float64) if problem.known is None else problem.known


def _margins(
    problem: Problem, short: Matrix, parts: Sequence[Rows], judged: Sequence[Rows], constants: LinearConstants, jobs: int, heard: Heard
) -> Doubles:  # fmt: skip
    everything, at = np.arange(problem.rows.shape[0]), 0
    whole, cut = [], []
    memo: Memo = {}
    for left_out, rows in zip(parts, judged, strict=True):
        columns = fit_experts(problem, constants, jobs, heard, rows=np.setdiff1d(everything, left_out), memo=memo)
        own, shortened_own = problem.rows[rows], short[at : at + len(rows)]
        whole.append(np.stack([column.margins(own) for column in columns], axis=1))
        cut.append(np.stack([column.margins(shortened_own) for column in columns], axis=1))
        at += len(rows)
    return np.concatenate(whole + cut)

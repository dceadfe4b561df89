"""What a set of constants comes to on rows that its fits have not seen. Which sets are worth a trial is ``training.search``'s business.

Texts are cut into terms once for all trials. A trial costs as many fits as there are folds: thresholds are found on the margins of
the other folds, so that no row has a say in its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newstagger.contracts import Example
from newstagger.domain import Concept, Facet
from newstagger.errors import CorpusError
from newstagger.learning.analysis import Analysis
from newstagger.learning.bootstrap import BLOCK, DRAWS
from newstagger.learning.calibrate import left_out
from newstagger.learning.calibration import fit_bend, fit_curves, probability
from newstagger.learning.constants import LinearConstants
from newstagger.learning.experts import out_of_fold
from newstagger.learning.features import Block, block_salt
from newstagger.learning.hierarchy import lineage, with_broader
from newstagger.learning.matrix import Counts, Matrix, count_terms
from newstagger.learning.names import with_names
from newstagger.learning.split import folds
from newstagger.learning.svm import Bools, Doubles, Heard, Problem
from newstagger.learning.thresholds import fit_thresholds
from newstagger.learning.trainer import learnable, problem_of
from newstagger.progress import Steps

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """Micro and macro F1 of one trial, and both again in each of ``DRAWS`` bootstrap draws of the rows (2 x draws).

    Two results on the same bench have the same draws, so that their differences are paired. Macro F1 is the mean over the
    labels that the rows give.
    """

    micro: float
    macro: float
    drawn: Doubles


@dataclass(frozen=True, slots=True, eq=False)
class Bench:
    """Examples made ready for trials: their terms in every block that may be tried, what they should get, and the folds.

    ``given`` (rows x labels) is what the rows say, without the broader concepts that training adds; ``judged`` which entries
    count; ``stories`` numbers the groups, which are drawn whole.
    """

    examples: Sequence[Example]
    learned: tuple[Concept, ...]
    counts: Counts
    blocks: tuple[Block, ...]
    given: Bools
    judged: Bools
    parts: Sequence[Rows]
    stories: Rows
    seed: int

    @classmethod
    def of(
        cls, facet: Facet, concepts: Sequence[Concept], examples: Sequence[Example], tried: Iterable[LinearConstants], number: int,
        seed: int, told: Steps,
    ) -> Bench:  # fmt: skip
        """Return the bench of all the constants that may be tried, with ``number`` folds; raise CorpusError for nothing to learn."""
        asked = [*tried]
        first, blocks = asked[0], tuple(dict.fromkeys(_bare(block) for one in asked for block in one.blocks))
        wide = with_broader(examples, concepts) if first.hierarchy else None
        learned = learnable(facet, wide.concepts if wide else concepts, wide.examples if wide else examples)
        given = np.array([[concept.id in example.labels for concept in learned] for example in examples], dtype=np.bool_)
        judged = np.array([[example.judges(concept.id) for concept in learned] for example in examples], dtype=np.bool_)
        parts, stories = _parts(examples, first, number, seed), _stories(examples)
        counts = count_terms(told.over(example.text for example in examples), blocks)
        return cls(wide.examples if wide else examples, learned, counts, blocks, given, judged, parts, stories, seed)

    def try_out(self, constants: LinearConstants, jobs: int, heard: Heard) -> Result:
        """Return what the constants come to; ``heard`` is told of each fit."""
        counts = of_blocks(self.counts, self.blocks, constants.blocks)
        analysis = Analysis.learn(counts, constants)
        problem = problem_of(self.examples, self.learned, analysis.rows(counts), constants)
        taught = with_names(problem, self.learned, analysis, constants)
        margins = out_of_fold(taught, self.parts, constants, jobs, heard)[: len(self.given)]
        return self._result(self._without_derived(_shown(margins, problem, self.parts, constants)))

    def fits(self) -> int:
        """Return how many fits a trial takes."""
        return len(self.learned) * len(self.parts)

    def _without_derived(self, shown: Bools) -> Bools:
        """Take away broader concepts of what is shown: they are derived, and no row says them."""
        number = {concept.id: at for at, concept in enumerate(self.learned)}
        ups = lineage(self.learned)
        kept = shown.copy()
        if len(self.learned) > int(self.given.any(axis=0).sum()):
            for narrow, concept in enumerate(self.learned):
                for up in ups[concept.id]:
                    kept[shown[:, narrow], number[up.id]] = False
        return kept

    def _result(self, shown: Bools) -> Result:
        rows = np.concatenate(list(self.parts))
        judged = self.judged[rows]
        given, shown = self.given[rows] & judged, shown[rows] & judged
        sums = [self._by_story(cells, rows) for cells in (given & shown, given, shown)]
        counted = np.asarray(sums[1].sum(axis=0)).ravel() > 0
        micro, macro = _f1([np.asarray(one.sum(axis=0), dtype=np.float64).reshape(-1, 1) for one in sums], counted)
        return Result(float(micro[0]), float(macro[0]), self._drawn(sums, counted))

    def _by_story(self, cells: Bools, rows: Rows) -> Matrix:
        from scipy.sparse import csr_array

        at, label = np.nonzero(cells)
        shape = (int(self.stories.max()) + 1, cells.shape[1])
        return csr_array((np.ones(len(at)), (self.stories[rows[at]], label)), shape=shape)

    def _drawn(self, sums: Sequence[Any], counted: Bools) -> Doubles:
        """Return micro and macro F1 in each draw of as many stories as there are, with replacement."""
        random, stories = np.random.RandomState(self.seed), np.unique(self.stories[np.concatenate(list(self.parts))])
        found = []
        for _ in range(0, DRAWS, BLOCK):
            draws = [np.bincount(random.choice(stories, len(stories)), minlength=sums[0].shape[0]) for _ in range(BLOCK)]
            times = np.stack(draws, axis=1).astype(np.float64)
            found.append(np.stack(_f1([np.asarray(one.T @ times) for one in sums], counted)))
        return np.concatenate(found, axis=1)


def of_blocks(counts: Counts, held: Sequence[Block], wanted: Sequence[Block]) -> Counts:
    """Return what ``count_terms`` would give for the blocks ``wanted``, out of counts of all blocks ``held``."""
    rows = np.repeat(np.arange(len(counts)), np.diff(counts.offsets))
    found = []
    for number, block in enumerate(wanted):
        source = held.index(_bare(block))
        at = np.flatnonzero(counts.block == source)
        found.append((rows[at], counts.keys[at] ^ block_salt(source) ^ block_salt(number), at, np.full(len(at), number, dtype=np.uint8)))
    row, keys, at, block_of = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((keys, row))
    offsets = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(np.bincount(row, minlength=len(counts)), out=offsets[1:])
    return Counts(keys[order], counts.counts[at[order]], block_of[order], counts.phrase[at[order]], offsets)


def _bare(block: Block) -> Block:
    """Return a block as far as its terms go: its weight does not change them."""
    return Block(block.zones, 1.0, block.phrases)


def _parts(examples: Sequence[Example], constants: LinearConstants, number: int, seed: int) -> Sequence[Rows]:
    """Return what is left out in turn: shuffled folds, groups whole, or what the recipe's own calibration leaves out: sources."""
    parts = left_out(examples, constants) if constants.calibrate == "sources" else ()
    if len(parts) < 2:
        parts = folds(len(examples), [example.group for example in examples], number, seed)
    if len(parts) < 2:
        raise CorpusError("all rows are of one group", next_step="groups are never split: a search needs several")
    return parts


def _stories(examples: Sequence[Example]) -> Rows:
    numbers: dict[str | int, int] = {}
    keys = [example.group if example.group is not None else at for at, example in enumerate(examples)]
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def _shown(margins: Doubles, problem: Problem, parts: Sequence[Rows], constants: LinearConstants) -> Bools:
    """Return which labels each row would be shown, by thresholds that were found on the other parts."""
    shown = np.zeros(margins.shape, dtype=np.bool_)
    for number, held in enumerate(parts):
        rest = np.concatenate([part for other, part in enumerate(parts) if other != number])
        seen = (margins[rest], problem.wanted[rest], problem.mask[rest])
        curves = fit_curves(*seen, constants.calibration_prior)
        over = margins[held] >= fit_thresholds(*seen, curves, constants.threshold_prior)
        if constants.at_least_one:
            slope, offset = np.array([curve.slope for curve in curves]), np.array([curve.offset for curve in curves])
            scores = probability(margins[held], slope, offset, fit_bend(*seen, curves))
            alone = np.flatnonzero(~over.any(axis=1) & (scores.max(axis=1) >= constants.floor))
            over[alone, scores[alone].argmax(axis=1)] = True
        shown[held] = over
    return shown


def _f1(sums: Sequence[Doubles], counted: Bools) -> tuple[Doubles, Doubles]:
    """Return micro F1, and macro F1 over the labels ``counted``, from labels x draws sums of hits, given and shown."""
    hits, given, shown = sums
    micro = _share(2 * hits.sum(axis=0), given.sum(axis=0) + shown.sum(axis=0))
    return micro, _share(2 * hits[counted], given[counted] + shown[counted]).mean(axis=0)


def _share(part: Doubles, whole: Doubles) -> Doubles:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)

"""What a report is made of: the figures that the page shows, as frozen values. Nothing is computed here.

Scores, precision, recall, F1 and errors are shares from 0 to 1; counts are rows (articles) unless told otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from newstagger.domain import Concept, Evaluation, Facet, FacetScore, LabelScore
from newstagger.report.seen import Doubles, Worst

USUAL_TARGET = 0.95


@dataclass(frozen=True, slots=True)
class Targets:
    """The precision asked of tags that are written unasked: of all, and of single labels; ``told`` is False where none was asked."""

    precision: float = USUAL_TARGET
    precisions: Mapping[str, float] = field(default_factory=dict)
    told: bool = False

    def of(self, label: str) -> float:
        """Return the target of one label."""
        return self.precisions.get(label, self.precision)


@dataclass(frozen=True, slots=True)
class About:
    """What was measured: a bundle or a recipe (``subject``), and what to be told of before reading (``warnings``)."""

    subject: str
    warnings: tuple[str, ...] = ()
    targets: Mapping[Facet, Targets] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``low`` to ``high``: the middle 95 % of the bootstrap."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Intervals:
    """Intervals of precision, recall and F1."""

    precision: Interval
    recall: Interval
    f1: Interval


@dataclass(frozen=True, slots=True)
class Cut:
    """What tagging from a score on would give. ``note`` says which bar stands there."""

    score: float
    tags: int
    precision: float
    recall: float
    f1: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """The lowest score from which on precision meets ``target``; ``cut`` is None where nothing does."""

    target: float
    cut: Cut | None


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs of near scores: their mean score and the share that was right."""

    score: float
    right: float
    pairs: int


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """A precision-recall curve, a reliability curve, and the expected calibration error over pairs of score .1 or more."""

    precision: Doubles
    recall: Doubles
    bins: tuple[Bin, ...]
    error: float
    pairs: int


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of the rows that share a language, a source or a month; ``wanted`` and ``given`` count pairs."""

    value: str
    rows: int
    wanted: int
    given: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class GroupTable:
    """The groups of one kind; ``left_out`` of them are not shown."""

    kind: str
    groups: tuple[Group, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Confusion:
    """``wanted`` was missed and ``given`` stood there instead, in ``rows``; ``relation`` is how the two lie in the vocabulary."""

    wanted: int
    given: int
    rows: int
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row whose label speaks against its score: it ``carries`` the label and should not, or lacks it and should."""

    row: int
    ref: str
    label: int
    carries: bool
    score: float
    surplus: float
    headline: str = ""


@dataclass(frozen=True, slots=True)
class Doubts:
    """The doubtful rows of one label, the most doubtful first, cut short; ``lacking`` and ``carrying`` count all of them."""

    lacking: int = 0
    carrying: int = 0
    rows: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """Tags that are written unasked: how many, how many of them right, and the precision asked of them."""

    tags: int
    right: int
    target: float

    @property
    def precision(self) -> float:
        """Share of them that is right; 0 where there are none."""
        return self.right / self.tags if self.tags else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class LabelReport:
    """Everything about one label; ``number`` is its place in ``FacetReport.names`` and makes its anchor."""

    number: int
    score: LabelScore
    intervals: Intervals
    written: Written
    bars: tuple[float, float] | None
    cuts: tuple[Cut, ...]
    reaches: tuple[Reach, ...]
    curves: Curves
    instead: tuple[Confusion, ...]
    in_place_of: tuple[Confusion, ...]
    doubts: Doubts
    worst: Worst
    groups: tuple[GroupTable, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to look at: ``cost`` is about how many articles it spoils; ``label`` leads to the details (None: no label)."""

    cost: float
    label: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Shares of rows: with a tag written unasked, with any tag, left to the editor; the reasons of these with their rows."""

    auto: float
    any: float
    abstained: float
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class FacetReport:
    """One facet; ``labels`` are the most frequent first, ``names`` all labels by number."""

    score: FacetScore
    names: tuple[Concept, ...]
    micro: Intervals
    macro: Interval
    document: Interval
    coverage: Coverage
    written: Written
    target_told: bool
    curves: Curves
    problems: tuple[Problem, ...]
    groups: tuple[GroupTable, ...]
    confusions: tuple[Confusion, ...]
    doubts: tuple[Doubt, ...]
    doubted: int
    labels: tuple[LabelReport, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """The whole page."""

    about: About
    evaluation: Evaluation
    facets: tuple[FacetReport, ...]

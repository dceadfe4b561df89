"""A label's name as a small example of it: what a label with hardly any article has to go by. Called by ``trainer``.

The names stand in every fold: they are no articles, and nothing is measured on them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from newstagger.domain import Concept, Paragraph, ParagraphKind, Text
from newstagger.learning.analysis import Analysis
from newstagger.learning.constants import LinearConstants
from newstagger.learning.matrix import count_terms
from newstagger.learning.svm import Problem


def with_names(problem: Problem, learned: Sequence[Concept], analysis: Analysis, constants: LinearConstants) -> Problem:
    """Return the problem with one more row a label, after the others: its preferred name, weighing ``name_weight``.

    A name is an example of its own label and a negative of all others. A weight of 0 returns the problem as it is.
    """
    if constants.name_weight <= 0:
        return problem
    from scipy.sparse import vstack

    rows = analysis.rows(count_terms((_text(concept.pref_label) for concept in learned), constants.blocks))
    labels = len(learned)
    return Problem(
        type(problem.rows)(vstack([problem.rows, rows])),
        np.vstack([problem.wanted, np.eye(labels, dtype=np.bool_)]),
        np.vstack([problem.mask, np.ones((labels, labels), dtype=np.bool_)]),
        np.append(problem.weight, np.full(labels, constants.name_weight)),
        None if problem.expert is None else np.append(problem.expert, np.zeros(labels, dtype=np.int64)),
    )


def _text(name: str) -> Text:
    """Return a text whose headline and body are the name, so that every block hears it."""
    end = len(name)
    paragraphs = (Paragraph(ParagraphKind.HEADLINE, 0, end), Paragraph(ParagraphKind.BODY, end + 1, 2 * end + 1))
    return Text(f"{name}\n{name}", paragraphs)

"""The actors that a text names, and where: what finding hands to describing."""

from __future__ import annotations

from dataclasses import dataclass, field

from newstagger.actors.records import FormType
from newstagger.actors.words import Words
from newstagger.domain import NARRATIVE
from newstagger.tokens import KINDS, Tokens

NARRATIVE_KINDS = tuple(number for number, kind in enumerate(KINDS) if kind in NARRATIVE)
"""Numbers, in ``Tokens.kind``, of the paragraphs that are the story's own words."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words ``first`` to ``last`` (exclusive) name an actor, with probability ``weight``; ``type`` says by what sort of form."""

    first: int
    last: int
    type: FormType
    weight: float = 1.0


@dataclass(slots=True)
class Candidate:
    """An actor that a text names: its row and where; ``rivals`` other rows bear the same form."""

    row: int
    rivals: int = 0
    mentions: list[Mention] = field(default_factory=list)


@dataclass(slots=True)
class Named:
    """All candidates of a text by row, the numbers of the countries it names, its words and its tokens."""

    candidates: dict[int, Candidate]
    countries: frozenset[int]
    words: Words
    tokens: Tokens

    def add(self, row: int, mention: Mention, rivals: int = 0) -> None:
        """Note that a row is named there."""
        candidate = self.candidates.setdefault(row, Candidate(row))
        candidate.mentions.append(mention)
        candidate.rivals = max(candidate.rivals, rivals)

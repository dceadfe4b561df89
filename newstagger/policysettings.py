"""What may become of a tag, as a newsroom or one of its sites sets it; ``settings`` reads it from the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from newstagger.domain import Facet


class Mode(StrEnum):
    """The most that may happen with a tag by itself: written, shown, kept silently, or not even that."""

    AUTO = "auto"
    SUGGEST = "suggest"
    SILENT = "silent"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """What becomes of tags: at most ``max_tags`` of a facet and role are shown.

    ``mode`` is for all tags, ``facets`` for those of a facet, ``tags`` for single concept ids; the closest one counts. ``deny``
    are concept ids never given, ``only`` the closed list of those that may be (empty: all). ``important`` are concept ids that no
    promotion may make worse (see ``training.gate``).
    """

    max_tags: int = 10
    mode: Mode = Mode.AUTO
    facets: Mapping[Facet, Mode] = field(default_factory=dict)
    tags: Mapping[str, Mode] = field(default_factory=dict)
    deny: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    important: tuple[str, ...] = ()

    def mode_of(self, concept_id: str, facet: Facet) -> Mode:
        """Return the most that may happen with a concept by itself."""
        if concept_id in self.deny or (self.only and concept_id not in self.only):
            return Mode.NEVER
        return self.tags.get(concept_id) or self.facets.get(facet) or self.mode

"""Built-in tagger of the newsroom's own concepts: it looks for their names. Without any, there is nothing to do."""

from __future__ import annotations

from collections.abc import Sequence

from newstagger.contracts import OwnConcept, Tagger
from newstagger.hookspecs import hookimpl


@hookimpl
def register_taggers(own: Sequence[OwnConcept]) -> Sequence[Tagger]:
    """Return one tagger for each facet that the newsroom has concepts of its own in."""
    if not own:
        return ()
    from newstagger.newsroom.ownterms import own_term_taggers

    return own_term_taggers(own)

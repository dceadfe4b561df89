"""Built-in taggers of the newsroom's own concepts and of Media Topics that it wants looked for by name. Without any, nothing to do."""

from __future__ import annotations

from collections.abc import Sequence

from newstagger.contracts import LoadedBundle, OwnConcept, Tagger
from newstagger.domain import Facet
from newstagger.hookspecs import hookimpl


@hookimpl
def register_taggers(bundle: LoadedBundle | None, own: Sequence[OwnConcept]) -> Sequence[Tagger]:
    """Return one tagger for each facet that the newsroom has concepts of its own in, then that of Media Topics by name."""
    if not own:
        return ()
    from newstagger.newsroom.namedtopics import named_topic_taggers
    from newstagger.newsroom.ownterms import own_term_taggers

    part = None if bundle is None else bundle.parts.get(Facet.TOPIC)
    trained = frozenset(concept.id for concept in part.concepts) if part else frozenset[str]()
    return (*own_term_taggers([one for one in own if one.names]), *named_topic_taggers(own, trained))

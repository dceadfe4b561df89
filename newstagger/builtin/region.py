"""Built-in region tagger: the one that the bundle's region part asks for."""

from __future__ import annotations

from collections.abc import Sequence

from newstagger.builtin.parts import taggers_for
from newstagger.contracts import LoadedBundle, Tagger
from newstagger.domain import Facet
from newstagger.hookspecs import hookimpl


@hookimpl
def register_taggers(bundle: LoadedBundle | None) -> Sequence[Tagger]:
    """Return the region tagger of this bundle, if it has that facet."""
    return taggers_for(bundle, Facet.REGION)

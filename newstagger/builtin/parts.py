"""Which tagger reads which kind of bundle part; imported only when such a part is there."""

from __future__ import annotations

from collections.abc import Sequence

from newstagger.contracts import FacetPart, LoadedBundle, Tagger
from newstagger.domain import BundleRef, Facet
from newstagger.errors import BundleIncompatibleError


def taggers_for(bundle: LoadedBundle | None, facet: Facet) -> Sequence[Tagger]:
    """Return the tagger for one facet of a bundle, or nothing where the bundle lacks it."""
    if bundle is None or facet not in bundle.parts:
        return ()
    return (tagger_for(bundle.parts[facet], bundle.ref),)


def tagger_for(part: FacetPart, ref: BundleRef | None) -> Tagger:
    """Return the tagger that reads this part; raise BundleIncompatibleError for a kind from a newer release."""
    if part.kind == "linear":
        from newstagger.learning.tagger import LinearTagger

        return LinearTagger(part, ref)
    if part.kind == "places":
        from newstagger.places.tagger import RegionTagger

        return RegionTagger(part, ref)
    if part.kind == "actors":
        from newstagger.actors.tagger import ActorTagger

        return ActorTagger(part, ref)
    raise BundleIncompatibleError(f"the {part.facet} part is of the unknown kind {part.kind!r}", next_step="upgrade newstagger")

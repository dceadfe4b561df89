"""Which trainer learns which kind of part, and what a gazetteer knows. Each is imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from newstagger.contracts import Example, FacetPart, FacetTrainer, Json, Vocabulary
from newstagger.domain import Article, Concept, Facet, Text
from newstagger.errors import ConfigError
from newstagger.taxonomy import OWN, prefix_of

GAZETTEER_KINDS = {Facet.REGION: "places", Facet.ACTOR: "actors"}


def kind_for(facet: Facet, labels: Iterable[str], gazetteer: FacetPart | None = None) -> str:
    """Return the kind of part that labels ask for: a gazetteer's for ids of regions and actors or names of places, else linear.

    The newsroom's own concepts fit any kind; labels that are nothing else leave a gazetteer what it is.
    """
    told = sorted(label for label in labels if not label.startswith(OWN))
    if not told and gazetteer is not None:
        return gazetteer.kind
    if any(prefix_of(label) for label in told):
        return GAZETTEER_KINDS.get(facet, "linear")
    if gazetteer is not None and gazetteer.kind == "places":
        from newstagger.places.labels import names_places

        return "places" if names_places(told, gazetteer) else "linear"
    return "linear"


def trainer_for(kind: str, facet: Facet, concepts: Sequence[Concept]) -> FacetTrainer:
    """Return the trainer of one kind of part; raise ConfigError when the kind does not fit the facet."""
    if kind == "linear":
        from newstagger.learning.trainer import linear_trainer

        return linear_trainer(facet, concepts)
    if kind != GAZETTEER_KINDS.get(facet):
        raise ConfigError(f"a {facet} part cannot be of the kind {kind}", next_step="correct the recipe")
    if kind == "places":
        from newstagger.places.fit import fit_places

        return fit_places
    from newstagger.actors.fit import fit_actors

    return fit_actors


def vocabulary_of(part: FacetPart | None) -> tuple[Vocabulary, ...]:
    """Return what a gazetteer part knows, as a vocabulary; nothing for other parts."""
    if part is not None and part.kind == "places":
        from newstagger.places.gazetteer import Gazetteer as Places

        return (Places.read(part),)
    if part is not None and part.kind == "actors":
        from newstagger.actors.gazetteer import ActorGazetteer as Actors

        return (Actors.read(part),)
    return ()


def build_from_open_sets(
    facet: Facet, data: Path, extract: Callable[[Article], Text], constants: Mapping[str, Json]
) -> tuple[FacetPart, list[Example]]:  # fmt: skip
    """Return a new gazetteer part made from the corpora folder, and examples whose labels are made from open sets."""
    if facet is Facet.REGION:
        from newstagger.places import starter as places
        from newstagger.places.gazetteer import Gazetteer

        base = places.gazetteer_part(data)
        stories = places.story_examples(data, extract, Gazetteer.read(base), int(constants.get("stories", 8000)))
        return base, [*places.syria_examples(data, extract), *stories]
    if facet is Facet.ACTOR:
        from newstagger.actors.distant import distant_examples
        from newstagger.actors.starter import actor_part

        base = actor_part(data)
        return base, distant_examples(data, base)
    raise ConfigError(f"the facet {facet} has no gazetteer to build", next_step="take build out of the recipe")

"""What a report tells of the thing that was measured: its name, the precision asked of it, and whether it had learned these articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from newstagger.bundles.bundle import Bundle
from newstagger.contracts import Json
from newstagger.domain import Facet
from newstagger.learning.constants import LinearConstants
from newstagger.recipe import Recipe
from newstagger.report.data import About, Targets
from newstagger.rowfiles import file_digest


def about_bundle(bundle: Bundle, corpora: Sequence[Path]) -> About:
    """Return what to tell of a bundle that was measured on these files."""
    provenance = bundle.manifest.provenance
    facets: Mapping[str, Json] = provenance.recipe.get("facets", {})
    told = {facet: facets.get(str(facet), {}) for facet in Facet}
    targets = {facet: _targets(one.get("constants", {}), linear=one.get("kind") == "linear") for facet, one in told.items()}
    learned = {record.get("sha256") for record in provenance.corpora}
    known = [path.name for path in corpora if file_digest(path) in learned]
    return About(str(bundle.ref), tuple(_seen_before(name) for name in known), targets)


def about_recipe(recipe: Recipe, folds: int) -> About:
    """Return what to tell of a recipe that was cross-validated."""
    name = f"the recipe {recipe.name}" if recipe.name else "the recipe"
    targets = {facet: _targets(recipe.facet(facet).constants, linear=_is_linear(recipe, facet)) for facet in Facet}
    return About(f"{name}, {folds}-fold cross-validation", (), targets)


def _is_linear(recipe: Recipe, facet: Facet) -> bool:
    return (recipe.facet(facet).kind or ("linear" if facet is Facet.TOPIC else "")) == "linear"


def _seen_before(name: str) -> str:
    return (
        f"the bundle was made from this very file, {name}. Unless its rows were held out then, these figures flatter, and doubtful "
        "labels are hardly found: what was learned by heart is not doubted. Measure on other articles, or with --cv."
    )


def _targets(constants: Mapping[str, Json], *, linear: bool) -> Targets:
    told = constants.get("precision", LinearConstants().precision if linear else 0.0)
    if not isinstance(told, int | float) or not told:
        return Targets()
    return Targets(float(told), {str(label): float(value) for label, value in constants.get("precisions", {}).items()}, told=True)

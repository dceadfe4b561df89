"""Retraining: from labelled rows to a candidate bundle with its held-out figures. ``line`` is the straight line."""

from newstagger.training.examples import Feed, Tools, selection_of
from newstagger.training.job import TrainingJob
from newstagger.training.line import cross_validate_recipe, retrain
from newstagger.training.measure import evaluate_bundle, facets_of_row
from newstagger.training.search import Search

__all__ = ["Feed", "Search", "Tools", "TrainingJob", "cross_validate_recipe", "evaluate_bundle", "facets_of_row", "retrain", "selection_of"]

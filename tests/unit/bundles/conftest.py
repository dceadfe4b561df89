"""Small bundles to damage: made-up numbers, no training."""

from pathlib import Path

import numpy as np
import pytest

from newstagger.bundles.manifest import Provenance
from newstagger.bundles.outcomes import Outcome, Outcomes, Rival
from newstagger.bundles.store import Store
from newstagger.contracts import FacetPart
from newstagger.domain import BundleRef, Concept, Evaluation, Facet, FacetScore, LabelScore


def topic_part(weight: float = 0.5) -> FacetPart:
    concepts = (Concept("harbour", "harbour", Facet.TOPIC, broader=("sea",)), Concept("sea", "sea", Facet.TOPIC))
    arrays = {"weights": np.array([weight, -0.25], dtype=np.float16), "columns": np.array([[1, 2]], dtype=np.uint16)}
    return FacetPart(Facet.TOPIC, "linear", {"ngrams": [1, 2]}, arrays, concepts)


def region_part() -> FacetPart:
    return FacetPart(Facet.REGION, "places", {}, {"names_data": np.frombuffer(b"Ulvik", dtype=np.uint8)})


def evaluation() -> Evaluation:
    labels = (LabelScore("sea", 1.0, 0.5, 0.667, 2, 1),)
    return Evaluation((FacetScore(Facet.TOPIC, 4, 0.8, 0.7, 0.75, 0.9, 0.6, labels),), "the last fifth by date")


def provenance() -> Provenance:
    corpus = {"file": "harbour.jsonl", "sha256": "0" * 64, "rows": 4, "facet": "topic", "terms": "our own", "note": "written for tests"}
    return Provenance("2024-05-01", {"numpy": "2"}, (corpus,), {"name": "tiny", "limits": ["English only."]})


def outcomes() -> Outcomes:
    """Return those of three held-out rows, two of which the rival was asked about."""
    sea, harbour = frozenset({"sea"}), frozenset({"harbour"})
    rows = (
        Outcome(1, sea, sea, harbour),
        Outcome(2, harbour, frozenset(), None),
        Outcome(2**64 - 1, sea, harbour, frozenset(), unknown=harbour),
    )
    return Outcomes.pack(rows, (7, 5, 7), Rival("tiny@0", "0" * 64))


def write(store: Store, name: str = "tiny", **parts: FacetPart) -> BundleRef:
    chosen = {Facet(facet): part for facet, part in parts.items()} or {Facet.TOPIC: topic_part(), Facet.REGION: region_part()}
    return store.write_candidate(name, chosen, provenance(), evaluation(), {Facet.TOPIC: outcomes()})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store((tmp_path / "models",))


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}

"""A made-up archive of two desks, a trainer that learns single words, and the tagger that reads what it learned."""

import json

import numpy as np
import pytest

from newstagger.bundles.store import Store
from newstagger.contracts import FacetPart
from newstagger.domain import Concept, Decision, Facet, Proposal, Role, Tag
from newstagger.text import extract
from newstagger.training import Tools

SEA = (
    "The ferry left the harbour at noon.",
    "Fishing boats stayed in port.",
    "A tanker ran aground off the cape.",
    "The lighthouse was repaired.",
)
RAIL = (
    "The night train was late again.",
    "Signals failed at the junction.",
    "A new tram line opens in spring.",
    "Railway staff met on Monday.",
)


def archive(rows=40):
    """Yield rows, sea and rail in turn, one a day."""
    for number in range(rows):
        name, sentences = (("sea", SEA), ("rail", RAIL))[number % 2]
        text = f"{sentences[number // 2 % 4]} {sentences[number // 3 % 4]} Reporters counted {number} people."
        yield {"id": f"a{number:03}", "title": "", "text": text, "labels": [name], "lang": "en", "date": f"2024-01-{1 + number % 28:02}"}


def save(path, rows):
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path


class WordTagger:
    name = "words"

    def __init__(self, part, ref):
        self.part, self.facet, self.ref = part, part.facet, ref

    def tag(self, article, text):
        words = set(text.string.lower().split())
        known = self.part.settings["words"]
        found = [c for c in self.part.concepts if words & set(known[c.id])]
        return Proposal(tuple(Tag(c, 0.9, Decision.SUGGEST, Role.MAIN) for c in found))

    def concept(self, concept_id):
        return next((c for c in self.part.concepts if c.id == concept_id), None)


def word_trainer(kind, facet, concepts):
    """Return a trainer that keeps the words which stand with one label only."""

    def train(examples, constants, base, *, jobs, progress):
        words: dict[str, set[str]] = {}
        for example in examples:
            for label in example.labels:
                words.setdefault(label, set()).update(example.text.string.lower().split())
        own = {label: sorted(w - set().union(*(v for k, v in words.items() if k != label))) for label, w in words.items()}
        arrays = {"count": np.array([len(examples)], dtype=np.int32)}
        return FacetPart(facet, kind, {"words": own, **constants}, arrays, tuple(c for c in concepts if c.id in own))

    return train


@pytest.fixture
def tools():
    return Tools(extract, WordTagger, trainer=word_trainer, progress=[].append)


@pytest.fixture
def store(tmp_path):
    return Store((tmp_path / "models",))


def concept(name, facet=Facet.TOPIC):
    return Concept(name, name, facet)
